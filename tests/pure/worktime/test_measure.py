"""Elapsed opening time, due instants and their working, each against an answer worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clubassist.pure.worktime import (
    Calendar,
    Interval,
    NeverOpen,
    Pause,
    Window,
    add_worktime,
    explain,
    worktime_between,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAILY = Calendar("Asia/Shanghai", ((Window(8 * 60, 22 * 60),),) * 7)
LUNCH = Calendar("Asia/Shanghai", ((Window(9 * 60, 12 * 60), Window(13 * 60, 18 * 60)),) * 5 + ((),) * 2)
NIGHTS = Calendar("Asia/Shanghai", ((Window(18 * 60, 26 * 60),),) * 7)
ALWAYS = Calendar.always("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant of November 2026 by Shanghai wall time; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.req("F37")
def test_repair_clock_runs_in_opening_hours_only() -> None:
    assert add_worktime(DAILY, at(20, 10, 6), 2 * HOUR) == at(20, 12, 6)
    assert add_worktime(DAILY, at(20, 21), 2 * HOUR) == at(21, 9)


def test_due_is_given_in_utc() -> None:
    assert add_worktime(DAILY, at(20, 10), HOUR).tzinfo is UTC


def test_lunch_and_weekend_are_left_out() -> None:
    assert worktime_between(LUNCH, at(20, 11), at(20, 14)) == 2 * HOUR
    assert worktime_between(LUNCH, at(20, 17), at(23, 10)) == 2 * HOUR
    assert add_worktime(LUNCH, at(20, 11, 30), HOUR) == at(20, 13, 30)
    assert add_worktime(LUNCH, at(20, 17), 2 * HOUR) == at(23, 10)


def test_night_shift_counts_past_midnight() -> None:
    assert worktime_between(NIGHTS, at(20, 0), at(21, 0)) == 8 * HOUR
    assert add_worktime(NIGHTS, at(20, 23), 4 * HOUR) == at(21, 19)


@pytest.mark.req("F19")
def test_around_the_clock_equals_wall_time_over_midnight() -> None:
    assert worktime_between(ALWAYS, at(20, 0), at(27, 0)) == timedelta(days=7)
    assert add_worktime(ALWAYS, at(20, 10, 6), 24 * HOUR) == at(21, 10, 6)


def test_around_the_clock_is_elapsed_time_over_a_change_of_offset() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start, end = datetime(2026, 10, 25, tzinfo=berlin), datetime(2026, 10, 26, tzinfo=berlin)
    assert worktime_between(Calendar.always("Europe/Berlin"), start, end) == 25 * HOUR


def test_start_in_closed_time_waits_for_opening() -> None:
    assert add_worktime(DAILY, at(20, 3), HOUR) == at(20, 9)
    assert worktime_between(DAILY, at(20, 3), at(20, 7, 59)) == timedelta()


def test_due_exactly_at_closing_is_due_at_closing() -> None:
    assert add_worktime(DAILY, at(20, 20), 2 * HOUR) == at(20, 22)
    assert add_worktime(DAILY, at(20, 20), 2 * HOUR + timedelta(seconds=1)) == at(21, 8, 0, 1)


def test_schedule_change_inside_the_interval_counts_each_day_by_its_own_windows() -> None:
    changed = Calendar(DAILY.zone, DAILY.weekly, {date(2026, 11, 21): (Window(600, 720),)})
    assert worktime_between(changed, at(20, 20), at(22, 9)) == 5 * HOUR


def test_zero_amount_is_due_at_once_even_when_closed() -> None:
    assert add_worktime(DAILY, at(20, 3), timedelta()) == at(20, 3)


def test_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="negative time"):
        add_worktime(DAILY, at(20, 10), -HOUR)


def test_end_before_start_has_no_worktime() -> None:
    assert worktime_between(DAILY, at(20, 12), at(20, 10)) == timedelta()


def test_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        add_worktime(DAILY, datetime(2026, 11, 20, 10), HOUR)  # noqa: DTZ001 - the mistake under test


def test_overlapping_pauses_count_once_in_any_order() -> None:
    pauses = [
        Interval(at(20, 11, 20), at(20, 11, 50)),
        Interval(at(20, 11), at(20, 11, 30)),
        Interval(at(20, 11, 25), at(20, 11, 26)),
    ]
    assert worktime_between(DAILY, at(20, 10), at(20, 13), pauses) == 130 * MINUTE
    assert add_worktime(DAILY, at(20, 10), 2 * HOUR, pauses) == at(20, 12, 50)


def test_zero_length_pause_changes_nothing() -> None:
    pause = Interval(at(20, 11), at(20, 11))
    assert worktime_between(DAILY, at(20, 10), at(20, 12), [pause]) == 2 * HOUR


def test_pause_still_open_at_the_end_counts_up_to_it() -> None:
    pause = Interval(at(20, 11), at(25, 0))
    assert worktime_between(DAILY, at(20, 10), at(20, 12), [pause]) == HOUR


def test_pause_over_closing_time_takes_opening_time_only() -> None:
    pause = Interval(at(20, 21), at(21, 9))
    assert add_worktime(DAILY, at(20, 20), 2 * HOUR, [pause]) == at(21, 10)


def test_long_pause_is_waited_for() -> None:
    pause = Interval(at(20, 10), datetime(2028, 11, 20, 2, tzinfo=UTC))
    assert add_worktime(DAILY, at(20, 9), 2 * HOUR, [pause]) == pause.end + HOUR


def test_seconds_and_fractions_are_exact() -> None:
    start = at(20, 10, 6, 30).replace(microsecond=1)
    due = add_worktime(DAILY, start, 2 * HOUR)
    assert due == at(20, 12, 6, 30).replace(microsecond=1)
    assert worktime_between(DAILY, start, at(20, 10, 6, 31)) == timedelta(microseconds=999_999)


def test_fractions_are_exact_on_the_day_of_a_change_of_offset() -> None:
    calendar = Calendar("Europe/Berlin", ((Window(60, 180),),) * 7)
    start = datetime(2026, 10, 24, 23, 0, 0, 250_000, tzinfo=UTC)
    assert worktime_between(calendar, start, start + 8 * HOUR) == 3 * HOUR - timedelta(microseconds=250_000)


def test_fractions_beside_a_change_of_offset_are_exact() -> None:
    hour_that_is_skipped = Calendar("Europe/Berlin", ((Window(120, 180),),) * 7)
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    span = timedelta(microseconds=500_000)
    assert worktime_between(hour_that_is_skipped, change - span, change + span) == timedelta()


def test_calendar_without_any_opening_is_refused() -> None:
    with pytest.raises(NeverOpen, match="give the calendar weekly opening windows"):
        add_worktime(Calendar("Asia/Shanghai", ((),) * 7), at(20, 10), HOUR)


def test_calendar_whose_special_days_run_out_says_how_much_is_missing() -> None:
    calendar = Calendar("Asia/Shanghai", ((),) * 7, {date(2026, 11, 22): (Window(600, 1560),)})
    assert add_worktime(calendar, at(20, 10), 16 * HOUR) == at(23, 2)
    with pytest.raises(NeverOpen) as refused:
        add_worktime(calendar, at(20, 10), 18 * HOUR)
    assert refused.value.missing == 2 * HOUR


def test_pause_without_end_is_refused() -> None:
    for_ever = Interval(at(20, 11), datetime.max.replace(tzinfo=UTC))
    with pytest.raises(NeverOpen, match="end the pause"):
        add_worktime(ALWAYS, at(20, 10), 2 * HOUR, [for_ever])


def test_explain_lists_the_time_consumed() -> None:
    working = explain(LUNCH, at(20, 11), 8 * HOUR)
    assert working.due == at(23, 11)
    assert working.consumed == (
        Interval(at(20, 11), at(20, 12)),
        Interval(at(20, 13), at(20, 18)),
        Interval(at(23, 9), at(23, 11)),
    )
    assert not working.around_the_clock


def test_explain_joins_days_around_the_clock() -> None:
    working = explain(ALWAYS, at(1, 10), 480 * HOUR)
    assert working.consumed == (Interval(at(1, 10), at(21, 10)),)
    assert working.around_the_clock


def test_explain_keeps_only_the_pauses_that_postponed_the_due_instant() -> None:
    before = Pause(at(20, 8), at(20, 9), "too early")
    counts = Pause(at(20, 21), at(20, 21, 30), "waiting for a part")
    at_night = Pause(at(20, 23), at(21, 1), "closed anyway")
    after = Pause(at(21, 8, 30), at(21, 9), "too late")
    working = explain(DAILY, at(20, 20), 2 * HOUR, [after, at_night, counts, before])
    assert working.due == at(21, 8, 30)
    assert working.pauses == (counts,)
