"""Judging a matter: which kind it is and how soon somebody must act, beside what the rules suggest (B19)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.stages import complete_gate, enter
from clubassist.domain.cases.clocks import nearest_due, start_clock, started, stop
from clubassist.domain.cases.facts import CaseAssessed
from clubassist.domain.cases.models import Assessment, Case, Clock, Task
from clubassist.domain.cases.suggesting import suggestion
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Gate, Kind, Policy, UnknownKind, Urgency

EVERY_URGENCY: Final = tuple(str(urgency) for urgency in Urgency)
CHANGED: Final = ("kind", "urgency", "confidentiality", "assessed_at", "stage", "next_due_at", "version")
"""What judging may change on a case."""


def assessed(case: Case, *, actor: Actor, at: datetime) -> Assessment:
    """Return the unsaved judgement that the case is of its kind and urgency, with what the rules suggest."""
    verdict = suggestion(case.narrative, tuple(case.pack_versions))
    return Assessment(
        case=case,
        kind=case.kind,
        urgency=case.urgency,
        suggested_kind=verdict.kind or "",
        suggested_urgency=str(verdict.urgency) if verdict.kind else "",
        by_id=actor.account,
        at=at,
    )


@action
def assess(
    *, case: Case, kind: str, urgency: str, actor: Actor, at: datetime, seen: int | None = None
) -> Assessment:
    """Judge kind and urgency of a case, as filed or otherwise, and complete the step that asks for it (B19).

    What was promised stays promised. A higher urgency starts stricter clocks from now, in place of looser ones; so do
    promises that only the new kind makes. A kind that counts nowhere, as praise, stops what runs. Another playbook
    begins with its first stage. Records CaseAssessed, and StageEntered where the case moved. Raises Missing, Refused
    naming the field, or for another playbook once the work has gone beyond the first stage; Conflict by `seen`.
    """
    case = locked(case, actor=actor, permission="case.assess", seen=seen)
    policy = policy_of(tuple(case.pack_versions))
    new = _checked(case, kind, urgency, policy)
    previous, raised = case.kind, EVERY_URGENCY.index(urgency) > EVERY_URGENCY.index(case.urgency)
    other_playbook = new.playbook != policy.kind(previous).playbook
    case.kind, case.urgency, case.confidentiality = new.code, urgency, new.confidentiality
    case.assessed_at = at
    stopped, clocks = _clocks(case, new, policy, raised=raised, at=at)
    row = assessed(case, actor=actor, at=at)
    row.save()
    fact = CaseAssessed(
        case_id=case.pk,
        kind=row.kind,
        urgency=row.urgency,
        previous=previous,
        suggested=row.suggested_kind,
        stopped=stopped,
        clocks=tuple(started(clock) for clock in clocks),
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    if other_playbook:
        enter(case, policy.playbook(case.kind).stages[0], actor=actor, at=at)
    if Task.objects.open().filter(case=case, stage__left_at__isnull=True, gate=Gate.ASSESSED).exists():
        complete_gate(case, Gate.ASSESSED, actor=actor, at=at)
    case.next_due_at = nearest_due(case)
    case.version += 1
    case.save(update_fields=CHANGED)
    return row


def _checked(case: Case, kind: str, urgency: str, policy: Policy) -> Kind:
    """Return the new kind; raise Refused where it or the urgency cannot stand."""
    try:
        new = policy.kind(kind)
    except UnknownKind as error:
        raise Refused("kind-unknown", field="kind", mend=_("Choose one of the kinds on the form.")) from error
    if urgency not in EVERY_URGENCY:
        mend = _("Choose one of: %s.") % ", ".join(EVERY_URGENCY)
        raise Refused("urgency-unknown", field="urgency", mend=mend)
    begun = case.stage != policy.playbook(case.kind).stages[0].id
    if begun and new.playbook != policy.kind(case.kind).playbook:
        raise Refused(
            "kind-too-late",
            field="kind",
            mend=_("Work on this case has begun. Log it anew under the other kind, and link the two."),
        )
    return new


def _clocks(
    case: Case, new: Kind, policy: Policy, *, raised: bool, at: datetime
) -> tuple[tuple[int, ...], list[Clock]]:
    """Stop and start what the new kind and urgency ask for; return the clocks stopped and those started."""
    running = list(Clock.objects.running().filter(case=case, task__isnull=True).select_for_update())
    if not new.counted:
        stop([clock.pk for clock in running], at=at)
        return tuple(clock.pk for clock in running), []
    replaced, clocks = [], []
    for old, clock in _stricter(case, running, policy, raised=raised, at=at):
        if old is not None:
            stop([old.pk], at=at)
        clock.case = case
        clock.save(force_insert=True)
        clocks.append(clock)
        if old is not None:
            Clock.objects.filter(pk=old.pk).update(replaced_by=clock)
            replaced.append(old.pk)
    return tuple(replaced), clocks


def _stricter(
    case: Case, running: list[Clock], policy: Policy, *, raised: bool, at: datetime
) -> Iterator[tuple[Clock | None, Clock]]:
    """Yield new clocks with the running one that each takes the place of, if any."""
    if case.resolved_at is not None:
        return
    made = case.clocks.filter(task__isnull=True, stopped_at__isnull=True)
    promised = set(made.values_list("promise", flat=True))
    by_promise = {clock.promise: clock for clock in running}
    for deadline in policy.deadlines_for(case.kind, case.urgency, case.complexity):
        old = by_promise.get(deadline.promise)
        if old is None and deadline.promise not in promised:
            yield None, start_clock(deadline, club=case.club, at=at)
        elif old is not None and raised and old.paused_at is None:
            clock = start_clock(deadline, club=case.club, at=at)
            if clock.due_at < old.due_at:
                yield old, clock
