"""Figures of an evaluation, checked by hand."""

import pytest

from portal.language.evaluation import Answer, calibration_error, evaluate, figures, interval
from portal.language.samples import Sample
from portal.language.sentiment import Tagged, tag
from portal.language.terms import Language, Tone

GOOD, PLAIN, BAD = Tone.POSITIVE, Tone.NEUTRAL, Tone.NEGATIVE


def answer(gold: Tone, told: Tone, confidence: float = 0.95) -> Answer:
    certain = confidence >= 0.8
    return Answer(gold, Tagged(told, 0.0, confidence, certain, Language.INDONESIAN, {}))


def test_accuracy_f1_and_the_certain_part_are_as_counted_by_hand() -> None:
    told = figures(
        [answer(GOOD, GOOD), answer(GOOD, BAD, 0.5), answer(BAD, BAD), answer(PLAIN, BAD)]
    )
    assert told["n"] == 4
    assert told["accuracy"] == 0.5
    assert [told["per_class"][name]["f1"] for name in ("positive", "neutral", "negative")] == [
        0.6667,
        0.0,
        0.5,
    ]
    assert told["macro_f1"] == pytest.approx((2 / 3 + 0 + 0.5) / 3, abs=1e-4)
    assert told["certain"] == {"coverage": 0.75, "accuracy": 0.6667}


def test_a_label_that_nobody_named_does_not_pull_the_mean_down() -> None:
    assert figures([answer(GOOD, GOOD), answer(BAD, BAD)])["macro_f1"] == 1


def test_a_perfectly_honest_machine_has_no_calibration_error() -> None:
    honest = [answer(GOOD, GOOD, 0.75)] * 3 + [answer(GOOD, BAD, 0.75)]
    assert calibration_error(honest) == 0
    assert calibration_error([answer(GOOD, BAD, 1.0)]) == 1


def test_the_interval_is_that_of_wilson() -> None:
    assert interval(8, 10) == (0.4902, 0.9433)
    assert interval(0, 0) == (0.0, 1.0)
    assert interval(10, 10)[1] == 1.0


def test_an_evaluation_has_the_promised_shape() -> None:
    told = evaluate([Sample("Mantap nian", GOOD), Sample("Kotor dan bau", BAD)], tag)
    assert list(told) == [
        "n",
        "accuracy",
        "macro_f1",
        "per_class",
        "certain",
        "texts_per_second",
    ]
    assert told["accuracy"] == 1
