"""Where two bounds of a regulation cannot both mean what they say; general rules, blind to any clause."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from clubassist.pure.policy.bounds import Bound, Fit, adds_up, fit, impossible, one_window, void
from clubassist.pure.policy.lexicon import Lexicon
from clubassist.pure.policy.quantities import DAY, TIMES

LONGEST_HOLIDAY = 9
"""Days of rest in a row, weekends beside them included."""


class Clash(StrEnum):
    """What is wrong with two bounds; in the order of their weight."""

    IMPOSSIBLE = "impossible"
    """A floor lies above a ceiling."""
    DIFFERENT = "different-limits"
    """Two numbers for the same thing and the same cases."""
    UNLIKE_DAYS = "unlike-days"
    """One limit in working days and one in calendar days, which a holiday can turn round."""
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
    if lexicon.figure(one.statement.promise) == lexicon.figure(other.statement.promise):
        if one.start == other.start:
            yield from _same_promise(one, other, how, lexicon)
        return
    for first, second, stands in ((one, other, how), (other, one, _turned(how))):
        if one.start == other.start:
            yield from _in_order(first, second, stands, lexicon)
        yield from _mean(first, second, stands, lexicon)


def _turned(how: Fit) -> Fit:
    return {Fit.NARROWER: Fit.WIDER, Fit.WIDER: Fit.NARROWER}.get(how, how)


def _same_promise(one: Bound, other: Bound, how: Fit, lexicon: Lexicon) -> Iterator[Pair]:
    if one.side != other.side:
        floors = [bound for bound in (one, other) if bound.side == "at_least"]
        ceilings = [bound for bound in (one, other) if bound.side == "at_most"]
        if floors and ceilings and impossible(floors[0], ceilings[0], lexicon):
            yield Pair(Clash.IMPOSSIBLE, floors[0], ceilings[0])
        return
    if how is Fit.SAME and _unlike_days(one, other):
        yield Pair(Clash.UNLIKE_DAYS, one, other)
        return
    loose = void(one, other, lexicon)
    if loose is None:
        return
    strict = one if loose is other else other
    if how is Fit.SAME:
        often = one.dimension == TIMES and one.side == "at_least"
        alike = often or one_window(one, other, adds_up=adds_up(one, lexicon))
        yield Pair(Clash.DIFFERENT if alike else Clash.SWALLOWED, loose, strict)
    elif one.side == "change" or one.clause.id == other.clause.id:
        return  # a part may grow by a rate of its own, and a clause may name its own exceptions
    elif how is Fit.CROSSING:
        yield Pair(Clash.CROSSING, one, other)
    else:
        narrow, wide = (one, other) if how is Fit.NARROWER else (other, one)
        yield Pair(Clash.EXCEPTION if loose is wide else Clash.SWALLOWED, narrow, wide)


def _unlike_days(one: Bound, other: Bound) -> bool:
    """Whether one counts working days and the other calendar days, and which is longer depends on the holidays."""
    working, calendar = (one, other) if one.working_days else (other, one)
    if working.working_days is None or calendar.working_days is not None:
        return False
    return working.working_days <= calendar.amount / DAY <= 2 * working.working_days + LONGEST_HOLIDAY


def _in_order(earlier: Bound, later: Bound, how: Fit, lexicon: Lexicon) -> Iterator[Pair]:
    single = earlier.window is later.window is None and earlier.dimension == "time"
    if not (
        single
        and later.side == "at_most"
        and lexicon.follows(later.statement.promise, earlier.statement.promise)
    ):
        return
    if earlier.side == "at_least" and earlier.amount > later.amount:
        yield Pair(Clash.IMPOSSIBLE, earlier, later)
    elif (
        earlier.side == "at_most"
        and earlier.clause.id != later.clause.id
        and how in (Fit.SAME, Fit.NARROWER)
        and not earlier.stricter_than(later)
    ):
        yield Pair(Clash.IMPLIED, earlier, later)


def _mean(mean: Bound, each: Bound, how: Fit, lexicon: Lexicon) -> Iterator[Pair]:
    covered = how in (Fit.SAME, Fit.NARROWER)
    middle, of = lexicon.figure(mean.statement.promise)
    if not (covered and middle and lexicon.figure(each.statement.promise) == ("", of)):
        return
    if mean.statement.from_ and each.start != mean.start:
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
    groups: list[list[Pair]] = []
    for pair in sorted(found, key=lambda pair: pair.clash is Clash.EXCEPTION):
        touched = [group for group in groups if _touches(pair, group)]
        if pair.clash is Clash.EXCEPTION and not touched:
            continue
        groups = [group for group in groups if group not in touched]
        groups.append([*(each for group in touched for each in group), pair])
    return groups


def _touches(pair: Pair, group: list[Pair]) -> bool:
    mine = {_name(pair.one), _name(pair.other)}
    return any(_name(bound) in mine for each in group for bound in (each.one, each.other))


def _name(bound: Bound) -> tuple[str, str, str]:
    return bound.pack, bound.key, bound.side
