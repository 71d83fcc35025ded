"""Cohorts for these tests: cases of a given sort whose clock ended in a given way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.club.models import Club
from clubassist.domain.insight.editions import Rulebook, rulebooks
from clubassist.domain.insight.queries import ClauseRow, MeasureFigure, clause_row
from clubassist.domain.people.models import Account
from clubassist.pure.figures import Outcome
from tests.makers.cases import make_case
from tests.makers.people import make_account

NOVEMBER = date(2026, 11, 1)
MID_MONTH = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


def timed_case(
    club: Club,
    *,
    received: datetime = MID_MONTH,
    promise: str = "first_response",
    met_after_due: timedelta | None = None,
    stopped_after_due: timedelta | None = None,
    complexity: str = "ordinary",
    **changes: Any,
) -> Case:
    """Open a case and let the clock of `promise` end so long after its due time (negative: before)."""
    case = make_case(club, at=received, **changes)
    Case.objects.filter(pk=case.pk).update(complexity=complexity)
    Clock.objects.filter(case=case).update(complexity=complexity)
    for clock in Clock.objects.filter(case=case, promise=promise):
        if met_after_due is not None:
            clock.met_at = clock.due_at + met_after_due
        if stopped_after_due is not None:
            clock.stopped_at = clock.due_at + stopped_after_due
        clock.save()
    return case


def row_of(
    clause: str, *clubs: Club, actor: Actor, at: datetime = LATER, month: date = NOVEMBER
) -> ClauseRow:
    """Return a clause's row for these clubs."""
    return clause_row(clause, book=book_of(*clubs, at=at), clubs=clubs, month=month, actor=actor, at=at)


def figure_of(row: ClauseRow, measure: str) -> MeasureFigure:
    """Return the figure of the measure of this id."""
    return next(each for each in row.figures if each.measure.id == measure)


def counts(figure: MeasureFigure) -> dict[str, int]:
    """Return the outcomes that occur at all."""
    return {str(outcome): figure.counts[outcome] for outcome in Outcome if figure.counts[outcome]}


def book_of(*clubs: Club, at: datetime = LATER) -> Rulebook:
    """Return the rules in force at these clubs."""
    (book,) = rulebooks(clubs, at=at)
    return book


def centre_manager() -> Account:
    """Return a manager who works for every club."""
    return make_account("centre", "service_manager", None)
