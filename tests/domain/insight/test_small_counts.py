"""Readers to whom the cases are closed see no count from 1 to 4, nor what would give one away."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Case, Clock
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
SOLUTION = "complaint-solution"
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TODAY = datetime(2026, 11, 28, 1, tzinfo=UTC)
SORTS = [
    (kind, urgency, complexity)
    for kind in ("complaint.service", "inquiry")
    for urgency in ("normal", "urgent")
    for complexity in ("ordinary", "complex")
]


def cases(club: Club, number: int, *, solved_after_due: timedelta | None = None, **how: Any) -> None:
    """Open so many cases that end alike, and are solved so long after that is due."""
    for _ in range(number):
        case = timed_case(club, **how)
        if solved_after_due is not None:
            solution = case.clocks.get(promise="solution")
            solution.met_at = solution.due_at + solved_after_due
            solution.save()
        _by_now(case)


def _by_now(case: Case) -> None:
    """Let what ends after LATER have ended by then, kept or late as it was."""
    for clock in case.clocks.filter(met_at__gt=LATER):
        late = clock.met_at is not None and clock.met_at > clock.due_at
        clock.met_at = clock.started_at + 40 * MINUTE
        clock.due_at = clock.started_at + (20 if late else 60) * MINUTE
        clock.save()


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
    assert (counts(figure), figure.withheld, figure.figure.value) == ({}, True, None)


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


def test_a_small_rest_of_one_promise_is_not_shown_beside_the_whole_of_another(
    club: Club, reader: Actor
) -> None:
    cases(club, 7, received=TODAY, met_after_due=-HOUR, solved_after_due=-HOUR)
    cases(club, 3, received=TODAY, met_after_due=-HOUR)
    row = row_of("F03", club, actor=reader)
    assert counts(figure_of(row, ALL)) == {"met": 10}
    assert counts(figure_of(row, SOLUTION)) == {}


def test_a_part_of_one_promise_is_not_shown_when_the_rest_of_anothers_whole_is_small(
    club: Club, reader: Actor
) -> None:
    cases(club, 6, urgency="urgent", met_after_due=-HOUR, solved_after_due=-HOUR)
    cases(club, 2, met_after_due=HOUR, solved_after_due=-HOUR)
    row = row_of("F03", club, actor=reader)
    assert counts(figure_of(row, SOLUTION)) == {"met": 8}
    assert counts(figure_of(row, ALL)) == {}
    assert counts(figure_of(row_of("F14", club, actor=reader), URGENT)) == {}


def test_only_clubs_count_whose_cases_are_closed_to_the_reader(
    club: Club, other_club: Club, bo: Actor, reader: Actor
) -> None:
    cases(club, 1, met_after_due=HOUR)
    both = replace(bo, permissions={**bo.permissions, "clause.read": reader.scopes("clause.read")})
    assert counts(figure_of(row_of("F49", club, other_club, actor=both), ALL)) == {"late": 1}
    cases(other_club, 5, met_after_due=-HOUR)
    assert counts(figure_of(row_of("F49", club, other_club, actor=both), ALL)) == {"met": 5, "late": 1}
    cases(other_club, 4, met_after_due=HOUR)
    figure = figure_of(row_of("F49", club, other_club, actor=both), ALL)
    assert (counts(figure), figure.withheld, figure.figure.value) == ({"late": 1}, True, None)


@pytest.mark.parametrize(
    ("kept", "late", "state"),
    [(4, 0, State.WITHHELD), (0, 4, State.WITHHELD), (3, 2, State.MISSED), (19, 1, State.MISSED)],
)
def test_a_withheld_figure_says_no_more_than_whether_its_goal_is_met(
    club: Club, reader: Actor, kept: int, late: int, state: State
) -> None:
    cases(club, kept, met_after_due=-HOUR)
    cases(club, late, met_after_due=HOUR)
    row = row_of("F49", club, actor=reader)
    assert (row.state, row.broken) == (state, state is State.MISSED)
    assert row.figures[0].withheld


def test_a_figure_that_is_withheld_as_a_part_has_no_state(club: Club, reader: Actor) -> None:
    cases(club, 5, met_after_due=HOUR, urgency="urgent")
    cases(club, 1, met_after_due=HOUR)
    assert counts(figure_of(row_of("F49", club, actor=reader), ALL)) == {"late": 6}
    assert row_of("F14", club, actor=reader).state is State.WITHHELD, "missed, it would be 5 of the 6"


def test_a_withheld_figure_that_met_its_goal_says_so(club: Club, reader: Actor) -> None:
    cases(club, 5, met_after_due=-HOUR)
    cases(club, 2, stopped_after_due=-HOUR)
    row = row_of("F49", club, actor=reader)
    assert (row.figures[0].withheld, row.state) == (True, State.MET)


def test_own_cases_do_not_make_a_state_of_few_foreign_ones(
    club: Club, other_club: Club, bo: Actor, reader: Actor
) -> None:
    cases(club, 5, met_after_due=-HOUR)
    cases(other_club, 1, met_after_due=HOUR)
    both = replace(bo, permissions={**bo.permissions, "clause.read": reader.scopes("clause.read")})
    row = row_of("F49", club, other_club, actor=both)
    assert (row.state, row.broken) == (State.WITHHELD, False)


def test_a_clause_with_a_figure_of_no_state_is_not_said_to_be_met(club: Club, reader: Actor) -> None:
    cases(club, 5, met_after_due=-HOUR)
    kept = Clock.objects.filter(promise="solution").first()
    assert kept is not None
    Clock.objects.filter(promise="solution").update(stopped_at=kept.due_at - HOUR)
    Clock.objects.filter(pk=kept.pk).update(met_at=kept.due_at - HOUR)
    row = row_of("F03", club, actor=reader)
    assert [each.state for each in row.figures] == [State.MET, State.WITHHELD]
    assert row.state is State.WITHHELD


ENDS = st.sampled_from([-HOUR, HOUR, None])
GROUP = st.tuples(
    st.sampled_from(["fitness", "hall"]),
    st.sampled_from(SORTS),
    ENDS,
    ENDS,
    st.sampled_from([1, 4, 5, 6]),
)
Group = tuple[str, tuple[str, str, str], timedelta | None, timedelta | None, int]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(GROUP, min_size=1, max_size=4))
@example(groups=[("fitness", SORTS[2], -HOUR, None, 6), ("fitness", SORTS[0], -HOUR, None, 1)])
@example(groups=[("fitness", SORTS[0], -HOUR, -HOUR, 6), ("fitness", SORTS[0], -HOUR, None, 4)])
@example(groups=[("fitness", SORTS[2], -HOUR, -HOUR, 6), ("fitness", SORTS[0], HOUR, -HOUR, 1)])
def test_no_combination_of_shown_counts_reveals_one_from_1_to_4(
    club: Club, hall: Club, reader: Actor, groups: list[Group]
) -> None:
    clubs = (club, hall)
    with transaction.atomic():
        for where, (kind, urgency, complexity), answered, solved, number in groups:
            sort = {"kind": kind, "urgency": urgency, "complexity": complexity}
            received = {"received": TODAY} if None in (answered, solved) else {}
            at = club if where == "fitness" else hall
            solved = solved if kind.startswith("complaint") else None
            cases(at, number, **sort, **received, met_after_due=answered, solved_after_due=solved)
        board = clause_board(book=book_of(*clubs), clubs=clubs, month=NOVEMBER, actor=reader, at=LATER)
        for row in [each for each in board if each.figures]:
            again = row_of(row.clause.id, *clubs, actor=reader)
            assert [counts(each) for each in again.figures] == [counts(each) for each in row.figures]
        shown = {
            (each.measure.id, book_of(*clubs).edition_of[row.clause.id].clubs): each
            for row in board
            for each in row.figures
            if not each.withheld and each.measure.promise
        }
        assert not [held for held in _deduced(shown).values() if 0 < held < 5]
        transaction.set_rollback(True)


Story = tuple[int, tuple[str, str, str], tuple[tuple[str, Outcome], ...]]
"""What may be true of one case: its club, its sort, and how each of its promises turned out."""


def _deduced(shown: dict[tuple[str, frozenset[int]], MeasureFigure]) -> dict[frozenset[Story], int]:
    """Return groups of cases whose size follows from the figures, across promises and outcomes.

    What has an outcome of a figure or any, what is left of a group without a smaller one, and so on once more.
    An outcome that no case has rules out every story with it.
    """
    stories = _stories()
    for (_id, clubs), figure in shown.items():
        never = {outcome for outcome in Outcome if not figure.counts[outcome]}
        stories -= _told(stories, figure, clubs, never)
    known = {
        _told(stories, figure, clubs, outcomes): sum(figure.counts[each] for each in outcomes)
        for (_id, clubs), figure in shown.items()
        for outcomes in (*({outcome} for outcome in Outcome), set(Outcome))
    }
    for _ in range(2):
        known |= {
            whole - part: held - less
            for whole, held in known.items()
            for part, less in known.items()
            if part < whole
        }
    return known


def _stories() -> frozenset[Story]:
    """Return all that may be true of the cases that there are, as far as their clubs and sorts tell."""
    promises = defaultdict(set)
    for clock in Clock.objects.select_related("case"):
        case = clock.case
        promises[case.club_id, (case.kind, case.urgency, case.complexity)].add(clock.promise)
    return frozenset(
        (club, sort, tuple(zip(sorted(made), outcomes, strict=True)))
        for (club, sort), made in promises.items()
        for outcomes in product(Outcome, repeat=len(made))
    )


def _told(
    stories: frozenset[Story], figure: MeasureFigure, clubs: frozenset[int], outcomes: set[Outcome]
) -> frozenset[Story]:
    """Return the stories that a figure counts under these outcomes."""
    return frozenset(
        (club, sort, ends)
        for club, sort, ends in stories
        if club in clubs
        and figure.measure.applies.covers(*sort)
        and any(promise == figure.measure.promise and end in outcomes for promise, end in ends)
    )


@pytest.fixture
def hall(club: Club) -> Club:
    """A basketball hall, which runs by some clauses and not by others."""
    return make_club(code="hall", packs=("common", "basketball"))
