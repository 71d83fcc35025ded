"""Months as clubs live them: half-open, in the club's own zone (requirements, part C)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

PROVISIONAL_DAY: Final = 5
FINAL_DAY: Final = 35
"""The days after a month at whose end its figures are first published, and stand for good (A05)."""


class Release(StrEnum):
    """How far the figures of a month have come (A05).

    A provisional figure may still change, as follow-up calls are due up to 30 days after solving. What changes a
    final one is a restatement.
    """

    RUNNING = "running"
    PROVISIONAL = "provisional"
    FINAL = "final"


class Span(NamedTuple):
    """A period from `start` up to, but without, `end`; both aware."""

    start: datetime
    end: datetime


def month_of(at: datetime, zone: str) -> date:
    """The first day of the month that `at` (aware) falls in, in this zone."""
    return at.astimezone(ZoneInfo(zone)).date().replace(day=1)


def months_before(month: date, count: int) -> date:
    """The first day of the month that lies `count` months before `month`; a negative count looks ahead."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def month_span(month: date, zone: str) -> Span:
    """The month that begins on `month`, from midnight to midnight in this zone."""
    local = ZoneInfo(zone)
    following = months_before(month, -1)
    return Span(
        datetime(month.year, month.month, 1, tzinfo=local),
        datetime(following.year, following.month, 1, tzinfo=local),
    )


def closes(month: date, day: int, zone: str) -> datetime:
    """The midnight that ends the `day`-th day after the month: day 5 of October's figures ends on 5 November."""
    end = month_span(month, zone).end
    # Wall time: a day is from midnight to midnight, even where the clocks change in between.
    return end + timedelta(days=day)


def release_of(month: date, at: datetime, zone: str) -> Release:
    """How far the month's figures have come at `at`: provisional from the end of day 5, final from that of day 35."""
    if at >= closes(month, FINAL_DAY, zone):
        return Release.FINAL
    return Release.PROVISIONAL if at >= closes(month, PROVISIONAL_DAY, zone) else Release.RUNNING
