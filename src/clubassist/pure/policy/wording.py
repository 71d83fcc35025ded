"""Statements, quantities and frequencies as people say them, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from clubassist.pure.policy.quantities import FACTORS, TIMES, measured, singular
from clubassist.pure.policy.schema import Statement
from clubassist.pure.policy.terms import UNIT_WORDS, Quantity, Text

Titles = Callable[[str], Text]
"""What a code is called."""

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
    "half-year": ("个半年", "half-year"),
    "year": ("年", "year"),
}


def statement_words(statement: Statement, title: Titles) -> Text:
    """What a statement says: `Complaints · Solution (complex): at most 72 hours`."""
    cases, said = cases_words(statement, title), list(_limits(statement, title))
    often = frequency_words(statement.every) if statement.every else None
    if not said and often:
        said = [often]
    elif often:
        said = [together(often, each, gap=bool(statement.change)) for each in said]
    zh, en = "，".join(each.zh for each in said), ", ".join(each.en for each in said)
    return Text(zh=f"{cases.zh}：{zh}", en=f"{cases.en}: {en}")


def cases_words(statement: Statement, title: Titles) -> Text:
    """What a statement is about and for which cases: `Complaints · Solution (complex, from Discharge)`."""
    about, promise = title(statement.about), title(statement.promise)
    cases = [title(value) for values in statement.when.values() for value in values]
    if statement.from_:
        start = title(statement.from_)
        cases.append(Text(zh=f"从“{start.zh}”起", en=f"from “{start.en}”"))
    zh, en = f"{about.zh} · {promise.zh}", f"{about.en} · {promise.en}"
    if cases:
        zh += f"（{'、'.join(case.zh for case in cases)}）"
        en += f" ({', '.join(case.en for case in cases)})"
    return Text(zh=zh, en=en)


def _limits(statement: Statement, title: Titles) -> Iterator[Text]:
    if statement.at_most:
        yield at_most_words(quantity_words(statement.at_most, title))
    if statement.at_least:
        yield at_least_words(quantity_words(statement.at_least, title))
    if statement.change:
        yield quantity_words(statement.change, title)


def at_most_words(size: Text) -> Text:
    """A ceiling."""
    return Text(zh=f"不超过 {size.zh}", en=f"at most {size.en}")


def at_least_words(size: Text) -> Text:
    """A floor."""
    return Text(zh=f"至少 {size.zh}", en=f"at least {size.en}")


def together(often: Text, said: Text, *, gap: bool) -> Text:
    """A limit with its frequency: 每月至少 98%, “at least 98% every month”."""
    return Text(zh=f"{often.zh}{' ' if gap else ''}{said.zh}", en=f"{said.en} {often.en}")


def frequency_words(frequency: str) -> Text:
    """`every quarter`, `every 2 hours`."""
    if frequency in PERIOD_WORDS:
        zh, en = PERIOD_WORDS[frequency]
        return Text(zh=zh, en=en)
    length = quantity_words(Quantity.model_validate(frequency), lambda code: Text(zh=code, en=code))
    return Text(zh=f"每 {length.zh}", en=f"every {length.en}")


def quantity_words(quantity: Quantity, title: Titles) -> Text:
    """A quantity with its sign, in the words of the pack where it counts things of its own."""
    size = f"{quantity.amount:+.10g}" if quantity.written.strip()[0] in "+-" else f"{quantity.amount:.10g}"
    plural = "" if abs(quantity.amount) == 1 else "s"
    unit = quantity.unit
    if unit in TIME_WORDS:
        zh, en = TIME_WORDS[unit]
        return Text(zh=f"{size} {zh}", en=f"{size} {en}{plural}")
    if unit == "%":
        return Text(zh=f"{size}%", en=f"{size}%")
    if unit == "points":
        return Text(zh=f"{size} 个百分点", en=f"{size} percentage point{plural}")
    if measured(quantity).dimension == TIMES:
        return Text(zh=f"{size} 次", en=f"{size} time{plural}")
    named = title(unit)
    if unit in FACTORS or "/" in unit or plural:
        return Text(zh=f"{size} {named.zh}", en=f"{size} {named.en}")
    return Text(zh=f"{size} {named.zh}", en=f"{size} {singular(named.en)}")
