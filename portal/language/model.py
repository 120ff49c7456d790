"""The linear model: an int8 weight table in one file, and the score of a comment from it."""

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import exp, sqrt
from pathlib import Path

from portal.language.features import BUCKETS, bucket, context_features, piece_features, words_of
from portal.language.terms import LABELS

MODEL_FILE = Path(__file__).parent / "models" / "sentiment.bin"
_MAGIC = b"ampera-sentiment 1\n"
_CACHED_WORDS = 8192

Scores = tuple[float, float, float]
"""One number for each of `LABELS`: negative, neutral, positive."""

_Part = tuple[int, int, int, int, int, int, int]


class BrokenModel(ValueError):
    """The file is not a model of this version, or was cut short or changed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What stands beside the weights: how scores become probabilities, and when to be sure."""

    version: str
    step: float
    bias: Scores
    sharpness: float
    threshold: float


@dataclass(slots=True)
class LinearModel:
    """Weights of shape (BUCKETS, 3) as one flat row of int8, and the settings they go with.

    `score` adds the weights of a comment's features. Pieces of words and words with their context
    are two groups, each divided by the square root of its size, so that long comments score like
    short ones.
    """

    settings: Settings
    weights: "array[int]"
    _parts: dict[str, _Part] = field(default_factory=dict)

    def score(self, tokens: Sequence[str], tones: Mapping[str, int]) -> Scores:
        """Raw scores of negative, neutral, positive for the tokens of one comment."""
        words = words_of(tokens)
        context = context_features(tokens, words, tones)
        c0, c1, c2 = self._sum(context)
        pieces, p0, p1, p2 = 0, 0, 0, 0
        different = dict.fromkeys(words)
        for word in different:
            count, a0, a1, a2, b0, b1, b2 = self._parts.get(word) or self._part(word)
            pieces += count
            p0, p1, p2 = p0 + a0, p1 + a1, p2 + a2
            c0, c1, c2 = c0 + b0, c1 + b1, c2 + b2
        inner = self.settings.step / sqrt(max(1, pieces))
        outer = self.settings.step / sqrt(max(1, len(different) + len(context)))
        s0, s1, s2 = self.settings.bias
        return (
            s0 + p0 * inner + c0 * outer,
            s1 + p1 * inner + c1 * outer,
            s2 + p2 * inner + c2 * outer,
        )

    def probabilities(self, scores: Scores) -> Scores:
        """Softmax of the sharpened scores; sums to 1."""
        top = max(scores)
        powers = [exp(self.settings.sharpness * (score - top)) for score in scores]
        total = sum(powers)
        return (powers[0] / total, powers[1] / total, powers[2] / total)

    def _sum(self, features: Sequence[str]) -> tuple[int, int, int]:
        weights = self.weights
        places = [3 * bucket(feature) for feature in features]
        return (
            sum([weights[place] for place in places]),
            sum([weights[place + 1] for place in places]),
            sum([weights[place + 2] for place in places]),
        )

    def _part(self, word: str) -> _Part:
        pieces = piece_features(word)
        part = (len(pieces), *self._sum(pieces), *self._sum([word]))
        if len(self._parts) >= _CACHED_WORDS:
            self._parts.clear()
        self._parts[word] = part
        return part


def version_of(month: str, settings_and_weights: bytes) -> str:
    """The model's name, such as `2026-11-1a2b3c4d`: month of the recipe and a hash of its
    content.
    """
    return f"{month}-{sha256(settings_and_weights).hexdigest()[:8]}"


def pack(month: str, model: LinearModel) -> bytes:
    """The bytes of a model file: a magic line, a line of JSON, the table. The version is made
    here.
    """
    chosen = model.settings
    body = {
        "labels": [str(label) for label in LABELS],
        "buckets": BUCKETS,
        "step": chosen.step,
        "bias": list(chosen.bias),
        "sharpness": chosen.sharpness,
        "threshold": chosen.threshold,
    }
    table = model.weights.tobytes()
    version = version_of(month, json.dumps(body).encode() + table)
    return _MAGIC + json.dumps({"version": version, **body}).encode() + b"\n" + table


def unpack(content: bytes) -> LinearModel:
    """The model in the bytes of a file; refuses with `BrokenModel` what `pack` did not write."""
    magic, header, table = _split(content)
    told = json.loads(header)
    if magic != _MAGIC or told["buckets"] != BUCKETS or len(table) != 3 * BUCKETS:
        raise BrokenModel("the sentiment model does not fit this version of the portal")
    b0, b1, b2 = told["bias"]
    settings = Settings(
        told["version"], told["step"], (b0, b1, b2), told["sharpness"], told["threshold"]
    )
    return LinearModel(settings, array("b", table))


def load(path: Path = MODEL_FILE) -> LinearModel:
    """The model in a file; refuses with `BrokenModel`, or `OSError` when there is none."""
    return unpack(path.read_bytes())


def read_version(path: Path = MODEL_FILE) -> str:
    """The name of the model in a file, read from its second line without loading the weights."""
    with path.open("rb") as file:
        file.readline()
        return str(json.loads(file.readline())["version"])


def _split(content: bytes) -> tuple[bytes, bytes, bytes]:
    lines = content.split(b"\n", 2)
    if len(lines) != 3:
        raise BrokenModel("the sentiment model was cut short")
    return lines[0] + b"\n", lines[1], lines[2]
