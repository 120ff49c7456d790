"""`serve`: migrate, load the demo if asked, say where to look, and serve."""

import os
import sys
from errno import EADDRINUSE
from socket import AF_INET, SOCK_DGRAM, socket

import click
import segno
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from portal import serve as server
from portal.cli.demo import load_with_progress
from portal.demo import accounts, loader, mark
from portal.directory import queries as directory
from portal.kit.codes import POINT
from portal.kit.extensions import db
from portal.language import sentiment

_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised, not bound


@click.command("serve", help="Jalankan portal (basis data dimigrasikan lebih dulu).")
@click.option("--demo", is_flag=True, help="Muat isi contoh bila basis data masih kosong.")
@with_appcontext
def command(*, demo: bool) -> None:
    """Serve until stopped. What it writes is readable for its owner alone."""
    os.umask(0o077)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if demo and app.config["ENVIRONMENT"] == "production":
        raise click.ClickException("Isi contoh tidak dimuat bila ENVIRONMENT=production.")
    _reach_database()
    with server.only_one(app):
        upgrade()
        if demo and loader.is_wanting():
            load_with_progress()
        sentiment.preload()
        db.session.remove()
        try:
            server.serve(app, ready=_say_where)
        except OSError as fault:
            if fault.errno != EADDRINUSE:
                raise
            taken = f"Port {app.config['PORT']} sudah dipakai; pilih yang lain, misalnya PORT=8001."
            raise click.ClickException(taken) from fault


def _reach_database() -> None:
    try:
        with db.engine.connect():
            pass
    except OperationalError as fault:
        where = db.engine.url.render_as_string(hide_password=True)
        raise click.ClickException(f"Basis data tidak bisa dijangkau: {where}") from fault


def _say_where() -> None:
    """Tell, once the port is held, where to look."""
    host, port = current_app.config["HOST"], current_app.config["PORT"]
    base = current_app.config["PUBLIC_URL"] or f"http://{_reachable(host)}:{port}"
    click.echo(f"\nAmpera siap di {base}/")
    click.echo(f"  Kinerja kota       {base}/transparansi")
    click.echo(f"  Meja petugas       {base}/masuk")
    _say_accounts()
    for code in directory.open_point_codes(1):
        address = f"{base}/q/{POINT.shown(code)}"
        click.echo(f"  Nilai satu loket   {address}")
        segno.make(address, micro=False).terminal(compact=True, border=2)
    click.echo("  Berhenti           Ctrl+C\n")
    sys.stdout.flush()
    db.session.remove()


def _say_accounts() -> None:
    """The demo's accounts with their passwords, on the console alone."""
    if not mark.stands():
        return
    for account in accounts.ACCOUNTS:
        password = accounts.password_of(account.email)
        click.echo(f"  {account.name:<20} {account.email}, kata sandi {password}")


def _reachable(host: str) -> str:
    """The address by which others in the local network reach a server that listens everywhere."""
    if host not in _ANYWHERE:
        return host
    with socket(AF_INET, SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))  # a datagram socket sends nothing on connect
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
