"""Views are thin, rooms write their own tables only, commands take plain values."""

import ast
from functools import cache

import pytest

from portal.kit.extensions import db
from tests.house.source import Module, dotted, modules

WRITERS = {"insert", "update", "delete", "insert_once", "add_to", "add_many", "bulk_save_objects"}
OWN_KIND = {"commands.py"}


@cache
def owners() -> dict[str, str]:
    """The room of every table's model, by the model's name."""
    return {
        node.name: module.room
        for module in modules()
        if module.path.name == "models.py"
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }


def test_every_table_is_known_here() -> None:
    mapped = {mapper.class_.__name__ for mapper in db.Model.registry.mappers}
    assert mapped == set(owners()), "a table that stands outside a room's models.py has no owner"


@pytest.mark.parametrize(
    "module",
    [m for m in modules() if m.path.name.startswith("views_")],
    ids=lambda module: module.name,
)
def test_a_view_never_names_the_session(module: Module) -> None:
    names = {name for _, name in module.imports()}
    assert "portal.kit.extensions.db" not in names, _thin(module)
    assert not any(".models." in name for name in names), _thin(module)
    session = [n for n in ast.walk(module.tree) if dotted(n) == "db.session"]  # type: ignore[arg-type]
    assert session == [], _thin(module)


def _thin(module: Module) -> str:
    return (
        f"{module.where}: a view fetches by a query, validates a form, calls one command and "
        "renders. What touches rows belongs into queries.py or commands.py, where it is tested "
        "without HTTP."
    )


def _written(module: Module) -> set[str]:
    """Models that the module makes rows of, or names in a statement that writes."""
    found = set()
    for call in ast.walk(module.tree):
        if not isinstance(call, ast.Call):
            continue
        name = dotted(call.func)
        found |= {name} & owners().keys()
        if name.rpartition(".")[2] in WRITERS:
            named = {dotted(arg).partition(".")[0] for arg in call.args}
            found |= named & owners().keys()
    return found


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_a_room_writes_only_its_own_tables(module: Module) -> None:
    imported = {
        name.rpartition(".")[2]
        for _, name in module.imports()
        if ".models." in name and name.startswith("portal.")
    }
    foreign = {model for model in imported if owners().get(model) != module.room}
    assert not foreign & _written(module), (
        f"{module.where} writes {foreign & _written(module)}: a room asks another through its "
        "commands.py, or its rules and tallies no longer hold."
    )
    if module.path.name in OWN_KIND:
        assert foreign == set(), (
            f"{module.where} knows the tables {foreign} of another room: the next line that "
            "changes one of their rows would go round that room's rules."
        )


def _commands(module: Module) -> list[ast.FunctionDef]:
    return [
        node
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef)
        and any(dotted(mark) == "command" for mark in node.decorator_list)
    ]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_a_command_takes_ids_and_plain_values(module: Module) -> None:
    for function in _commands(module):
        arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        for argument in arguments:
            words = ast.unparse(argument.annotation) if argument.annotation else ""
            named = set(owners()) & set(words.replace("[", " ").replace("]", " ").split())
            foreign = named & {
                name.rpartition(".")[2] for _, name in module.imports() if ".models." in name
            }
            assert not foreign, (
                f"{module.where}: {function.name} takes a row ({foreign}). A row was read in "
                "another transaction and may be stale when the command is tried again."
            )


@pytest.mark.parametrize(
    "module",
    [m for m in modules() if m.path.name == "queries.py"],
    ids=lambda module: module.name,
)
def test_queries_only_read(module: Module) -> None:
    assert _commands(module) == []
    calls = {dotted(n.func) for n in ast.walk(module.tree) if isinstance(n, ast.Call)}
    writes = {c for c in calls if c in {f"db.session.{w}" for w in ("add", "delete", "commit")}}
    assert not writes, f"{module.where} writes ({writes}); that is what commands.py is for"


@pytest.mark.parametrize(
    "module",
    [m for m in modules() if m.name != "portal.kit.transaction"],
    ids=lambda module: module.name,
)
def test_only_the_transaction_commits(module: Module) -> None:
    calls = {dotted(n.func) for n in ast.walk(module.tree) if isinstance(n, ast.Call)}
    assert "db.session.commit" not in calls, (
        f"{module.where}: only @command commits, so that whatever fails leaves nothing behind"
    )
