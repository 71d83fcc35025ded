"""Months as clubs live them: half-open, in the club's own zone (requirements, part C)."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo


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
