"""The limits of a policy as a matrix: which cases, which promises (F13)."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from clubassist.pure.policy import Policy, Urgency
from clubassist.pure.policy.terms import Complexity


class LimitRow(NamedTuple):
    """Cases of these kinds, urgencies and complexities all have these deadlines; kinds and deadlines by their ids."""

    kinds: tuple[str, ...]
    urgencies: tuple[Urgency, ...]
    complexities: tuple[Complexity, ...]
    deadlines: tuple[str, ...]


def limits(policy: Policy, wanted: Collection[str]) -> list[LimitRow]:
    """Return the cases that run by one of the deadlines `wanted` (ids) with all their limits, alike ones in one row."""
    rows = []
    for kind in policy.kinds:
        for urgency in Urgency:
            for complexity in Complexity:
                found = policy.deadlines_for(kind.code, urgency, complexity)
                ids = tuple(deadline.id for deadline in found)
                if not set(wanted).isdisjoint(ids):
                    rows.append(LimitRow((kind.code,), (urgency,), (complexity,), ids))
    for axis in ("complexities", "urgencies", "kinds"):
        rows = _together(rows, axis)
    return rows


def _together(rows: list[LimitRow], axis: str) -> list[LimitRow]:
    """Return the rows with those joined that differ in nothing but `axis`."""
    joined: dict[LimitRow, LimitRow] = {}
    for row in rows:
        alike = row._replace(**{axis: ()})
        kept = joined.get(alike)
        joined[alike] = row._replace(**{axis: getattr(kept, axis) + getattr(row, axis)}) if kept else row
    return list(joined.values())
