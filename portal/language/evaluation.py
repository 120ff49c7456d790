"""Measure a tagger against labelled comments: accuracy, F1, the certain part, calibration,
speed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from time import process_time
from typing import Any

from portal.language.samples import Sample
from portal.language.sentiment import Tagged, Tagger
from portal.language.terms import LABELS, Tone

Figures = dict[str, Any]

_BINS = 10
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Answer:
    """The right label of one comment beside what the machine said."""

    gold: Tone
    told: Tagged

    @property
    def right(self) -> bool:
        """Did the machine name the right label?"""
        return self.gold == self.told.label


def evaluate(samples: Sequence[Sample], tagger: Tagger) -> Figures:
    """The figures of `sentiment evaluate`: shares from 0 to 1, speed in texts per second of one
    core.

    `macro_f1` is the mean over the labels that the file or the machine names.
    """
    tagger("")
    start = process_time()
    told = [tagger(sample.text) for sample in samples]
    seconds = max(process_time() - start, 1e-9)
    answers = [Answer(sample.label, one) for sample, one in zip(samples, told, strict=True)]
    return {**figures(answers), "texts_per_second": round(len(samples) / seconds)}


def figures(answers: Sequence[Answer]) -> Figures:
    """n, accuracy, macro_f1, per_class and the certain part of some answers."""
    per_class = {str(label): _of_label(answers, label) for label in LABELS}
    named = [row["f1"] for row in per_class.values() if row["n"] or row["told"]]
    certain = [answer for answer in answers if answer.told.certain]
    return {
        "n": len(answers),
        "accuracy": _share(sum(answer.right for answer in answers), len(answers)),
        "macro_f1": _share(sum(named), len(named)),
        "per_class": per_class,
        "certain": {
            "coverage": _share(len(certain), len(answers)),
            "accuracy": _share(sum(answer.right for answer in certain), len(certain)),
        },
    }


def calibration_error(answers: Sequence[Answer]) -> float:
    """Expected calibration error, 0 to 1: mean gap of confidence and hits over ten equal bins.

    Source: Naeini et al., Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI
    2015.
    """
    gaps = [0.0] * _BINS
    for answer in answers:
        place = min(_BINS - 1, int(answer.told.confidence * _BINS))
        gaps[place] += answer.told.confidence - answer.right
    return _share(sum(map(abs, gaps)), len(answers))


def interval(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), both ends from 0 to 1."""
    if not count:
        return 0.0, 1.0
    share, spread = right / count, _Z95**2 / count
    middle = (share + spread / 2) / (1 + spread)
    half = _Z95 * sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def _of_label(answers: Sequence[Answer], label: Tone) -> dict[str, float]:
    gold = sum(answer.gold == label for answer in answers)
    told = sum(answer.told.label == label for answer in answers)
    hits = sum(answer.right for answer in answers if answer.gold == label)
    return {
        "n": gold,
        "told": told,
        "precision": _share(hits, told),
        "recall": _share(hits, gold),
        "f1": _share(2 * hits, gold + told),
    }


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0
