"""Statements as bounds that can be compared: which side, what size, over which time, for which cases."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Literal, NamedTuple

from clubassist.pure.policy.lexicon import Lexicon, plain
from clubassist.pure.policy.quantities import CALENDAR, DAY, TIMES, YEAR, measured, measured_change
from clubassist.pure.policy.schema import Clause, Pack, Statement
from clubassist.pure.policy.terms import SECONDS, Quantity, Text
from clubassist.pure.policy.wording import (
    at_least_words,
    at_most_words,
    cases_words,
    frequency_words,
    quantity_words,
    together,
)

Side = Literal["at_most", "at_least", "change"]
PERIOD_SECONDS = {"day": DAY, "week": SECONDS["week"], **CALENDAR}
# A month has 28 to 31 days: “every 30 days” and “every month” are one frequency, a year and 365 days one length.
CALENDAR_TOLERANCE = 0.03
# 0 °F is what others call -18 °C.
HALF_DEGREE = 0.5
RECEIPT = "received"
LEVELS = {
    "share",
    "points",
    "temperature",
    "sound",
    *(f"number of {unit}" for unit in ("star", "score", "mark", "分", "星")),
}
"""What is worked out over a time, as a mean is; everything else adds up in it."""


class Bound(NamedTuple):
    """One number of a statement, in the base unit of its dimension.

    `window` is the time that it holds for or is worked out over, in seconds; None for each single case. A change is
    one of a year.
    """

    pack: str
    clause: Clause
    number: int
    statement: Statement
    side: Side
    dimension: str
    amount: float
    window: float | None

    @property
    def key(self) -> str:
        return f"{self.clause.id}.states.#{self.number}"

    @property
    def start(self) -> str:
        """From what its time counts."""
        return plain(self.statement.from_ or RECEIPT)

    @property
    def working_days(self) -> float | None:
        """The number of working days, where it is one of these."""
        quantity = getattr(self.statement, self.side)
        return quantity.amount if quantity is not None and quantity.unit == "working day" else None

    @property
    def rhythm(self) -> bool:
        """Whether it says how often without a number: every half-year is not three times a year."""
        return self.side == "at_least" and self.statement.at_least is None

    def equals(self, other: Bound) -> bool:
        """Whether the two sizes are the same, written however."""
        if self.dimension == "temperature":
            return abs(self.amount - other.amount) <= HALF_DEGREE
        long = self.dimension == "time" and self.amount >= 28 * DAY
        tolerance = CALENDAR_TOLERANCE if long or self.dimension.endswith("a year") else 1e-9
        return math.isclose(self.amount, other.amount, rel_tol=tolerance)

    def stricter_than(self, other: Bound) -> bool:
        """Whether this bound asks more than another of its side and dimension, over the same time."""
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


def _sizes(statement: Statement) -> Iterator[tuple[Side, str, float, float | None]]:
    window = seconds_of(statement.every) if statement.every else None
    if statement.change:
        dimension, amount = measured_change(statement.change)
        if window:
            yield "change", f"change of {dimension} a year", amount * YEAR / window, None
        else:
            yield "change", f"change of {dimension}", amount, None
    limits: tuple[tuple[Side, Quantity | None], ...] = (
        ("at_most", statement.at_most),
        ("at_least", statement.at_least),
    )
    for side, limit in limits:
        if limit is not None:
            dimension, amount = measured(limit)
            yield side, TIMES if window and _occasions(dimension, statement) else dimension, amount, window
    if window and not (statement.change or statement.at_most or statement.at_least):
        yield "at_least", TIMES, 1, window


def _occasions(dimension: str, statement: Statement) -> bool:
    """Whether it counts the subject itself: two drills a year are a drill held twice a year."""
    words = {word for code in (statement.about, statement.promise) for word in plain(code).split("_")}
    return dimension in {f"number of {word}" for word in words}


def seconds_of(frequency: str) -> float:
    """The time between two occasions."""
    if frequency in PERIOD_SECONDS:
        return PERIOD_SECONDS[frequency]
    return measured(Quantity.model_validate(frequency)).amount


def void(one: Bound, other: Bound, lexicon: Lexicon) -> Bound | None:
    """Which of two bounds of one side and dimension has no effect beside the other; None when both have.

    Over one time that is the looser one. Three a month and twenty a year both hold; so do 95 % of every month and
    98 % of the year.
    """
    if one.side == "change" or one_window(one, other, adds_up=adds_up(one, lexicon)):
        return None if one.equals(other) else other if one.stricter_than(other) else one
    short, long = sorted((one, other), key=lambda bound: bound.window or 0)
    if one.rhythm or other.rhythm:
        rates = [bound.amount / (bound.window or math.inf) for bound in (short, long)]
        if math.isclose(*rates, rel_tol=CALENDAR_TOLERANCE):
            return None
        return long if rates[0] > rates[1] else short
    if not adds_up(one, lexicon):
        return long if short.stricter_than(long) else None
    if short.window is None:
        return short if long.side == "at_most" and long.stricter_than(short) else None
    if long.side == "at_most" and long.amount <= short.amount:
        return short
    implied = short.amount * (long.window or 0) / short.window
    if math.isclose(implied, long.amount, rel_tol=CALENDAR_TOLERANCE):
        return None
    return long if (implied < long.amount) == (long.side == "at_most") else None


def impossible(floor: Bound, ceiling: Bound, lexicon: Lexicon) -> bool:
    """Whether nothing can keep both a floor and a ceiling of one dimension."""
    if not adds_up(floor, lexicon) or one_window(floor, ceiling, adds_up=True):
        return floor.amount > ceiling.amount and not floor.equals(ceiling)
    if ceiling.window is None:
        return False
    most = ceiling.amount if floor.window is None else ceiling.amount * floor.window / ceiling.window
    return floor.amount > most * (1 + CALENDAR_TOLERANCE)


def adds_up(bound: Bound, lexicon: Lexicon) -> bool:
    """Whether its amounts add up over a time, as hours on duty do and shares and means do not."""
    level = bound.dimension in LEVELS or "/" in bound.dimension
    return not level and not lexicon.figure(bound.statement.promise).middle


def one_window(one: Bound, other: Bound, *, adds_up: bool) -> bool:
    """Whether two bounds hold for the same time; a level named without one is the level at any time."""
    if one.window is None or other.window is None:
        return one.window is other.window or not adds_up
    return math.isclose(one.window, other.window, rel_tol=CALENDAR_TOLERANCE)


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
    cases, said = cases_words(bound.statement, lexicon.title), _said(bound, lexicon)
    return Text(
        zh=f"{bound.clause.id}“{cases.zh}：{said.zh}”", en=f"{bound.clause.id} “{cases.en}: {said.en}”"
    )


def _said(bound: Bound, lexicon: Lexicon) -> Text:
    statement = bound.statement
    quantity: Quantity | None = getattr(statement, bound.side)
    often = frequency_words(statement.every) if statement.every else None
    if quantity is None:
        return often or Text(zh="一次", en="once")
    said = quantity_words(quantity, lexicon.title)
    if bound.side != "change":
        said = at_most_words(said) if bound.side == "at_most" else at_least_words(said)
    return together(often, said, gap=bound.side == "change") if often else said
