"""What follows from facts: colleagues are told of alarms, the member of progress (B21)."""

from __future__ import annotations

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
    CaseReplanned,
    CaseResolved,
    ClockResumed,
    ComplexityAsked,
    ComplexityDecided,
    MemberWrote,
    StageEntered,
)
from clubassist.domain.cases.models import Case, Clock, ComplexityRequest
from clubassist.domain.cases.models.case import SENSITIVE
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.queries import policy_of
from clubassist.domain.people.queries import holders


@on(AlarmsRaised)
def tell_the_ladder(fact: AlarmsRaised, entry: Entry) -> None:
    """Put a notice on the desk of everybody the ladder names at each alarm's level."""
    clocks = Clock.objects.select_related("case__owner").in_bulk([clock for clock, _level in fact.alarms])
    known: dict[tuple[str, int], list[int]] = {}
    notices: list[StaffNotice] = []
    for clock_id, level in fact.alarms:
        clock = clocks[clock_id]
        role = clock.tells[clock.levels.index(level)]
        cause = f"alarm:{clock_id}:{level}"
        audience = _audience(role, clock.case, known)
        notices.extend(_notice(account, f"alarm-{level}", clock.case, cause, entry) for account in audience)
    StaffNotice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=1000)


def _audience(role: str, case: Case, known: dict[tuple[str, int], list[int]]) -> list[int]:
    """Return who is meant by a rung; where nobody holds the role, the next one up is told.

    Of a sensitive case without an owner the agents can see nothing, so the service managers stand for them.
    """
    if role == "owner" and case.owner is not None and case.owner.is_active:
        return [case.owner.pk]
    desk = "service_manager" if case.confidentiality == SENSITIVE else "agent"
    key = (desk if role in ("owner", "agent") else role, case.club_id)
    if key not in known:
        ladder = (key[0], "service_manager", "management")
        known[key] = next((found for one in ladder if (found := holders(one, case.club_id))), [])
    return known[key]


def _notice(account: int, code: str, case: Case, cause: str, entry: Entry) -> StaffNotice:
    return StaffNotice(
        account_id=account, code=code, kind="case", subject=case.number, cause=cause, at=entry.at
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
    """Tell the member that the matter moved on, unless the member sees no difference."""
    case = Case.objects.select_related("club", "conversation").get(pk=fact.case_id)
    titles = {
        stage.id: stage.member_title
        for stage in policy_of(tuple(case.pack_versions)).playbook(case.kind).stages
    }
    if titles[fact.stage] != titles[fact.previous]:
        _tell_member("case.stage", fact.case_id, entry, stage=fact.stage)


@on(ClockResumed)
def tell_of_a_new_time(fact: ClockResumed, entry: Entry) -> None:
    """Tell the member until when we promise it now, unless the pause took no time from us."""
    if fact.moved:
        _tell_member("clock.moved", fact.case_id, entry, due=fact.clocks[0].due_at)


@on(CaseReplanned)
def tell_of_new_rules(fact: CaseReplanned, entry: Entry) -> None:
    """Tell the member of each promised time that moved with the rules."""
    before = Clock.objects.in_bulk(fact.stopped)
    for old, clock in zip(fact.stopped, fact.clocks, strict=True):
        if before[old].due_at != clock.due_at:
            _tell_member("clock.moved", fact.case_id, entry, due=clock.due_at)


@on(ComplexityAsked)
def tell_the_managers(fact: ComplexityAsked, entry: Entry) -> None:
    """Put the request on the desks of those who may approve it."""
    case = Case.objects.get(pk=fact.case_id)
    notices = [
        _notice(account, "complex-asked", case, f"entry:{entry.pk}", entry)
        for account in holders("service_manager", case.club_id)
    ]
    StaffNotice.objects.bulk_create(notices, ignore_conflicts=True)


@on(ComplexityDecided)
def tell_of_the_decision(fact: ComplexityDecided, entry: Entry) -> None:
    """Tell whoever asked, and the member when the time moved (F50)."""
    request = ComplexityRequest.objects.select_related("case").get(pk=fact.request_id)
    if request.asked_by_id is not None:
        code = "complex-approved" if fact.approved else "complex-refused"
        _notice(request.asked_by_id, code, request.case, f"entry:{entry.pk}", entry).save()
    for clock in fact.clocks:
        _tell_member("clock.moved", fact.case_id, entry, due=clock.due_at)


@on(CaseResolved)
def tell_of_result(fact: CaseResolved, entry: Entry) -> None:
    """Tell the member that the matter counts as solved and how to object."""
    _tell_member("case.resolved", fact.case_id, entry)


@on(CaseClosed)
def tell_of_close(fact: CaseClosed, entry: Entry) -> None:
    """Tell the member that the matter is finished."""
    _tell_member("case.closed", fact.case_id, entry)


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
