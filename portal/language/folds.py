"""Cut labelled comments into folds so that no comment stands beside its own copy or translation."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from zlib import crc32

from portal.language.features import words_of
from portal.language.languages import read
from portal.language.samples import Sample

_RUN = 3
_SHARE = 0.3


def assign_folds(samples: Sequence[Sample], count: int, seed: int) -> list[int]:
    """The fold (0 to `count` - 1) of each sample; whole groups of `group` stay together."""
    groups = group(samples)
    order = sorted(set(groups), key=lambda name: crc32(f"{seed} {name}".encode()))
    fold = {name: place % count for place, name in enumerate(order)}
    return [fold[name] for name in groups]


def group(samples: Sequence[Sample]) -> list[int]:
    """A group number for each sample, the place of its first member: translations and near-copies
    share one.

    Translations: a source whose languages have equally many rows holds the same sentences in the
    same order. Near-copies: two comments that share at least 30 % of the shorter one's runs of
    three words.
    """
    parent = list(range(len(samples)))
    for one, other in [*_translations(samples), *_near_copies(samples)]:
        first, second = sorted((_root(parent, one), _root(parent, other)))
        parent[second] = first
    return [_root(parent, place) for place in range(len(samples))]


def _root(parent: list[int], place: int) -> int:
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


def _translations(samples: Sequence[Sample]) -> list[tuple[int, int]]:
    rows: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, sample in enumerate(samples):
        rows[sample.source][sample.language].append(place)
    pairs: list[tuple[int, int]] = []
    for languages in rows.values():
        first, *others = languages.values()
        for other in others:
            if len(other) == len(first):
                pairs += zip(first, other, strict=True)
    return pairs


def _near_copies(samples: Sequence[Sample]) -> list[tuple[int, int]]:
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    sizes: list[int] = []
    pairs: list[tuple[int, int]] = []
    for place, sample in enumerate(samples):
        runs = _runs(sample.text)
        sizes.append(len(runs))
        shared = Counter(other for run in runs for other in holders[run])
        pairs += [
            (place, other)
            for other, common in shared.items()
            if common >= _SHARE * min(len(runs), sizes[other])
        ]
        for run in runs:
            holders[run].append(place)
    return pairs


def _runs(text: str) -> set[tuple[str, ...]]:
    words = [word for word in words_of(read(text).tokens) if word != "nya"]
    return {tuple(words[start : start + _RUN]) for start in range(max(1, len(words) - _RUN + 1))}
