"""`demo`: fill an empty portal with plausible life, and empty it again; `seed`: a plain start."""

from pathlib import Path

import click

from portal.cli.groups import Group
from portal.demo import loader
from portal.kit.errors import Refusal

SEED = 2026

group = Group("demo", help="Isi contoh: muat dan kosongkan.")


@group.command("load")
@click.option("--seed", default=SEED, show_default=True, help="Bibit acak; bibit sama, isi sama.")
@click.option(
    "--ratings",
    default=loader.RATINGS,
    show_default=True,
    type=click.IntRange(1, 10_000_000),
    help="Banyaknya penilaian.",
)
@click.option(
    "--comments",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=loader.COMMENTS,
    help="CSV komentar sendiri, sekurang-kurangnya kolom text dan score.",
)
def load(seed: int, ratings: int, comments: Path) -> None:
    """Isi basis data kosong dengan setahun kehidupan yang masuk akal."""
    load_with_progress(seed=seed, ratings=ratings, comments=comments)


def load_with_progress(
    *, seed: int = SEED, ratings: int = loader.RATINGS, comments: Path = loader.COMMENTS
) -> None:
    """Load the demo behind a progress bar; a refusal becomes the command's error."""
    with click.progressbar(length=ratings, label="Memuat isi contoh") as bar:

        def progress(done: int, _whole: int) -> None:
            bar.update(done - bar.pos)

        try:
            loader.load(seed=seed, ratings=ratings, comments=comments, progress=progress)
        except Refusal as refusal:
            raise click.ClickException(refusal.sentence) from refusal
        except ValueError as fault:
            raise click.ClickException(str(fault)) from fault


@group.command("purge")
@click.confirmation_option(prompt="Seluruh isi contoh, juga akun, akan dihapus. Lanjutkan?")
def purge() -> None:
    """Kosongkan portal contoh, sebelum dipakai sungguhan."""
    try:
        loader.purge()
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo("Kosong. Buat akun pertama: flask --app portal admin create")


@group.command("seed")
def seed() -> None:
    """Isi direktori kosong dengan 18 kecamatan, 3 kantor, 6 layanan, 10 loket; tanpa penilaian."""
    try:
        loader.enter_seed()
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo("Direktori awal sudah masuk.")
