"""What the club promises, in plain words, from the policy in force."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from clubassist.pure.policy import Deadline, Kind, Policy
from clubassist.pure.policy.terms import Complexity, Urgency
from clubassist.web.portal.words import listed, said


class Promise(NamedTuple):
    """One promise: its title, what we say, and the titles of the clauses it comes from."""

    title: str
    words: str
    clauses: tuple[str, ...]


class Group(NamedTuple):
    """Kinds of matters that share their promises; `kinds` is an enumeration of their titles."""

    kinds: str
    promises: tuple[Promise, ...]


def member_kinds(policy: Policy) -> list[Kind]:
    """Return the kinds that members may choose, in the policy's order."""
    return [kind for kind in policy.kinds if kind.member_choice is not None]


def usual_promises(policy: Policy) -> list[Group]:
    """Return what holds for an ordinary matter that is not urgent: said before somebody reports."""
    return _grouped(policy, (Urgency.NORMAL,), (Complexity.ORDINARY,))


def all_promises(policy: Policy) -> list[Group]:
    """Return every promise to members, the urgent and the complex ones too."""
    return _grouped(policy, tuple(Urgency), tuple(Complexity))


def _grouped(
    policy: Policy, urgencies: tuple[Urgency, ...], complexities: tuple[Complexity, ...]
) -> list[Group]:
    groups: dict[tuple[str, ...], tuple[list[str], list[Deadline]]] = {}
    for kind in member_kinds(policy):
        found: dict[str, Deadline] = {}
        for urgency, complexity in product(urgencies, complexities):
            rows = policy.deadlines_for(kind.code, urgency, complexity)
            found |= {row.id: row for row in rows if row.member_words}
        if found:
            titles, _rows = groups.setdefault(tuple(found), ([], list(found.values())))
            titles.append(said(kind.title))
    return [
        Group(listed(titles), tuple(_promise(policy, row) for row in rows))
        for titles, rows in groups.values()
    ]


def _promise(policy: Policy, row: Deadline) -> Promise:
    clauses = tuple(said(policy.clauses[one].title) for one in row.clauses if one in policy.clauses)
    return Promise(said(row.title), said(row.member_words) if row.member_words else "", clauses)
