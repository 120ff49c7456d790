"""`serve`: one process serves a database, and a second one is told why it may not."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from portal.serve import AlreadyServing, only_one

_SERVE = """
import sys
from pathlib import Path
from portal import create_app
from portal.serve import only_one

app = create_app({"DATABASE_URL": sys.argv[1], "LOG_LEVEL": "ERROR"}, Path(sys.argv[2]))
with app.app_context(), only_one(app):
    print("serving", flush=True)
    sys.stdin.readline()
"""


def start(database_url: str, instance: Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    line = [sys.executable, "-c", _SERVE, database_url, str(instance)]
    return subprocess.Popen(line, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def test_a_second_process_is_refused_with_a_sentence_until_the_first_ends(
    database_url: str, tmp_path: Path
) -> None:
    first = start(database_url, tmp_path)
    assert first.stdout is not None
    assert first.stdout.readline() == "serving\n"
    out, said = start(database_url, tmp_path).communicate(timeout=60)
    assert out == ""
    assert "Portal ini sudah berjalan dalam proses lain." in said
    assert "supaya batas kiriman dihitung" in said
    assert "Traceback" not in said
    first.communicate("end\n", timeout=60)
    third = start(database_url, tmp_path)
    assert third.communicate("end\n", timeout=60)[0] == "serving\n"
    assert third.returncode == 0


def test_a_process_that_was_killed_leaves_the_way_free(database_url: str, tmp_path: Path) -> None:
    first = start(database_url, tmp_path)
    assert first.stdout is not None
    assert first.stdout.readline() == "serving\n"
    first.kill()
    first.communicate(timeout=60)
    second = start(database_url, tmp_path)
    assert second.communicate("end\n", timeout=60)[0] == "serving\n"


def test_the_right_to_serve_is_given_back_after_a_failure(database: Flask) -> None:
    with pytest.raises(RuntimeError, match="on the way"), only_one(database):
        raise RuntimeError("something on the way")
    with only_one(database), pytest.raises(AlreadyServing), only_one(database):
        pass
