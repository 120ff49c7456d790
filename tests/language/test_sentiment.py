"""Tagging a comment: Palembang sentences, odd input, laws of the figures, speed."""

import csv
import math
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textblob import TextBlob
from textblob.base import BaseSentimentAnalyzer

from portal.language.analyzers import EnglishAnalyzer, IndonesianAnalyzer
from portal.language.model import MODEL_FILE, BrokenModel, load, unpack
from portal.language.sentiment import Tagged, model_version, preload, tag
from portal.language.terms import LABELS, Language, Tone

RIGHT_OVERALL = 0.85
RIGHT_PER_LABEL = 0.75


def sentences() -> list[dict[str, str]]:
    """Comments written for the portal in Palembang, Indonesian, English; unchecked by a speaker."""
    with (Path(__file__).parent / "palembang.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def share_right(rows: list[dict[str, str]]) -> float:
    return sum(tag(row["text"]).label == row["label"] for row in rows) / len(rows)


def test_palembang_sentences_are_mostly_tagged_right() -> None:
    assert len(sentences()) >= 100
    assert share_right(sentences()) >= RIGHT_OVERALL


@pytest.mark.parametrize("label", LABELS)
def test_no_label_is_left_behind_in_palembang_sentences(label: Tone) -> None:
    assert share_right([row for row in sentences() if row["label"] == label]) >= RIGHT_PER_LABEL


@pytest.mark.parametrize(
    ("comment", "tone"),
    [
        ("Great service, thank you.", Tone.POSITIVE),
        ("The staff were rude and the room was dirty.", Tone.NEGATIVE),
        ("Where can I pay the tax?", Tone.NEUTRAL),
    ],
)
def test_english_is_read_by_its_own_analyzer(comment: str, tone: Tone) -> None:
    told = tag(comment)
    assert (told.language, told.label) == (Language.ENGLISH, tone)


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "   \n\t ",
        "\0",
        "bagus\0sekali",
        "😀😀😀",
        "😡",
        "🇮🇩🇮🇩",
        "مرحبا بالعالم",
        "\u202eterbalik\u202c bagus",
        "a" * 10_000,
        "dak lemak " * 1_000,
        "!?" * 5_000,
        "\ud800 kepingan",
        "１２３ ﬁne",
        "İ" * 50,
    ],
)
def test_odd_text_is_tagged_without_failing(comment: str) -> None:
    told = tag(comment)
    assert told.label in LABELS
    assert math.isclose(sum(told.probabilities.values()), 1)


@pytest.mark.parametrize("comment", ["", "  ", "\0", "…", "🇮🇩"])
def test_a_comment_without_words_is_neutral_and_uncertain(comment: str) -> None:
    told = tag(comment)
    assert (told.label, told.polarity, told.tone) == (Tone.NEUTRAL, 0, Tone.UNCERTAIN)


@given(st.text(max_size=400))
@example("ß" * 40)
def test_figures_of_any_text_keep_their_laws(text: str) -> None:
    told = tag(text)
    assert math.isclose(sum(told.probabilities.values()), 1)
    assert set(told.probabilities) == {str(label) for label in LABELS}
    assert -1 <= told.polarity <= 1
    assert math.isclose(told.confidence, max(told.probabilities.values()))
    assert told.tone == (told.label if told.certain else Tone.UNCERTAIN)
    assert tag(text) == told


@given(st.text(max_size=100), st.integers(0, 5))
def test_spaces_around_a_comment_change_nothing(text: str, spaces: int) -> None:
    assert tag(" " * spaces + text + " " * spaces) == tag(text)


def test_text_beyond_the_limit_changes_nothing() -> None:
    start = ("bagus " * 2_000)[:10_000]
    assert tag(start + " kecewa kotor rusak") == tag(start)


def test_the_tone_is_uncertain_when_the_machine_is() -> None:
    unsure = Tagged(Tone.POSITIVE, 0.1, 0.4, False, Language.INDONESIAN, {})
    assert unsure.tone is Tone.UNCERTAIN


def test_textblob_works_with_both_analyzers() -> None:
    model = load()
    for make, comment in ((IndonesianAnalyzer, "Mantap nian"), (EnglishAnalyzer, "Very good")):
        analyzer = make(model)
        assert isinstance(analyzer, BaseSentimentAnalyzer)
        assert TextBlob(comment, analyzer=analyzer).sentiment.polarity > 0


def test_the_version_names_the_model_in_use_and_fits_its_column() -> None:
    assert model_version() == load().settings.version
    assert len(model_version()) <= 32


@pytest.mark.parametrize("cut", [0, 30, 1_000])
def test_a_model_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(BrokenModel):
        unpack(MODEL_FILE.read_bytes()[:cut])


def test_the_model_is_small_and_loads_quickly() -> None:
    start = process_time()
    load()
    assert process_time() - start < 0.1
    assert MODEL_FILE.stat().st_size < 600_000


def test_a_thousand_comments_take_less_than_a_second_of_one_core() -> None:
    preload()
    comments = [f"{row['text']} {number}" for number, row in enumerate(sentences() * 10)][:1_000]
    start = process_time()
    for comment in comments:
        tag(comment)
    assert process_time() - start < 1
