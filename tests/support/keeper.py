"""Runs one server as its child, and ends it as soon as whoever asked for it is gone.

It is started as a program of its own: `keeper.py SPEC`, SPEC being JSON. Whoever starts it holds
the other end of its standard input; when that end closes, by intent or because the holder was
killed, the server is stopped and its folder removed.
"""

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path


def keep(spec: dict[str, object]) -> int:
    """Run `spec["command"]` until standard input closes; return the exit code of the server.

    The first line on standard output is the server's process id. The folder outlives a server
    that ended early, so that its log can still be read.
    """
    command = [str(part) for part in spec["command"]]  # type: ignore[attr-defined]
    last_signal = signal.Signals[str(spec["signal"])]
    owner = (
        {"user": spec["uid"], "group": spec["gid"], "extra_groups": []}
        if spec["uid"] is not None
        else {}
    )
    with Path(str(spec["log"])).open("ab") as log:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=str(spec["cwd"]),
            env=spec["environment"],
            **owner,
        )  # type: ignore[call-overload]
    print(server.pid, flush=True)

    def end() -> None:
        with contextlib.suppress(ProcessLookupError):
            server.send_signal(last_signal)
        try:
            server.wait(timeout=float(str(spec["patience"])))
        except subprocess.TimeoutExpired:
            server.kill()

    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=end).start())

    def end_with_holder() -> None:
        sys.stdin.buffer.read()
        end()

    holder = threading.Thread(target=end_with_holder)
    holder.start()
    code = int(server.wait())
    holder.join()
    if spec["folder"]:
        shutil.rmtree(str(spec["folder"]), ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(keep(json.loads(sys.argv[1])) & 0xFF)
