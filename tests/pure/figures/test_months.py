"""A month begins and ends at the club's midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from clubassist.pure.figures import (
    FINAL_DAY,
    PROVISIONAL_DAY,
    Release,
    closes,
    month_of,
    month_span,
    months_before,
    release_of,
)

SHANGHAI = "Asia/Shanghai"
OCTOBER = date(2026, 10, 1)


def test_month_of_turns_at_midnight_in_the_clubs_zone() -> None:
    last = datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC)
    assert month_of(last, SHANGHAI) == date(2026, 10, 1)
    assert month_of(last + timedelta(seconds=1), SHANGHAI) == date(2026, 11, 1)


def test_month_span_meets_the_next_one_without_a_gap() -> None:
    november, december = (month_span(date(2026, month, 1), SHANGHAI) for month in (11, 12))
    assert november.start == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert november.end == december.start
    assert december.end == datetime(2026, 12, 31, 16, tzinfo=UTC)


def test_months_before_crosses_the_year() -> None:
    assert months_before(date(2026, 1, 1), 1) == date(2025, 12, 1)
    assert months_before(date(2026, 1, 1), 12) == date(2025, 1, 1)
    assert months_before(date(2026, 12, 1), -1) == date(2027, 1, 1)


def test_a_day_after_the_month_ends_at_the_clubs_midnight() -> None:
    assert closes(OCTOBER, 5, SHANGHAI) == datetime(2026, 11, 5, 16, tzinfo=UTC)
    # The clocks went back on 25 October: 35 days of wall time are an hour more than 35 times 24.
    assert closes(date(2026, 9, 1), 35, "Europe/Berlin") == datetime(2026, 11, 4, 23, tzinfo=UTC)


def test_figures_are_running_then_provisional_then_final() -> None:
    hair = timedelta(microseconds=1)
    provisional, final = (closes(OCTOBER, day, SHANGHAI) for day in (PROVISIONAL_DAY, FINAL_DAY))
    found = [
        release_of(OCTOBER, at, SHANGHAI) for at in (provisional - hair, provisional, final - hair, final)
    ]
    assert found == [Release.RUNNING, Release.PROVISIONAL, Release.PROVISIONAL, Release.FINAL]
