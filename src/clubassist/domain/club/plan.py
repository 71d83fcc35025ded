"""A new club as its file describes it: names, houses, opening hours and the packs it will run by."""

from __future__ import annotations

import re
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

_DAYS = re.compile(r"([1-7])(?:-([1-7]))?")
_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
DAY = 1440

Name = Annotated[str, Field(min_length=1, max_length=60)]
EnglishName = Annotated[str, Field(min_length=1, max_length=80)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _Named(_Strict):
    name: Name
    name_en: EnglishName


N = TypeVar("N", bound=_Named)


def _once_each(names: list[str]) -> list[str]:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"每个名称只能出现一次。 Each name may be given once; twice: {', '.join(twice)}.")
    return names


def _named_apart(places: list[N]) -> list[N]:
    _once_each([place.name for place in places])
    return places


class AreaPlan(_Named):
    """A part of a venue that people name when they report."""


class VenuePlan(_Named):
    """A house of the club with its areas, in the order of the call form."""

    areas: Annotated[list[AreaPlan], Field(min_length=1), AfterValidator(_named_apart)]


class HoursPlan(_Strict):
    """One opening window on some weekdays: `days = "1-5"` (1 is Monday), `opens = "08:00"`, `closes = "22:00"`.

    A close at or before the opening is the next day's.
    """

    days: str
    opens: str
    closes: str

    @field_validator("opens")
    @classmethod
    def _begins_within_the_day(cls, value: str) -> str:
        if value == "24:00":
            raise ValueError('零点开门写成第二天的 "00:00"。 Write "00:00" of the next day.')
        return value

    @field_validator("days")
    @classmethod
    def _weekdays(cls, value: str) -> str:
        found = _DAYS.fullmatch(value)
        if not found or (found[2] and found[2] < found[1]):
            raise ValueError(f'写成 "1-5" 或 "6"，1 是周一。 Write "1-5" or "6", 1 is Monday, not {value!r}.')
        return value

    @field_validator("opens", "closes")
    @classmethod
    def _time(cls, value: str) -> str:
        if not _TIME.fullmatch(value) or value > "24:00":
            raise ValueError(f'写成 "08:00"。 Write "08:00", not {value!r}.')
        return value

    def windows(self) -> list[tuple[int, int, int]]:
        """Return (weekday from 0, opening minute, closing minute) of each day."""
        first, _dash, last = self.days.partition("-")
        opens, closes = _minutes(self.opens), _minutes(self.closes)
        if closes <= opens:
            closes += DAY
        return [(day - 1, opens, closes) for day in range(int(first), int(last or first) + 1)]


def _minutes(time: str) -> int:
    hours, _colon, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)


class ClubPlan(_Strict):
    """Everything that a club needs before its first report."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")
    name: Name
    name_en: EnglishName
    phone: str = Field(min_length=3, max_length=20)
    zone: str = "Asia/Shanghai"
    packs: Annotated[list[str], Field(min_length=1), AfterValidator(_once_each)]
    compensation_yuan: int = Field(default=0, ge=0, le=1_000_000_000)
    """What may be spent on remedies this year (B51); 0 leaves the fund to be opened later."""
    hours: list[HoursPlan] = Field(min_length=1)
    venues: Annotated[list[VenuePlan], Field(min_length=1), AfterValidator(_named_apart)]

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"没有这个时区。 There is no such time zone: {value}.") from error
