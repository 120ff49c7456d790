"""`check`: every tally compared with its rows."""

import click
from flask.cli import with_appcontext

from portal.kit.transaction import read_one_state
from portal.ratings import proof

_MOST_SHOWN = 20


@click.command("check", help="Cocokkan setiap rekap dengan baris-barisnya.")
@with_appcontext
def command() -> None:
    """Print what differs; exit status 1 when anything does."""
    read_one_state()  # or a rating that arrives meanwhile looks like a difference
    found = proof.differences()
    for one in found[:_MOST_SHOWN]:
        key = ", ".join(str(part) for part in one.key)
        click.echo(
            f"{one.tally} ({key}) {one.counter}: tersimpan {one.stored}, dihitung {one.counted}"
        )
    if found:
        raise click.ClickException(f"{len(found)} angka rekap tidak cocok dengan barisnya.")
    click.echo("Semua rekap cocok dengan barisnya.")
