"""Means and shares with the interval that says how far they can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z95 = 1.96
PRIOR_PER_SCORE = 0.5
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval, both in the figure's own unit."""

    value: float
    low: float
    high: float


def mean_score(counts: Sequence[int]) -> Estimate:
    """Mean of ratings 1–5 from `counts[0]` ones … `counts[4]` fives, with its interval.

    The value is the plain mean. The interval is the posterior mean of a Dirichlet distribution
    with ½ added to each score, ± 1.96 of its standard deviation, widened to contain the plain
    mean and cut to 1–5. Refuses, with `ValueError`, counts without any rating.
    """
    n = sum(counts)
    if not n:
        raise ValueError("no ratings, no mean")
    raw = sum(score * count for score, count in enumerate(counts, start=1)) / n
    weights = [count + PRIOR_PER_SCORE for count in counts]
    total = sum(weights)
    mean = sum(score * weight for score, weight in enumerate(weights, start=1)) / total
    square = sum(score**2 * weight for score, weight in enumerate(weights, start=1)) / total
    reach = Z95 * sqrt(max(square - mean**2, 0.0) / (total + 1))
    low, high = min(mean - reach, raw), max(mean + reach, raw)
    return Estimate(raw, max(low, float(LOWEST)), min(high, float(HIGHEST)))


def share(part: int, whole: int) -> Estimate:
    """`part` of `whole` as a share 0–1 with Wilson's 95 % interval (Wilson 1927).

    Refuses, with `ValueError`, a part that is not within a whole of at least one.
    """
    if not 0 <= part <= whole or not whole:
        raise ValueError(f"{part} of {whole} is no share")
    p = part / whole
    spread = Z95**2 / whole
    centre = (p + spread / 2) / (1 + spread)
    reach = Z95 * sqrt(p * (1 - p) / whole + spread / (4 * whole)) / (1 + spread)
    return Estimate(p, max(min(centre - reach, p), 0.0), min(max(centre + reach, p), 1.0))
