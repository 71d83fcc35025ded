"""Figures come from live rows: who is counted, in which month, and how a clause stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.channels.models import Conversation
from clubassist.domain.club.models import Club
from clubassist.domain.insight.queries import clause_board, clause_row
from clubassist.domain.insight.rules import State
from clubassist.domain.people.queries import staff_actor
from clubassist.pure.policy.schema import Applies
from tests.domain.insight.cohorts import (
    LATER,
    MID_MONTH,
    NOVEMBER,
    book_of,
    centre_manager,
    counts,
    figure_of,
    row_of,
    timed_case,
)
from tests.makers.clubs import make_club
from tests.makers.people import make_account

RESPONSE = "complaint-first-response"
SOLUTION = "complaint-solution"
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


@pytest.mark.req("F49")
@pytest.mark.req("F03")
def test_a_complaint_answered_within_24_hours_is_met_and_a_minute_later_is_broken(
    club: Club, cy: Actor
) -> None:
    case = timed_case(club, received=MID_MONTH)
    clock = Clock.objects.get(case=case, promise="first_response")
    for answered, expected in (
        (timedelta(hours=23, minutes=59), "met"),
        (timedelta(hours=24, minutes=1), "late"),
    ):
        Clock.objects.filter(pk=clock.pk).update(met_at=MID_MONTH + answered)
        for clause in ("F49", "F03"):
            assert counts(figure_of(row_of(clause, club, actor=cy), RESPONSE)) == {expected: 1}


@pytest.mark.req("F14")
def test_an_urgent_complaint_at_21_answered_at_0059_is_met(club: Club, cy: Actor) -> None:
    received = datetime(2026, 11, 10, 13, 0, tzinfo=UTC)
    case = timed_case(club, received=received, urgency="urgent")
    Clock.objects.filter(case=case, promise="first_response").update(
        met_at=received + timedelta(hours=3, minutes=59)
    )
    row = row_of("F14", club, actor=cy)
    assert counts(row.figures[0]) == {"met": 1}
    assert row.state is State.MET


@pytest.mark.req("F15")
def test_an_enquiry_on_saturday_at_18_answered_sunday_at_1759_is_met(club: Club, cy: Actor) -> None:
    received = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    case = timed_case(club, received=received, kind="inquiry")
    Clock.objects.filter(case=case).update(met_at=received + timedelta(hours=23, minutes=59))
    assert counts(row_of("F15", club, actor=cy).figures[0]) == {"met": 1}


def test_met_exactly_when_due_is_met_and_an_instant_later_late(club: Club, cy: Actor) -> None:
    timed_case(club, met_after_due=timedelta(0))
    timed_case(club, met_after_due=INSTANT)
    figure = figure_of(row_of("F49", club, actor=cy), RESPONSE)
    assert counts(figure) == {"met": 1, "late": 1}
    assert figure.figure.value == 50.0


def test_an_open_promise_is_late_once_past_due_and_before_that_no_part_of_the_figure(
    club: Club, cy: Actor
) -> None:
    due = Clock.objects.get(case=timed_case(club), promise="first_response").due_at
    for at, expected in ((due, {"pending": 1}), (due + INSTANT, {"late": 1})):
        assert counts(figure_of(row_of("F49", club, actor=cy, at=at), RESPONSE)) == expected
    assert row_of("F49", club, actor=cy, at=due).state is State.NO_SAMPLE


def test_a_promise_dropped_in_time_is_left_out_for_ever_and_one_dropped_late_is_late(
    club: Club, cy: Actor
) -> None:
    timed_case(club, stopped_after_due=-HOUR)
    assert counts(figure_of(row_of("F49", club, actor=cy), RESPONSE)) == {"stopped": 1}
    timed_case(club, stopped_after_due=HOUR)
    assert counts(figure_of(row_of("F49", club, actor=cy), RESPONSE)) == {"stopped": 1, "late": 1}


def test_a_missed_goal_is_missed_but_nothing_is_broken(club: Club, cy: Actor) -> None:
    timed_case(club, promise="solution", met_after_due=HOUR)
    timed_case(club, promise="first_response", met_after_due=-HOUR)
    Clock.objects.filter(promise="first_response").update(met_at=MID_MONTH + HOUR)
    row = row_of("F03", club, actor=cy)
    assert figure_of(row, SOLUTION).state is State.MISSED
    assert row.state is State.MISSED
    assert not row.broken
    Clock.objects.filter(promise="first_response").update(met_at=MID_MONTH + timedelta(days=3))
    assert row_of("F03", club, actor=cy).broken


def test_a_case_belongs_to_the_month_of_its_receipt_in_the_clubs_zone(club: Club, cy: Actor) -> None:
    midnight = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
    timed_case(club, received=midnight + timedelta(days=30), met_after_due=-HOUR)
    timed_case(club, received=midnight - INSTANT, met_after_due=-HOUR)
    timed_case(club, received=midnight, met_after_due=HOUR)
    october = row_of("F49", club, actor=cy, month=date(2026, 10, 1))
    assert counts(figure_of(october, RESPONSE)) == {"met": 1}
    assert counts(figure_of(row_of("F49", club, actor=cy), RESPONSE)) == {"late": 1}


def test_no_sample_is_no_figure(club: Club, cy: Actor) -> None:
    row = row_of("F49", club, actor=cy)
    assert row.figures[0].figure.value is None
    assert row.state is State.NO_SAMPLE


def test_kinds_that_are_not_counted_stay_out(club: Club, cy: Actor) -> None:
    book = book_of(club)
    everything = book.policy.measures[0].model_copy(update={"applies": Applies(kinds=("*",))})
    book = replace(book, policy=replace(book.policy, measures=(everything,)))
    case = timed_case(club, met_after_due=HOUR)
    for kind, expected in (("complaint.venue", {"late": 1}), ("praise_or_other", {})):
        Case.objects.filter(pk=case.pk).update(kind=kind)
        row = clause_row("F49", book=book, clubs=[club], month=NOVEMBER, actor=cy, at=LATER)
        assert counts(row.figures[0]) == expected


def test_the_chain_is_pooled_from_rows_and_only_of_clubs_that_run_the_clause(club: Club) -> None:
    second = make_club(code="second")
    hall = make_club(code="hall", packs=("common", "basketball"))
    for where, kept, late in ((club, 9, 0), (second, 0, 1), (hall, 0, 5)):
        for _ in range(kept):
            timed_case(where, met_after_due=-HOUR)
        for _ in range(late):
            timed_case(where, met_after_due=HOUR)
    figure = figure_of(
        row_of("F49", club, second, hall, actor=staff_actor(centre_manager())), RESPONSE
    ).figure
    assert (figure.numerator, figure.denominator, figure.value) == (9, 10, 90.0)


def test_near_is_within_5_points_of_the_goal(club: Club, cy: Actor) -> None:
    for _ in range(19):
        timed_case(club, met_after_due=-HOUR)
    timed_case(club, met_after_due=HOUR)
    assert figure_of(row_of("F49", club, actor=cy), RESPONSE).state is State.NEAR
    timed_case(club, met_after_due=HOUR)
    assert figure_of(row_of("F49", club, actor=cy), RESPONSE).state is State.MISSED


def test_a_clause_without_a_measure_is_carried_or_a_gap(club: Club, cy: Actor) -> None:
    carried, gap = row_of("B26", club, actor=cy), row_of("F55", club, actor=cy)
    assert (carried.state, gap.state) == (State.CARRIED, State.GAP)
    assert not gap.carriers


def test_figures_need_the_right_and_count_only_clubs_that_gave_it(club: Club, other_club: Club) -> None:
    for _ in range(5):
        timed_case(club, met_after_due=-HOUR)
        timed_case(other_club, met_after_due=HOUR)
    manager = staff_actor(make_account("boss", "management", club))
    coach = staff_actor(make_account("coach", "coach", club))
    assert counts(figure_of(row_of("F49", club, other_club, actor=manager), RESPONSE)) == {"met": 5}
    assert row_of("F49", club, other_club, actor=coach).figures == ()


def test_an_unknown_clause_is_missing(club: Club, cy: Actor) -> None:
    with pytest.raises(Missing):
        row_of("F99", club, actor=cy)


def test_the_board_has_every_clause_in_three_statements(
    club: Club, other_club: Club, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    timed_case(club, met_after_due=-HOUR)
    clubs = [club, other_club]
    book = book_of(*clubs)
    actor = staff_actor(centre_manager())
    with django_assert_num_queries(3):
        rows = clause_board(book=book, clubs=clubs, month=NOVEMBER, actor=actor, at=LATER)
    assert len(rows) == len(book.policy.clauses) == 185


def test_one_month_of_years_is_found_by_its_index(club: Club, other_club: Club, cy: Actor) -> None:
    many_cases(club, months=36, each=10)
    book = book_of(club)
    with connection.cursor() as cursor:
        cursor.execute("analyze cases_case, cases_clock")
    with CaptureQueriesContext(connection) as seen:
        clause_board(book=book, clubs=[club], month=NOVEMBER, actor=cy, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute(f"explain {seen.captured_queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "case_received" in plan


def many_cases(club: Club, *, months: int, each: int) -> None:
    """Copy a case into so many months, this one and those before."""
    pattern = timed_case(club, met_after_due=-HOUR)
    clocks = list(Clock.objects.filter(case=pattern))
    count = months * each
    talks = [
        Conversation(club=club, channel="web", language="zh-hans", started_at=LATER) for _ in range(count)
    ]
    Conversation.objects.bulk_create(talks)
    cases, fields = [], [field.attname for field in Case._meta.concrete_fields if not field.primary_key]
    for number, talk in enumerate(talks):
        copy = Case(**{name: getattr(pattern, name) for name in fields})
        copy.number, copy.conversation = f"X-{number}", talk
        copy.received_at = pattern.received_at - timedelta(days=30 * (number // each))
        cases.append(copy)
    Case.objects.bulk_create(cases)
    names = [field.attname for field in Clock._meta.concrete_fields if not field.primary_key]
    copies = [
        Clock(**{name: getattr(clock, name) for name in names} | {"case_id": case.pk})
        for case in cases
        for clock in clocks
    ]
    Clock.objects.bulk_create(copies)
