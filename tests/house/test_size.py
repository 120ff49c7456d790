"""Files and functions stay short enough to be read at one go, and say what they are for."""

import ast

import pytest

from tests.house.source import ROOT, Module, modules

MOST_LINES = 400
MOST_IN_A_FUNCTION = 50
OURS = modules("portal", "tools", "tests/support")
SOURCE = (".py", ".html", ".css", ".js", ".sh")


@pytest.mark.parametrize("folder", ["portal", "tools", "templates", "migrations", "tests/support"])
def test_a_file_stays_under_400_lines(folder: str) -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in (ROOT / folder).rglob("*")
        if path.suffix in SOURCE
    }
    long = {name: n for name, n in lengths.items() if n >= MOST_LINES}
    assert not long, f"{long}: split by noun, nobody keeps more than {MOST_LINES} lines in mind"


@pytest.mark.parametrize("module", OURS, ids=lambda module: module.name)
def test_a_function_stays_under_50_lines(module: Module) -> None:
    long = {
        function.name: length
        for function in module.functions()
        if (length := (function.end_lineno or 0) - function.lineno + 1) >= MOST_IN_A_FUNCTION
    }
    assert not long, f"{module.where}: {long}: a function that long does more than one thing"


@pytest.mark.parametrize(
    "module", modules("portal", "tools", "tests", "migrations"), ids=lambda module: module.name
)
def test_a_file_opens_with_one_sentence_that_says_what_it_is_for(module: Module) -> None:
    said = ast.get_docstring(module.tree) or ""
    first = " ".join(said.split("\n\n")[0].split())
    assert first, f"{module.where} does not say what it is for"
    assert first.endswith("."), f"{module.where}: {first!r} is no sentence"


@pytest.mark.parametrize("module", OURS, ids=lambda module: module.name)
def test_public_functions_and_classes_say_what_they_give(module: Module) -> None:
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            said = ast.get_docstring(node)
            assert said, f"{module.where}: {node.name} has no docstring"
