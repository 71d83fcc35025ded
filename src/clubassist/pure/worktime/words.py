"""The working of a due instant in one sentence, in Chinese or English, in the venue's wall time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal

from clubassist.pure.worktime.calendar import MINUTES_A_DAY, Window
from clubassist.pure.worktime.intervals import Interval, Pause
from clubassist.pure.worktime.measure import Working

Lang = Literal["zh", "en"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {
    "zh": (("小时", 3600), ("分钟", 60), ("秒", 1)),
    "en": (("h", 3600), ("min", 60), ("s", 1)),
}
_SENTENCE = {
    "zh": "{due} 到期：从 {start} 起算 {amount}{kind}{pauses}。",
    "en": "Due {due}: {amount}{kind} from {start}{pauses}.",
}


def in_words(working: Working, lang: Lang) -> str:
    """Why the clock is due when it is: amount, opening hours, start and the pauses that postponed it.

    Dates appear when the start and the due instant lie on different local days, years when in different
    years; never "today", as there is no clock here.
    """
    start, due = working.calendar.local(working.start), working.calendar.local(working.due)
    dated, with_year = start.date() != due.date(), start.year != due.year

    def moment(at: datetime) -> str:
        return f"{_day(at, lang, with_year=with_year)} {at:%H:%M}" if dated else f"{at:%H:%M}"

    def span(pause: Interval) -> str:
        begin = working.calendar.local(max(pause.start, working.start))
        end = working.calendar.local(pause.end)
        return (
            f"{moment(begin)}–{end:%H:%M}" if begin.date() == end.date() else f"{moment(begin)}–{moment(end)}"
        )

    return _SENTENCE[lang].format(
        due=moment(due),
        start=moment(start),
        amount=_duration(working.amount, lang),
        kind=_kind(working, lang, with_year=with_year),
        pauses=_pauses([(span(pause), _because(pause, lang)) for pause in working.pauses], lang),
    )


def _kind(working: Working, lang: Lang, *, with_year: bool) -> str:
    """What sort of time is counted: around the clock, or opening time with its hours."""
    if working.around_the_clock:
        return "（24 小时连续计时）" if lang == "zh" else " around the clock"
    runs = list(_runs(working))
    hours = [
        _hours(windows, lang)
        if len(runs) == 1
        else _run_of_days(first, last, lang, with_year=with_year)
        + _gap(windows, lang)
        + _hours(windows, lang)
        for first, last, windows in runs
    ]
    if lang == "zh":
        return "营业时间" + (f"（{'；'.join(hours)}）" if hours else "")
    listed = "; ".join(hours)
    return " of opening time" + (f" ({listed})" if len(hours) > 1 else f" {listed}" if hours else "")


def _runs(working: Working) -> Iterator[tuple[date, date, tuple[Window, ...]]]:
    """The days whose hours were used, and those between, as runs of days with the same windows."""
    calendar = working.calendar
    ends = [at for piece in working.consumed for at in (piece.start, piece.end - timedelta.resolution)]
    used = [day for at in ends if (day := calendar.service_day(at))]
    days = [used[0] + timedelta(days=n) for n in range((used[-1] - used[0]).days + 1)] if used else []
    for windows, run in groupby(days, key=lambda day: tuple(sorted(calendar.windows_on(day)))):
        same = list(run)
        yield same[0], same[-1], windows


def _gap(windows: tuple[Window, ...], lang: Lang) -> str:
    """Chinese sets a space beside figures only: 11 月 21 日休息, but 11 月 20 日 08:00."""
    return "" if lang == "zh" and not windows else " "


def _hours(windows: tuple[Window, ...], lang: Lang) -> str:
    if not windows:
        return "休息" if lang == "zh" else "closed"
    return ("、" if lang == "zh" else ", ").join(_window(window, lang) for window in windows)


def _window(window: Window, lang: Lang) -> str:
    """For example 08:00–22:00, 08:00–24:00, 18:00–次日 02:00."""
    if window.end <= MINUTES_A_DAY:
        return f"{_wall(window.start)}–{_wall(window.end)}"
    end = _wall(window.end - MINUTES_A_DAY)
    return f"{_wall(window.start)}–次日 {end}" if lang == "zh" else f"{_wall(window.start)}–{end} next day"


def _wall(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _day(day: date, lang: Lang, *, with_year: bool) -> str:
    if lang == "zh":
        return (f"{day.year} 年 " if with_year else "") + f"{day.month} 月 {day.day} 日"
    return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if with_year else "")


def _run_of_days(first: date, last: date, lang: Lang, *, with_year: bool) -> str:
    ends = [_day(first, lang, with_year=with_year), _day(last, lang, with_year=with_year)]
    return ends[0] if first == last else ("至 " if lang == "zh" else "–").join(ends)


def _duration(amount: timedelta, lang: Lang) -> str:
    """Hours, minutes and seconds without zero parts; parts of a second are left out."""
    rest = int(amount.total_seconds())
    parts = []
    for unit, size in _UNITS[lang]:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or f"0 {_UNITS[lang][1][0]}"


def _because(pause: Interval, lang: Lang) -> str:
    """The reason and the author of a pause in brackets, as far as they are known."""
    known = [part for part in (pause.reason, pause.by) if part] if isinstance(pause, Pause) else []
    if not known:
        return ""
    return f"（{'，'.join(known)}）" if lang == "zh" else f" ({', '.join(known)})"


def _pauses(spans: list[tuple[str, str]], lang: Lang) -> str:
    if not spans:
        return ""
    if lang == "zh":
        return "，其间 " + "、".join(f"{span} 暂停{because}" for span, because in spans)
    return ", paused " + " and ".join(span + because for span, because in spans)
