"""What follows from facts: colleagues are told of alarms, the member of progress (B21)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from clubassist.core.journal import on
from clubassist.core.models import Entry
from clubassist.domain.cases.facts import (
    AlarmsRaised,
    CaseAssigned,
    CaseClosed,
    CaseOpened,
    CaseReclassified,
    CaseReopened,
    CaseReplanned,
    CaseResolved,
    ClockResumed,
    ClockStarted,
    ComplexityAsked,
    ComplexityDecided,
    MemberWrote,
    OfferAccepted,
    OfferApproved,
    OfferDeclined,
    OfferMade,
    OfferSent,
    OfferWithdrawn,
    ReportWritten,
    StageEntered,
    TaskAssigned,
    TaskSent,
)
from clubassist.domain.cases.models import Case, Clock, ComplexityRequest, Offer, Task
from clubassist.domain.cases.rules import NOT_AGREED
from clubassist.domain.cases.steps import planned_stages
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.queries import policy_of
from clubassist.domain.people.queries import colleagues_at, heads_at, holders, workers_at


@on(AlarmsRaised)
def tell_the_ladder(fact: AlarmsRaised, entry: Entry) -> None:
    """Put a notice on the desk of everybody the ladder names at each alarm's level."""
    clocks = Clock.objects.select_related("case__owner", "task").in_bulk(
        [clock for clock, _level in fact.alarms]
    )
    known: dict[tuple[str, int], list[int]] = {}
    notices: list[StaffNotice] = []
    for clock_id, level in fact.alarms:
        clock = clocks[clock_id]
        role = clock.tells[clock.levels.index(level)]
        cause = f"alarm:{clock_id}:{level}"
        audience = _audience(role, clock.case, known, task=clock.task)
        notices.extend(_notice(account, f"alarm-{level}", clock.case, cause, entry) for account in audience)
    StaffNotice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=1000)


def _audience(
    role: str, case: Case, known: dict[tuple[str, int], list[int]], *, task: Task | None = None
) -> list[int]:
    """Return who is meant by a rung; where nobody holds the role, the next one up is told.

    Of a sensitive case without an owner, or that is closed, the agents can see nothing, so the service managers stand
    for them. A department without a head is the service managers' to wake up (B20).
    """
    if role == "everybody":
        return colleagues_at(case.club_id) or _audience("management", case, known)
    if role == "department_head":
        found = heads_at(task.department, case.club_id) if task is not None else []
        return found or _audience("service_manager", case, known)
    unseen = case.sensitive and case.closed_at is not None
    if role == "owner" and case.owner is not None and case.owner.is_active and not unseen:
        return [case.owner.pk]
    desk = "service_manager" if case.sensitive else "agent"
    key = (desk if role in ("owner", "agent") else role, case.club_id)
    if key not in known:
        ladder = (key[0], "service_manager", "management")
        known[key] = next((found for one in ladder if (found := holders(one, case.club_id))), [])
    return known[key]


def _notice(
    account: int, code: str, case: Case, cause: str, entry: Entry, *, kind: str = "case"
) -> StaffNotice:
    return StaffNotice(
        account_id=account, code=code, kind=kind, subject=case.number, cause=cause, at=entry.at
    )


@on(CaseAssigned)
def tell_the_new_owner(fact: CaseAssigned, entry: Entry) -> None:
    """Put a notice on the new owner's desk, unless they took the case themselves."""
    if entry.actor != f"staff:{fact.owner_id}":
        case = Case.objects.get(pk=fact.case_id)
        _notice(fact.owner_id, "assigned", case, f"entry:{entry.pk}", entry).save()


@on(MemberWrote)
def tell_the_owner(fact: MemberWrote, entry: Entry) -> None:
    """Put a notice on the desk of the owner, or of the club's agents when nobody owns the case."""
    case = Case.objects.get(pk=fact.case_id)
    notices = [
        _notice(account, "member-wrote", case, f"entry:{entry.pk}", entry)
        for account in _audience("owner", case, {})
    ]
    StaffNotice.objects.bulk_create(notices, ignore_conflicts=True)


@on(CaseOpened)
def confirm_receipt(fact: CaseOpened, entry: Entry) -> None:
    """Tell the member that we have it and until when they hear from us; an automatic line answers nothing (A07)."""
    first = min((clock.due_at for clock in fact.clocks if clock.promise == "first_response"), default=None)
    _tell_member("case.opened", fact.case_id, entry, due=first)


@on(StageEntered)
def tell_of_progress(fact: StageEntered, entry: Entry) -> None:
    """Tell the member that the matter moved on, unless it has moved further already or the member sees no difference.

    When it goes back, it was opened again or is of another kind now, and that notice says so; once it is solved, the
    notice of the solution does.
    """
    case = Case.objects.select_related("club", "conversation").get(pk=fact.case_id)
    if case.stage != fact.stage or case.resolved_at is not None:
        return
    titles = {stage.id: stage.member_title for stage in planned_stages(case)}
    codes = list(titles)
    ahead = fact.previous in titles and codes.index(fact.stage) > codes.index(fact.previous)
    if ahead and titles[fact.stage] != titles[fact.previous]:
        _tell_member("case.stage", fact.case_id, entry, stage=fact.stage)


@on(ClockResumed)
def tell_of_a_new_time(fact: ClockResumed, entry: Entry) -> None:
    """Tell the member until when we promise it now, unless the pause took no time from us."""
    if fact.moved:
        _tell_of_times(fact.case_id, fact.clocks, entry)


@on(CaseReplanned)
def tell_of_new_rules(fact: CaseReplanned, entry: Entry) -> None:
    """Tell the member of each promised time that moved with the rules."""
    before = Clock.objects.in_bulk(fact.stopped)
    pairs = zip(fact.stopped, fact.clocks, strict=True)
    moved = [clock for old, clock in pairs if before[old].due_at != clock.due_at]
    _tell_of_times(fact.case_id, moved, entry)


@on(CaseReclassified)
def tell_of_another_class(fact: CaseReclassified, entry: Entry) -> None:
    """Tell the member of each promise that is new or moved with the class and can still be kept (B19)."""
    _tell_of_times(fact.case_id, [clock for clock in fact.clocks if clock.due_at > entry.at], entry)


@on(ComplexityAsked)
def tell_the_managers(fact: ComplexityAsked, entry: Entry) -> None:
    """Put the request on the desks of those who may approve it; where nobody but who asked may, wake the management."""
    case = Case.objects.get(pk=fact.case_id)
    others = _other_managers(case, entry)
    notices = [_notice(account, "complex-asked", case, f"entry:{entry.pk}", entry) for account in others]
    StaffNotice.objects.bulk_create(notices or _manager_needed(case, entry), ignore_conflicts=True)


def _other_managers(case: Case, entry: Entry) -> list[int]:
    """Return the service managers of the case's club but who did it."""
    return [one for one in holders("service_manager", case.club_id) if entry.actor != f"staff:{one}"]


def _manager_needed(case: Case, entry: Entry) -> list[StaffNotice]:
    """Return notices to the management that a second service manager is needed for this: they name one (F25, F50)."""
    return [
        _notice(account, "manager-needed", case, f"entry:{entry.pk}", entry, kind="role")
        for account in holders("management", case.club_id)
    ]


@on(ComplexityDecided)
def tell_of_the_decision(fact: ComplexityDecided, entry: Entry) -> None:
    """Tell whoever asked, and the member when the time moved (F50)."""
    request = ComplexityRequest.objects.select_related("case").get(pk=fact.request_id)
    if request.asked_by_id is not None:
        code = "complex-approved" if fact.approved else "complex-refused"
        _notice(request.asked_by_id, code, request.case, f"entry:{entry.pk}", entry).save()
    _tell_of_times(fact.case_id, fact.clocks, entry)


@on(OfferMade)
def ask_for_approval(fact: OfferMade, entry: Entry) -> None:
    """Put a notice on the desk of those who may approve an offer that needs it, but its maker's (B06)."""
    if fact.needs_approval:
        case = Case.objects.get(pk=fact.case_id)
        people = set(holders("service_manager", case.club_id))
        if not case.sensitive:
            people.update(holders("management", case.club_id))
        cause = f"entry:{entry.pk}"
        StaffNotice.objects.bulk_create(
            [
                _notice(account, "offer-awaits", case, cause, entry, kind="offer")
                for account in sorted(people)
                if entry.actor != f"staff:{account}"
            ],
            ignore_conflicts=True,
        )


@on(OfferSent)
def tell_of_offer(fact: OfferSent, entry: Entry) -> None:
    """Tell the member that there is an offer to decide on (B25)."""
    _tell_member("offer.sent", fact.case_id, entry)


@on(OfferApproved)
def tell_of_approval(fact: OfferApproved, entry: Entry) -> None:
    """Tell who made the offer that it may be sent (B06)."""
    _tell_maker("offer-approved", fact.offer_id, entry)


@on(OfferWithdrawn)
def tell_of_withdrawal(fact: OfferWithdrawn, entry: Entry) -> None:
    """Tell the member who waits for another offer, and who made this one unless they took it back themselves."""
    if fact.awaited:
        _tell_member("offer.withdrawn", fact.case_id, entry)
    _tell_maker("offer-withdrawn", fact.offer_id, entry)


def _tell_maker(code: str, offer_id: int, entry: Entry) -> None:
    offer = Offer.objects.select_related("case").get(pk=offer_id)
    if entry.actor != f"staff:{offer.made_by_id}":
        _notice(offer.made_by_id, code, offer.case, f"entry:{entry.pk}", entry).save()


@on(OfferAccepted)
def tell_of_yes(fact: OfferAccepted, entry: Entry) -> None:
    """Put a notice on the desk of the owner: what was agreed is to be started (B26)."""
    _tell_desk("owner", "offer-accepted", fact.case_id, entry)


@on(OfferDeclined)
def tell_of_no(fact: OfferDeclined, entry: Entry) -> None:
    """Confirm the member's no and say whose the next round is (B27, B21); put a notice on the desk of the owner.

    When the next round is the service managers', on theirs too.
    """
    event = "offer.declined_manager" if fact.manager_next else "offer.declined"
    _tell_member(event, fact.case_id, entry)
    _tell_desk("owner", "offer-declined", fact.case_id, entry)
    if fact.manager_next:
        _tell_desk("service_manager", "manager-round", fact.case_id, entry)


@on(CaseResolved)
def tell_of_result(fact: CaseResolved, entry: Entry) -> None:
    """Tell the member that the matter counts as solved and how to object, or that it ends without agreement (A08)."""
    event = "case.not_agreed" if fact.resolution == NOT_AGREED else "case.resolved"
    _tell_member(event, fact.case_id, entry)


@on(CaseReopened)
def tell_of_reopening(fact: CaseReopened, entry: Entry) -> None:
    """Tell the member that the matter goes on, and put a notice on the desk of the owner."""
    _tell_member("case.reopened", fact.case_id, entry)
    _tell_desk("owner", "reopened", fact.case_id, entry)


@on(TaskSent)
def tell_the_department(fact: TaskSent, entry: Entry) -> None:
    """Put a notice on the desk of everybody in the department (B20)."""
    case = Case.objects.get(pk=fact.case_id)
    cause = f"entry:{entry.pk}"
    people = workers_at(fact.department, case.club_id)
    StaffNotice.objects.bulk_create(
        [_notice(account, "task-sent", case, cause, entry, kind="task") for account in people],
        ignore_conflicts=True,
    )


@on(TaskAssigned)
def tell_the_assignee(fact: TaskAssigned, entry: Entry) -> None:
    """Put a notice on the desk of who was given a task, unless they took it themselves."""
    if entry.actor != f"staff:{fact.assignee_id}":
        case = Case.objects.get(pk=fact.case_id)
        _notice(fact.assignee_id, "task-assigned", case, f"entry:{entry.pk}", entry).save()


@on(ReportWritten)
def ask_for_the_receipt(fact: ReportWritten, entry: Entry) -> None:
    """Put a notice on the desk of the service managers but the report's author; else of the management (B28).

    The management never sees a sensitive case: they name another service manager, who reads it then (F25).
    """
    case = Case.objects.get(pk=fact.case_id)
    readers = _other_managers(case, entry)
    if not readers and not case.sensitive:
        readers = holders("management", case.club_id)
    cause = f"entry:{entry.pk}"
    notices = [_notice(one, "report-written", case, cause, entry, kind="report") for one in readers]
    StaffNotice.objects.bulk_create(notices or _manager_needed(case, entry), ignore_conflicts=True)


def _tell_desk(role: str, code: str, case_id: int, entry: Entry) -> None:
    """Put a notice on the desk of whom the role means, without who did it themselves."""
    case = Case.objects.select_related("owner").get(pk=case_id)
    notices = [
        _notice(account, code, case, f"entry:{entry.pk}", entry)
        for account in _audience(role, case, {})
        if entry.actor != f"staff:{account}"
    ]
    StaffNotice.objects.bulk_create(notices, ignore_conflicts=True)


@on(CaseClosed)
def tell_of_close(fact: CaseClosed, entry: Entry) -> None:
    """Tell the member that the matter is finished."""
    _tell_member("case.closed", fact.case_id, entry)


def _tell_of_times(case_id: int, clocks: Sequence[ClockStarted], entry: Entry) -> None:
    """Tell the member until when each of these promises holds now; what we promise among ourselves is not theirs."""
    deadlines = dict(
        Clock.objects.filter(pk__in=[clock.clock_id for clock in clocks]).values_list("pk", "deadline")
    )
    policy = policy_of(tuple(Case.objects.values_list("pack_versions", flat=True).get(pk=case_id)))
    for clock in clocks:
        row = policy.deadline(deadlines[clock.clock_id])
        if row is not None and row.member_promise is not None:
            _tell_member("clock.moved", case_id, entry, due=clock.due_at)


def _tell_member(
    event: str, case_id: int, entry: Entry, *, stage: str = "", due: datetime | None = None
) -> None:
    """Write the pack's notice into the conversation, in its language; nothing when the pack has none."""
    case = Case.objects.select_related("club", "conversation").get(pk=case_id)
    policy = policy_of(tuple(case.pack_versions))
    notice = policy.notice(event, case.kind)
    if notice is None:
        return
    chinese = case.conversation.language.startswith("zh")
    titles = {row.id: row.member_title for row in policy.playbook(case.kind).stages}
    step = titles[stage or case.stage]
    body = (notice.text.zh if chinese else notice.text.en).format(
        number=case.number,
        due=_in_club_time(due, case, chinese=chinese),
        stage=step.zh if chinese else step.en,
        club=case.club.name if chinese else case.club.name_en,
        track_url=f"{settings.BASE_URL}/m/track/",
    )
    Message.objects.create(
        conversation=case.conversation,
        direction="out",
        channel=case.conversation.channel,
        automatic=True,
        body=body,
        at=entry.at,
    )


def _in_club_time(at: datetime | None, case: Case, *, chinese: bool) -> str:
    """Return a moment in the club's own zone, as a person writes it; empty for None."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(case.club.zone))
    return (
        f"{local.month} 月 {local.day} 日 {local:%H:%M}"
        if chinese
        else f"{local:%H:%M} on {local.day} {local:%B}"
    )
