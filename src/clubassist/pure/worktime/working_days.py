"""Working days by the state calendar, with make-up workdays 调休, for clocks set by law.

A year whose State Council notice is not known is refused, never guessed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from typing import Self

# The library's data agreed day by day with a second source from this year on.
_FIRST_CHECKED_YEAR = 2006
_SATURDAY = 5
_FEBRUARY = 2


class UnknownYear(LookupError):
    """The holidays of this year are not known, so working days in it cannot be counted."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"The working days of {year} are not known: upload the State Council's holiday notice for {year}."
        )
        self.year = year


@dataclass(frozen=True)
class WorkingDayTable:
    """Which days are worked, in the years it knows: Monday to Friday less `days_off`, plus `make_up`."""

    known_years: frozenset[int]
    days_off: frozenset[date]
    make_up: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Whether this day is worked. Raises UnknownYear outside the years of the table."""
        if day.year not in self.known_years:
            raise UnknownYear(day.year)
        return day in self.make_up or (day.weekday() < _SATURDAY and day not in self.days_off)

    def updated(self, newer: Self) -> Self:
        """This table with every year that `newer` knows taken from `newer` alone."""
        return type(self)(
            self.known_years | newer.known_years,
            newer.days_off | {day for day in self.days_off if day.year not in newer.known_years},
            newer.make_up | {day for day in self.make_up if day.year not in newer.known_years},
        )


def china_working_days(*years: int) -> WorkingDayTable:
    """The state calendar of these years from the `holidays` library (State Council notices, 2006 on).

    A year without a published notice is left out of `known_years`, so that using it raises UnknownYear.
    """
    # The calendars of all the world, which most processes never look at: loaded by whoever does.
    china = import_module("holidays").country_holidays("CN", years=years)
    # Every notice moves workdays to weekends; one in January alone could come from the year before.
    arranged = {day.year for day in china.weekend_workdays if day.month >= _FEBRUARY}
    known = frozenset(year for year in years if year >= _FIRST_CHECKED_YEAR and year in arranged)
    return WorkingDayTable(
        known,
        frozenset(day for day in china if day.year in known),
        frozenset(day for day in china.weekend_workdays if day.year in known),
    )


def nth_working_day(start: date, n: int, holidays: WorkingDayTable) -> date:
    """The n-th working day after `start`, which itself is not counted (Civil Code, article 201).

    Raises ValueError if n < 1 and UnknownYear if the count reaches a year the table does not know.
    """
    if n < 1:
        raise ValueError(f"Working days are counted from 1, not {n}.")
    day = start
    while n:
        day += timedelta(days=1)
        n -= holidays.is_working_day(day)
    return day
