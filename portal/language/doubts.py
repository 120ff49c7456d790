"""Say in one Indonesian sentence why the machine is not sure of a comment, for the staff page."""

import re
from collections.abc import Callable

from portal.language.features import CONTRASTS, NEGATIONS, weigh, words_of
from portal.language.languages import TONES, Reading, read
from portal.language.normal import clean, english_tokens, indonesian_tokens
from portal.language.senses import FALSE_FRIENDS
from portal.language.sentiment import Tagged
from portal.language.terms import Language

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SHORT = 3
_CLOSE = 0.15
_NAMES = {"positive": "positif", "neutral": "netral", "negative": "negatif"}


def doubt(text: str, tagged: Tagged) -> str | None:
    """Why `tagged` is uncertain, in one Indonesian sentence; `None` when it is certain.

    The first reason found is given, from the most telling to the plainest. It names what stands in
    the comment; it is not a proof of what moved the model.
    """
    if tagged.certain:
        return None
    reading = read(text)
    reasons = (reason(text, reading) for reason in _REASONS)
    return next(filter(None, reasons), None) or _by_figures(tagged)


def _no_words(text: str, reading: Reading) -> str | None:
    return None if words_of(reading.tokens) else "Tidak ada kata yang dapat dibaca mesin."


def _two_senses(text: str, reading: Reading) -> str | None:
    written = set(clean(text).replace(",", " ").replace(".", " ").split())
    found = next((word for word in FALSE_FRIENDS if word in written), None)
    return f"Kata “{found}” punya dua arti: {FALSE_FRIENDS[found]}." if found else None


def _two_tones(text: str, reading: Reading) -> str | None:
    _, toned = weigh(reading.tokens, TONES[reading.language])
    praise = next((word for word, tone in toned if tone > 0), None)
    blame = next((word for word, tone in toned if tone < 0), None)
    if not praise or not blame:
        return None
    turn = next((word for word in reading.tokens if word in CONTRASTS), None)
    where = f" di sekitar kata {_quoted(turn, text, reading)}" if turn else ""
    both = f"{_quoted(praise, text, reading)} dan {_quoted(blame, text, reading)}"
    return f"Ada nada memuji dan nada mengeluh{where}: {both}."


def _question(text: str, reading: Reading) -> str | None:
    asks = "?" in reading.tokens
    return "Kalimat ini bertanya; sulit dibedakan dari keluhan." if asks else None


def _short(text: str, reading: Reading) -> str | None:
    few = len(words_of(reading.tokens)) <= _SHORT
    return "Komentarnya sangat pendek." if few else None


def _negation(text: str, reading: Reading) -> str | None:
    found = next((word for word in reading.tokens if word in NEGATIONS), None)
    if found is None:
        return None
    return f"Kata {_quoted(found, text, reading)} dapat membalik arti kalimat ini."


def _quoted(token: str, text: str, reading: Reading) -> str:
    """A token as the comment spells it, and what it stands for where that reads otherwise.

    Only the words of `FALSE_FRIENDS` take a sense from their neighbours; they are named before.
    """
    english = reading.language is Language.ENGLISH
    split = english_tokens if english else indonesian_tokens
    written = next((word for word in _WORD.findall(clean(text)) if token in split(word)), token)
    return f"“{written}”" if english or written.startswith(token) else f"“{written}” ({token})"


_REASONS: tuple[Callable[[str, Reading], str | None], ...] = (
    _no_words,
    _two_senses,
    _two_tones,
    _question,
    _short,
    _negation,
)


def _by_figures(tagged: Tagged) -> str:
    first, second = sorted(tagged.probabilities.items(), key=lambda pair: -pair[1])[:2]
    if first[1] - second[1] < _CLOSE:
        return f"Nada {_NAMES[first[0]]} dan {_NAMES[second[0]]} hampir sama kuat."
    return f"Mesin baru yakin {round(100 * tagged.confidence)} dari 100."
