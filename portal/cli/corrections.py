"""`corrections`: what people taught the machine, as a table to train it with."""

import csv
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.language.samples import Sample
from portal.ratings import voices

_COLUMNS = ("text", "label", "source", "language")


@click.command("corrections", help="Tulis pembetulan nada sebagai CSV untuk melatih mesin.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def command(file: Path) -> None:
    """Write the words whose tone a person set to a file that only its owner may read."""
    try:
        written = _write(file, voices.corrections_for_training())
    except OSError as fault:
        raise click.ClickException(f"{file} tidak bisa ditulis: {fault.strerror}.") from fault
    click.echo(f"{written} tulisan dengan nada dari petugas ada di {file}.")
    click.echo("Berkas ini memuat tulisan warga: jangan bagikan, dan hapus setelah dipakai.")


def _write(file: Path, samples: Iterable[Sample]) -> int:
    """Write beside the target and put it in place when it is whole; returns how many rows."""
    number, unfinished = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as stream:
            table = csv.writer(stream)
            table.writerow(_COLUMNS)
            rows = 0
            for sample in samples:
                table.writerow((sample.text, sample.label.value, sample.source, sample.language))
                rows += 1
        Path(unfinished).replace(file)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return rows
