"""Training on a few sentences made here: folds, same bytes, the commands and what they refuse."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from portal.cli import sentiment as commands
from portal.language import training
from portal.language.folds import assign_folds, group
from portal.language.model import load, pack
from portal.language.samples import Sample
from portal.language.terms import LABELS, Tone

PLACES = "kantor lurah|kantor camat|puskesmas|pasar|terminal|sekolah|taman|stadion".split("|")
SAYINGS = {
    Tone.POSITIVE: ("petugas di {} ramah", "senang datang ke {}", "{} sekarang bersih"),
    Tone.NEUTRAL: ("di mana letak {}?", "saya pergi ke {} hari ini", "jam berapa {} buka?"),
    Tone.NEGATIVE: ("petugas di {} kasar", "kecewa dengan {}", "{} sekarang kotor"),
}


def tiny() -> list[Sample]:
    """A training set made of patterns, 72 rows."""
    return [
        Sample(saying.format(place), label, "made", "id")
        for label, sayings in SAYINGS.items()
        for saying in sayings
        for place in PLACES
    ]


def write(path: Path, samples: list[Sample]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["text", "label", "source", "language"])
        rows.writerows((one.text, one.label, one.source, one.language) for one in samples)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(tmp_path / "train.csv", tiny())
    write(tmp_path / "valid.csv", tiny()[::5])
    return tmp_path


def run(*words: object, typed: str | bytes | None = None) -> Result:
    """What a command of the group says, on an application that knows nothing else."""
    app = Flask("bare")
    app.cli.add_command(commands.group)
    runner = app.test_cli_runner()
    return runner.invoke(args=["sentiment", *map(str, words)], input=typed)


@pytest.fixture
def _trainer() -> None:
    pytest.importorskip("sklearn")


@pytest.mark.usefixtures("_trainer")
def test_the_same_seed_gives_the_same_bytes(data: Path, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        assert run("train", data, "--output", tmp_path / name).exit_code == 0
        files = sorted((tmp_path / name).iterdir())
        written.append({file.name: file.read_bytes() for file in files})
    assert written[0] == written[1]
    assert set(written[0]) == {"card.md", "sentiment.bin"}


@pytest.mark.usefixtures("_trainer")
def test_corrections_of_staff_are_learnt_from(data: Path, tmp_path: Path) -> None:
    run("train", data, "--output", tmp_path / "before")
    write(data / "corrections.csv", [Sample("zonk", Tone.NEGATIVE, "staff", "id")] * 30)
    run("train", data, "--output", tmp_path / "after")
    before, after = (load(tmp_path / name / "sentiment.bin") for name in ("before", "after"))
    assert before.settings.version != after.settings.version
    assert LABELS[_likeliest(after, "zonk")] == Tone.NEGATIVE
    assert training.score(after, "zonk")[0] > training.score(before, "zonk")[0]


def _likeliest(model: training.LinearModel, text: str) -> int:
    scores = training.score(model, text)
    return scores.index(max(scores))


@pytest.mark.usefixtures("_trainer")
def test_a_model_scores_a_comment_as_its_training_table_does() -> None:
    samples = tiny()
    tools = training._load_trainer()
    table = training._features(tools, samples)
    model = training.train(samples).model
    weights = tools.numpy.array(model.weights, dtype=float).reshape(-1, 3) * model.settings.step
    expected = table @ weights + tools.numpy.array(model.settings.bias)
    for sample, scores in zip(samples, expected, strict=True):
        assert training.score(model, sample.text) == pytest.approx(tuple(scores))


@pytest.mark.usefixtures("_trainer")
def test_the_figures_of_the_folds_are_printed_without_writing_anything(data: Path) -> None:
    (data / "valid.csv").unlink()
    told = json.loads(run("train", data, "--folds").output)
    assert told["smsa_macro_f1"] is None
    assert told["sources"]["made"]["id"]["n"] == 72
    assert told["folds"] == training.FOLDS


@pytest.mark.usefixtures("_trainer")
def test_too_few_rows_of_a_label_are_refused(data: Path) -> None:
    with pytest.raises(training.RefusedFile, match="label negative"):
        training.train([one for one in tiny() if one.label != Tone.NEGATIVE])


def test_packing_and_loading_a_model_changes_nothing(tmp_path: Path) -> None:
    model = load()
    file = tmp_path / "copy.bin"
    file.write_bytes(pack("2026-11", model))
    again = load(file)
    assert (again.settings, again.weights) == (model.settings, model.weights)


def test_translations_of_one_sentence_share_a_fold() -> None:
    languages = ("id", "en", "jv")
    samples = [
        Sample(f"{language} {'abcdefgh'[number] * 4}", Tone.NEUTRAL, "many", language)
        for language in languages
        for number in range(8)
    ]
    folds = assign_folds(samples, 3, seed=1)
    assert folds[:8] == folds[8:16] == folds[16:]
    assert set(folds) == {0, 1, 2}


def test_near_copies_share_a_group_and_strangers_do_not() -> None:
    texts = [
        "petugas loket dua ramah sekali kepada warga",
        "Petugas loket dua ramah sekali kepada warga!!",
        "jalan menuju pasar berlubang sejak bulan lalu",
    ]
    one, copy, stranger = group([Sample(text, Tone.NEUTRAL) for text in texts])
    assert one == copy != stranger


def test_a_group_is_named_by_its_first_member_in_whatever_order_copies_are_met() -> None:
    words = "kemarin pagi warga lima kampung bertemu lurah membahas parit dekat pasar".split()
    chain = [" ".join(words[start : start + 6]) for start in (0, 4, 2)]
    samples = [Sample(text, Tone.NEUTRAL) for text in [*chain, "jembatan itu baru selesai dicat"]]
    assert group(samples) == [0, 0, 0, 3]
    assert group(samples[::-1]) == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "uji.csv kosong"),
        (b"text,label\n", "uji.csv kosong"),
        (b"teks,label\nbagus,positive\n", "uji.csv tidak memiliki kolom text"),
        (b"text,nada\nbagus,positive\n", "uji.csv tidak memiliki kolom label"),
        (b"kalimat\nbagus\n", "uji.csv tidak memiliki kolom text dan label"),
        (b"text,label\nbagus,positif\n", "uji.csv, kolom label, baris 2: \u201cpositif\u201d"),
        (b"text,label\nbagus,uncertain\n", "kolom label, baris 2: \u201cuncertain\u201d"),
        (b"text,label\nbagus\n", "kolom label, baris 2: \u201c\u201d"),
        (b"text,label\nbagus \xff,positive\n", "uji.csv bukan teks UTF-8"),
        ("text,label\nbagus,positive\n".encode("utf-16"), "uji.csv bukan teks UTF-8"),
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "uji.csv"
    file.write_bytes(content)
    result = run("evaluate", file)
    assert result.exit_code == 1
    assert said in result.output


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    assert "train.csv tidak ditemukan" in run("train", tmp_path).output
    assert "tiada.csv tidak ditemukan" in run("evaluate", tmp_path / "tiada.csv").output


def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    file = tmp_path / "uji.csv"
    file.write_bytes(b'\xef\xbb\xbftext,label\r\n"Mantap, nian",positive\r\n')
    told = json.loads(run("evaluate", file).output)
    assert (told["n"], told["accuracy"]) == (1, 1)


def test_tag_answers_each_line_with_one_object() -> None:
    result = run("tag", typed=b"Mantap nian\n\nThe room was dirty\n" + b"\xff rusak\n")
    told = [json.loads(line) for line in result.output.splitlines()]
    assert [one["language"] for one in told] == ["id", "id", "en", "id"]
    assert list(told[0]) == [
        "label",
        "polarity",
        "confidence",
        "certain",
        "language",
        "probabilities",
    ]
    assert told[0]["label"] == "positive"
