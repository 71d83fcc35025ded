"""Handled, resolved, reopened: what became of the cases of a cohort, and how long it took (A05, F22, F52)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import Final

from clubassist.pure.figures.cohort import Cohort
from clubassist.pure.figures.lives import CaseLife, Turn
from clubassist.pure.figures.split import Split
from clubassist.pure.figures.waits import Wait, Waiting
from clubassist.pure.worktime import Interval
from clubassist.pure.worktime.intervals import outside


class Standing(StrEnum):
    """How a case stands for the resolution rate. Only RESOLVED counts; NOT_YET_DUE is left out."""

    RESOLVED = "resolved"
    UNCONFIRMED = "unconfirmed"
    NOT_AGREED = "not_agreed"
    OPEN = "open"
    NOT_YET_DUE = "not_yet_due"


@dataclass(frozen=True, slots=True)
class Assent:
    """When a solution counts as accepted and an open case counts at all (reading A05).

    A case younger than `due_after` is not yet due. Without a word from the person, silence for `objection` after
    the `tries`-th unanswered call is assent.
    """

    due_after: timedelta = timedelta(hours=72)
    tries: int = 2
    objection: timedelta = timedelta(days=7)


BY_DEFAULT: Final = Assent()


def standing(life: CaseLife, at: datetime, assent: Assent = BY_DEFAULT) -> Standing:
    """How a case stands at `at`, by what was known then.

    Its age decides first, whatever became of it: were young cases counted only once solved, the rate would flatter.
    Calls before a reopening do not count towards the next solution.
    """
    life = life.as_at(at)
    if Interval(life.received_at, at).length < assent.due_after:
        return Standing.NOT_YET_DUE
    if life.ending is None:
        return Standing.OPEN
    if life.ending[1] is Turn.NOT_AGREED:
        return Standing.NOT_AGREED
    since = list(takewhile(lambda turn: turn[1] is not Turn.RESOLVED, reversed(life.turns)))
    if any(turn is Turn.CONFIRMED for _, turn in since):
        return Standing.RESOLVED
    tries = sorted(tried_at for tried_at, turn in since if turn is Turn.UNREACHED)
    silent = len(tries) >= assent.tries and tries[assent.tries - 1] + assent.objection <= at
    return Standing.RESOLVED if silent else Standing.UNCONFIRMED


def resolution_rate(cohort: Cohort, assent: Assent = BY_DEFAULT) -> Split:
    """Resolved and accepted ÷ all of the cohort that are due; the rest is the list of unresolved (A05, F22)."""
    stand = {life.number: standing(life, cohort.at, assent) for life in cohort.lives}
    return Split(
        counted=_numbers(life for life in cohort.lives if stand[life.number] is Standing.RESOLVED),
        rest=_numbers(
            life
            for life in cohort.lives
            if stand[life.number] not in {Standing.RESOLVED, Standing.NOT_YET_DUE}
        ),
        left_out=_numbers(life for life in cohort.lives if stand[life.number] is Standing.NOT_YET_DUE),
    )


def handling_rate(cohort: Cohort) -> Split:
    """Cases with a substantive first solution ÷ all received (A05, F63)."""
    return Split(
        counted=_numbers(life for life in cohort.lives if life.proposed_at is not None),
        rest=_numbers(life for life in cohort.lives if life.proposed_at is None),
    )


def reopen_rate(cohort: Cohort) -> Split:
    """Cases opened again ÷ cases that were ever resolved; the others are left out."""
    solved = [life for life in cohort.lives if life.resolutions]
    return Split(
        counted=_numbers(life for life in solved if _reopened(life)),
        rest=_numbers(life for life in solved if not _reopened(life)),
        left_out=_numbers(life for life in cohort.lives if not life.resolutions),
    )


@dataclass(frozen=True, slots=True)
class ResolutionTime:
    """Receipt to solution: `net` of the allowed pauses, `gross` with them, and gross to the `first` solution.

    The first solution is kept beside the last, which a reopened case has yet to reach.
    """

    net: Waiting
    gross: Waiting
    first: Waiting


def resolution_time(cohort: Cohort) -> ResolutionTime:
    """How long solutions took. A case that is open, or ended without agreement, counts as open until the data date."""
    lasts, firsts = [], []
    for life in cohort.lives:
        lasts.append((life, solved_at(life)))
        firsts.append((life, life.resolutions[0] if life.resolutions else None))
    return ResolutionTime(
        net=Waiting(tuple(_wait(life, end, cohort.at, paused=False) for life, end in lasts)),
        gross=Waiting(tuple(_wait(life, end, cohort.at, paused=True) for life, end in lasts)),
        first=Waiting(tuple(_wait(life, end, cohort.at, paused=True) for life, end in firsts)),
    )


def stood_still(life: CaseLife, at: datetime) -> timedelta:
    """How much of a case's time to its solution, or so far, the allowed pauses took."""
    end = solved_at(life)
    gross, net = (_wait(life, end, at, paused=paused).elapsed for paused in (True, False))
    return gross - net


def solved_at(life: CaseLife) -> datetime | None:
    """Return when a case was solved that still is; None while it is open and for one that ended without agreement."""
    solved = life.ending is not None and life.ending[1] is Turn.RESOLVED
    return life.resolutions[-1] if solved else None


def _wait(life: CaseLife, end: datetime | None, at: datetime, *, paused: bool) -> Wait:
    """The time to `end`, or to `at` without one; with what was `paused` or without."""
    whole = Interval(life.received_at, end or at)
    pauses = () if paused else life.pauses
    counted = sum((part.length for part in outside(pauses, whole.start, whole.end)), timedelta())
    return Wait(life.number, counted, ended=end is not None)


def _reopened(life: CaseLife) -> bool:
    return any(turn is Turn.REOPENED for _, turn in life.turns)


def _numbers(lives: Iterable[CaseLife]) -> tuple[str, ...]:
    return tuple(life.number for life in lives)
