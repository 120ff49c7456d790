"""Commands around the sentiment model: train it, evaluate it, tag lines of text."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from portal.language import evaluation, reports, sentiment, training
from portal.language.model import MODEL_FILE, pack, unpack
from portal.language.samples import RefusedFile, Sample, own_examples, read_samples

RECIPE_MONTH = "2026-11"

group = AppGroup("sentiment", help="Melatih, mengukur, dan memakai penanda nada komentar.")

_FILE = click.Path(path_type=Path)


@group.command()
@click.argument("directory", metavar="DIR", type=_FILE)
@click.option("--seed", default=training.SEED, show_default=True, help="Benih acak.")
@click.option("--month", default=RECIPE_MONTH, show_default=True, help="Bulan pada nama model.")
@click.option("--folds", is_flag=True, help="Hanya cetak angka lipatan (JSON).")
@click.option("--output", default=MODEL_FILE.parent, type=_FILE, help="Direktori model.")
def train(directory: Path, seed: int, month: str, folds: bool, output: Path) -> None:
    """Latih model dari tabel di DIR, lalu tulis model dan kartunya."""
    samples = _training_rows(directory)
    kept = [] if folds else _read(directory / "valid.csv")
    trained = _train(samples, seed)
    unseen = reports.unseen(samples, trained)
    if folds:
        _print(reports.fold_figures(unseen))
        return
    content = pack(month, trained.model)
    version = unpack(content).settings.version
    card = reports.card(trained, version, len(content), unseen, reports.told_of(kept, trained))
    output.mkdir(parents=True, exist_ok=True)
    (output / MODEL_FILE.name).write_bytes(content)
    (output / "card.md").write_text(card, encoding="utf-8")
    click.echo(f"Model {version} tersimpan di {output}, dilatih dari {len(samples)} baris.")


@group.command()
@click.argument("file", metavar="FILE.csv", type=_FILE)
def evaluate(file: Path) -> None:
    """Ukur model pada FILE.csv (kolom text,label) dan cetak angkanya sebagai JSON."""
    _print(evaluation.evaluate(_read(file), sentiment.tag))


@group.command()
def tag() -> None:
    """Baca komentar dari masukan baku, satu per baris, dan cetak satu objek JSON per baris."""
    for line in sys.stdin.buffer:
        tagged = sentiment.tag(line.decode("utf-8", "replace").rstrip("\r\n"))
        click.echo(json.dumps(_shape(tagged), ensure_ascii=False))


def _shape(tagged: sentiment.Tagged) -> dict[str, Any]:
    return {
        "label": tagged.label,
        "polarity": round(tagged.polarity, 4),
        "confidence": round(tagged.confidence, 4),
        "certain": tagged.certain,
        "language": tagged.language,
        "probabilities": {name: round(share, 4) for name, share in tagged.probabilities.items()},
    }


def _training_rows(directory: Path) -> list[Sample]:
    samples = _read(directory / "train.csv")
    corrections = directory / "corrections.csv"
    if corrections.exists():
        samples += _read(corrections)
    return samples + own_examples()


def _read(path: Path) -> list[Sample]:
    try:
        return read_samples(path)
    except RefusedFile as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _train(samples: list[Sample], seed: int) -> training.Trained:
    try:
        return training.train(samples, seed)
    except (RefusedFile, training.MissingTrainer) as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _print(figures: dict[str, Any]) -> None:
    click.echo(json.dumps(figures, indent=2, ensure_ascii=False))
