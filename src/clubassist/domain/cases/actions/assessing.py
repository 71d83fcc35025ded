"""Judging a matter: which kind it is and how soon somebody must act, beside what the rules suggest (B19)."""

from __future__ import annotations

from datetime import datetime

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.stages import complete_gate
from clubassist.domain.cases.actions.state import keep
from clubassist.domain.cases.facts import CaseAssessed
from clubassist.domain.cases.models import Assessment, Case, Task
from clubassist.domain.cases.suggesting import suggestion
from clubassist.pure.policy import Gate


@action
def assess(*, case: Case, actor: Actor, at: datetime, seen: int | None = None) -> Assessment:
    """Confirm that a case is of the kind and urgency as filed, and complete the step that asks for it (B19).

    To give it others see `reclassify`. Records CaseAssessed. Raises Missing, Refused without the right, Conflict by
    `seen`.
    """
    case = locked(case, actor=actor, permission="case.assign", seen=seen)
    row = judge(case, actor=actor, at=at)
    fact = CaseAssessed(case_id=case.pk, kind=row.kind, urgency=row.urgency, suggested=row.suggested_kind)
    record(fact, actor=actor, at=at, scope=case.club_id)
    keep(case)
    return row


def judge(case: Case, *, actor: Actor, at: datetime) -> Assessment:
    """Keep who judged the case to be what it is now, beside what the rules suggest. The caller saves the case.

    The step that asks for it is done.
    """
    row = assessed(case, actor=actor, at=at)
    row.save()
    case.assessed_at = at
    if Task.objects.open().filter(case=case, stage__left_at__isnull=True, gate=Gate.ASSESSED).exists():
        complete_gate(case, Gate.ASSESSED, actor=actor, at=at)
    return row


def assessed(case: Case, *, actor: Actor, at: datetime) -> Assessment:
    """Return the unsaved judgement that the case is of its kind and urgency, with what the rules suggest.

    For a case without words, as one that a tap has opened, they suggest nothing.
    """
    verdict = suggestion(case.narrative, tuple(case.pack_versions))
    return Assessment(
        case=case,
        kind=case.kind,
        urgency=case.urgency,
        suggested_kind=verdict.kind or "" if case.narrative else "",
        suggested_urgency=str(verdict.urgency) if verdict.kind and case.narrative else "",
        by_id=actor.account,
        at=at,
    )
