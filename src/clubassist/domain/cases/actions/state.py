"""What follows for a case from what is true about it: its state, and what its member's hearing from us ends."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from clubassist.core.actor import Actor
from clubassist.domain.cases.clocks import meet, nearest_due
from clubassist.domain.cases.models import NO_CLOCK, Case, State, Task
from clubassist.domain.cases.steps import planned_stages

IMPLEMENTATION: Final = "implementation"


def keep(case: Case) -> None:
    """Save a case that was changed: its state and its nearest clock follow, and whoever looked before is told."""
    case.state = _state(case)
    case.next_due_at = NO_CLOCK if case.closed_at is not None else nearest_due(case)
    case.version += 1
    case.save()


def _state(case: Case) -> State:
    if case.closed_at is not None:
        return State.CLOSED
    return State.OPEN if case.resolved_at is None else State.RESOLVED


def heard_from_us(case: Case, promises: tuple[str, ...], *, actor: Actor, at: datetime) -> tuple[int, ...]:
    """Keep `promises` and note that the member heard from us; return the clocks met. Does not save.

    A first response is a person's (A07). What a machine's token says is automatic: it keeps no first response, and
    the case goes on awaiting an answer.
    """
    if actor.machine:
        promises = tuple(promise for promise in promises if promise != "first_response")
    else:
        case.told_at, case.awaits_reply, case.next_contact_at = at, False, None
    return meet(case, promises, at=at)


def begun(case: Case, task: Task, *, at: datetime) -> tuple[int, ...]:
    """Keep the promise to start what was agreed, once somebody takes on or does a task of that stage (B26).

    Return the clocks met.
    """
    stage = next((row.id for row in planned_stages(case) if row.promise == IMPLEMENTATION), None)
    return meet(case, (IMPLEMENTATION,), at=at) if task.stage.code == stage else ()
