"""Bring a comment into one spelling: repeated letters, slang, Palembang words, split endings."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

from portal.language.senses import settle_senses

LONGEST_TEXT = 10_000
"""Characters of a comment that are read; the rest changes no tone and only costs time."""

LONGEST_WORD = 40
"""Characters of a word that are kept, so that a line without spaces cannot fill the caches."""

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[:;]-?[()]|[!?.,;:]|[☀-➿\U0001f300-\U0001faff]")
_REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)
_TWICE = re.compile(r"\b([^\W\d_]{3,})2(?=nya|nyo|\b)")
_NYA = re.compile(r"^(\w{3,}?)(?:nya|nyo)$")
_KE = re.compile(r"^((?:di|me|m|ng|ny|n)\w{3,})ke$")
_WHOLE = frozenset("hanya tanya bertanya ditanya punya dipunya kenya hanyo tanyo punyo".split())

_GLAD_SIGNS = frozenset("😀😁😂😃😄😅😆😇😉😊😋😍😎🙂🤗🤩🥰😘👍👏🙏💪💯🔥🌟⭐✨❤💕💖💙💚💛🎉✅✔☺")
_SAD_SIGNS = frozenset("😒😓😔😖😞😟😠😡😢😣😤😥😨😩😪😫😭😰😱🙁🙄🤬🤮🤢👎💔😑😕☹❌💩")


def load_table(name: str) -> list[list[str]]:
    """The rows of a word list of this room, header left out, one list of fields a row."""
    text = files("portal.language").joinpath("words", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:] if line]


LOCAL_WORDS: dict[str, tuple[str, ...]] = {
    row[0]: tuple(row[1].split()) for row in load_table("words.tsv")
}
"""Word as citizens write it -> the Indonesian words it stands for; each entry names its source."""


def clean(text: str) -> str:
    """The comment in small letters, cut to `LONGEST_TEXT`, look-alikes folded, NUL as a space."""
    short = text[:LONGEST_TEXT].replace("\0", " ")
    if not short.isascii():
        short = unicodedata.normalize("NFKC", short)
    return short.lower()


def indonesian_tokens(text: str) -> list[str]:
    """Words and marks of an Indonesian (Palembang, Malay, Javanese …) comment, in one spelling.

    Numbers become `0`; emoji and emoticons become `:)` or `:(` or vanish. Takes cleaned text.
    """
    words = _split(_TWICE.sub(r"\1", _REPEATED.sub(r"\1", text)))
    tokens: list[str] = []
    for word in settle_senses(words):
        tokens.extend(_indonesian_word(word))
    return tokens


def english_tokens(text: str) -> list[str]:
    """Words and marks of an English comment; *don't*, *never*, *no* become `not`. Takes cleaned
    text.
    """
    spelled = _REPEATED.sub(r"\1\1", text.replace("n't", " not").replace("n’t", " not"))
    return ["not" if word in _ENGLISH_NOT else word for word in _split(spelled)]


_ENGLISH_NOT = frozenset(
    "not no never cannot dont didnt doesnt isnt wasnt cant wont without".split()
)


def _split(text: str) -> list[str]:
    return [token for token in map(_plain_token, _TOKEN.findall(text)) if token]


def _plain_token(token: str) -> str:
    if token[0].isalpha():
        return token[:LONGEST_WORD]
    if token[0].isdigit():
        return "0"
    if token in _GLAD_SIGNS or (len(token) > 1 and token.endswith(")")):
        return ":)"
    if token in _SAD_SIGNS or (len(token) > 1 and token.endswith("(")):
        return ":("
    return token if token in "!?.,;:" else ""


@lru_cache(maxsize=8192)
def _indonesian_word(word: str) -> tuple[str, ...]:
    known = LOCAL_WORDS.get(word)
    if known is not None or word in _WHOLE:
        return known or (word,)
    owned = _NYA.match(word)
    if owned:
        return (*LOCAL_WORDS.get(owned[1], (owned[1],)), "nya")
    done = _KE.match(word)
    return (f"{done[1]}kan",) if done else (word,)
