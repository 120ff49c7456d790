"""Tag a citizen's comment positive, neutral or negative, and say when the machine is not sure."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from portal.language.languages import language_of
from portal.language.model import MODEL_FILE, LinearModel, Scores, load, read_version
from portal.language.normal import clean
from portal.language.terms import LABELS, Language, Tone

if TYPE_CHECKING:
    from textblob import TextBlob

    from portal.language.analyzers import PortalAnalyzer


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tone of a comment and how far to trust it.

    `label` is the likeliest of positive, neutral, negative; `polarity` runs from -1 (negative) to
    1; `confidence` (0 to 1) is the calibrated probability that `label` is right; `certain` says
    that it is high enough to be counted without a person. `probabilities` holds one number a
    label, summing to 1.
    """

    label: Tone
    polarity: float
    confidence: float
    certain: bool
    language: Language
    probabilities: Mapping[str, float]

    @property
    def tone(self) -> Tone:
        """The label when certain, otherwise `Tone.UNCERTAIN`."""
        return self.label if self.certain else Tone.UNCERTAIN


Tagger = Callable[[str], Tagged]


def tag(text: str) -> Tagged:
    """The tone of a comment and its confidence; never fails, reads `LONGEST_TEXT` characters.

    The first call loads TextBlob and the model; call `preload` at start to keep that out of a
    request.
    """
    return _tagger()(text)


def preload() -> None:
    """Load TextBlob and the model now, so that the first comment does not wait for them."""
    _tagger()


@lru_cache(maxsize=1)
def model_version() -> str:
    """The name of the model in use, such as `2026-11-1a2b3c4d` (at most 32 characters)."""
    return read_version(MODEL_FILE)


@lru_cache(maxsize=1)
def _tagger() -> Tagger:
    return tagger_of(load())


def tagger_of(model: LinearModel) -> Tagger:
    """A function like `tag` that works with the given model; loads TextBlob on first use."""
    blob, analyzers = _load_textblob(model)

    def run(text: str) -> Tagged:
        cleaned = clean(text)
        language = language_of(cleaned)
        opinion = blob(cleaned, analyzer=analyzers[language]).sentiment
        return _tagged(model, opinion.probabilities, language)

    return run


def _load_textblob(
    model: LinearModel,
) -> "tuple[type[TextBlob], dict[Language, PortalAnalyzer]]":
    with _hidden("scipy", "sklearn"):
        from textblob import TextBlob

        from portal.language.analyzers import EnglishAnalyzer, IndonesianAnalyzer

    analyzers = (IndonesianAnalyzer(model), EnglishAnalyzer(model))
    return TextBlob, {analyzer.language: analyzer for analyzer in analyzers}


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Keep NLTK from importing these for its own classifiers: a second, and 90 MB, for nothing.

    They are there where models are trained; packages that are loaded already are left alone.
    """
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None: not to be had
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def tagged_of(model: LinearModel, scores: Scores, language: Language) -> Tagged:
    """The answer that raw scores of the model stand for."""
    return _tagged(model, model.probabilities(scores), language)


def _tagged(model: LinearModel, chances: Scores, language: Language) -> Tagged:
    confidence = max(chances)
    undecided = confidence == min(chances)
    return Tagged(
        label=Tone.NEUTRAL if undecided else LABELS[chances.index(confidence)],
        polarity=chances[2] - chances[0],
        confidence=confidence,
        certain=confidence >= model.settings.threshold,
        language=language,
        probabilities={str(label): chance for label, chance in zip(LABELS, chances, strict=True)},
    )
