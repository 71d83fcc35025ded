"""The sentence that explains a due instant, in both languages."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clubassist.pure.worktime import Calendar, Interval, Pause, Window, explain, in_words

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
OPEN = (Window(8 * 60, 22 * 60),)
DAILY = Calendar("Asia/Shanghai", (OPEN,) * 7)
ALWAYS = Calendar.always("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 by Shanghai wall time; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def words(
    calendar: Calendar, start: datetime, amount: timedelta, pauses: tuple[Interval, ...] = ()
) -> tuple[str, str]:
    working = explain(calendar, start, amount, pauses)
    return in_words(working, "zh"), in_words(working, "en")


@pytest.mark.req("F37")
def test_words_name_hours_start_and_pause() -> None:
    pause = Interval(at(20, 11, 20), at(20, 11, 50))
    assert words(DAILY, at(20, 9, 36), 2 * HOUR, (pause,)) == (
        "12:06 到期：从 09:36 起算 2 小时营业时间（08:00–22:00），其间 11:20–11:50 暂停。",
        "Due 12:06: 2 h of opening time 08:00–22:00 from 09:36, paused 11:20–11:50.",
    )


def test_words_give_reason_and_author_of_a_pause() -> None:
    part = Pause(at(20, 11, 20), at(20, 11, 50), "等配件", "张伟")
    away = Pause(at(20, 12), at(20, 12, 10), "", "李娜")
    chinese, _ = words(DAILY, at(20, 10), 2 * HOUR, (part, away))
    assert chinese.endswith("其间 11:20–11:50 暂停（等配件，张伟）、12:00–12:10 暂停（李娜）。")
    part = Pause(at(20, 11, 20), at(20, 11, 50), "waiting for a part", "Zhang Wei")
    _, english = words(DAILY, at(20, 10), 2 * HOUR, (part, away))
    assert english.endswith("paused 11:20–11:50 (waiting for a part, Zhang Wei) and 12:00–12:10 (李娜).")


def test_words_around_the_clock_carry_dates_over_midnight() -> None:
    assert words(ALWAYS, at(20, 10, 6), 24 * HOUR) == (
        "11 月 21 日 10:06 到期：从 11 月 20 日 10:06 起算 24 小时（24 小时连续计时）。",
        "Due 21 Nov 10:06: 24 h around the clock from 20 Nov 10:06.",
    )


def test_words_list_days_whose_hours_differ() -> None:
    late = (Window(18 * 60, 26 * 60),)
    calendar = Calendar("Asia/Shanghai", (OPEN,) * 7, {date(2026, 11, 21): (), date(2026, 11, 22): late})
    pause = Pause(at(22, 20), at(23, 9))
    assert words(calendar, at(20, 21), 31 * HOUR, (pause,)) == (
        "11 月 25 日 09:00 到期：从 11 月 20 日 21:00 起算 31 小时营业时间"
        "（11 月 20 日 08:00–22:00；11 月 21 日休息；11 月 22 日 18:00–次日 02:00；"
        "11 月 23 日至 11 月 25 日 08:00–22:00），其间 11 月 22 日 20:00–11 月 23 日 09:00 暂停。",
        "Due 25 Nov 09:00: 31 h of opening time (20 Nov 08:00–22:00; 21 Nov closed; "
        "22 Nov 18:00–02:00 next day; 23 Nov–25 Nov 08:00–22:00) from 20 Nov 21:00, "
        "paused 22 Nov 20:00–23 Nov 09:00.",
    )


def test_words_show_the_night_shift_that_was_used_not_the_closed_day_it_ends_on() -> None:
    calendar = Calendar("Asia/Shanghai", ((),) * 4 + ((Window(18 * 60, 26 * 60),),) + ((),) * 2)
    chinese, english = words(calendar, at(21, 0, 30), HOUR)
    assert chinese == "01:30 到期：从 00:30 起算 1 小时营业时间（18:00–次日 02:00）。"
    assert english == "Due 01:30: 1 h of opening time 18:00–02:00 next day from 00:30."


def test_words_show_every_window_of_a_day_in_order() -> None:
    calendar = Calendar("Asia/Shanghai", ((Window(780, 1440), Window(540, 720)),) * 7)
    chinese, english = words(calendar, at(20, 11), 2 * HOUR)
    assert "营业时间（09:00–12:00、13:00–24:00）" in chinese
    assert "opening time 09:00–12:00, 13:00–24:00 from" in english


def test_words_leave_out_the_next_day_when_due_at_its_midnight() -> None:
    late, early = (Window(8 * 60, 24 * 60),), (Window(0, 6 * 60),)
    calendar = Calendar("Asia/Shanghai", (late,) * 7, {date(2026, 11, 21): early})
    _, english = words(calendar, at(20, 22), 2 * HOUR)
    assert english == "Due 21 Nov 00:00: 2 h of opening time 08:00–24:00 from 20 Nov 22:00."


def test_words_clip_a_pause_to_the_clock() -> None:
    pause = Interval(at(19, 21), at(20, 10))
    assert words(DAILY, at(20, 9), HOUR, (pause,))[1].endswith("from 09:00, paused 09:00–10:00.")


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        (timedelta(), "0 分钟", "0 min"),
        (timedelta(seconds=30), "30 秒", "30 s"),
        (timedelta(minutes=15), "15 分钟", "15 min"),
        (timedelta(minutes=90), "1 小时 30 分钟", "1 h 30 min"),
        (timedelta(hours=72), "72 小时", "72 h"),
    ],
)
def test_words_spell_amounts(amount: timedelta, chinese: str, english: str) -> None:
    in_chinese, in_english = words(ALWAYS, at(20, 10), amount)
    assert f"起算 {chinese}（24 小时连续计时）" in in_chinese
    assert f": {english} around the clock" in in_english


def test_words_for_nothing_to_wait_name_no_hours() -> None:
    assert words(DAILY, at(20, 3), timedelta())[0] == "03:00 到期：从 03:00 起算 0 分钟营业时间。"


def test_words_carry_the_year_over_new_year() -> None:
    start = datetime(2026, 12, 31, 20, tzinfo=SHANGHAI)
    chinese, english = words(ALWAYS, start, 24 * HOUR)
    assert chinese.startswith("2027 年 1 月 1 日 20:00 到期：从 2026 年 12 月 31 日 20:00 起算")
    assert english == "Due 1 Jan 2027 20:00: 24 h around the clock from 31 Dec 2026 20:00."
