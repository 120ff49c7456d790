"""Train the sentiment model: fit, check in folds, set temperature and threshold, pack; same
bytes for same seed.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from types import SimpleNamespace
from typing import Any

from portal.language.features import BUCKETS, bucket, context_features, piece_features, words_of
from portal.language.folds import assign_folds
from portal.language.languages import TONES, read
from portal.language.model import LinearModel, Scores, Settings
from portal.language.samples import OWN_SOURCE, RefusedFile, Sample
from portal.language.terms import LABELS

FOLDS = 5
SEED = 7
RIGHT_WHEN_CERTAIN = 0.9
"""Of the comments called certain, at least this share must be right, in every large source."""

_PENALTY = 0.3
_OWN_WEIGHT = 3.0
_LARGE_SOURCE = 200
_LARGEST_WEIGHT = 127
_SMALLEST_CLASS = 2 * FOLDS


class MissingTrainer(RuntimeError):
    """scikit-learn, which only training needs, is not installed."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model ready to pack, and what it said of each training comment while not having seen it."""

    model: LinearModel
    unseen: list[Scores]


def train(samples: Sequence[Sample], seed: int = SEED) -> Trained:
    """Fit on all samples; temperature and threshold come from out-of-fold scores.

    Refuses with `RefusedFile` when a label has too few samples, `MissingTrainer` without
    scikit-learn.
    """
    tools = _load_trainer()
    _refuse_small(samples)
    table = _features(tools, samples)
    unseen = _scores_of_unseen(tools, table, samples, seed)
    model = _fit(tools, table, samples, range(len(samples)), seed)
    return Trained(calibrated(model, unseen, samples), unseen)


def _scores_of_unseen(
    tools: SimpleNamespace, table: Any, samples: Sequence[Sample], seed: int
) -> list[Scores]:
    folds = assign_folds(samples, FOLDS, seed)
    scores: list[Scores] = [(0.0, 0.0, 0.0)] * len(samples)
    for fold in range(FOLDS):
        seen = [place for place, other in enumerate(folds) if other != fold]
        model = _fit(tools, table, samples, seen, seed)
        for place, other in enumerate(folds):
            if other == fold:
                scores[place] = score(model, samples[place].text)
    return scores


def score(model: LinearModel, text: str) -> Scores:
    """Raw scores of one comment, read as `tag` reads it."""
    reading = read(text)
    return model.score(reading.tokens, TONES[reading.language])


def _refuse_small(samples: Sequence[Sample]) -> None:
    for label in LABELS:
        if sum(sample.label == label for sample in samples) < _SMALLEST_CLASS:
            raise RefusedFile(
                f"Data latih terlalu sedikit: label {label} perlu minimal {_SMALLEST_CLASS}."
            )


def _load_trainer() -> SimpleNamespace:
    try:
        import numpy
        from scipy import sparse
        from sklearn import svm
    except ImportError as error:
        raise MissingTrainer(
            "Pelatihan membutuhkan scikit-learn, yang tidak dipasang; jalankan: make train DATA=DIR"
        ) from error
    return SimpleNamespace(numpy=numpy, sparse=sparse, svm=svm)


def _features(tools: SimpleNamespace, samples: Sequence[Sample]) -> Any:
    """A sparse matrix (samples, BUCKETS): counts, each group divided by the root of its size."""
    columns, values, ends = array("i"), array("d"), array("q", [0])
    for sample in samples:
        reading = read(sample.text)
        words = words_of(reading.tokens)
        different = list(dict.fromkeys(words))
        pieces = [piece for word in different for piece in piece_features(word)]
        context = context_features(reading.tokens, words, TONES[reading.language])
        for group in (pieces, different + context):
            columns.extend(bucket(feature) for feature in group)
            values.extend([max(1, len(group)) ** -0.5] * len(group))
        ends.append(len(columns))
    shape = (len(samples), BUCKETS)
    arrays = (tools.numpy.array(part) for part in (values, columns, ends))
    matrix = tools.sparse.csr_matrix(tuple(arrays), shape=shape)
    matrix.sum_duplicates()
    return matrix


def _fit(
    tools: SimpleNamespace, table: Any, samples: Sequence[Sample], rows: Sequence[int], seed: int
) -> LinearModel:
    """A linear support vector machine, one label against the rest, rounded to int8."""
    machine = tools.svm.LinearSVC(C=_PENALTY, class_weight="balanced", random_state=seed)
    labels = [LABELS.index(samples[row].label) for row in rows]
    counts = [_OWN_WEIGHT if samples[row].source == OWN_SOURCE else 1.0 for row in rows]
    machine.fit(table[list(rows)], labels, sample_weight=counts)
    step = float(abs(machine.coef_).max()) / _LARGEST_WEIGHT or 1.0
    weights = tools.numpy.rint(machine.coef_.T / step).astype("int8")
    b0, b1, b2 = (float(value) for value in machine.intercept_)
    return LinearModel(Settings("", step, (b0, b1, b2), 1.0, 1.0), array("b", weights.tobytes()))


def calibrated(
    model: LinearModel, unseen: Sequence[Scores], samples: Sequence[Sample]
) -> LinearModel:
    """The model with the sharpness that makes out-of-fold probabilities likeliest, and its
    threshold.
    """
    sharpness = _best_sharpness(model, unseen, samples)
    sharp = LinearModel(replace(model.settings, sharpness=sharpness), model.weights)
    threshold = _lowest_threshold(sharp, unseen, samples)
    return LinearModel(replace(sharp.settings, threshold=threshold), model.weights)


def _best_sharpness(
    model: LinearModel, unseen: Sequence[Scores], samples: Sequence[Sample]
) -> float:
    gold = [LABELS.index(sample.label) for sample in samples]

    def surprise(sharpness: float) -> float:
        trial = LinearModel(replace(model.settings, sharpness=sharpness), model.weights)
        return -sum(
            log(max(1e-12, trial.probabilities(scores)[label]))
            for scores, label in zip(unseen, gold, strict=True)
        )

    return min((step / 10 for step in range(5, 61)), key=surprise)


def _lowest_threshold(
    model: LinearModel, unseen: Sequence[Scores], samples: Sequence[Sample]
) -> float:
    """The lowest confidence above which every large source is right often enough."""
    sources: dict[str, list[tuple[float, bool]]] = {}
    for scores, sample in zip(unseen, samples, strict=True):
        chances = model.probabilities(scores)
        confidence = max(chances)
        right = LABELS[chances.index(confidence)] == sample.label
        sources.setdefault(sample.source, []).append((confidence, right))
    large = [told for told in sources.values() if len(told) >= _LARGE_SOURCE]
    everything = [pair for told in sources.values() for pair in told]
    return round(max(map(_threshold, large or [everything])), 3)


def _threshold(told: list[tuple[float, bool]]) -> float:
    told = sorted(told, reverse=True)
    lowest, right = 1.0, 0
    for count, (confidence, hit) in enumerate(told, start=1):
        right += hit
        if right >= RIGHT_WHEN_CERTAIN * count:
            lowest = confidence
    return lowest
