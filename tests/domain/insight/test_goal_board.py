"""Goals over several months: each by the rules of its time, frozen months read and not counted again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.insight.actions import freeze_month
from clubassist.domain.insight.goals import TREND, GoalRow, goal_board
from clubassist.domain.people.queries import staff_actor
from clubassist.pure.figures import Release, months_before
from clubassist.pure.policy import shipped_pack
from tests.domain.insight.cohorts import (
    LATER,
    MID_MONTH,
    NOVEMBER,
    book_of,
    centre_manager,
    figure_of,
    row_of,
    timed_case,
)
from tests.makers.packs import pool_rules
from tests.makers.people import make_account

HOUR = timedelta(hours=1)
DECEMBER_20 = LATER + timedelta(days=22)


def board(*clubs: Club, actor: Actor, month: date = NOVEMBER) -> dict[str, GoalRow]:
    """Return the goals by their codes."""
    rows = goal_board(book=book_of(*clubs), month=month, actor=actor, at=LATER)
    return {row.goal.code: row for row in rows}


@pytest.mark.req("F01")
def test_a_goal_gathers_its_measures_and_lists_what_nothing_measures(club: Club, cy: Actor) -> None:
    found = board(club, actor=cy)
    assert list(found) == ["satisfaction", "stickiness", "fewer_complaints", "efficiency"]
    assert [each.measure.id for each in found["satisfaction"].figures] == ["complaint-satisfaction"]
    assert [aim.clause for aim in found["satisfaction"].gaps] == ["F02", "F05"]
    assert [aim.clause for aim in found["stickiness"].gaps] == ["F04"]
    assert found["efficiency"].gaps == ()


@pytest.mark.req("F01")
def test_a_figure_is_the_one_of_its_clause(club: Club, other_club: Club) -> None:
    for where, late in ((club, -1), (club, 1), (other_club, -1)):
        timed_case(where, met_after_due=late * HOUR)
    actor = staff_actor(centre_manager())
    (answered,) = (
        each
        for each in board(club, other_club, actor=actor)["efficiency"].figures
        if each.measure.id == "complaint-first-response"
    )
    of_clause = figure_of(row_of(answered.clause, club, other_club, actor=actor), answered.measure.id)
    assert answered.now == of_clause
    assert of_clause.figure.denominator == 3


@pytest.mark.req("F01")
def test_a_month_has_the_rules_of_its_end_and_none_where_they_did_not_go_together(
    club: Club, other_club: Club
) -> None:
    actor = staff_actor(centre_manager())
    first = board(club, other_club, actor=actor)["efficiency"].figures[0]
    assert [point.month for point in first.trend] == [
        months_before(NOVEMBER, back) for back in range(5, -1, -1)
    ]
    assert all(point.figure is not None for point in first.trend)
    for each, name in ((club, "own"), (other_club, "theirs")):
        version = store_pack(pack=pool_rules(name), actor=SYSTEM, at=MID_MONTH)
        adopt_pack(club=each, version=version, effective_from=MID_MONTH, actor=SYSTEM, at=MID_MONTH)
    book = book_of(club, other_club, at=MID_MONTH - HOUR)
    rows = goal_board(book=book, month=months_before(NOVEMBER, -1), actor=actor, at=DECEMBER_20)
    november, december = rows[-1].figures[0].trend[-2:]
    assert november.figure is None
    assert december.figure is not None


def test_nobody_without_the_right_gets_figures(club: Club) -> None:
    coach = staff_actor(make_account("coach", "coach", club))
    (first, *_others) = board(club, actor=coach)["efficiency"].figures
    assert {point.figure for point in first.trend} == {None}


@pytest.mark.req("F01")
def test_frozen_months_take_two_statements_however_many_cases(
    club: Club, cy: Actor, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    book = book_of(club)
    for back in range(1, TREND):
        for _ in range(back):
            timed_case(club, received=MID_MONTH - timedelta(days=30 * back), met_after_due=-HOUR)
        month = months_before(NOVEMBER, back)
        freeze_month(club=club, month=month, release=Release.PROVISIONAL, actor=SYSTEM, at=LATER)
    with django_assert_max_num_queries(2 * (TREND - 1) + 5):
        rows = goal_board(book=book, month=NOVEMBER, actor=cy, at=LATER)
    figures = [point.figure for point in rows[-1].figures[0].trend]
    assert [figure.figure.denominator for figure in figures if figure] == [5, 4, 3, 2, 1, 0]


def test_the_shipped_goals_name_what_ships() -> None:
    goals = {goal.code for goal in shipped_pack("fitness").goals}
    assert {row.goal for row in shipped_pack("common").measures} - {None} <= goals
