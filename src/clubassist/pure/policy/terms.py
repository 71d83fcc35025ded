"""The words every row of a pack is built from: texts, quantities, codes and directions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import Enum, StrEnum
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

T = TypeVar("T")


def refuse(message: str, mend: str) -> PydanticCustomError:
    """The error a validator raises: what is wrong, and what puts it right."""
    return PydanticCustomError("refused", "{message}", {"message": message, "mend": mend})


def _filled(rows: tuple[T, ...]) -> tuple[T, ...]:
    if not rows:
        raise refuse("the list is empty", "Name at least one.")
    return rows


Filled = AfterValidator(_filled)
"""For a list that needs at least one entry."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _readable(value: str) -> str:
    stray = CONTROL.search(value)
    if stray is not None:
        raise refuse(f"the text holds a control character, U+{ord(stray[0]):04X}", "Take it out.")
    return value


Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(_readable),
]
Version = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20),
    AfterValidator(_readable),
]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$", max_length=40)]
"""At most as long as the columns that keep it."""
KindPattern = Annotated[
    str,
    StringConstraints(pattern=r"^(\*|[a-z][a-z0-9_]*(\.([a-z0-9_]+|\*))?)$", max_length=40),
]
Whole = Annotated[int, Field(strict=True)]
"""A whole number written as one: no text, no yes or no."""
YesNo = Annotated[bool, Field(strict=True)]
ClauseId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}\d{1,4}$")]


def covers_kind(patterns: Iterable[str], kind: str) -> bool:
    """Whether one of the patterns means this kind: itself, `class.*` or `*`."""
    return any(
        pattern in ("*", kind) or (pattern.endswith(".*") and kind.startswith(pattern[:-1]))
        for pattern in patterns
    )


class Row(BaseModel):
    """A frozen part of a pack. A key that the schema does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Row):
    """One thing a person reads, in Simplified Chinese and in English; both are required."""

    zh: Words
    en: Words

    def fill(self, values: dict[str, Text | str]) -> Text:
        """Both languages with every `{name}` replaced by its value."""
        zh = {name: value.zh if isinstance(value, Text) else value for name, value in values.items()}
        en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
        return Text(zh=self.zh.format_map(zh), en=self.en.format_map(en))


class Stricter(Enum):
    """Which direction of a number asks more of the club; stands in the metadata of a field."""

    LOWER = "lower"
    HIGHER = "higher"


class Role(StrEnum):
    """Whom a person acts as."""

    MEMBER = "member"
    AGENT = "agent"
    SERVICE_MANAGER = "service_manager"
    COACH = "coach"
    TECHNICIAN = "technician"
    FINANCE = "finance"
    TRAINING = "training"
    IT_SECURITY = "it_security"
    MANAGEMENT = "management"
    AUDITOR = "auditor"


def _recipient(value: str) -> str:
    known = ("owner", "department_head", "everybody", *Role)
    if value not in known:
        raise refuse(f"nobody is called “{value}”", f"Use one of {', '.join(known)}.")
    return value


Recipient = Annotated[str, AfterValidator(_recipient)]
"""A role; `owner`: whoever owns the case; `department_head`: who heads the department that a task was sent to;
`everybody`: all who work at the club."""


class Department(StrEnum):
    """Who answers for a clause or a task."""

    SERVICE = "service"
    TRAINING = "training"
    MAINTENANCE = "maintenance"
    VENUE = "venue"
    EVENTS = "events"
    IT = "it"
    FINANCE = "finance"
    MANAGEMENT = "management"


class Urgency(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Complexity(StrEnum):
    ORDINARY = "ordinary"
    COMPLEX = "complex"


class Gate(StrEnum):
    """The fact that completes a task by itself; such a task is not ticked by hand."""

    ASSESSED = "assessed"
    """A colleague has judged kind and urgency (B19)."""
    FACTS = "facts"
    """When, where, who and what happened are recorded, all four (B18)."""
    DEMAND = "demand"
    """What would put it right has been recorded (B22)."""
    EVIDENCE = "evidence"
    """There is something to judge by (B23)."""
    SIGNED_BY_DEPARTMENT = "signed_by_department"
    """The department in question has signed the finding (B23)."""
    SIGNED_BY_SERVICE = "signed_by_service"
    """Customer service has signed the finding (B23)."""
    OFFER_MADE = "offer_made"
    """What we offer stands on paper, with its basis and cost (B24)."""
    OFFER_APPROVED = "offer_approved"
    """Somebody whose limit covers it has approved the offer (B06)."""
    OFFER_SENT = "offer_sent"
    """The member was told what we offer: from here on it is theirs to decide (B25)."""
    OFFER_ACCEPTED = "offer_accepted"
    """The member agrees to an offer (B25)."""
    RESOLVED = "resolved"
    """The member was told the result: the stage in which a case is solved (F48)."""
    CLOSING_REPORT = "closing_report"
    """The closing report has been written (B28)."""
    FOLLOW_UP = "follow_up"
    """The follow-up call of the task's promise has come to an end (F52)."""


PERIODS = ("day", "week", "month", "quarter", "half-year", "year")

QUANTITY = re.compile(r"^(?P<amount>[+-]?\d{1,15}(\.\d{1,9})?) ?(?P<unit>[^\d\s+.-][^\d+.]*)$")
PRICE = re.compile(r"^(?P<sign>[+-]?)(?P<unit>[¥￥$€£]) ?(?P<amount>\d.*)$")
SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 86_400, "week": 604_800}
# A working day has no fixed length; seven days hold five of them, which is enough to rank two limits.
NOMINAL_SECONDS = {**SECONDS, "working day": 86_400 * 7 / 5}
LONGEST = 3660 * 86_400
SPELLINGS = {
    spelling: unit
    for unit, spellings in {
        "s": ("sec", "second", "seconds", "秒"),
        "min": ("mins", "minute", "minutes", "分钟"),
        "h": ("hr", "hrs", "hour", "hours", "小时", "个小时"),
        "day": ("d", "days", "天", "日", "calendar day", "calendar days", "自然日", "个自然日"),
        "week": ("weeks", "周", "个星期", "星期"),
        "working day": ("working days", "business day", "business days", "工作日", "个工作日"),
        "month": ("months", "月", "个月"),
        "quarter": ("quarters", "季度", "个季度"),
        "half-year": ("half-years", "半年", "个半年"),
        "year": ("years", "年"),
        "%": ("％", "percent", "per cent"),
        "points": ("point", "percentage points", "pp", "百分点", "个百分点"),
    }.items()
    for spelling in spellings
}
UNIT_WORDS = {
    "s": ("秒", "second"),
    "min": ("分钟", "minute"),
    "h": ("小时", "hour"),
    "day": ("天", "day"),
    "week": ("周", "week"),
    "working day": ("个工作日", "working day"),
}


class Quantity(Row):
    """A number with its unit, written `4 h`, `98 %`, `+5 points` or `15 working days`."""

    written: str
    amount: float
    unit: str

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, value: Any) -> Any:
        if isinstance(value, Quantity):
            return value
        written = PRICE.sub(r"\g<sign>\g<amount> \g<unit>", value.strip()) if isinstance(value, str) else ""
        match = QUANTITY.match(written)
        if match is None:
            mend = 'Write it like "4 h", "98 %" or "+5 points".'
            raise refuse(f"“{value}” is not a number with a unit", mend)
        unit = match["unit"].strip()
        return {"written": value, "amount": float(match["amount"]), "unit": SPELLINGS.get(unit, unit)}

    @model_serializer
    def _write(self) -> str:
        return self.written

    def __str__(self) -> str:
        return self.written


class Duration(Quantity):
    """A length of time above zero in seconds (`s`), `min`, `h`, `days`, `weeks` or `working days`."""

    @model_validator(mode="after")
    def _positive_time(self) -> Self:
        if self.unit not in NOMINAL_SECONDS:
            units = "s, min, h, days, weeks or working days"
            raise refuse(f"“{self.written}” is not a length of time", f"Use one of the units {units}.")
        if self.amount <= 0:
            raise refuse(f"“{self.written}” is not above zero", "Give a limit above zero.")
        if not 1 <= self.rank <= LONGEST:
            raise refuse(f"“{self.written}” is out of range", "Give a time from one second to ten years.")
        if self.unit == "working day" and self.amount % 1:
            raise refuse(f"“{self.written}” is not a whole number of working days", "Give whole days.")
        return self

    @property
    def working_days(self) -> int | None:
        """The number of working days, or None when the length is fixed."""
        return int(self.amount) if self.unit == "working day" else None

    @property
    def timedelta(self) -> timedelta:
        """The fixed length. Raises ValueError for working days, which only a calendar can count."""
        if self.unit not in SECONDS:
            raise ValueError(f"{self.written} has no fixed length: count it with a working-day calendar.")
        return timedelta(seconds=self.amount * SECONDS[self.unit])

    @property
    def rank(self) -> float:
        """Nominal seconds, only for telling which of two limits is the stricter."""
        return self.amount * NOMINAL_SECONDS[self.unit]

    @property
    def words(self) -> Text:
        """As a person says it: “24 小时”, “24 hours”."""
        zh, en = UNIT_WORDS[self.unit]
        return Text(zh=f"{self.amount:g} {zh}", en=f"{self.amount:g} {en}{'' if self.amount == 1 else 's'}")


def _fixed(length: Duration) -> Duration:
    if length.working_days is not None:
        mend = "Give hours or calendar days; the clocks do not count working days."
        raise refuse(f"“{length.written}” cannot be run", mend)
    return length


ClockTime = Annotated[Duration, AfterValidator(_fixed)]
"""A length of time that a clock can run: of working days it knows nothing."""


def _frequency(value: str) -> str:
    period = SPELLINGS.get(value, value)
    if period in PERIODS:
        return period
    try:
        length = Quantity.model_validate(value)
    except ValidationError:
        length = None
    if length is None or length.amount <= 0 or length.unit not in (*NOMINAL_SECONDS, *PERIODS):
        mend = f'Use one of {", ".join(PERIODS)}, or a length of time such as "2 h" or "6 months".'
        raise refuse(f"“{value}” is not a frequency", mend)
    return value


Frequency = Annotated[str, AfterValidator(_frequency)]
"""How often: a period of the calendar (`month`), or the time between two (`2 h`, `6 months`)."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(*names: str) -> Callable[[Text], Text]:
    """A validator: both languages use the same `{names}`, all of them known, and no stray brace."""

    def check(text: Text) -> Text:
        zh, en = (PLACEHOLDER.findall(side) for side in (text.zh, text.en))
        allowed = ", ".join(f"{{{name}}}" for name in names)
        for name in [*zh, *en]:
            if name not in names:
                raise refuse(f"the placeholder {{{name}}} is unknown", f"Use only {allowed}.")
        if any(brace in PLACEHOLDER.sub("", side) for side in (text.zh, text.en) for brace in "{}"):
            raise refuse("a brace stands alone", f"Use braces only for {allowed}.")
        if set(zh) != set(en):
            raise refuse("the two languages use different placeholders", "Use the same ones in zh and en.")
        return text

    return check


NoticeText = Annotated[Text, AfterValidator(placeholders("number", "due", "stage", "club", "track_url"))]
PromiseText = Annotated[Text, AfterValidator(placeholders("target"))]
