"""Where two bounds of a regulation cannot both mean what they say; general rules, blind to any clause."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from clubassist.pure.policy.bounds import Bound, Fit, fit
from clubassist.pure.policy.lexicon import Lexicon


class Clash(StrEnum):
    """What is wrong with two bounds; in the order of their weight."""

    IMPOSSIBLE = "impossible"
    """A floor lies above a ceiling."""
    DIFFERENT = "different-limits"
    """Two numbers for the same thing and the same cases."""
    CROSSING = "crossing-limits"
    """Two numbers for the cases that fall under both."""
    SWALLOWED = "swallowed-limit"
    """The bound for the narrower cases is looser than the one that holds for all of them."""
    IMPLIED = "implied-limit"
    """The earlier promise may take no less time than the later one that includes it."""
    VOID_MEAN = "void-mean"
    """The mean may lie where every single case already has to."""
    EXCEPTION = "stricter-exception"
    """The bound for the narrower cases is the stricter one: sound by itself, shown with the rest of a knot."""


class Pair(NamedTuple):
    """A clash of two bounds; `one` is the narrower, earlier, looser or mean one, as the rule has it."""

    clash: Clash
    one: Bound
    other: Bound


def pairs(bounds: list[Bound], lexicon: Lexicon) -> list[Pair]:
    """Every two of these bounds that clash."""
    return [pair for one, other in combinations(bounds, 2) for pair in _compare(one, other, lexicon)]


def _compare(one: Bound, other: Bound, lexicon: Lexicon) -> Iterator[Pair]:
    if one.dimension != other.dimension:
        return
    how = fit(one.statement, other.statement, lexicon)
    if how is Fit.APART:
        return
    if one.statement.promise == other.statement.promise:
        yield from _same_promise(one, other, how)
        return
    for first, second, stands in ((one, other, how), (other, one, _turned(how))):
        yield from _in_order(first, second, stands, lexicon)
        yield from _mean(first, second, stands, lexicon)


def _turned(how: Fit) -> Fit:
    return {Fit.NARROWER: Fit.WIDER, Fit.WIDER: Fit.NARROWER}.get(how, how)


def _same_promise(one: Bound, other: Bound, how: Fit) -> Iterator[Pair]:
    if one.side != other.side:
        floors = [bound for bound in (one, other) if bound.side == "at_least"]
        ceilings = [bound for bound in (one, other) if bound.side == "at_most"]
        if floors and ceilings and floors[0].amount > ceilings[0].amount:
            yield Pair(Clash.IMPOSSIBLE, floors[0], ceilings[0])
        return
    if one.equals(other):
        return
    if how is Fit.SAME:
        loose, strict = (other, one) if one.stricter_than(other) else (one, other)
        yield Pair(Clash.DIFFERENT, loose, strict)
    elif one.side == "change" or one.clause.id == other.clause.id:
        return  # a part may grow by a rate of its own, and a clause may name its own exceptions
    elif how is Fit.CROSSING:
        yield Pair(Clash.CROSSING, one, other)
    else:
        narrow, wide = (one, other) if how is Fit.NARROWER else (other, one)
        yield Pair(Clash.EXCEPTION if narrow.stricter_than(wide) else Clash.SWALLOWED, narrow, wide)


def _in_order(earlier: Bound, later: Bound, how: Fit, lexicon: Lexicon) -> Iterator[Pair]:
    times = earlier.side == later.side == "at_most" and earlier.dimension == "time"
    if (
        times
        and earlier.clause.id != later.clause.id
        and how in (Fit.SAME, Fit.NARROWER)
        and lexicon.follows(later.statement.promise, earlier.statement.promise)
        and not earlier.stricter_than(later)
    ):
        yield Pair(Clash.IMPLIED, earlier, later)


def _mean(mean: Bound, each: Bound, how: Fit, lexicon: Lexicon) -> Iterator[Pair]:
    covered = how in (Fit.SAME, Fit.NARROWER)
    if not covered or lexicon.mean_of(mean.statement.promise) != each.statement.promise:
        return
    if mean.side == each.side and mean.side != "change":
        if not mean.stricter_than(each):
            yield Pair(Clash.VOID_MEAN, mean, each)
    elif (mean.side, each.side) == ("at_most", "at_least") and mean.amount < each.amount:
        yield Pair(Clash.IMPOSSIBLE, each, mean)
    elif (mean.side, each.side) == ("at_least", "at_most") and mean.amount > each.amount:
        yield Pair(Clash.IMPOSSIBLE, mean, each)


def knots(found: list[Pair]) -> list[list[Pair]]:
    """Clashes that share a bound belong together; stricter exceptions only join, they make no knot of their own."""
    groups: dict[int, list[Pair]] = {}
    group_of: dict[tuple[str, str, str], list[Pair]] = {}
    for pair in sorted(found, key=lambda pair: pair.clash is Clash.EXCEPTION):
        small, large = sorted((group_of.get(_name(each), []) for each in (pair.one, pair.other)), key=len)
        if pair.clash is Clash.EXCEPTION and not large:
            continue
        moved = [] if small is large else small
        large.extend([*moved, pair])
        for each in (*moved, pair):
            group_of[_name(each.one)] = group_of[_name(each.other)] = large
        for group in (small, large):
            groups.pop(id(group), None)
        groups[id(large)] = large
    return list(groups.values())


def _name(bound: Bound) -> tuple[str, str, str]:
    return bound.pack, bound.key, bound.side
