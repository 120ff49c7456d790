"""The repository speaks of the project alone, and holds nothing that is left to do."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, files

# Written backwards, so that this file itself holds none of them.
WORDS = [word[::-1] for word in ("ODOT", "EMXIF", "KCAH")]
PATHS = [path[::-1] for path in ("/krow/", "hsab/pmt/", "/toor/", "/emoh/", "/sresU/")]
LEFT_TO_DO = re.compile(rf"\b({'|'.join(WORDS)})\b")
MACHINE = re.compile("|".join(PATHS))

TALK_OF_IT = {"ruff.toml", "CONTRIBUTING.md"}
"""Files that name the words in order to forbid them."""

BINARY = {".png", ".jpg", ".bin", ".woff2", ".ico", ".gz", ".db", ".pdf"}
MOST_BYTES = 1_500_000


def texts() -> list[Path]:
    return [path for path in files() if path.suffix not in BINARY]


def found(pattern: re.Pattern[str], path: Path) -> list[str]:
    lines = path.read_text("utf-8", errors="replace").splitlines()
    return [f"{n}: {line.strip()[:80]}" for n, line in enumerate(lines, 1) if pattern.search(line)]


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_speaks_of_one_persons_machine(path: Path) -> None:
    assert found(MACHINE, path) == [], "such a path exists on one machine only"


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_left_to_do_in_a_file(path: Path) -> None:
    if path.name not in TALK_OF_IT:
        assert found(LEFT_TO_DO, path) == [], (
            "what is left to do stands in an issue, where somebody looks for it"
        )


def test_the_words_would_be_found() -> None:
    assert LEFT_TO_DO.search(f"# {WORDS[0]}: later")
    assert MACHINE.search(f"'{PATHS[0]}main'")
    assert not MACHINE.search("/tmp/ampera-pg and /var/tmp, http://ampera.example/kerja")
    assert not LEFT_TO_DO.search("METODOLOGI")


def test_no_file_is_larger_than_a_repository_should_carry() -> None:
    large = {str(path.relative_to(ROOT)): path.stat().st_size for path in files()}
    assert {name: size for name, size in large.items() if size > MOST_BYTES} == {}


def test_no_secret_or_database_is_kept() -> None:
    kept = {path.name for path in files()}
    assert not kept & {"secret_key", "data_key", "settings.toml", "portal.db", ".env"}
    ignored = (ROOT / ".gitignore").read_text()
    assert "instance/" in ignored
    built = [path.name for path in files() if path.suffix in {".whl", ".egg", ".pyc", ".so"}]
    assert built == [], "built things are made anew, not kept"
