"""Judging a case anew: another kind, another urgency (B19)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.assessing import judge
from clubassist.domain.cases.actions.stages import enter
from clubassist.domain.cases.actions.state import keep
from clubassist.domain.cases.actions.words import SHORT_TEXT, checked_words
from clubassist.domain.cases.clocks import Sort, start_clock, started, stop
from clubassist.domain.cases.facts import CaseReclassified
from clubassist.domain.cases.matters import facts_known_since, first_answer, said_on
from clubassist.domain.cases.models import Case, Clock, Offer
from clubassist.domain.cases.models.case import SENSITIVE
from clubassist.domain.cases.steps import duties, gates_of
from clubassist.domain.channels.models import Conversation, Message
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Deadline, Gate, Kind, Playbook, Policy, UnknownKind

RISING: Final = ("normal", "urgent", "emergency")
"""Urgencies, the calmest first."""
OWES_LESS: Final = _(
    "This kind owes fewer steps, or no report and no call. A service manager gives a case such a kind."
)


@action
def reclassify(
    *,
    case: Case,
    kind: str,
    urgency: str,
    reason: str,
    actor: Actor,
    at: datetime,
    seen: int | None = None,
) -> Case:
    """Give an open case another kind or urgency, with a reason that colleagues read in a note (B19).

    A clock keeps the limit of the class in force when it started. When the case becomes more urgent, the shorter limits
    run from this moment where they are due earlier; a promise that only the new kind makes runs from receipt (part C,
    A01), and what was answered, judged or recorded before keeps it. No limit becomes longer, and no clock ends but of
    steps that the new kind does not ask for. What becomes an emergency is alarmed from this moment whatever was
    answered before or runs late (B30): a broken promise stays one beside the new clock. With another playbook the case
    begins at its first stage; one that owes less is a service manager's to give (F48). The judgement is kept beside
    what the rules suggest. Records CaseReclassified, upon which the member is told of times that moved. Raises Missing,
    Refused naming the field, Conflict while a clock to be shortened stands still, or by `seen`.
    """
    needed = _("Say why, for example: a machine, not the floor.")
    words = checked_words(reason, SHORT_TEXT, field="reason", needed=needed)
    case = locked(case, actor=actor, permission="case.assign", seen=seen)
    policy = policy_of(tuple(case.pack_versions))
    new = _checked(case, kind, urgency, policy, actor)
    sort = Sort(kind, urgency, case.complexity)
    deadlines = policy.deadlines_for(*sort)
    rises = _rank(urgency) > _rank(case.urgency)
    before, after = policy.playbook(case.kind), policy.playbook(kind)
    alarms = rises and urgency == RISING[-1]
    stopped, clocks = _shortened(case, sort, deadlines, gates_of(after), rises=rises, alarms=alarms, at=at)
    stopped += _given_up(case, before, after, at=at)
    fact = CaseReclassified(
        case_id=case.pk,
        kind=kind,
        urgency=urgency,
        previous_kind=case.kind,
        previous_urgency=case.urgency,
        stopped=tuple(stopped),
        clocks=tuple(started(clock) for clock in clocks if clock.running),
    )
    _filed(case, new, urgency)
    Message.objects.create(
        conversation=case.conversation,
        direction="note",
        channel="desk",
        author_id=actor.account,
        body=words,
        at=at,
    )
    _of_one_confidentiality(case)
    record(fact, actor=actor, at=at, scope=case.club_id)
    if after.id != before.id:
        enter(case, after.stages[0], actor=actor, at=at)
    judge(case, actor=actor, at=at)
    keep(case)
    return case


def _filed(case: Case, kind: Kind, urgency: str) -> None:
    """File the case under this kind, with the sub-class only if that kind knows it."""
    case.kind, case.urgency, case.confidentiality = kind.code, urgency, kind.confidentiality
    if case.subclass not in {row.code for row in kind.subclasses}:
        case.subclass = ""


def _of_one_confidentiality(case: Case) -> None:
    """Let what was merged into a case, and what was said on all of it, be as confidential as the case is now."""
    case.merged.update(confidentiality=case.confidentiality)
    said = Conversation.objects.filter(case__in=Case.objects.of_matter(case))
    said.update(sensitive=case.confidentiality == SENSITIVE)


def _rank(urgency: str) -> int:
    return RISING.index(urgency)


def _checked(case: Case, kind: str, urgency: str, policy: Policy, actor: Actor) -> Kind:
    """Return the kind of this code. Raises Refused at the field that cannot stand."""
    try:
        new = policy.kind(kind)
    except UnknownKind as error:
        raise Refused("kind-unknown", field="kind", mend=_("Choose one of the kinds on the form.")) from error
    known = urgencies_for(new, case)
    if urgency not in known:
        raise Refused("urgency-unknown", field="urgency", mend=_("Choose one of: %s.") % ", ".join(known))
    if (kind, urgency) == (case.kind, case.urgency):
        raise Refused("class-same", field="kind", mend=_("This is its kind and urgency already."))
    if case.resolved_at is not None:
        raise Refused("resolved-already", mend=_("This case is solved already. You can close it."))
    opens_up = case.confidentiality == SENSITIVE and new.confidentiality != SENSITIVE
    if opens_up and not rules.may(actor, "case.read_sensitive", case):
        mend = _("This case is sensitive. A service manager gives it a kind that more people may read.")
        raise Refused("not-cleared", field="kind", mend=mend, status=403)
    offered = Offer.objects.filter(case=case, answer__in=("", "accepted"))
    if policy.playbook(kind).id != policy.playbook(case.kind).id and offered.exists():
        mend = _("There is an offer on this case, which the new kind does not know. Withdraw it first.")
        raise Refused("has-offer", field="kind", mend=mend)
    rises = _rank(urgency) > _rank(case.urgency)
    if (
        _owes_less(new, _owed(case, policy), policy)
        and not _may_owe_less(case, actor)
        and not (rises and urgency == RISING[-1])
    ):
        raise Refused("owes-less", field="kind", mend=OWES_LESS, status=403)
    return new


def _owed(case: Case, policy: Policy) -> set[str]:
    """Return what a case owes by its kind and by every kind that it had before. One statement."""
    had = {case.kind, *case.clocks.values_list("kind", flat=True)}
    return set().union(*(duties(policy.playbook(kind.code)) for kind in policy.kinds if kind.code in had))


def _owes_less(kind: Kind, owed: set[str], policy: Policy) -> bool:
    return not owed <= duties(policy.playbook(kind.code))


def _may_owe_less(case: Case, actor: Actor) -> bool:
    return rules.may(actor, "case.skip", case)


def kinds_for(case: Case, actor: Actor) -> list[Kind]:
    """Return the kinds that `actor` may give the case; those of emergencies always.

    One statement, none for a case that is solved, which gets no other kind.
    """
    policy = policy_of(tuple(case.pack_versions))
    free = case.resolved_at is not None or _may_owe_less(case, actor)
    owed = set() if free else _owed(case, policy)
    return [
        kind
        for kind in policy.kinds
        if str(kind.default_urgency) == RISING[-1] or not _owes_less(kind, owed, policy)
    ]


def urgencies_for(kind: Kind, case: Case) -> list[str]:
    """Return the urgencies that a case may be given with this kind, the calmest first."""
    known = {"normal", "urgent", str(kind.default_urgency), case.urgency}
    return [urgency for urgency in RISING if urgency in known]


def _shortened(
    case: Case,
    sort: Sort,
    deadlines: tuple[Deadline, ...],
    gates: dict[str, str],
    *,
    rises: bool,
    alarms: bool,
    at: datetime,
) -> tuple[list[int], list[Clock]]:
    """Start what is promised anew, and what is due earlier now that the case rises; return ids stopped, and clocks.

    `gates` are those of the steps that keep promises of the new kind. With `alarms` every limit starts now.
    """
    own = case.clocks.filter(task__isnull=True, replaced_by__isnull=True).select_for_update(of=("self",))
    counting = {clock.promise: clock for clock in own.order_by("pk")}
    stopped: list[int] = []
    begun: list[Clock] = []
    for deadline in deadlines:
        old = counting.get(deadline.promise)
        if not alarms and old is not None and not (rises and old.running):
            continue
        new = start_clock(
            deadline, sort=sort, club=case.club, at=at if alarms or old is not None else case.received_at
        )
        if not alarms and old is not None and new.due_at >= old.due_at:
            continue
        new.case = case
        if old is None and not alarms:
            _kept_already(new, case, gates.get(new.promise))
        gives_way = old is not None and old.running and (old.paused_at is not None or old.due_at > at)
        if old is not None and old.running:
            if old.paused_at is not None and not alarms:
                raise Conflict(
                    "clock-paused", mend=_("A clock stands still. Let it go on first, then decide.")
                )
            stop([old.pk], at=at)
            stopped.append(old.pk)
        new.save(force_insert=True)
        if old is not None and gives_way:
            Clock.objects.filter(pk=old.pk).update(replaced_by=new)
        begun.append(new)
    return stopped, begun


def _given_up(case: Case, before: Playbook, after: Playbook, *, at: datetime) -> list[int]:
    """Stop what runs for steps that the new playbook does not ask for; return the clocks."""
    promises = gates_of(before).keys() - gates_of(after).keys()
    running = Clock.objects.running().filter(case=case, task__isnull=True, promise__in=promises)
    clocks = list(running.values_list("pk", flat=True))
    stop(clocks, at=at)
    return clocks


def _kept_already(clock: Clock, case: Case, gate: str | None) -> None:
    """Let a promise that runs from receipt be kept by what was true before: an answer, a judgement, a whole record."""
    kept: datetime | None = None
    if clock.promise == "first_response":
        kept = first_answer(said_on(case, public=True))
    elif gate == Gate.ASSESSED:
        kept = case.assessments.order_by("at").values_list("at", flat=True).first()
    elif gate == Gate.FACTS and not rules.missing_of(case):
        kept = facts_known_since(case)
    if kept is not None:
        clock.met_at, clock.next_alarm_at = max(kept, clock.started_at), None
