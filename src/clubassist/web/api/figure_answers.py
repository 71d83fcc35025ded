"""What the API answers about figures: goals, the measures of a clause, and the cases behind a count."""

from __future__ import annotations

from typing_extensions import TypedDict

from clubassist.web.api.answers import Bilingual


class IntervalRow(TypedDict):
    """Where the true share may lie with 95 % certainty, in percent (Wilson)."""

    low: float
    high: float


class FigureRow(TypedDict):
    """A measure over the cases received in a month, in `unit` (`%` or `h`); `value` is null without a sample.

    `parts` says how many cases, or clocks, count as what; each leads to its rows. `gross_value` is the value had
    nothing stood still, where pauses have a part in it. When it is `withheld`, so that no small count is given away,
    there is no value, and the parts are of the clubs whose cases the token may open. A mean is at least its value while
    some are `open`. `before` is the value before the month was restated.
    """

    measure: str
    title: Bilingual
    clause: str
    formula: str
    unit: str
    at_least: float | None
    at_most: float | None
    value: float | None
    interval: IntervalRow | None
    median: float | None
    p90: float | None
    open: int
    gross_value: float | None
    parts: dict[str, int]
    state: str
    broken: bool
    withheld: bool
    before: float | None


class Figures(TypedDict):
    """The figures of a clause; `clubs` are those at which they are counted, `release` how final the month is."""

    clause: str
    month: str
    release: str
    clubs: list[str]
    state: str
    figures: list[FigureRow]


class PointRow(TypedDict):
    """A month of a trend with the target of its time; without a figure it was not measured then."""

    month: str
    value: float | None
    at_least: float | None
    at_most: float | None
    state: str | None


class GoalFigureRow(FigureRow):
    """A measure of a goal, with the months before, the oldest first."""

    trend: list[PointRow]


class GapRow(TypedDict):
    """What a clause asks of a goal and nothing measures yet."""

    clause: str
    title: Bilingual
    target: Bilingual | None


class GoalAnswerRow(TypedDict):
    """A goal with what measures it, and what nothing measures."""

    code: str
    title: Bilingual
    figures: list[GoalFigureRow]
    gaps: list[GapRow]


class Goals(TypedDict):
    """The goals of the rules in force in a month."""

    month: str
    release: str
    clubs: list[str]
    goals: list[GoalAnswerRow]


class BehindRow(TypedDict):
    """A case behind a count, as it was known at `as_at`. Clocks have due times, cases answers and solutions."""

    id: int
    case: str
    title: str
    kind: str
    urgency: str
    received_at: str
    as_at: str
    due_at: str | None
    gross_due_at: str | None
    met_at: str | None
    stopped_at: str | None
    answered_at: str | None
    proposed_at: str | None
    solved_at: str | None
    paused_minutes: int | None
    reopened: int | None
    score: int | None


class BehindPage(TypedDict):
    """Cases behind a count, the latest first. `next` goes into `after` for the following page; null at the end."""

    cases: list[BehindRow]
    next: int | None
