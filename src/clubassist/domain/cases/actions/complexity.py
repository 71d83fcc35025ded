"""The longer limit of a complex case: somebody asks with a reason, a manager decides, and it counts from receipt."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.state import keep
from clubassist.domain.cases.actions.words import SHORT_TEXT, checked_words
from clubassist.domain.cases.clocks import pauses_of, planned, replace_clock, started
from clubassist.domain.cases.facts import ComplexityAsked, ComplexityDecided
from clubassist.domain.cases.models import Case, Clock, ComplexityRequest
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Deadline
from clubassist.pure.policy.terms import Complexity


@action
def ask_complex(
    *, case: Case, reason: str, actor: Actor, at: datetime, seen: int | None = None
) -> ComplexityRequest:
    """Ask a manager to treat the case as complex (F50). Nothing moves until somebody else has approved.

    Records ComplexityAsked. Raises Refused without a reason, for a kind without such a limit, a solution given already
    or a limit that is over; Conflict while a request waits.
    """
    case = locked(case, actor=actor, permission="case.ask_complex", seen=seen)
    needed = _("Say what makes it complex, for example: the maker must examine the machine.")
    words = checked_words(reason, SHORT_TEXT, field="reason", needed=needed)
    _refuse_unless_possible(case, at)
    if case.complexity_requests.waiting().exists():
        raise Conflict("complex-asked", mend=_("A manager has been asked already and has not decided yet."))
    request = ComplexityRequest.objects.create(
        case=case, reason=words, asked_by_id=actor.account, asked_at=at
    )
    case.version += 1
    case.save(update_fields=["version"])
    fact = ComplexityAsked(case_id=case.pk, request_id=request.pk)
    record(fact, actor=actor, at=at, scope=case.club_id)
    return request


@action
def decide_complex(
    *,
    request: ComplexityRequest,
    approve: bool,
    remark: str = "",
    actor: Actor,
    at: datetime,
    seen: int | None = None,
) -> ComplexityRequest:
    """Approve or refuse. Approved, the limits of a complex case replace the ordinary ones, counted from receipt.

    Records ComplexityDecided, upon which whoever asked and the member are told. Raises Refused for one's own request, a
    refusal without a `remark`, or a case for which it is no longer possible; Conflict for one decided already.
    """
    case = locked(request.case, actor=actor, permission="case.approve_complex", seen=seen)
    if actor.machine:
        raise Refused("not-allowed", mend=_("A person decides this."), status=403)
    row = ComplexityRequest.objects.select_for_update().get(pk=request.pk)
    if row.decided_at is not None:
        raise Conflict("complex-decided", mend=_("Somebody has decided this already."))
    if row.asked_by_id == actor.account:
        mend = _("Nobody approves their own request. Ask another manager.")
        raise Refused("own-request", mend=mend, status=403)
    needed = "" if approve else _("Say why not; whoever asked reads it.")
    words = checked_words(remark, SHORT_TEXT, field="remark", needed=needed)
    replaced = _longer(case, at) if approve else []
    row.approved, row.remark, row.decided_at, row.decided_by_id = approve, words, at, actor.account
    row.save()
    if approve:
        case.complexity = Complexity.COMPLEX.value
    keep(case)
    fact = ComplexityDecided(
        case_id=case.pk,
        request_id=row.pk,
        approved=approve,
        stopped=tuple(old.pk for old, _new in replaced),
        clocks=tuple(started(new, pauses=pauses_of(new)) for _old, new in replaced),
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    return row


def _longer(case: Case, at: datetime) -> list[tuple[Clock, Clock]]:
    """Put the clocks of a complex case in place of the ordinary ones; return (old, new)."""
    pairs = []
    for old, deadline in _refuse_unless_possible(case, at):
        if old.paused_at is not None:
            mend = _("A clock stands still. Let it go on first, then decide.")
            raise Conflict("clock-paused", mend=mend)
        pairs.append((old, replace_clock(old, deadline, at=at)))
    return pairs


def _refuse_unless_possible(case: Case, at: datetime) -> list[tuple[Clock, Deadline]]:
    """Return the running clocks with the deadlines that a complex case has in their place."""
    if case.complexity == Complexity.COMPLEX.value:
        raise Refused("complex-already", mend=_("This case is complex already."))
    other = longer_limits(case)
    if not other:
        mend = _("The rules know no longer limit for this kind of case.")
        raise Refused("no-complex-limit", mend=mend)
    pairs = []
    for clock in Clock.objects.running().filter(case=case, promise__in=other).select_for_update():
        clock.case = case
        pairs.append((clock, other[clock.promise]))
    if not pairs:
        mend = _("The member has the solution already; there is no limit left to extend.")
        raise Refused("solution-given", mend=mend)
    if all(planned(clock, row).due_at <= at for clock, row in pairs):
        mend = _("The longer limit counts from receipt and is over too. Offer a solution now.")
        raise Refused("complex-too-late", mend=mend)
    return pairs


def longer_limits(case: Case) -> dict[str, Deadline]:
    """Return the deadlines that such a case has when it is complex in place of the ordinary ones, by promise."""
    policy = policy_of(tuple(case.pack_versions))
    ordinary = {row.id for row in policy.deadlines_for(case.kind, case.urgency)}
    complex_ = policy.deadlines_for(case.kind, case.urgency, Complexity.COMPLEX.value)
    return {row.promise: row for row in complex_ if row.id not in ordinary}
