"""The rows behind a figure are exactly the rows that the figure counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.cases.models.case import SENSITIVE
from clubassist.domain.club.models import Club
from clubassist.domain.insight.behind import CaseBehind, Question, clause_cases
from clubassist.domain.insight.queries import clause_board
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from clubassist.pure.figures import Outcome
from clubassist.pure.policy import Measure
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
from tests.makers.people import make_account

HOUR = timedelta(hours=1)
LEEWAY = st.sampled_from([None, -HOUR, timedelta(0), timedelta(microseconds=1), timedelta(days=2)])
KINDS = ("complaint.service", "complaint.venue", "complaint.event", "inquiry", "praise_or_other")
STORY = st.fixed_dictionaries(
    {
        "here": st.booleans(),
        "sensitive": st.booleans(),
        "kind": st.sampled_from(KINDS),
        "urgency": st.sampled_from(["normal", "urgent"]),
        "complexity": st.sampled_from(["ordinary", "complex"]),
        "received": st.integers(0, 34 * 24).map(
            lambda hours: datetime(2026, 10, 30, tzinfo=UTC) + timedelta(hours=hours)
        ),
        "promise": st.sampled_from(["first_response", "solution"]),
        "met_after_due": LEEWAY,
        "stopped_after_due": LEEWAY,
    }
)


def behind(
    clause: str,
    measure: Measure,
    outcome: Outcome,
    *clubs: Club,
    actor: Actor,
    at: datetime = LATER,
    most: int = 3,
) -> list[CaseBehind]:
    """Return all rows behind a count, page after page."""
    rows: list[CaseBehind] = []
    after = None
    while True:
        asked = Question(clause, measure, outcome, book_of(*clubs), clubs, NOVEMBER, actor, at)
        page, after = clause_cases(asked, after=after, most=most)
        rows += page
        assert len(rows) < 100, "the pages go round in a circle"
        if after is None:
            return rows


def expected(measure: Measure, at: datetime, *, sensitive: bool) -> dict[Outcome, set[int]]:
    """Return the clocks of each outcome, worked out one by one in Python, those of sensitive cases only if asked."""
    found: dict[Outcome, set[int]] = {outcome: set() for outcome in Outcome}
    start, end = (datetime(2026, month, day, 16, tzinfo=UTC) for month, day in ((10, 31), (11, 30)))
    for clock in Clock.objects.select_related("case"):
        case = clock.case
        sort = measure.applies.covers(clock.kind, clock.urgency, clock.complexity)
        if (
            clock.started_at > at
            or clock.promise != measure.promise
            or not sort
            or not start <= case.received_at < end
        ):
            continue
        if case.sensitive and not sensitive:
            continue
        # What comes after `at` has not happened yet.
        met, stopped = (
            end if end is not None and end <= at else None for end in (clock.met_at, clock.stopped_at)
        )
        if (met or stopped or at) > clock.due_at:
            outcome = Outcome.LATE
        else:
            outcome = Outcome.MET if met else Outcome.STOPPED if stopped else Outcome.PENDING
        found[outcome].add(clock.pk)
    return found


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=st.lists(STORY, max_size=12), days=st.integers(0, 5))
def test_every_figure_counts_exactly_the_rows_behind_it(
    club: Club, other_club: Club, centre: Actor, desk: Account, stories: list[dict[str, Any]], days: int
) -> None:
    at = LATER + timedelta(days=days)
    clubs = (club, other_club)
    with transaction.atomic():
        for story in stories:
            given = dict(story)
            sensitive = given.pop("sensitive")
            case = timed_case(club if given.pop("here") else other_club, **given)
            if sensitive:
                Case.objects.filter(pk=case.pk).update(confidentiality=SENSITIVE, owner=desk)
        book = book_of(*clubs)
        for actor in (centre, staff_actor(desk)):
            board = clause_board(book=book, clubs=clubs, month=NOVEMBER, actor=actor, at=at)
            for clause, figure in [(row.clause.id, figure) for row in board for figure in row.figures]:
                if figure.measure.promise is None:
                    continue
                wanted = expected(figure.measure, at, sensitive=actor is centre)
                for outcome in Outcome:
                    rows = behind(clause, figure.measure, outcome, *clubs, actor=actor, at=at)
                    assert figure.counts[outcome] == len(rows)
                    assert {each.row for each in rows} == wanted[outcome]
        transaction.set_rollback(True)


@pytest.fixture
def desk(club: Club) -> Account:
    """An agent who works for every club and handles all sensitive cases."""
    return make_account("desk", "agent", None)


@pytest.fixture
def centre(club: Club) -> Actor:
    """A manager who works for every club."""
    return staff_actor(centre_manager())


def test_rows_are_newest_first_and_pages_neither_skip_nor_repeat(club: Club, cy: Actor) -> None:
    cases = [timed_case(club, received=MID_MONTH + HOUR * (n // 2), met_after_due=-HOUR) for n in range(7)]
    measure = figure_of(row_of("F49", club, actor=cy), "complaint-first-response").measure
    rows = behind("F49", measure, Outcome.MET, club, actor=cy)
    assert [row.number for row in rows] == [case.number for case in reversed(cases)]


def test_a_page_of_rows_takes_two_statements(
    club: Club, cy: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    book = book_of(club)
    measure = book.policy.measures[0]
    for total in (1, 3):
        while Clock.objects.filter(promise="first_response").count() < total:
            timed_case(club, met_after_due=-HOUR)
        asked = Question("F49", measure, Outcome.MET, book, [club], NOVEMBER, cy, LATER)
        with django_assert_num_queries(2):
            rows, _more = clause_cases(asked)
        assert len(rows) == total


def test_rows_are_for_the_desk_of_that_club_only(club: Club, other_club: Club, bo: Actor, dee: Actor) -> None:
    cases = [timed_case(club, met_after_due=HOUR).number for _ in range(5)]
    measure = book_of(club).policy.measures[0]
    manager = staff_actor(make_account("boss", "management", None))
    auditor = staff_actor(make_account("audit", "auditor", None))
    seen = {
        name: [row.number for row in behind("F49", measure, Outcome.LATE, club, other_club, actor=actor)]
        for name, actor in (("bo", bo), ("dee", dee), ("manager", manager), ("auditor", auditor))
    }
    assert seen == {"bo": cases[::-1], "dee": [], "manager": [], "auditor": []}
    assert figure_of(row_of("F49", club, actor=manager), measure.id).figure.denominator == 5


@pytest.mark.req("F25")
def test_sensitive_cases_count_only_for_who_may_open_them_or_opens_none(
    club: Club, bo: Actor, cy: Actor
) -> None:
    sensitive = [timed_case(club, met_after_due=HOUR).pk for _ in range(5)]
    Case.objects.filter(pk__in=sensitive).update(confidentiality=SENSITIVE, owner=bo.account)
    figures = {
        name: figure_of(row_of("F49", club, actor=actor), "complaint-first-response")
        for name, actor in (
            ("bo", bo),
            ("cy", cy),
            ("audit", staff_actor(make_account("a", "auditor", club))),
        )
    }
    assert {name: each.counts[Outcome.LATE] for name, each in figures.items()} == {
        "bo": 0,
        "cy": 5,
        "audit": 5,
    }
    assert behind("F49", figures["bo"].measure, Outcome.LATE, club, actor=bo) == []


def test_rows_need_both_the_right_to_rows_and_the_right_to_the_case(club: Club, bo: Actor) -> None:
    timed_case(club, met_after_due=HOUR)
    measure = book_of(club).policy.measures[0]
    rights = frozenset({"clause.read", "clause.rows", "case.read"})
    assert len(behind("F49", measure, Outcome.LATE, club, actor=bo.only(rights))) == 1
    for lacking in ("clause.rows", "case.read"):
        assert behind("F49", measure, Outcome.LATE, club, actor=bo.only(rights - {lacking})) == []
