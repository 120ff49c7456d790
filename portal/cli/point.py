"""`point`: the printed code of one counter, and its end."""

import sys

import click
import segno
from flask import current_app

from portal.cli.groups import Group
from portal.directory import commands, queries
from portal.directory.queries import Counter
from portal.kit import clock
from portal.kit.codes import POINT
from portal.kit.errors import Refusal

group = Group("point", help="Kode loket: gambar QR, dan pensiun.")


@group.command("qr")
@click.argument("code")
@click.option(
    "--out", type=click.Path(dir_okay=False), help="Berkas .svg atau .png; tanpa ini, SVG ke layar."
)
def qr(code: str, out: str | None) -> None:
    """Gambar QR satu loket, siap dipindai."""
    counter = _counter(code)
    address = f"{public_url()}/q/{counter.shown_code}"
    image = segno.make(address, error="q", micro=False)
    if out is None:
        image.save(sys.stdout.buffer, kind="svg", scale=8, border=4)
    elif out.lower().endswith((".svg", ".png")):
        image.save(out, scale=8, border=4)
    else:
        raise click.ClickException("Nama berkas harus berakhir .svg atau .png.")
    click.echo(f"{counter.shown_code}: {counter.label}, {counter.service}. {address}", err=True)


@group.command("retire")
@click.argument("code")
@click.option("--successor", help="Kode loket yang meneruskan layanannya.")
def retire(code: str, successor: str | None) -> None:
    """Pensiunkan satu loket; kodenya tetap menjelaskan ke mana layanannya pindah."""
    counter = _counter(code)
    heir = _counter(successor) if successor else None
    try:
        commands.retire_point(counter.point_id, clock.today(), heir.point_id if heir else None)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    where = f", diteruskan {heir.shown_code}" if heir else ""
    click.echo(f"{counter.shown_code} dipensiunkan{where}.")


def public_url() -> str:
    """The address that codes lead to; a local one, with a warning, until PUBLIC_URL is set."""
    address: str = current_app.config["PUBLIC_URL"]
    if not address:
        address = f"http://{current_app.config['HOST']}:{current_app.config['PORT']}"
        click.echo(f"PUBLIC_URL belum diisi; kode ini hanya untuk mencoba di {address}.", err=True)
    return address


def _counter(typed: str) -> Counter:
    code, fault = POINT.read(typed)
    counter = None if fault else queries.counter(code)
    if counter is None:
        raise click.ClickException(f"Tidak ada loket dengan kode {typed}.")
    return counter
