"""Figures of a training run by source and language, and the card that goes with the model."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Any

from portal.language.evaluation import Answer, calibration_error, figures, interval
from portal.language.languages import language_of
from portal.language.normal import clean
from portal.language.samples import Sample
from portal.language.sentiment import tagged_of, tagger_of
from portal.language.terms import LABELS, Language
from portal.language.training import FOLDS, RIGHT_WHEN_CERTAIN, Trained

GOAL_LANGUAGES = ("id", "en", "min", "jv", "bjn")
"""The languages of NusaX whose mean macro-F1 is the portal's measure; Sundanese is reported
beside it.
"""

Parts = dict[str, dict[str, dict[str, Any]]]
"""Source -> language -> figures."""


@dataclass(frozen=True, slots=True)
class Told:
    """A comment with its right label, and what was said of it."""

    sample: Sample
    answer: Answer


def unseen(samples: Sequence[Sample], trained: Trained) -> list[Told]:
    """What the folds said of each training comment while it was not among those they learnt
    from.
    """
    return [
        Told(sample, Answer(sample.label, tagged_of(trained.model, scores, _language(sample))))
        for sample, scores in zip(samples, trained.unseen, strict=True)
    ]


def told_of(samples: Sequence[Sample], trained: Trained) -> list[Told]:
    """What the finished model says of comments kept apart."""
    tagger = tagger_of(trained.model)
    return [Told(sample, Answer(sample.label, tagger(sample.text))) for sample in samples]


def fold_figures(told: Sequence[Told]) -> dict[str, Any]:
    """What `sentiment train --folds` prints: macro-F1 of SmSA, of NusaX by language and its mean.

    `smsa_macro_f1` and `nusax_mean_macro_f1` (over `GOAL_LANGUAGES`) are `None` without such rows.
    """
    parts = by_source(told)
    return {
        "folds": FOLDS,
        "n": len(told),
        "smsa_macro_f1": _mean_f1(parts.get("smsa", {}), ("id",)),
        "nusax_mean_macro_f1": _mean_f1(parts.get("nusax", {}), GOAL_LANGUAGES),
        "sources": parts,
    }


def by_source(told: Iterable[Told]) -> Parts:
    """Figures of each source and language, with interval of the accuracy and calibration error."""
    split: defaultdict[tuple[str, str], list[Answer]] = defaultdict(list)
    for one in told:
        split[one.sample.source, one.sample.language].append(one.answer)
    parts: Parts = {}
    for (source, language), answers in split.items():
        right = sum(answer.right for answer in answers)
        parts.setdefault(source, {})[language] = {
            **figures(answers),
            "accuracy_interval": interval(right, len(answers)),
            "calibration_error": calibration_error(answers),
        }
    return parts


def card(
    trained: Trained, version: str, size: int, folds: Sequence[Told], kept: Sequence[Told]
) -> str:
    """The model card in Markdown; `size` is the model file's in bytes, `kept` the validation
    rows.
    """
    sums = fold_figures(folds)
    template = Template(
        files("portal.language").joinpath("models", "card.template.md").read_text(encoding="utf-8")
    )
    return template.substitute(
        version=version,
        size=f"{size / 1000:.0f}",
        samples=f"{len(folds):,}",
        rows=_counts(folds),
        folds=FOLDS,
        threshold=f"{trained.model.settings.threshold:.3f}",
        sharpness=f"{trained.model.settings.sharpness:.1f}",
        target=f"{100 * RIGHT_WHEN_CERTAIN:.0f}",
        smsa=_percent(sums["smsa_macro_f1"]),
        nusax=_percent(sums["nusax_mean_macro_f1"]),
        fold_table=_table(by_source(folds)),
        valid_table=_table(by_source(kept)),
    )


def _language(sample: Sample) -> Language:
    return language_of(clean(sample.text))


def _mean_f1(languages: dict[str, dict[str, Any]], names: Sequence[str]) -> float | None:
    found = [languages[name]["macro_f1"] for name in names if name in languages]
    return round(sum(found) / len(found), 4) if found else None


def _counts(told: Sequence[Told]) -> str:
    counts: defaultdict[str, int] = defaultdict(int)
    for one in told:
        counts[one.sample.source or "corrections"] += 1
    return ", ".join(f"{source} {count:,}" for source, count in counts.items())


def _table(parts: Parts) -> str:
    labels = " | ".join(f"F1 {label}" for label in LABELS)
    head = (
        f"| source | language | n | accuracy (95 %) | macro-F1 | {labels} "
        "| certain: covered | certain: right | calibration error |"
    )
    lines = [head, "|" + "---|" * (head.count("|") - 1)]
    for source, languages in parts.items():
        lines += [_row(source, language, part) for language, part in languages.items()]
    return "\n".join(lines)


def _row(source: str, language: str, part: dict[str, Any]) -> str:
    low, high = part["accuracy_interval"]
    cells = [
        source,
        language,
        f"{part['n']:,}",
        f"{_percent(part['accuracy'])} ({_percent(low)}–{_percent(high)})",
        _percent(part["macro_f1"]),
        *(_percent(part["per_class"][label]["f1"]) for label in LABELS),
        _percent(part["certain"]["coverage"]),
        _percent(part["certain"]["accuracy"]),
        f"{part['calibration_error']:.3f}",
    ]
    return f"| {' | '.join(cells)} |"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"
