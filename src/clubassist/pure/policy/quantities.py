"""Quantities that can be compared: 30 minutes and half an hour are one length of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from clubassist.pure.policy.terms import NOMINAL_SECONDS, Quantity

DAY = 86_400
YEAR = 365.25 * DAY
# A deadline is never counted in these, whose length differs; what a text keeps for years can still be compared.
CALENDAR = {"month": YEAR / 12, "quarter": YEAR / 4, "half-year": YEAR / 2, "year": YEAR}
FAHRENHEIT = ("°F", "℉", "F", "华氏度")
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
        "斤": 500,
    },
    "area": {**dict.fromkeys(("m²", "㎡", "sqm", "平方米", "平米"), 1), "公顷": 10_000},
    "sound": dict.fromkeys(("dB", "分贝"), 1),
    "volume": {"L": 1, "l": 1, "ml": 0.001, "mL": 0.001, "m³": 1000, "升": 1, "毫升": 0.001, "立方米": 1000},
    "money": {
        **dict.fromkeys(("元", "块", "块钱", "人民币", "¥", "￥", "yuan", "CNY", "RMB"), 1),
        "角": 0.1,
        "fen": 0.01,
        "分钱": 0.01,
        "万元": 10_000,
    },
    "US dollars": dict.fromkeys(("$", "USD", "美元", "dollar", "dollars"), 1),
    "euros": dict.fromkeys(("€", "EUR", "欧元", "euro", "euros"), 1),
    "pounds": dict.fromkeys(("£", "GBP", "英镑"), 1),
    "temperature": {
        **dict.fromkeys(("°C", "℃", "C", "摄氏度", "度"), 1),
        **dict.fromkeys(FAHRENHEIT, 5 / 9),
    },
}
FACTORS = {unit: (scale, factor) for scale, units in SCALES.items() for unit, factor in units.items()}
TIMES = "times"
"""How often something is done, whatever it is called."""
THINGS = {
    **dict.fromkeys(("time", "次", "回", "遍", "趟", "场次", "occasion"), TIMES),
    **dict.fromkeys(("people", "人", "名", "位", "个人", "pax"), "person"),
    **dict.fromkeys(("children", "孩子", "儿童"), "child"),
    **dict.fromkeys(("staff", "employee", "worker", "员工"), "staff member"),
    **dict.fromkeys(("student", "学生"), "pupil"),
    **dict.fromkeys(("visitor", "customer", "client", "客人", "顾客"), "guest"),
    **dict.fromkeys(("个", "只", "件", "张", "台", "套", "间", "份", "pcs", "item", "unit"), "piece"),
}
"""One name for what several words count."""
CLASSIFIERS = "名位个只件张台套间份条辆"
"""What stands between a Chinese number and what it counts: 2 位老师 are 2 名老师."""


class Measured(NamedTuple):
    """A size in the base unit of its dimension; only sizes of one dimension can be compared."""

    dimension: str
    amount: float


def measured(quantity: Quantity) -> Measured:
    """The quantity in the base unit of its dimension: seconds, percent, metres … or things of one name."""
    over, _, under = quantity.unit.partition("/")
    dimension, factor = _unit(over)
    if not under:
        zero = 32 if over in FAHRENHEIT else 0
        return Measured(dimension, (quantity.amount - zero) * factor)
    below, divisor = _unit(under)
    return Measured(f"{dimension}/{below}", quantity.amount * factor / divisor)


def measured_change(change: Quantity) -> Measured:
    """The size of a change, whose zero is no point of any scale: 9 °F more are 5 °C more."""
    if change.unit not in FAHRENHEIT:
        return measured(change)
    dimension, factor = _unit(change.unit)
    return Measured(dimension, change.amount * factor)


def _unit(name: str) -> tuple[str, float]:
    name = name.strip()
    if name in FACTORS:
        return FACTORS[name]
    thing = singular(name.lower())
    if len(thing) > 1 and thing[0] in CLASSIFIERS and thing not in THINGS:
        thing = thing[1:]
    thing = THINGS.get(thing, thing)
    return (TIMES if thing == TIMES else f"number of {thing}"), 1


def singular(word: str) -> str:
    """One of what an English word counts: `ladies` → `lady`, `glasses` → `glass`."""
    for plural, one in (("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("us", "us"), ("s", "")):
        if word.endswith(plural) and len(word) > len(plural) + 1:
            return word[: -len(plural)] + one
    return word
