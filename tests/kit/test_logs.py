"""What a running portal writes to its log: what went wrong and where, never what was typed."""

import subprocess
import sys
from pathlib import Path

_FAIL = """
import sys
from pathlib import Path
from flask import request
from portal import create_app

app = create_app({"LOG_LEVEL": sys.argv[2]}, Path(sys.argv[1]))

def broken(code):
    return str(int(request.form["kata"]))

app.add_url_rule("/rusak/<code>", "broken", broken, methods=["POST"])
app.extensions["csrf"].exempt(broken)
app.logger.info("an ordinary line")
print(app.test_client().post("/rusak/KODE-rahasia", data={"kata": "kata-rahasia"}).status_code)
"""


def log_of_a_failure(folder: Path, level: str) -> str:
    line = [sys.executable, "-c", _FAIL, str(folder), level]
    done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "500"
    return done.stderr


def test_a_failure_is_logged_with_its_place_and_without_its_words(tmp_path: Path) -> None:
    log = log_of_a_failure(tmp_path, "INFO")
    assert "ERROR portal: Exception in broken" in log
    assert "builtins.ValueError" in log
    assert "in broken" in log
    assert "rahasia" not in log
    assert "an ordinary line" in log


def test_the_level_that_is_set_is_the_level_that_is_kept(tmp_path: Path) -> None:
    log = log_of_a_failure(tmp_path, "ERROR")
    assert "ERROR portal: Exception in broken" in log
    assert "an ordinary line" not in log
