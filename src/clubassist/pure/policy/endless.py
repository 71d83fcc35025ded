"""Rises and falls that are to happen again and again, though their scale has an end."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from clubassist.pure.policy.bounds import Bound, Fit, fit
from clubassist.pure.policy.lexicon import Lexicon
from clubassist.pure.policy.quantities import measured, measured_change
from clubassist.pure.policy.schema import Statement
from clubassist.pure.policy.terms import Quantity, Text

# A temperature goes below zero, and a tenth less each time never arrives there.
NO_ZERO = {"temperature", "share"}
# A step as large as the scale is none of percentage points: the text counts points of another kind.
WHOLE = 100


class Endless(NamedTuple):
    """A repeated change that must end; `end` in words, `times` how often it can happen at most, where that is known."""

    bound: Bound
    end: Text
    times: int | None
    by: Bound | None
    """The bound that stops it, when it is one of the regulation."""


def endless(bounds: list[Bound], lexicon: Lexicon) -> Iterator[Endless]:
    """Each statement that repeats a change towards an end."""
    for bound in bounds:
        change = bound.statement.change
        if bound.side == "change" and bound.statement.every and change is not None and change.amount:
            found = _end(bound, change, bounds, lexicon)
            if found:
                yield found


def _end(bound: Bound, change: Quantity, bounds: list[Bound], lexicon: Lexicon) -> Endless | None:
    dimension, step = measured_change(change)
    if dimension == "points" and abs(step) < WHOLE:
        end = "100%" if step > 0 else "0%"
        return Endless(bound, Text(zh=end, en=end), math.ceil(100 / abs(step)), None)
    if step < 0:
        return None if dimension in NO_ZERO else Endless(bound, Text(zh="零", en="zero"), None, None)
    most = lexicon.most(bound.statement)
    if most is not None:
        top, amount = measured(most)
        times = math.ceil(amount / step) if top == dimension else None
        return Endless(bound, Text(zh=most.written, en=most.written), times, None)
    if dimension == "share" and lexicon.is_share(bound.statement):
        return Endless(bound, Text(zh="100%", en="100%"), None, None)
    for other in bounds:
        if _same_figure(bound.statement, other.statement, lexicon):
            if dimension == other.dimension == "share":
                return Endless(bound, Text(zh="100%", en="100%"), None, None)
            if other.side == "at_most" and other.dimension in (dimension, "share"):
                limit = str(other.statement.at_most)
                return Endless(bound, Text(zh=limit, en=limit), None, other)
    return None


def _same_figure(one: Statement, other: Statement, lexicon: Lexicon) -> bool:
    return (
        lexicon.figure(one.promise) == lexicon.figure(other.promise)
        and fit(one, other, lexicon) is not Fit.APART
    )
