"""Satisfaction after a case: one vote each, top two of five, and whether they are enough."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.figures import (
    ENOUGH,
    Answer,
    Figure,
    Satisfaction,
    positive_share,
    satisfied,
    votes,
)
from tests.pure.figures.lives import cohort, hours, life, steady

answers = st.lists(
    st.builds(
        Answer,
        person=st.sampled_from("abc"),
        about=st.sampled_from(["GD-1", "GD-2"]),
        at=st.integers(0, 3).map(hours),
        score=st.none() | st.integers(1, 5),
        positive=st.booleans(),
    ),
    max_size=12,
)


def scores(*given: int) -> list[Answer]:
    return [Answer(f"person {n}", f"GD-{n}", hours(0), score) for n, score in enumerate(given)]


@pytest.mark.parametrize(
    ("pleased", "n", "value", "low", "high"), [(45, 50, 90.0, 78.6, 95.7), (0, 10, 0.0, 0.0, 27.8)]
)
def test_csat_is_the_share_of_4_and_5_with_its_interval(
    pleased: int, n: int, value: float, low: float, high: float
) -> None:
    found = Satisfaction.of(
        scores(*[5] * (pleased // 2), *[4] * (pleased - pleased // 2), *[3] * (n - pleased))
    )
    interval = found.figure.interval
    assert interval is not None
    assert (found.figure.value, round(interval.low, 1), round(interval.high, 1)) == (value, low, high)


def test_95_of_100_positive_is_95_percent_and_3_stars_are_in_the_denominator() -> None:
    assert positive_share(scores(*[4] * 95, *[3] * 5)) == Figure(95, 100)


def test_words_count_only_without_a_score() -> None:
    found = [
        Answer("a", "GD-1", hours(0), positive=True),
        Answer("b", "GD-1", hours(0), positive=False),
        Answer("c", "GD-1", hours(0), score=2, positive=True),
    ]
    assert positive_share(found) == Figure(1, 3)
    assert Satisfaction.of(found).figure == Figure(0, 1)


def test_the_latest_answer_of_a_person_about_a_case_is_their_vote() -> None:
    found = Satisfaction.of(
        [
            Answer("a", "GD-1", hours(2), 5),
            Answer("a", "GD-1", hours(1), 1),
            Answer("a", "GD-2", hours(1), 2),
            Answer("b", "GD-1", hours(1), 4),
            Answer("b", "GD-1", hours(1), 3),
        ]
    )
    assert [(vote.person, vote.about, vote.score) for vote in found.votes] == [
        ("a", "GD-1", 5),
        ("b", "GD-1", 3),
        ("a", "GD-2", 2),
    ]


def test_the_mean_is_exact_and_few_answers_are_marked() -> None:
    few, many = Satisfaction.of(scores(5, 4, 4)), Satisfaction.of(scores(*[4] * ENOUGH))
    assert (few.mean, few.enough, many.mean, many.enough) == (Fraction(13, 3), False, Fraction(4), True)


def test_no_answer_is_neither_0_nor_100() -> None:
    found = Satisfaction.of([])
    assert (found.figure.value, found.figure.interval, found.mean, found.enough) == (None, None, None, False)


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_outside_1_to_5_is_refused(score: int) -> None:
    with pytest.raises(ValueError, match="no score"):
        Answer("a", "GD-1", hours(0), score)


def test_an_answer_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="neither a score nor words"):
        Answer("a", "GD-1", hours(0))


@steady
@given(found=answers, data=st.data())
def test_votes_are_one_each_the_latest_in_any_order(found: list[Answer], data: st.DataObject) -> None:
    voted = votes(found)
    latest: dict[tuple[str, str], datetime] = {}
    for each in found:
        key = each.person, each.about
        latest[key] = max(latest.get(key, each.at), each.at)
    assert {(vote.person, vote.about): vote.at for vote in voted} == latest
    assert len(voted) == len(latest)
    shuffled = data.draw(st.permutations(found))
    assert positive_share(shuffled) == positive_share(found)
    again = Satisfaction.of(shuffled)
    assert (again.figure, again.mean) == (Satisfaction.of(found).figure, Satisfaction.of(found).mean)


@steady
@given(given_scores=st.lists(st.integers(1, 5), max_size=30))
def test_satisfaction_equals_counting_the_scores(given_scores: list[int]) -> None:
    counted = Counter(given_scores)
    found = Satisfaction.of(scores(*given_scores))
    assert found.figure == Figure(counted[4] + counted[5], len(given_scores))
    if given_scores:
        assert found.mean == Fraction(sum(given_scores), len(given_scores))


@pytest.mark.req("F63", "A13")
def test_satisfaction_after_the_cases_of_a_month_takes_the_latest_score_by_the_data_date() -> None:
    taken = cohort(*(life(f"GD-{number}") for number in range(1, 5)), at=hours(100))
    given_scores = [
        Answer("Ann", "GD-1", hours(10), 2),
        Answer("Ann", "GD-1", hours(20), 4),
        Answer("Ann", "GD-1", hours(101), 1),
        Answer("Ben", "GD-2", hours(10), 3),
        Answer("Dan", "GD-4", hours(101), 5),
        Answer("Eve", "GD-9", hours(10), 5),
    ]
    found = satisfied(taken, given_scores)
    assert (found.counted, found.rest, found.left_out) == (("GD-1",), ("GD-2",), ("GD-3", "GD-4"))
