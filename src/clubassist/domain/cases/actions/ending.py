"""Solving and closing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.linking import refuse_open_children
from clubassist.domain.cases.actions.state import derive_state, heard_from_us
from clubassist.domain.cases.clocks import stop
from clubassist.domain.cases.facts import CaseClosed, CaseResolved
from clubassist.domain.cases.models import NO_CLOCK, Case, Clock
from clubassist.domain.channels.models import Message

MOST_CHARACTERS: Final = 10_000
RESOLUTIONS: Final = ("solved", "answered", "not_agreed", "no_fault_found", "withdrawn")


@action
def resolve(
    *, case: Case, resolution: str, text: str, actor: Actor, at: datetime, seen: int | None = None
) -> Case:
    """Tell the member the result and mark the matter as solved; keeps the solution promise, and the first response
    unless a machine resolves it (A07).

    Records CaseResolved. Raises Refused for an unknown resolution, an empty text or a case solved already.
    """
    if resolution not in RESOLUTIONS:
        raise Refused(
            "resolution-unknown", field="resolution", mend=_("Choose one of: %s.") % ", ".join(RESOLUTIONS)
        )
    if not text.strip():
        raise Refused("text-missing", field="text", mend=_("Write what was done, for the member to read."))
    if len(text) > MOST_CHARACTERS:
        raise Refused("text-too-long", field="text", mend=_("Shorten the text to 10,000 characters."))
    case = locked(case, actor=actor, permission="case.resolve", seen=seen)
    if case.resolved_at is not None:
        raise Refused("resolved-already", mend=_("This case is solved already. You can close it."))
    Message.objects.create(
        conversation=case.conversation,
        direction="out",
        channel=case.conversation.channel,
        author_id=actor.account,
        automatic=actor.machine,
        body=text.strip(),
        at=at,
    )
    met = heard_from_us(case, ("first_response", "solution"), actor=actor, at=at)
    case.resolved_at, case.resolution = at, resolution
    case.first_resolved_at = case.first_resolved_at or at
    _save(case)
    record(
        CaseResolved(case_id=case.pk, resolution=resolution, met=met), actor=actor, at=at, scope=case.club_id
    )
    return case


@action
def close(*, case: Case, actor: Actor, at: datetime, seen: int | None = None) -> Case:
    """Finish a solved case; clocks that still run are stopped, not met. Records CaseClosed.

    Raises Refused while the case is not solved, the member waits for an answer or a child is open (A21), and Conflict
    when somebody changed the case since version `seen`.
    """
    case = locked(case, actor=actor, permission="case.close", seen=seen)
    if case.resolved_at is None:
        raise Refused("not-resolved", mend=_("Solve the case and tell the member first, then close it."))
    if case.awaits_reply:
        raise Refused(
            "answer-first",
            mend=_("The member has had no answer from a person yet. Answer, then close the case."),
        )
    refuse_open_children(case)
    running = list(Clock.objects.running().filter(case=case).values_list("pk", flat=True))
    if running:
        stop(running, at=at)
    case.closed_at, case.next_due_at = at, NO_CLOCK
    _save(case)
    record(CaseClosed(case_id=case.pk, stopped=tuple(running)), actor=actor, at=at, scope=case.club_id)
    return case


def _save(case: Case) -> None:
    derive_state(case)
    case.version += 1
    case.save()
