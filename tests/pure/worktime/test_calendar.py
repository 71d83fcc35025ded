"""Opening windows and the instants in which a calendar is open."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clubassist.pure.worktime import Calendar, Interval, Window, open_intervals

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_SHIFT = (Window(8 * 60, 22 * 60),)
NIGHT_SHIFT = (Window(18 * 60, 26 * 60),)


def shanghai(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]  # year to second, never tzinfo


@pytest.mark.parametrize(("start", "end"), [(-1, 60), (120, 60), (0, 2881)])
def test_window_refuses_impossible_hours(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 ≤ start < end ≤ 2880"):
        Window(start, end)


def test_window_refuses_zero_length() -> None:
    with pytest.raises(ValueError, match="has no length"):
        Window(480, 480)


def test_interval_refuses_end_before_start() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Interval(shanghai(2026, 11, 21), shanghai(2026, 11, 20))


def test_interval_refuses_naive_time() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        Interval(datetime(2026, 11, 20), datetime(2026, 11, 21))  # noqa: DTZ001 - the mistake under test


def test_interval_keeps_utc() -> None:
    interval = Interval(shanghai(2026, 11, 20, 8), shanghai(2026, 11, 20, 9))
    assert interval.start.tzinfo is UTC
    assert interval.length == timedelta(hours=1)


def test_calendar_refuses_unknown_zone() -> None:
    with pytest.raises(ValueError, match="Unknown time zone 'Asia/Atlantis'"):
        Calendar.always("Asia/Atlantis")


def test_calendar_refuses_short_week() -> None:
    with pytest.raises(ValueError, match="seven entries"):
        Calendar("Asia/Shanghai", (DAY_SHIFT,) * 5)


def test_calendar_is_a_value() -> None:
    days = {date(2026, 11, 20): DAY_SHIFT}
    calendar, same = (Calendar("Asia/Shanghai", (DAY_SHIFT,) * 7, days) for _ in range(2))
    days.clear()
    assert calendar == same
    assert hash(calendar) == hash(same)
    assert calendar != Calendar("Asia/Shanghai", (DAY_SHIFT,) * 7)


def test_around_the_clock_is_only_the_calendar_that_never_closes() -> None:
    assert Calendar.always("Asia/Shanghai").around_the_clock
    assert not Calendar("Asia/Shanghai", (DAY_SHIFT,) * 7).around_the_clock


def test_is_open_is_half_open_to_the_second() -> None:
    calendar = Calendar("Asia/Shanghai", (DAY_SHIFT,) * 7)
    assert not calendar.is_open(shanghai(2026, 11, 20, 7, 59, 59))
    assert calendar.is_open(shanghai(2026, 11, 20, 8))
    assert calendar.is_open(shanghai(2026, 11, 20, 21, 59, 59))
    assert not calendar.is_open(shanghai(2026, 11, 20, 22))


def test_night_shift_belongs_to_the_day_before() -> None:
    calendar = Calendar("Asia/Shanghai", ((),) * 4 + (NIGHT_SHIFT,) + ((),) * 2)
    assert calendar.service_day(shanghai(2026, 11, 20, 23)) == date(2026, 11, 20)
    assert calendar.service_day(shanghai(2026, 11, 21, 1, 59)) == date(2026, 11, 20)
    assert calendar.service_day(shanghai(2026, 11, 21, 2)) is None
    assert not calendar.is_open(shanghai(2026, 11, 20, 1))


def test_special_day_replaces_weekly_windows() -> None:
    closed, sunday_worked = date(2025, 1, 28), date(2025, 1, 26)
    weekly = (DAY_SHIFT,) * 5 + ((),) * 2
    calendar = Calendar("Asia/Shanghai", weekly, {closed: (), sunday_worked: DAY_SHIFT})
    assert not calendar.is_open(shanghai(2025, 1, 28, 12))
    assert calendar.is_open(shanghai(2025, 1, 26, 12))
    assert not calendar.is_open(shanghai(2025, 2, 2, 12))


def test_open_intervals_join_touching_and_overlapping_windows() -> None:
    windows = (Window(12 * 60, 22 * 60), Window(0, 12 * 60), Window(20 * 60, 24 * 60))
    calendar = Calendar("Asia/Shanghai", (windows,) * 7)
    start, end = shanghai(2026, 11, 1, 9), shanghai(2026, 11, 30, 9)
    assert list(open_intervals(calendar, start, end)) == [Interval(start, end)]


def test_open_intervals_come_in_order_with_the_lunch_gap() -> None:
    calendar = Calendar("Asia/Shanghai", ((Window(780, 1080), Window(540, 720)),) * 7)
    assert list(open_intervals(calendar, shanghai(2026, 11, 20, 10), shanghai(2026, 11, 20, 15))) == [
        Interval(shanghai(2026, 11, 20, 10), shanghai(2026, 11, 20, 12)),
        Interval(shanghai(2026, 11, 20, 13), shanghai(2026, 11, 20, 15)),
    ]


def test_open_intervals_are_none_when_end_is_not_after_start() -> None:
    calendar = Calendar.always("Asia/Shanghai")
    at = shanghai(2026, 11, 20, 10)
    assert list(open_intervals(calendar, at, at)) == []
    assert list(open_intervals(calendar, at, at - timedelta(days=1))) == []


def test_open_intervals_are_none_from_closing_to_opening() -> None:
    calendar = Calendar("Asia/Shanghai", (DAY_SHIFT,) * 7)
    assert list(open_intervals(calendar, shanghai(2026, 11, 20, 22), shanghai(2026, 11, 21, 8))) == []


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        pytest.param("Europe/Berlin", date(2026, 3, 29), 23, id="spring gap"),
        pytest.param("Europe/Berlin", date(2026, 10, 25), 25, id="autumn fold"),
        pytest.param("America/New_York", date(2026, 3, 8), 23, id="gap of the west"),
        pytest.param("Australia/Lord_Howe", date(2026, 4, 5), 24.5, id="half-hour fold"),
        pytest.param("Asia/Kathmandu", date(2026, 3, 29), 24, id="odd offset, no change"),
        pytest.param("America/Sao_Paulo", date(2018, 11, 4), 23, id="midnight does not exist"),
        pytest.param("Africa/Casablanca", date(2026, 2, 15), 25, id="Ramadan begins"),
        pytest.param("Pacific/Apia", date(2011, 12, 30), 0, id="skipped date"),
    ],
)
def test_a_date_has_the_hours_its_zone_gives_it(zone: str, day: date, hours: float) -> None:
    closed = ((),) * 7
    calendar = Calendar(zone, closed, {day: (Window(0, 1440),)})
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    lengths = [interval.length for interval in open_intervals(calendar, start, start + timedelta(days=4))]
    assert sum(lengths, timedelta()) == timedelta(hours=hours)
