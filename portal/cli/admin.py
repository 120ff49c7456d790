"""`admin`: the first account, and a new link for whoever cannot get in; works without mail."""

import click
from flask import current_app

from portal.cli.groups import Group
from portal.kit.errors import Refusal
from portal.kit.pages import moment_words
from portal.people import commands
from portal.people.commands import NewLink
from portal.people.views_entrance import link_address

group = Group("admin", help="Akun admin: buat yang pertama, beri tautan baru.")


@group.command("create")
@click.option("--name", prompt="Nama", help="Nama orangnya.")
@click.option("--email", prompt="Surel", help="Surel dinasnya, untuk masuk.")
@click.option("--another", is_flag=True, help="Tambahkan, meski admin kota sudah ada.")
def create(name: str, email: str, *, another: bool) -> None:
    """Buat akun admin untuk seluruh kota dan cetak tautan untuk memilih kata sandinya."""
    try:
        link = commands.create_administrator(email, name, another=another)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    _print_link(link)


@group.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """Cetak tautan baru untuk memilih kata sandi; yang lama tidak berlaku lagi."""
    try:
        link = commands.renew_link(email)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    _print_link(link)


def _print_link(link: NewLink) -> None:
    """The link goes alone to standard output, so that it can be piped; the rest beside it."""
    config = current_app.config
    base = config["PUBLIC_URL"] or f"http://{config['HOST']}:{config['PORT']}"
    with current_app.test_request_context():
        address = link_address(base, link.token)
    click.echo(f"Sekali pakai, sampai {moment_words(link.expires_at)}:", err=True)
    click.echo(address)
