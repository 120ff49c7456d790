"""A whole in parts: how many each has, and which share with its interval."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.figures.intervals import Estimate, share


@dataclass(frozen=True)
class Row:
    """One part: how many, and which share (0–1) of the whole, None of nothing."""

    key: str
    count: int
    share: Estimate | None


def rows(parts: Iterable[tuple[str, int]], whole: int) -> list[Row]:
    """One row a part, in the order given."""
    return [Row(key, n, share(n, whole) if whole else None) for key, n in parts]
