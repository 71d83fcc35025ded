"""How like cases were settled before, as a colleague reads it beside a new offer (B24)."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions.holding import in_yuan
from clubassist.domain.cases.models import Case
from clubassist.domain.cases.precedents import Precedent, precedents_of
from clubassist.pure.policy import Policy
from clubassist.web.desk.forms import RESOLUTION_WORDS
from clubassist.web.desk.page import said
from clubassist.web.shared.templatetags.sa import moment

CLAUSE: Final = "B24"
"""The clause that asks to look at earlier cases; not every club runs by it."""


class Line(NamedTuple):
    """An earlier case: how it ended, and the remedy that its member took, with its cost in yuan ("" for none)."""

    number: str
    title: str
    closed: str
    result: str
    remedy: str
    cost: str
    rounds: int
    like: bool


class Shown(NamedTuple):
    """The nearest earlier cases, of how many `held`; and the least, the middle and the most that they cost, in yuan."""

    lines: list[Line]
    held: int
    agreed: int
    least: str
    middle: str
    most: str
    clause: str


def precedents(case: Case, *, policy: Policy, actor: Actor, at: datetime) -> Shown:
    """Return what the page shows of earlier cases like this one. Three statements."""
    found = precedents_of(case, actor=actor)
    costs = found.costs
    least, middle, most = (
        (in_yuan(costs[0]), in_yuan(costs[len(costs) // 2]), in_yuan(costs[-1])) if costs else ("", "", "")
    )
    lines = [_line(one, policy, at) for one in found.shown]
    clause = CLAUSE if CLAUSE in policy.clauses else ""
    return Shown(lines, found.count, len(costs), least, middle, most, clause)


def _line(one: Precedent, policy: Policy, at: datetime) -> Line:
    remedy = policy.remedies.get(one.given.remedy) if one.given else None
    closed = one.case.closed_at
    return Line(
        number=one.case.number,
        title=one.title,
        closed=moment(closed, at) if closed else "",
        result=str(RESOLUTION_WORDS.get(one.case.resolution, one.case.resolution)),
        remedy=said(remedy.title) if remedy else one.given.remedy if one.given else "",
        cost=in_yuan(one.given.cost) if one.given and one.given.cost else "",
        rounds=one.rounds,
        like=one.like,
    )
