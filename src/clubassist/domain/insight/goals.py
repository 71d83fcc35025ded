"""The goals of the regulation: what measures them, this month and in those before, and what nothing measures (F01)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from clubassist.core.actor import Actor
from clubassist.domain.insight.editions import Rulebook, rulebooks
from clubassist.domain.insight.freezing import INSTANT
from clubassist.domain.insight.queries import MeasureFigure, figures_of
from clubassist.pure.figures import month_span, months_before
from clubassist.pure.policy import Aim, Goal, Measure, Policy

TREND: Final = 6
"""Over how many months a trend goes, the one that is asked about among them."""


class Point(NamedTuple):
    """A month of a trend. It has no figure where the measure did not run, or the clubs' rules did not go together."""

    month: date
    figure: MeasureFigure | None


@dataclass(frozen=True, slots=True)
class GoalFigure:
    """A measure of a goal with its trend, the month that is asked about last.

    Each month has the target of the rules that were in force when it ended. `clause` is the one whose page has the
    rows. Without the right to figures no month has any.
    """

    measure: Measure
    clause: str
    trend: tuple[Point, ...]

    @property
    def now(self) -> MeasureFigure | None:
        """Its figure in the month that is asked about."""
        return self.trend[-1].figure


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal with what measures it, and the aims that nothing measures yet."""

    goal: Goal
    figures: tuple[GoalFigure, ...]
    gaps: tuple[Aim, ...]


def goal_board(*, book: Rulebook, month: date, actor: Actor, at: datetime) -> list[GoalRow]:
    """Return the goals of the book, which is in force in `month`, with the figures of its measures over `TREND` months.

    The figures are those of the clauses' pages. Two statements for each month that is frozen, up to four more for one
    that is counted live, however many cases there are.
    """
    months = [months_before(month, back) for back in range(TREND - 1, 0, -1)]
    found = [_figures(_book_in(each, book, at), each, actor, at) for each in months]
    found.append(_figures(book, month, actor, at))
    trends = list(zip([*months, month], found, strict=True))
    return [
        GoalRow(
            goal,
            tuple(
                GoalFigure(
                    measure, measure.clauses[0], tuple(Point(when, of.get(measure.id)) for when, of in trends)
                )
                for measure in _measures(goal, book.policy)
            ),
            tuple(_gaps(goal, book.policy)),
        )
        for goal in book.policy.goals
    ]


def _book_in(month: date, book: Rulebook, at: datetime) -> Rulebook | None:
    """Return the rules by which the book's clubs ran when the month ended; None where they did not go together."""
    if not book.clubs:
        return None
    last = month_span(month, book.clubs[0].zone).end - INSTANT
    books = rulebooks(book.clubs, at=min(at, last))
    return books[0] if len(books) == 1 else None


def _figures(book: Rulebook | None, month: date, actor: Actor, at: datetime) -> dict[str, MeasureFigure]:
    if book is None:
        return {}
    measures = [measure for measure in book.policy.measures if measure.goal is not None]
    return figures_of(measures, book=book, month=month, actor=actor, at=at)


def _measures(goal: Goal, policy: Policy) -> Sequence[Measure]:
    return [measure for measure in policy.measures if measure.goal == goal.code and measure.clauses]


def _gaps(goal: Goal, policy: Policy) -> Iterator[Aim]:
    measured = {clause for measure in _measures(goal, policy) for clause in measure.clauses}
    return (aim for aim in goal.aims if aim.clause not in measured)
