"""Quantities that can be compared: 30 minutes and half an hour are one length of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from clubassist.pure.policy.terms import NOMINAL_SECONDS, Quantity

DAY = 86_400
YEAR = 365.25 * DAY
# A deadline is never counted in these, whose length differs; what a text keeps for years can still be compared.
CALENDAR = {"month": YEAR / 12, "quarter": YEAR / 4, "year": YEAR}
# Each unit in the first one of its line. What is not named here counts things of its own kind.
SCALES: dict[str, Mapping[str, float]] = {
    "time": {**NOMINAL_SECONDS, **CALENDAR},
    "share": {"%": 1, "‰": 0.1},
    "points": {"points": 1},
    "length": {
        "m": 1,
        "mm": 0.001,
        "cm": 0.01,
        "km": 1000,
        "米": 1,
        "毫米": 0.001,
        "厘米": 0.01,
        "公里": 1000,
    },
    "mass": {
        "g": 1,
        "mg": 0.001,
        "kg": 1000,
        "t": 1_000_000,
        "克": 1,
        "毫克": 0.001,
        "千克": 1000,
        "公斤": 1000,
    },
    "volume": {"L": 1, "l": 1, "ml": 0.001, "mL": 0.001, "m³": 1000, "升": 1, "毫升": 0.001, "立方米": 1000},
    "money": {"元": 1, "yuan": 1, "CNY": 1, "RMB": 1, "角": 0.1, "fen": 0.01, "万元": 10_000},
    "temperature": {"°C": 1, "℃": 1, "摄氏度": 1},
}
FACTORS = {unit: (scale, factor) for scale, units in SCALES.items() for unit, factor in units.items()}
TIMES = {"time", "次", "occasion"}
"""How often something is done, whatever it is called."""


class Measured(NamedTuple):
    """A size in the base unit of its dimension; only sizes of one dimension can be compared."""

    dimension: str
    amount: float


def measured(quantity: Quantity) -> Measured:
    """The quantity in the base unit of its dimension: seconds, percent, metres … or things of one name."""
    over, _, under = quantity.unit.partition("/")
    dimension, factor = _unit(over)
    if not under:
        return Measured(dimension, quantity.amount * factor)
    below, divisor = _unit(under)
    return Measured(f"{dimension}/{below}", quantity.amount * factor / divisor)


def _unit(name: str) -> tuple[str, float]:
    name = name.strip()
    if name in FACTORS:
        return FACTORS[name]
    thing = _singular(name.lower())
    return ("times" if thing in TIMES else f"number of {thing}"), 1


def _singular(word: str) -> str:
    for plural, singular in (("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("s", "")):
        if word.endswith(plural) and len(word) > len(plural) + 1:
            return word[: -len(plural)] + singular
    return word
