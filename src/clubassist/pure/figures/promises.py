"""Promises with a time: how each turned out, with its pauses and without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from clubassist.pure.figures.split import Split
from clubassist.pure.worktime import Calendar, Interval, add_worktime


class Outcome(StrEnum):
    """How one promise stands. MET and LATE are decided and make the figure; the others stay out of it."""

    MET = "met"
    LATE = "late"
    PENDING = "pending"
    STOPPED = "stopped"


class Marks(NamedTuple):
    """All that decides how a promise stands at a data date; a database compares times as well as we do.

    `kept` by then, `in_time` when it was kept no later than due, `dropped` by then and before it was due, `past_due`.
    """

    kept: bool
    in_time: bool
    dropped: bool
    past_due: bool

    @property
    def outcome(self) -> Outcome:
        """How the promise stands: met exactly when due is met, open and past due is late (part C).

        Stopped means dropped before it was due, as when the case was closed for another reason.
        """
        if self.kept:
            return Outcome.MET if self.in_time else Outcome.LATE
        if self.dropped:
            return Outcome.STOPPED
        return Outcome.LATE if self.past_due else Outcome.PENDING

    @classmethod
    def every(cls) -> Iterator[Marks]:
        """Yield all that there are."""
        yield from (cls(*marks) for marks in product((False, True), repeat=4))


def outcome(
    *, due_at: datetime, at: datetime, met_at: datetime | None = None, stopped_at: datetime | None = None
) -> Outcome:
    """How a promise stands at `at`, by what happened until then."""
    return Marks(
        kept=met_at is not None and met_at <= at,
        in_time=met_at is not None and met_at <= due_at,
        dropped=stopped_at is not None and stopped_at <= min(due_at, at),
        past_due=due_at < at,
    ).outcome


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise of `target` time of `calendar`, to the case of this number.

    A pause that still goes on has any later end. Class, limit and calendar are those in force when it began.
    """

    number: str
    calendar: Calendar
    started_at: datetime
    target: timedelta
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    pauses: tuple[Interval, ...] = ()

    def stands(self, at: datetime, *, paused: bool) -> Outcome:
        """How it stands at `at`; `paused` is whether the pauses made so far moved its due time."""
        known = (Interval(pause.start, min(pause.end, at)) for pause in self.pauses if pause.start < at)
        due_at = add_worktime(self.calendar, self.started_at, self.target, known if paused else ())
        return outcome(due_at=due_at, at=at, met_at=self.met_at, stopped_at=self.stopped_at)


@dataclass(frozen=True, slots=True)
class Attained:
    """Attainment twice: with the pauses that the rules allow, and without any (A06, B90)."""

    with_pauses: Split
    without_pauses: Split


def attained(promises: Iterable[Promise], at: datetime) -> Attained:
    """Met ÷ (met + late), by cases; pending and stopped ones are left out. Raises NeverOpen as `add_worktime`."""
    taken = sorted(promises, key=lambda promise: promise.number)
    return Attained(
        with_pauses=_split({each.number: each.stands(at, paused=True) for each in taken}),
        without_pauses=_split({each.number: each.stands(at, paused=False) for each in taken}),
    )


def _split(stands: dict[str, Outcome]) -> Split:
    return Split(
        counted=tuple(number for number, stand in stands.items() if stand is Outcome.MET),
        rest=tuple(number for number, stand in stands.items() if stand is Outcome.LATE),
        left_out=tuple(
            number for number, stand in stands.items() if stand in {Outcome.PENDING, Outcome.STOPPED}
        ),
    )
