"""Opening hours, pauses and working days: when a promise falls due, and the working that shows why."""

from clubassist.pure.worktime.calendar import Calendar, Window
from clubassist.pure.worktime.intervals import Interval, Pause
from clubassist.pure.worktime.measure import (
    NeverOpen,
    Working,
    add_worktime,
    explain,
    open_intervals,
    worktime_between,
)
from clubassist.pure.worktime.words import in_words
from clubassist.pure.worktime.working_days import (
    UnknownYear,
    WorkingDayTable,
    china_working_days,
    nth_working_day,
)

__all__ = [
    "Calendar",
    "Interval",
    "NeverOpen",
    "Pause",
    "UnknownYear",
    "Window",
    "Working",
    "WorkingDayTable",
    "add_worktime",
    "china_working_days",
    "explain",
    "in_words",
    "nth_working_day",
    "open_intervals",
    "worktime_between",
]
