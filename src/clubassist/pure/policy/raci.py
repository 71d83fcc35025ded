"""Who answers for what: for each clause one department, who carries it out, and who hears of it (F68)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from clubassist.pure.policy.policy import Policy
from clubassist.pure.policy.schema import Clause, Measure


class Responsible(NamedTuple):
    """A clause by departments and roles (codes): who answers for it, who carries it out, who is told of it.

    `accountable` of a clause that only points elsewhere are the owners of its targets.
    """

    clause: Clause
    accountable: tuple[str, ...]
    responsible: tuple[str, ...]
    informed: tuple[str, ...]


class Measured(NamedTuple):
    """A measure and the departments that answer for its clauses; it should be one."""

    measure: Measure
    accountable: tuple[str, ...]


def responsibilities(policy: Policy) -> tuple[Responsible, ...]:
    """Every clause in force with its people, in order."""
    return tuple(_responsible(clause, policy) for clause in policy.clauses.values())


def measures_owned(policy: Policy) -> tuple[Measured, ...]:
    """Every measure in force with who answers for it, in order."""
    return tuple(Measured(measure, _owners(measure.clauses, policy)) for measure in policy.measures)


def _responsible(clause: Clause, policy: Policy) -> Responsible:
    ids = {clause.id, *clause.points_to}
    return Responsible(
        clause,
        _owners((clause.id,) if clause.owner else clause.points_to, policy),
        tuple(dict.fromkeys(_departments(ids, policy))),
        tuple(dict.fromkeys(_told(ids, policy))),
    )


def _owners(clauses: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    found = (policy.clauses[each].owner for each in clauses if each in policy.clauses)
    return tuple(dict.fromkeys(owner for owner in found if owner))


def _departments(ids: set[str], policy: Policy) -> Iterator[str]:
    """The departments that take the steps of these clauses."""
    for playbook in policy.playbooks:
        for stage in playbook.stages:
            for task in stage.tasks:
                if task.department and not ids.isdisjoint(task.clauses):
                    yield task.department


def _told(ids: set[str], policy: Policy) -> Iterator[str]:
    """Whom the alarms of these clauses' deadlines reach."""
    for deadline in policy.deadlines:
        if not ids.isdisjoint(deadline.clauses):
            yield from (rung.to for rung in deadline.ladder)
