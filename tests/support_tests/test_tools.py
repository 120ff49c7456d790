"""Tests of the programs behind the Makefile."""

import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tools.check import LOCKS, _hashed
from tools.contracts import StandardLibraryOnly

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", ["bdist_wheel", "sdist"])
def test_building_something_that_leaves_the_checkout_is_refused(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "setup.py", "--quiet", command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Ampera runs from its checkout" in done.stderr


def test_help_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"^\.PHONY: (\S+)", makefile, re.MULTILINE))
    listed = set(re.findall(r"^([a-z-]+):.*## .+", makefile, re.MULTILINE))
    assert named == listed


@pytest.mark.parametrize("name", [name for name in LOCKS if name.endswith(".txt")])
def test_a_lock_file_without_a_hash_is_noticed(name: str) -> None:
    text = (ROOT / name).read_text()
    assert _hashed(text)
    assert not _hashed(
        re.sub(
            r"^(\S+==\S+) (.*)\\\n(?:    --hash.*\n)+", r"\1\n", text, count=1, flags=re.MULTILINE
        )
    )


@pytest.mark.parametrize(
    ("imported", "kept"),
    [("math", True), ("room.figures.shares", True), ("room.kit", False), ("flask", False)],
)
def test_a_pure_room_imports_the_standard_library_and_itself(imported: str, kept: bool) -> None:
    graph = grimp.ImportGraph()
    for module in ("room", "room.figures", "room.figures.shares", "room.figures.means", "room.kit"):
        graph.add_module(module)
    for module in ("math", "flask"):
        graph.add_module(module, is_squashed=True)
    graph.add_import(importer="room.figures.means", imported=imported)
    contract = StandardLibraryOnly(
        "pure", {}, {"name": "pure", "type": "pure", "modules": ["room.figures", "room.later"]}
    )
    assert contract.check(graph, verbose=False).kept is kept
