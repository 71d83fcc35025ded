"""Statements as bounds that can be compared: which side, what size, for which cases."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Literal, NamedTuple

from clubassist.pure.policy.lexicon import Lexicon
from clubassist.pure.policy.quantities import DAY, YEAR, measured
from clubassist.pure.policy.schema import Clause, Pack, Statement
from clubassist.pure.policy.terms import SECONDS, UNIT_WORDS, Duration, Quantity, Text

Side = Literal["at_most", "at_least", "change"]
PERIOD_SECONDS = {
    "day": DAY,
    "week": SECONDS["week"],
    "month": YEAR / 12,
    "quarter": YEAR / 4,
    "half-year": YEAR / 2,
    "year": YEAR,
}
PERIOD_WORDS = {
    "day": ("每天", "every day"),
    "week": ("每周", "every week"),
    "month": ("每月", "every month"),
    "quarter": ("每季度", "every quarter"),
    "half-year": ("每半年", "every half-year"),
    "year": ("每年", "every year"),
}
TIME_WORDS = UNIT_WORDS | {
    "month": ("个月", "month"),
    "quarter": ("个季度", "quarter"),
    "year": ("年", "year"),
}
# A month has 28 to 31 days: “every 30 days” and “every month” are one frequency, a year and 365 days one length.
CALENDAR_TOLERANCE = 0.03


class Bound(NamedTuple):
    """One number of a statement, in the base unit of its dimension; a frequency in times a year."""

    pack: str
    clause: Clause
    number: int
    statement: Statement
    side: Side
    dimension: str
    amount: float

    @property
    def key(self) -> str:
        return f"{self.clause.id}.states.#{self.number}"

    def equals(self, other: Bound) -> bool:
        """Whether the two sizes are the same, written however."""
        long = self.dimension == "time" and self.amount >= 28 * DAY
        tolerance = CALENDAR_TOLERANCE if long or self.dimension.endswith("a year") else 1e-9
        return math.isclose(self.amount, other.amount, rel_tol=tolerance)

    def stricter_than(self, other: Bound) -> bool:
        """Whether this bound asks more than another of its side and dimension."""
        if self.equals(other):
            return False
        return self.amount < other.amount if self.side == "at_most" else self.amount > other.amount


def bounds_of(packs: Iterable[Pack]) -> list[Bound]:
    """Every bound that the statements of these packs set, in order."""
    return [
        Bound(pack.name, clause, number, statement, *size)
        for pack in packs
        for clause in pack.clauses
        for number, statement in enumerate(clause.states, 1)
        for size in _sizes(statement)
    ]


def _sizes(statement: Statement) -> Iterator[tuple[Side, str, float]]:
    yearly = YEAR / seconds_of(statement.every) if statement.every else None
    if statement.change:
        dimension, amount = measured(statement.change)
        if yearly:
            yield "change", f"change of {dimension} a year", amount * yearly
        else:
            yield "change", f"change of {dimension}", amount
    limits: tuple[tuple[Side, Quantity | None], ...] = (
        ("at_most", statement.at_most),
        ("at_least", statement.at_least),
    )
    for side, quantity in limits:
        if quantity is None:
            continue
        dimension, amount = measured(quantity)
        # Twice a year is a frequency; a mean or a share is only worked out every month.
        if yearly and dimension.startswith(("times", "number of ")):
            yield side, f"{dimension} a year", amount * yearly
        else:
            yield side, dimension, amount
    if yearly and not (statement.change or statement.at_most or statement.at_least):
        yield "at_least", "times a year", yearly


def seconds_of(frequency: str) -> float:
    """The time between two occasions."""
    if frequency in PERIOD_SECONDS:
        return PERIOD_SECONDS[frequency]
    return Duration.model_validate(frequency).rank


class Fit(Enum):
    """How the cases that one statement is for stand to those of another."""

    APART = "apart"
    SAME = "same"
    NARROWER = "narrower"
    WIDER = "wider"
    CROSSING = "crossing"


def fit(one: Statement, other: Statement, lexicon: Lexicon) -> Fit:
    """Compares the cases of two statements by subject and conditions, whatever they promise."""
    inside = lexicon.covers(other.about, one.about)
    around = lexicon.covers(one.about, other.about)
    if not (inside or around):
        return Fit.APART
    for key in one.when.keys() | other.when.keys():
        mine, theirs = one.when.get(key), other.when.get(key)
        if mine is None or theirs is None:
            inside, around = inside and theirs is None, around and mine is None
            continue
        within = [any(lexicon.covers(wide, narrow) for wide in theirs) for narrow in mine]
        without = [any(lexicon.covers(wide, narrow) for wide in mine) for narrow in theirs]
        if not any(within) and not any(without):
            return Fit.APART
        inside, around = inside and all(within), around and all(without)
    if inside and around:
        return Fit.SAME
    return Fit.NARROWER if inside else Fit.WIDER if around else Fit.CROSSING


def bound_words(bound: Bound, lexicon: Lexicon) -> Text:
    """A bound as a person quotes it: `F50 “Complaints · Solution (complex): at most 72 hours”`."""
    statement = bound.statement
    about, promise = lexicon.title(statement.about), lexicon.title(statement.promise)
    cases = [lexicon.title(value) for values in statement.when.values() for value in values]
    zh, en = f"{about.zh} · {promise.zh}", f"{about.en} · {promise.en}"
    if cases:
        zh += f"（{'、'.join(case.zh for case in cases)}）"
        en += f" ({', '.join(case.en for case in cases)})"
    said = _said(bound, lexicon)
    return Text(zh=f"{bound.clause.id}“{zh}：{said.zh}”", en=f"{bound.clause.id} “{en}: {said.en}”")


def _said(bound: Bound, lexicon: Lexicon) -> Text:
    statement = bound.statement
    quantity: Quantity | None = getattr(statement, bound.side)
    often = frequency_words(statement.every) if statement.every else Text(zh="一次", en="once")
    if quantity is None:
        return often
    size = quantity_words(quantity, lexicon)
    match bound.side:
        case "at_most":
            said = Text(zh=f"不超过 {size.zh}", en=f"at most {size.en}")
        case "at_least":
            said = Text(zh=f"至少 {size.zh}", en=f"at least {size.en}")
        case "change":
            said = size
    if not statement.every:
        return said
    gap = " " if bound.side == "change" else ""
    return Text(zh=f"{often.zh}{gap}{said.zh}", en=f"{said.en} {often.en}")


def frequency_words(frequency: str) -> Text:
    """`every quarter`, `every 2 hours`."""
    if frequency in PERIOD_WORDS:
        zh, en = PERIOD_WORDS[frequency]
        return Text(zh=zh, en=en)
    words = Duration.model_validate(frequency).words
    return Text(zh=f"每 {words.zh}", en=f"every {words.en}")


def quantity_words(quantity: Quantity, lexicon: Lexicon) -> Text:
    """A quantity with its sign, in the words of the pack where it counts things of its own."""
    size = f"{quantity.amount:+g}" if quantity.written.strip()[0] in "+-" else f"{quantity.amount:g}"
    plural = "" if abs(quantity.amount) == 1 else "s"
    if quantity.unit in TIME_WORDS:
        zh, en = TIME_WORDS[quantity.unit]
        return Text(zh=f"{size} {zh}", en=f"{size} {en}{plural}")
    if quantity.unit == "%":
        return Text(zh=f"{size}%", en=f"{size}%")
    if quantity.unit == "points":
        return Text(zh=f"{size} 个百分点", en=f"{size} percentage point{plural}")
    if measured(quantity).dimension == "times":
        return Text(zh=f"{size} 次", en=f"{size} time{plural}")
    unit = lexicon.title(quantity.unit)
    return Text(zh=f"{size} {unit.zh}", en=f"{size} {unit.en}")
