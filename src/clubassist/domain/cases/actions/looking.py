"""Looking a case up; a look at a sensitive one leaves a row in the access log."""

from __future__ import annotations

from datetime import datetime

from clubassist.core import access
from clubassist.core.actor import Actor, ActorKind
from clubassist.core.refusal import Missing
from clubassist.domain.cases.models import Case
from clubassist.domain.cases.queries import case_by_number


def look_up(number: str, *, actor: Actor, at: datetime) -> Case:
    """Return the case with everything its page names; a colleague's look at a sensitive case is logged (F25).

    The number of a merged case opens the one that goes on (F20). One statement, two for a merged or a sensitive one.
    Raises Missing for a case out of sight.
    """
    case = case_by_number(number, actor=actor)
    if case is None:
        raise Missing
    if case.sensitive and actor.kind is ActorKind.STAFF:
        access.looked("read", ("case", case.number), actor=actor, at=at, scope=case.club_id)
    return case
