"""Means and shares with their intervals: known values, another way of computing them, and laws."""

from fractions import Fraction
from math import isclose, sqrt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.figures.intervals import mean_score, share

COUNTS = st.lists(st.integers(0, 10_000), min_size=5, max_size=5).filter(any)
MANY = [
    [1, 0, 0, 0, 0],
    [0, 0, 0, 0, 1],
    [0, 0, 3, 0, 0],
    [1, 0, 0, 0, 1],
    [2, 3, 5, 7, 11],
    [400, 30, 20, 10, 0],
    [0, 0, 0, 0, 9_999],
]


def dirichlet(counts: list[int]) -> tuple[Fraction, Fraction]:
    """Mean and variance of the score under the posterior, from the moments of a Dirichlet.

    Exact fractions over the covariances of the shares, not over the score's second moment.
    """
    weights = [Fraction(2 * count + 1, 2) for count in counts]
    total = sum(weights)
    shares = [weight / total for weight in weights]
    mean = sum((score * share for score, share in enumerate(shares, start=1)), Fraction())
    variance = Fraction()
    for i, p in enumerate(shares, start=1):
        for j, q in enumerate(shares, start=1):
            covariance = (p * (1 - p) if i == j else -p * q) / (total + 1)
            variance += i * j * covariance
    return mean, variance


@pytest.mark.parametrize("counts", MANY)
def test_the_interval_is_the_dirichlet_posterior_widened_to_the_mean_and_cut(
    counts: list[int],
) -> None:
    mean, variance = dirichlet(counts)
    raw = Fraction(sum(score * n for score, n in enumerate(counts, start=1)), sum(counts))
    reach = 1.96 * sqrt(variance)
    found = mean_score(counts)
    assert isclose(found.value, float(raw))
    assert isclose(found.low, max(1.0, min(float(mean) - reach, float(raw))))
    assert isclose(found.high, min(5.0, max(float(mean) + reach, float(raw))))


def test_one_five_says_almost_nothing() -> None:
    """By hand: weights ½ ½ ½ ½ 1½, total 3½; mean 25/7, second moment 15, variance 110/49 ÷ 4½."""
    found = mean_score([0, 0, 0, 0, 1])
    assert (found.value, found.high) == (5.0, 5.0)
    assert found.low == pytest.approx(25 / 7 - 1.96 * sqrt(220 / 441))
    assert round(found.low, 2) == 2.19


def test_ten_threes_are_three_in_the_middle() -> None:
    """By hand: total 12½, second moment 9 + (4+1+1+4)·½/12½ = 9.4, variance 0.4/13½."""
    found = mean_score([0, 0, 10, 0, 0])
    assert found.value == 3.0
    assert found.low == pytest.approx(3 - 1.96 * sqrt(0.4 / 13.5))
    assert found.high == pytest.approx(3 + 1.96 * sqrt(0.4 / 13.5))


@given(COUNTS)
@example([0, 0, 0, 0, 1])
@example([1, 0, 0, 0, 0])
def test_the_interval_contains_the_mean_and_stays_within_the_scale(counts: list[int]) -> None:
    found = mean_score(counts)
    assert 1 <= found.low <= found.value <= found.high <= 5


@given(COUNTS)
def test_reversing_the_scores_mirrors_the_figure(counts: list[int]) -> None:
    found, mirrored = mean_score(counts), mean_score(counts[::-1])
    assert isclose(mirrored.value, 6 - found.value, abs_tol=1e-9)
    assert isclose(mirrored.low, 6 - found.high, abs_tol=1e-9)
    assert isclose(mirrored.high, 6 - found.low, abs_tol=1e-9)


@given(COUNTS, st.integers(2, 50))
def test_more_of_the_same_is_trusted_more(counts: list[int], times: int) -> None:
    few, many = mean_score(counts), mean_score([times * count for count in counts])
    assert isclose(few.value, many.value)
    assert many.high - many.low < few.high - few.low


@given(COUNTS, st.integers(0, 3))
def test_a_better_score_never_lowers_the_mean(counts: list[int], score: int) -> None:
    better = counts.copy()
    if better[score]:
        better[score] -= 1
        better[score + 1] += 1
        assert mean_score(better).value > mean_score(counts).value


def test_without_ratings_there_is_no_mean() -> None:
    with pytest.raises(ValueError, match="no ratings"):
        mean_score([0, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (1, 10, 0.0179, 0.4042),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_that_of_the_literature(
    part: int, whole: int, low: float, high: float
) -> None:
    """The last four rows are Newcombe's (Statistics in Medicine 17, 1998, table I, method 3)."""
    found = share(part, whole)
    assert found.value == part / whole
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_limits_solve_his_equation(pair: tuple[int, int]) -> None:
    """A limit p is where the share lies 1.96 of p's own standard deviations away."""
    part, whole = pair
    found = share(part, whole)
    assert 0 <= found.low <= found.value <= found.high <= 1
    for limit in (found.low, found.high):
        away = (found.value - limit) ** 2
        assert isclose(away, 1.96**2 * limit * (1 - limit) / whole, rel_tol=1e-6, abs_tol=1e-9)


@given(st.integers(1, 1_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_what_is_no_part_mirrors_the_part(pair: tuple[int, int]) -> None:
    part, whole = pair
    found, rest = share(part, whole), share(whole - part, whole)
    assert isclose(rest.low, 1 - found.high, abs_tol=1e-9)
    assert isclose(rest.high, 1 - found.low, abs_tol=1e-9)


@pytest.mark.parametrize(("part", "whole"), [(-1, 5), (6, 5), (0, 0), (1, 0), (0, -3)])
def test_what_cannot_be_a_share_is_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        share(part, whole)
