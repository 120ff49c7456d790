"""Imports stand at the top, go down the floors, and rules know nothing of the outside."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, Module, dotted, modules

FIRST_USE = {
    ("portal.language.sentiment", "_load_textblob"): {"textblob", "portal.language.analyzers"},
    ("portal.language.training", "_load_trainer"): {"numpy", "scipy", "sklearn"},
}
"""The one function that loads a library too heavy for every start, or our module behind it."""

HEAVY = {"textblob", "nltk", "sklearn", "scipy", "holidays", "PIL", "openpyxl", "fpdf", "reportlab"}
BEHIND = {name for names in FIRST_USE.values() for name in names if name.startswith("portal.")}

REASON = ("portal.figures", "portal.language", "portal.calendar")
ROOMS_BELOW_RULES = ("portal.kit.errors", *REASON)


def _inner(module: Module) -> list[tuple[str, str]]:
    """Imports inside functions: the function's name and what it imports."""
    return [
        (function.name, name)
        for function in module.functions()
        for node in ast.walk(function)
        for name in _imported(node)
    ]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def _may_be_inside(module: Module, function: str, imported: str) -> bool:
    known = FIRST_USE.get((module.name, function), set())
    return function == "create_app" or imported in known or imported.partition(".")[0] in known


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_imports_stand_at_the_top_of_the_file(module: Module) -> None:
    found = [pair for pair in _inner(module) if not _may_be_inside(module, *pair)]
    assert found == [], (
        f"{module.where}: an import inside a function hides what the file depends on. Only "
        "create_app, and the function that FIRST_USE names for a heavy library, may do it."
    )


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_heavy_libraries_do_not_stand_at_the_top(module: Module) -> None:
    top = {name.partition(".")[0] for node in module.tree.body for name in _imported(node)}
    assert not top & HEAVY or module.name in BEHIND, (
        f"{module.where}: every start of the portal would wait for {top & HEAVY} and hold its "
        "memory, whether or not anybody needs it."
    )


def test_each_heavy_library_is_loaded_in_one_function() -> None:
    loaded = [
        (library, f"{module.name}.{function}")
        for module in modules()
        for function, name in _inner(module)
        if (library := name.partition(".")[0]) in HEAVY
    ]
    assert len({library for library, _ in loaded}) == len(set(loaded)), sorted(loaded)


def test_no_heavy_library_is_loaded_when_the_portal_starts() -> None:
    code = "import sys, portal; print(*sorted(n.partition('.')[0] for n in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split()) & HEAVY
    assert loaded == set(), "a start of the portal loads what only a first use should load"


@pytest.mark.parametrize(
    "module",
    [module for module in modules() if module.path.name == "rules.py"],
    ids=lambda module: module.name,
)
def test_rules_decide_from_values_alone(module: Module) -> None:
    own = f"portal.{module.room}.terms"
    for _, name in module.imports():
        parts = name.rpartition(".")[0]
        allowed = (
            name.partition(".")[0] in sys.stdlib_module_names
            or any(parts == floor or parts.startswith(f"{floor}.") for floor in ROOMS_BELOW_RULES)
            or parts == own
        )
        assert allowed, (
            f"{module.where} imports {name}: a rule that knows databases, requests or other rooms "
            "can no longer be tested with a table of cases. It may import the standard library, "
            "kit.errors, the reason floor and its own terms."
        )


CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}


@pytest.mark.parametrize(
    "module",
    [m for m in modules() if m.name != "portal.kit.clock"],
    ids=lambda module: module.name,
)
def test_there_is_one_clock(module: Module) -> None:
    asked = {
        dotted(node.func)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and any(dotted(node.func) in (clock, f"datetime.{clock}") for clock in CLOCKS)
    }
    assert asked == set(), (
        f"{module.where} asks {asked}: only portal.kit.clock may, so that tests can move time and "
        "nobody takes the server's day for the city's."
    )


@pytest.mark.parametrize(
    "module",
    [m for m in modules() if m.name != "portal.kit.transaction"],
    ids=lambda module: module.name,
)
def test_nothing_happens_behind_a_commands_back(module: Module) -> None:
    names = {name for _, name in module.imports()}
    assert not {n for n in names if n.startswith(("blinker", "sqlalchemy.event", "flask.signals"))}
    calls = {dotted(n.func) for n in ast.walk(module.tree) if isinstance(n, ast.Call)}
    hidden = {call for call in calls if call.endswith((".connect_via", "event.listen"))}
    assert not hidden, (
        f"{module.where}: what follows from a command is called by name inside it; a hidden "
        "subscription cannot be read off the command."
    )


POOR_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers"}


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_a_module_is_named_for_what_it_holds(module: Module) -> None:
    parts = set(module.name.split("."))
    assert not parts & POOR_NAMES, f"{module.where}: split by noun, such a name holds anything"
    assert all(part.isidentifier() and part == part.lower() for part in parts), module.where


def test_the_package_offers_its_factory_and_nothing_else() -> None:
    tree = ast.parse((ROOT / "portal" / "__init__.py").read_text())
    names = [name for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names]
    assert [alias.name for alias in names] == ["create_app"]


@pytest.mark.parametrize(
    "module",
    [
        m
        for m in modules()
        if m.path.name == "__init__.py" and m.name not in ("portal", "portal.cli")
    ],
    ids=lambda module: module.name,
)
def test_a_rooms_init_only_says_what_the_room_is_for(module: Module) -> None:
    assert len(module.tree.body) == 1, (
        f"{module.where}: code there runs with every import of any part of the room"
    )
    assert ast.get_docstring(module.tree)


def test_the_contracts_of_the_floors_are_kept() -> None:
    """Imports go down the floors; the order stands in setup.cfg."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
