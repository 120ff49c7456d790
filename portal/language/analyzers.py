"""The portal's own TextBlob analyzers, one for Indonesian and its neighbours, one for English.

Importing this module imports TextBlob and with it NLTK, which is slow: only `sentiment.py` does,
on first use.
"""

from abc import abstractmethod
from typing import ClassVar, NamedTuple

from textblob.base import CONTINUOUS, BaseSentimentAnalyzer

from portal.language.features import words_of
from portal.language.languages import TONES
from portal.language.model import LinearModel, Scores
from portal.language.normal import clean, english_tokens, indonesian_tokens
from portal.language.terms import Language

_NOTHING_KNOWN: Scores = (1 / 3, 1 / 3, 1 / 3)


class Opinion(NamedTuple):
    """What `TextBlob(...).sentiment` returns; `polarity` comes first, as in TextBlob's own
    analyzers.
    """

    polarity: float
    probabilities: Scores


class PortalAnalyzer(BaseSentimentAnalyzer):
    """Scores a comment by the portal's linear model; the two below choose how it is read."""

    kind = CONTINUOUS
    language: ClassVar[Language]

    def __init__(self, model: LinearModel) -> None:
        self.model = model
        self._trained = True

    @abstractmethod
    def tokens(self, cleaned: str) -> list[str]:
        """The words and marks of a cleaned comment, in one spelling."""

    def analyze(self, text: str) -> Opinion:
        """Polarity (-1 to 1) and the probabilities of negative, neutral, positive; never fails."""
        tokens = self.tokens(clean(text))
        if not words_of(tokens):
            return Opinion(0.0, _NOTHING_KNOWN)
        chances = self.model.probabilities(self.model.score(tokens, TONES[self.language]))
        return Opinion(chances[2] - chances[0], chances)


class IndonesianAnalyzer(PortalAnalyzer):
    """Reads Indonesian with Palembang, Malay and Javanese words, slang and loose spelling."""

    language = Language.INDONESIAN

    def tokens(self, cleaned: str) -> list[str]:
        """Slang, Palembang and neighbouring words as Indonesian ones, false friends settled."""
        return indonesian_tokens(cleaned)


class EnglishAnalyzer(PortalAnalyzer):
    """Reads English."""

    language = Language.ENGLISH

    def tokens(self, cleaned: str) -> list[str]:
        """English words, every negation as `not`."""
        return english_tokens(cleaned)
