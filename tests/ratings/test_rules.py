"""Where a rating is counted, what moves when it changes, and how long it may."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.errors import Conflict, Invalid
from portal.ratings.rules import (
    COUNTERS,
    SCORES,
    TONES,
    Standing,
    check_changeable,
    check_score,
    counted,
    moved,
)
from portal.ratings.terms import Exclusion

MOMENT = datetime(2026, 11, 24, 3, 42, tzinfo=UTC)
STANDINGS = st.builds(
    Standing,
    st.sampled_from(SCORES),
    st.sampled_from((None, *TONES)),
    st.sampled_from((None, *Exclusion)),
    withdrawn=st.booleans(),
)


@pytest.mark.parametrize(
    ("standing", "stands_in"),
    [
        (Standing(5, None, None, withdrawn=False), {"s5"}),
        (Standing(1, "negative", None, withdrawn=False), {"s1", "negative"}),
        (Standing(3, "uncertain", None, withdrawn=False), {"s3", "uncertain"}),
        (Standing(5, "positive", "repeat", withdrawn=False), {"excluded_repeat"}),
        (Standing(5, "positive", "burst", withdrawn=False), {"excluded_burst"}),
        (Standing(5, "positive", None, withdrawn=True), {"withdrawn"}),
        (Standing(5, None, "repeat", withdrawn=True), {"withdrawn"}),
    ],
)
def test_a_rating_stands_in_the_counters_of_its_fate(
    standing: Standing, stands_in: set[str]
) -> None:
    assert counted(standing) == dict.fromkeys(stands_in, 1)


def test_the_counters_are_the_columns_of_the_tallies_in_order() -> None:
    assert (
        *("s1", "s2", "s3", "s4", "s5"),
        *("positive", "neutral", "negative", "uncertain"),
        *("excluded_repeat", "excluded_burst", "withdrawn"),
    ) == COUNTERS


@given(STANDINGS)
def test_every_rating_counts_once_as_a_score_or_as_left_out(standing: Standing) -> None:
    stands_in = counted(standing)
    assert stands_in.keys() <= set(COUNTERS)
    assert sum(n for name, n in stands_in.items() if name not in TONES) == 1


@given(STANDINGS)
def test_a_change_that_changes_nothing_moves_nothing(standing: Standing) -> None:
    assert moved(standing, standing) == {}


@given(STANDINGS, STANDINGS)
def test_what_moves_leads_from_the_one_to_the_other_and_back(
    before: Standing, after: Standing
) -> None:
    change = moved(before, after)
    for name in COUNTERS:
        assert counted(before).get(name, 0) + change.get(name, 0) == counted(after).get(name, 0)
    assert moved(after, before) == {name: -n for name, n in change.items()}
    assert 0 not in change.values()


def test_a_corrected_score_leaves_its_tone_where_it_is() -> None:
    before = Standing(1, "negative", None, withdrawn=False)
    after = Standing(2, "negative", None, withdrawn=False)
    assert moved(before, after) == {"s1": -1, "s2": 1}


@pytest.mark.parametrize("score", SCORES)
def test_one_to_five_are_scores(score: int) -> None:
    check_score(score)


@pytest.mark.parametrize("score", [0, 6, -1, 1_000_000])
def test_anything_else_is_refused_beside_the_faces(score: int) -> None:
    with pytest.raises(Invalid) as refused:
        check_score(score)
    assert refused.value.field == "nilai"


@pytest.mark.parametrize("age", [timedelta(), timedelta(minutes=9), timedelta(minutes=10)])
def test_a_rating_may_be_changed_for_ten_minutes(age: timedelta) -> None:
    check_changeable(MOMENT, MOMENT + age, withdrawn=False)


@pytest.mark.parametrize("age", [timedelta(minutes=10, microseconds=1), timedelta(days=1)])
def test_after_that_it_stays(age: timedelta) -> None:
    with pytest.raises(Conflict, match="10 menit"):
        check_changeable(MOMENT, MOMENT + age, withdrawn=False)


def test_a_withdrawn_rating_stays_withdrawn() -> None:
    with pytest.raises(Conflict, match="tarik"):
        check_changeable(MOMENT, MOMENT, withdrawn=True)
