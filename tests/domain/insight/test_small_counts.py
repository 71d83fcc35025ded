"""Readers to whom the cases are closed see no count from 1 to 4, nor what would give one away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Clock
from clubassist.domain.club.models import Club
from clubassist.domain.insight.queries import MeasureFigure, clause_board
from clubassist.domain.insight.rules import State
from clubassist.domain.people.queries import staff_actor
from clubassist.pure.figures import Outcome
from tests.domain.insight.cohorts import (
    LATER,
    NOVEMBER,
    book_of,
    counts,
    figure_of,
    row_of,
    timed_case,
)
from tests.makers.clubs import make_club
from tests.makers.people import make_account

pytestmark = [pytest.mark.req("F25"), pytest.mark.req("F26")]

ALL = "complaint-first-response"
URGENT = "complaint-first-response-urgent"
HOUR = timedelta(hours=1)
TODAY = datetime(2026, 11, 28, 1, tzinfo=UTC)
SORTS = [
    (kind, urgency, complexity)
    for kind in ("complaint.service", "inquiry")
    for urgency in ("normal", "urgent")
    for complexity in ("ordinary", "complex")
]


def cases(club: Club, number: int, **how: Any) -> None:
    """Open so many cases that end alike."""
    for _ in range(number):
        timed_case(club, **how)


@pytest.fixture
def reader(club: Club) -> Actor:
    """Somebody of the management, who sees figures of every club and no case."""
    return staff_actor(make_account("reader", "management", None))


@pytest.mark.parametrize("role", ["management", "auditor", "finance", "training"])
def test_whoever_cannot_open_the_cases_sees_no_small_count_and_the_manager_does(
    club: Club, cy: Actor, role: str
) -> None:
    cases(club, 5, met_after_due=-HOUR)
    cases(club, 2, met_after_due=HOUR)
    cases(club, 4, received=TODAY)
    cases(club, 5, stopped_after_due=-HOUR)
    everything = {"met": 5, "late": 2, "pending": 4, "stopped": 5}
    assert counts(figure_of(row_of("F49", club, actor=cy), ALL)) == everything
    figure = figure_of(row_of("F49", club, actor=staff_actor(make_account("reader", role, club))), ALL)
    assert counts(figure) == {"stopped": 5}
    assert figure.withheld == {Outcome.MET, Outcome.LATE, Outcome.PENDING}
    assert (figure.figure.value, figure.broken, figure.state) == (None, 0, State.WITHHELD)


def test_none_and_five_are_shown(club: Club, reader: Actor) -> None:
    cases(club, 5, met_after_due=HOUR)
    row = row_of("F49", club, actor=reader)
    assert counts(figure_of(row, ALL)) == {"late": 5}
    assert row.state is State.MISSED
    assert row.broken


def test_a_part_is_withheld_when_the_rest_of_the_whole_is_small(club: Club, reader: Actor) -> None:
    cases(club, 5, met_after_due=-HOUR, urgency="urgent")
    assert counts(figure_of(row_of("F14", club, actor=reader), URGENT)) == {"met": 5}
    cases(club, 1, met_after_due=-HOUR)
    assert counts(figure_of(row_of("F49", club, actor=reader), ALL)) == {"met": 6}
    assert figure_of(row_of("F14", club, actor=reader), URGENT).state is State.WITHHELD


def test_only_clubs_count_whose_cases_are_closed_to_the_reader(
    club: Club, other_club: Club, bo: Actor, reader: Actor
) -> None:
    cases(club, 1, met_after_due=HOUR)
    both = replace(bo, permissions={**bo.permissions, "clause.read": reader.scopes("clause.read")})
    assert counts(figure_of(row_of("F49", club, other_club, actor=both), ALL)) == {"late": 1}
    cases(other_club, 5, met_after_due=-HOUR)
    assert counts(figure_of(row_of("F49", club, other_club, actor=both), ALL)) == {"met": 5, "late": 1}
    cases(other_club, 4, met_after_due=HOUR)
    assert counts(figure_of(row_of("F49", club, other_club, actor=both), ALL)) == {}


def test_a_clause_with_a_withheld_figure_is_not_said_to_be_met(club: Club, reader: Actor) -> None:
    cases(club, 5, met_after_due=-HOUR)
    kept = Clock.objects.filter(promise="solution").first()
    assert kept is not None
    Clock.objects.filter(promise="solution").update(stopped_at=kept.due_at - HOUR)
    Clock.objects.filter(pk=kept.pk).update(met_at=kept.due_at - HOUR)
    row = row_of("F03", club, actor=reader)
    assert [each.state for each in row.figures] == [State.MET, State.WITHHELD]
    assert row.state is State.WITHHELD


GROUP = st.tuples(
    st.sampled_from(["fitness", "hall"]),
    st.sampled_from(SORTS),
    st.sampled_from([-HOUR, HOUR, None]),
    st.sampled_from([1, 4, 5, 6]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(GROUP, min_size=1, max_size=4))
@example(groups=[("fitness", SORTS[2], -HOUR, 6), ("fitness", SORTS[0], -HOUR, 1)])
def test_no_combination_of_shown_counts_reveals_one_from_1_to_4(
    club: Club, hall: Club, reader: Actor, groups: list[tuple[str, tuple[str, str, str], Any, int]]
) -> None:
    clubs = (club, hall)
    with transaction.atomic():
        for where, (kind, urgency, complexity), late, number in groups:
            sort = {"kind": kind, "urgency": urgency, "complexity": complexity}
            received = {"received": TODAY} if late is None else {}
            at = club if where == "fitness" else hall
            cases(at, number, **sort, **received, met_after_due=late)
        board = clause_board(book=book_of(*clubs), clubs=clubs, month=NOVEMBER, actor=reader, at=LATER)
        for row in board:
            again = row_of(row.clause.id, *clubs, actor=reader)
            assert [counts(each) for each in again.figures] == [counts(each) for each in row.figures]
        for outcome in Outcome:
            shown = {
                _sorts(figure, book_of(*clubs).edition_of[row.clause.id].clubs): figure.counts[outcome]
                for row in board
                for figure in row.figures
                if outcome not in figure.withheld
            }
            for signs in product((-1, 0, 1), repeat=len(shown)):
                of = list(zip(signs, shown.items(), strict=True))
                marked = {
                    sort: sum(sign for sign, (sorts, _count) in of if sort in sorts)
                    for sort in set().union(*shown)
                }
                if set(marked.values()) <= {0, 1}:
                    assert not 0 < sum(sign * count for sign, (_sorts, count) in of) < 5
        transaction.set_rollback(True)


def _sorts(figure: MeasureFigure, clubs: frozenset[int]) -> frozenset[tuple[Any, ...]]:
    """Return every sort of clock that a figure counts."""
    return frozenset(
        (club, figure.measure.promise, *sort)
        for club in clubs
        for sort in SORTS
        if figure.measure.applies.covers(*sort)
    )


@pytest.fixture
def hall(club: Club) -> Club:
    """A basketball hall, which runs by some clauses and not by others."""
    return make_club(code="hall", packs=("common", "basketball"))
