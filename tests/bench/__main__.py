"""Measures the portal against its goals and prints one table; also writes `instance/bench.json`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from portal.factory import ROOT
from tests.bench import growth, process, requests, sentiment, throughput, weight
from tests.bench.rows import Row, closing_lines, table, to_json
from tests.bench.stage import Stage, opened

RESULT = ROOT / "instance" / "bench.json"
FAMILIES: dict[str, Callable[[Stage], Iterator[Row]]] = {
    "requests": requests.rows,
    "throughput": throughput.rows,
    "weight": weight.rows,
    "sentiment": sentiment.rows,
    "process": process.rows,
    "growth": growth.rows,
}


def main(arguments: Sequence[str]) -> int:
    """Measure the families asked for, or all; return 1 when one could not be measured."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ampera-bench-") as folder:
        rows = list(measured(asked.family or list(FAMILIES), Path(folder), quick=asked.quick))
    print(table(rows), *closing_lines(rows), sep="\n")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(to_json(rows), encoding="utf-8")
    return 1 if any(row.why for row in rows) else 0


def measured(families: Sequence[str], folder: Path, *, quick: bool) -> Iterator[Row]:
    """The rows of these families, measured in an empty folder; tells standard error how far."""
    with opened(folder, quick=quick) as stage:
        if stage.postgres is None:
            print("PostgreSQL cannot be had here, so only SQLite is measured.", file=sys.stderr)
        for family in families:
            begun = time.monotonic()
            try:
                yield from FAMILIES[family](stage)
            except (RuntimeError, OSError) as fault:
                # The figures of the other families are worth having all the same.
                print(fault, file=sys.stderr)
                yield Row(family, None, "", why=str(fault).partition("\n")[0])
            print(f"{family}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("family", nargs="*", choices=[[], *FAMILIES], help="only these")
    parser.add_argument("--quick", action="store_true", help="few rounds: shows that it works")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
