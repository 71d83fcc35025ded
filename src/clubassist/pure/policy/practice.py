"""What the rows of the packs run, beside what the clauses state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from clubassist.pure.policy.bounds import Bound
from clubassist.pure.policy.lexicon import Lexicon
from clubassist.pure.policy.schema import Deadline, Kind, Measure, Pack, Statement
from clubassist.pure.policy.terms import SECONDS, Complexity, Urgency

OF_FORMULA: Final = {
    "handling": "handling_rate",
    "resolution": "resolution_rate",
    "reopening": "reopening_rate",
    "satisfaction": "satisfaction",
    "response_time": "mean_first_response",
    "resolution_time": "mean_solution",
}
"""What a formula over cases is called where a clause promises it; `attainment` has the promise whose clocks it counts.
"""


class Practice(NamedTuple):
    """A stated bound that is run otherwise: by `row`, which asks less, or by nothing, for these kinds of case."""

    bound: Bound
    row: Deadline | Measure | None
    pack: str
    kinds: tuple[Kind, ...]


class Rows(NamedTuple):
    """Rows of several packs, each with the name of its pack."""

    kinds: tuple[Kind, ...]
    deadlines: tuple[tuple[str, Deadline], ...]
    measures: tuple[tuple[str, Measure], ...]


def practice(bounds: Iterable[Bound], packs: Sequence[Pack], lexicon: Lexicon) -> Iterator[Practice]:
    """Each bound that is run looser than stated, or by nothing, though there are cases of its kinds.

    A clause with a reading says itself what is run, and is left out.
    """
    rows = Rows(
        tuple(kind for pack in packs for kind in pack.kinds if kind.counted),
        tuple((pack.name, row) for pack in packs for row in pack.deadlines),
        tuple((pack.name, row) for pack in packs for row in pack.measures),
    )
    for bound in bounds:
        if bound.clause.reading is None:
            kinds = tuple(kind for kind in rows.kinds if _speaks_of(bound.statement, kind.code, lexicon))
            yield from _limit(bound, kinds, rows, lexicon)
            yield from _goal(bound, kinds, rows, lexicon)


def _speaks_of(statement: Statement, kind: str, lexicon: Lexicon) -> bool:
    return lexicon.covers(statement.about, kind) or lexicon.covers(kind, statement.about)


def _limit(bound: Bound, kinds: tuple[Kind, ...], rows: Rows, lexicon: Lexicon) -> Iterator[Practice]:
    figure = lexicon.figure(bound.statement.promise)
    if bound.side != "at_most" or bound.dimension != "time" or bound.window or figure.middle:
        return
    ours = [
        (pack, row)
        for pack, row in rows.deadlines
        if lexicon.figure(row.promise) == figure and row.starts == bound.start
    ]
    found: dict[str, Practice] = {}
    kept = False
    for kind, urgency, complexity in _cells(bound.statement, kinds, lexicon):
        run = [each for each in ours if each[1].applies.covers(kind.code, urgency, complexity)]
        pack, row = min(run, key=lambda each: _length(each[1]), default=("", None))
        if row is not None and not _looser(row, bound):
            kept = True
            continue
        one = found.setdefault(row.id if row else "", Practice(bound, row, pack, ()))
        if kind not in one.kinds:
            found[row.id if row else ""] = one._replace(kinds=(*one.kinds, kind))
    if not (kept and _has_strange_cases(bound.statement, lexicon)):
        yield from found.values()


def _goal(bound: Bound, kinds: tuple[Kind, ...], rows: Rows, lexicon: Lexicon) -> Iterator[Practice]:
    figure = lexicon.figure(bound.statement.promise)
    for pack, row in rows.measures:
        promise = row.promise or OF_FORMULA[row.formula]
        if _asks_less(row, bound) and lexicon.figure(promise) == figure:
            cells = _cells(bound.statement, kinds, lexicon)
            met = [kind for kind, *case in cells if row.applies.covers(kind.code, *case)]
            if met:
                yield Practice(bound, row, pack, tuple({kind.code: kind for kind in met}.values()))


def _asks_less(row: Measure, bound: Bound) -> bool:
    """Whether the measure's goal is below the stated share, or above the stated time."""
    if row.takes_time:
        stated = bound.side == "at_most" and bound.dimension == "time"
        return stated and row.at_most is not None and row.at_most * SECONDS["h"] > bound.amount
    stated = bound.side == "at_least" and bound.dimension == "share"
    return stated and row.at_least is not None and row.at_least < bound.amount


def _cells(
    statement: Statement, kinds: tuple[Kind, ...], lexicon: Lexicon
) -> Iterator[tuple[Kind, Urgency, Complexity]]:
    """Every sort of case that the statement is for; a condition that no case is sorted by narrows nothing."""
    said = [value for values in statement.when.values() for value in values]
    urgencies = [each for each in Urgency if any(lexicon.covers(value, each) for value in said)]
    complexities = [each for each in Complexity if any(lexicon.covers(value, each) for value in said)]
    yield from product(kinds, urgencies or Urgency, complexities or Complexity)


def _has_strange_cases(statement: Statement, lexicon: Lexicon) -> bool:
    """Whether it names a condition that no case is sorted by: which of the cases it is for cannot be told."""
    known = (*Urgency, *Complexity)
    said = [value for values in statement.when.values() for value in values]
    return not all(any(lexicon.covers(value, each) for each in known) for value in said)


def _length(row: Deadline) -> float:
    return row.target.rank + (row.after.rank if row.after else 0)


def _looser(row: Deadline, bound: Bound) -> bool:
    """Whether the deadline allows more; opening hours of the same number are more than hours."""
    length = _length(row)
    return length > bound.amount * (1 + 1e-9) or (row.calendar == "opening" and length >= bound.amount)
