"""Solving and closing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clubassist.core import rows
from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.linking import refuse_open_children
from clubassist.domain.cases.actions.offering import take_back
from clubassist.domain.cases.actions.stages import checked_reason, complete_gate, skip_ahead
from clubassist.domain.cases.actions.state import heard_from_us, keep
from clubassist.domain.cases.actions.words import LONG_TEXT, SHORT_TEXT, checked_words
from clubassist.domain.cases.clocks import SOLUTION, Sort, start_clock, started, stop
from clubassist.domain.cases.facts import CaseClosed, CaseResolved
from clubassist.domain.cases.models import Case, Clock, FollowUp, Offer
from clubassist.domain.cases.steps import planned_stages, steps_before_closing, steps_before_solving
from clubassist.domain.channels.models import Message
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Gate
from clubassist.pure.policy import Task as TaskRules

RESOLUTIONS: Final = ("solved", "answered", rules.NOT_AGREED, "no_fault_found", "withdrawn")


@action
def resolve(
    *,
    case: Case,
    resolution: str,
    text: str,
    reason: str = "",
    actor: Actor,
    at: datetime,
    seen: int | None = None,
) -> Case:
    """Tell the member the result and mark the matter as solved; keeps the solution promise, and the first response
    unless a machine resolves it (A07).

    From then on the closing report and the follow-up calls are owed, by the pack. While mandatory steps before are
    open it takes a service manager and a `reason`, which skips them (F48); an enquiry or praise has none. "not_agreed"
    is a service manager's, once the member knows the routes outside the club: it keeps no solution promise, stops its
    clock and counts as unsolved (B27). An open offer is withdrawn.
    Records CaseResolved. Raises Refused for an unknown resolution, an empty text, open steps or a case solved already.
    """
    text = _checked(resolution, text)
    case = locked(case, actor=actor, permission="case.resolve", seen=seen)
    if case.resolved_at is not None:
        raise Refused("resolved-already", mend=_("This case is solved already. You can close it."))
    if resolution == rules.NOT_AGREED:
        _check_unagreed(case, actor)
    _skip_or_refuse(case, reason, actor=actor, at=at)
    for offer in Offer.objects.open().filter(case=case):
        take_back(case, offer, text[:SHORT_TEXT], actor=actor, at=at)
    Message.objects.create(
        conversation=case.conversation,
        direction="out",
        channel=case.conversation.channel,
        author_id=actor.account,
        automatic=actor.machine,
        body=text,
        at=at,
    )
    agreed = resolution != rules.NOT_AGREED
    kept = ("first_response", SOLUTION) if agreed else ("first_response",)
    met = heard_from_us(case, kept, actor=actor, at=at)
    given_up = () if agreed else _given_up(case, at=at)
    case.resolved_at, case.resolution = at, resolution
    if agreed:
        case.first_resolved_at = case.first_resolved_at or at
    owed = _owed_from_now(case, at=at)
    fact = CaseResolved(
        case_id=case.pk,
        resolution=resolution,
        met=met,
        stopped=given_up,
        clocks=tuple(started(clock) for clock in owed),
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    complete_gate(case, Gate.RESOLVED, actor=actor, at=at)
    keep(case)
    return case


def _checked(resolution: str, text: str) -> str:
    if resolution not in RESOLUTIONS:
        raise Refused(
            "resolution-unknown", field="resolution", mend=_("Choose one of: %s.") % ", ".join(RESOLUTIONS)
        )
    return checked_words(text, LONG_TEXT, needed=_("Write what was done, for the member to read."))


def _given_up(case: Case, *, at: datetime) -> tuple[int, ...]:
    """Stop the clock of a solution that will not come, so that nothing takes it up again; return it."""
    clocks = tuple(Clock.objects.running().filter(case=case, promise=SOLUTION).values_list("pk", flat=True))
    stop(clocks, at=at)
    return clocks


def _check_unagreed(case: Case, actor: Actor) -> None:
    """Raise Refused unless a service manager ends it, and the member knows who else can help (B27, A08)."""
    if not rules.may(actor, "case.end_unagreed", case):
        mend = _("Only a service manager ends a case without agreement.")
        raise Refused("not-allowed", field="resolution", mend=mend, status=403)
    if case.routes_told_at is None:
        mend = _("Tell the member first who outside the club can help.")
        raise Refused("routes-untold", field="resolution", mend=mend)


def _skip_or_refuse(case: Case, reason: str, *, actor: Actor, at: datetime) -> None:
    left = steps_before_solving(case)
    if not left:
        return
    if not rules.may(actor, "case.skip", case):
        raise Refused("steps-open", mend=_steps_open(left))
    if not reason.strip():
        raise Refused("reason-missing", field="reason", mend=_steps_open(left))
    skip_ahead(case, checked_reason(reason), actor=actor, at=at)


def _steps_open(left: list[TaskRules]) -> Promise | str:
    """Name the open steps, at most three of them, in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh")
    names = [task.title.zh if chinese else task.title.en for task in left[:3]]
    words = _(
        "%(count)d steps are still to be taken: %(steps)s. A service manager can skip them with a reason."
    )
    return words % {"count": len(left), "steps": _("; ").join(names)}


def _owed_from_now(case: Case, *, at: datetime) -> list[Clock]:
    """Start the clocks that run from the solution, and lay down the follow-up calls (B28, F52)."""
    policy = policy_of(tuple(case.pack_versions))
    calls = {
        task.promise for stage in planned_stages(case) for task in stage.tasks if task.gate == Gate.FOLLOW_UP
    }
    clocks = []
    for deadline in policy.deadlines_for(case.kind, case.urgency, case.complexity, starts="resolved"):
        opens = at + deadline.after.timedelta if deadline.after else at
        clock = start_clock(deadline, sort=Sort.of(case), club=case.club, at=opens)
        clock.case = case
        clock.pk = rows.keys(Clock)[0]
        clocks.append(clock)
        if deadline.promise in calls:
            FollowUp.objects.create(case=case, promise=deadline.promise, opens_at=opens)
    Clock.objects.bulk_create(clocks)
    return clocks


@action
def close(*, case: Case, actor: Actor, at: datetime, seen: int | None = None) -> Case:
    """Finish a solved case; clocks that still run are stopped, not met. Records CaseClosed.

    The closing report must be there and the first follow-up call must have ended: every mandatory step is done or was
    skipped (B28, F48). Calls still to come (the optional one on day 30) are owed beyond the close: their clocks go on,
    and "not solved" opens the case again, so that a month's resolution rate is final on day 35 (A05).
    Raises Refused while the case is not solved, steps or children are open (A21) or the member waits for an answer, and
    Conflict when somebody changed the case since version `seen`.
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
    if left := steps_before_closing(case):
        raise Refused("steps-open", mend=_steps_open(left))
    going_on = FollowUp.objects.open().filter(case=case).values("promise")
    running = Clock.objects.running().filter(case=case).exclude(task__isnull=True, promise__in=going_on)
    stopped = tuple(running.values_list("pk", flat=True))
    stop(stopped, at=at)
    case.closed_at = at
    record(CaseClosed(case_id=case.pk, stopped=stopped), actor=actor, at=at, scope=case.club_id)
    keep(case)
    return case
