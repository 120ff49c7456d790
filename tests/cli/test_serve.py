"""`serve`: one process serves a database, and a second one is told why it may not."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.serve import AlreadyServing, only_one

_SERVE = """
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from portal import create_app
from portal.serve import only_one

app = create_app({"DATABASE_URL": sys.argv[1], "LOG_LEVEL": "ERROR"}, Path(sys.argv[2]))
with app.app_context(), only_one(app):
    print("serving", flush=True)
    sys.stdin.readline()
"""


Process = subprocess.Popen[str]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Start a process that serves until it reads a line; none outlives the test."""
    started: list[Process] = []

    def another() -> Process:
        pipe = subprocess.PIPE
        line = [sys.executable, "-c", _SERVE, database_url, str(tmp_path)]
        started.append(subprocess.Popen(line, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield another
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def serving(process: Process) -> Process:
    """The process, once it holds the right to serve."""
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first == "serving\n", process.communicate()[1]
    return process


def test_a_second_process_is_refused_with_a_sentence_until_the_first_ends(
    start: Callable[[], Process],
) -> None:
    first = serving(start())
    second = start()
    out, said = second.communicate(timeout=60)
    assert (out, second.returncode) == ("", 1)
    assert "Portal ini sudah berjalan dalam proses lain." in said
    assert "supaya batas kiriman dihitung" in said
    assert "Traceback" not in said
    first.communicate("end\n", timeout=60)
    third = serving(start())
    third.communicate("end\n", timeout=60)
    assert third.returncode == 0


def test_a_process_that_was_killed_leaves_the_way_free(start: Callable[[], Process]) -> None:
    first = serving(start())
    first.kill()
    first.communicate(timeout=60)
    serving(start())


def test_the_right_to_serve_is_given_back_after_a_failure(database: Flask) -> None:
    with pytest.raises(RuntimeError, match="on the way"), only_one(database):
        raise RuntimeError("something on the way")
    with only_one(database), pytest.raises(AlreadyServing), only_one(database):
        pass
