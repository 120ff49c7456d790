"""Turn the words of a comment into the features the linear model counts, and place them in its
table.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from zlib import crc32

BUCKETS = 1 << 17
_MASK = BUCKETS - 1

NEGATIONS = frozenset({"tidak", "bukan", "belum", "jangan", "tanpa", "kurang", "not"})
CONTRASTS = frozenset(
    "tapi sayang sayangnya padahal namun cuma but however although unfortunately".split()
)
MARKS = frozenset("!?.,;:")
_ENDS = frozenset("!?.;")
_NEGATION_REACH = 4
_TONE_REACH = 3
_EDGE_WORDS = 3
_SHORTEST_PIECE, _LONGEST_PIECE = 3, 6
_TONE_WEIGHT = 3


def bucket(feature: str) -> int:
    """The place of a feature in the weight table, 0 to `BUCKETS` - 1."""
    return crc32(feature.encode("utf-8", "replace")) & _MASK


def words_of(tokens: Sequence[str]) -> list[str]:
    """The tokens that are words, punctuation left out."""
    return [token for token in tokens if token not in MARKS]


def piece_features(word: str) -> list[str]:
    """Every run of 3 to 6 characters of one word, its borders marked."""
    framed = f"<{word}>"
    size = len(framed)
    return [
        "c" + framed[start : start + length]
        for length in range(_SHORTEST_PIECE, min(_LONGEST_PIECE, size) + 1)
        for start in range(size - length + 1)
    ]


def context_features(
    tokens: Sequence[str], words: Sequence[str], tones: Mapping[str, int]
) -> list[str]:
    """What words say together: pairs, edges, negated words, words after *tapi*, shape, known tones.

    `words` are the tokens without punctuation; `tones` maps a word to +1 or -1.
    """
    features = [f"{one} {two}" for one, two in pairwise(words)]
    features += ["^" + word for word in words[:_EDGE_WORDS]]
    features += ["$" + word for word in words[-_EDGE_WORDS:]]
    features += _after_contrast(words)
    features += _shape(tokens, len(words))
    negated, toned = weigh(tokens, tones)
    features += ["~" + word for word in negated]
    features += _balance([tone for _, tone in toned])
    return features


def weigh(
    tokens: Sequence[str], tones: Mapping[str, int]
) -> tuple[list[str], list[tuple[str, int]]]:
    """The words within four of a negation, and the words of known tone (+1, -1), turned by a
    negation.

    A negation reaches until the sentence ends; it turns the tone of the next three words only.
    """
    negated: list[str] = []
    toned: list[tuple[str, int]] = []
    reach = 0
    for token in tokens:
        if token in MARKS:
            reach = 0 if token in _ENDS else reach
        elif token in NEGATIONS:
            reach = _NEGATION_REACH
        else:
            tone = tones.get(token, 0)
            if tone:
                toned.append((token, -tone if reach > _NEGATION_REACH - _TONE_REACH else tone))
            if reach:
                negated.append(token)
                reach -= 1
    return negated, toned


def _balance(tones: Sequence[int]) -> list[str]:
    good = sum(tone > 0 for tone in tones)
    bad = len(tones) - good
    side = (good > bad) - (good < bad)
    return [f"+{min(3, good)}", f"-{min(3, bad)}", f"={side}"] * _TONE_WEIGHT


def _after_contrast(words: Sequence[str]) -> list[str]:
    for place in range(len(words) - 1, -1, -1):
        if words[place] in CONTRASTS:
            return [">" + word for word in words[place + 1 :]]
    return []


def _shape(tokens: Sequence[str], count: int) -> list[str]:
    size = min(8, count.bit_length())
    marks = [f"#{mark}" for mark in "!?0" if mark in tokens]
    if "?" in tokens:
        marks.append(f"#?{min(6, size)}")
    return [f"#{size}", *marks]
