"""An import contract of the house: some modules import the standard library only."""

import sys
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryOnly(Contract):
    """Breaks for every import of `modules` that leaves them and the standard library.

    A module that does not exist yet keeps the contract.
    """

    modules = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Return whether all imports stay inside, with those that do not."""
        output.verbose_print(verbose, "Looking for imports from outside the standard library...")
        broken = [
            (importer, imported)
            for root in self._roots()
            if root in graph.modules
            for importer in sorted({root} | graph.find_descendants(root))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not _allowed(imported, root)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _roots(self) -> list[str]:
        # The field stands for the list only while the class is being read.
        return cast("list[str]", self.modules)

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each import that leaves."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} imports {imported}, which is not the standard library.")
            output.new_line()


def _allowed(imported: str, root: str) -> bool:
    inside = imported == root or imported.startswith(f"{root}.")
    return inside or imported.partition(".")[0] in sys.stdlib_module_names
