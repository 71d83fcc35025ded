"""Cases as the real action opens them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import (
    Choice,
    Opened,
    Report,
    accept_offer,
    add_evidence,
    assess,
    complete_facts,
    complete_task,
    log_follow_up,
    make_offer,
    open_case,
    resolve,
    send_offer,
    sign_finding,
    write_finding,
    write_report,
)
from clubassist.domain.cases.models import Case, Finding, Offer, Task
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from clubassist.pure.policy import Gate
from tests.makers.people import GUEST, make_account, make_head

ASKED: Final = {
    "remedy_sought": "修好地板",
    "place": "二号场",
    "people": "本人",
    "occurred_words": "今天上午",
}


def make_report(**changes: Any) -> Report:
    """Return a complete report of a venue complaint, with changes."""
    given: dict[str, Any] = {
        "kind": "complaint.venue",
        "narrative": "二号场地板翘起，训练时绊了一下。",
        "place": "二号场",
        "people": "本人",
        "occurred_words": "今天上午九点半",
        "channel": "web",
    }
    return Report(**(given | changes))


def open_one(club: Club, *, at: datetime, actor: Actor = GUEST, **changes: Any) -> Opened:
    """Open a case and return it with its tracking code."""
    return open_case(report=make_report(**changes), club=club, actor=actor, at=at)


def make_case(club: Club, *, at: datetime, actor: Actor = GUEST, **changes: Any) -> Case:
    """Open a case and return it."""
    return open_one(club, at=at, actor=actor, **changes).case


def finish_stage(case: Case, *, actor: Actor, at: datetime) -> None:
    """Take every step of the present stage; what was not said is asked, and the member agrees to what is offered."""
    known = Case.objects.get(pk=case.pk)
    unsaid: dict[str, Any] = {name: words for name, words in ASKED.items() if not getattr(known, name)}
    if known.occurred_at is not None:
        unsaid.pop("occurred_words", None)
    if unsaid:
        complete_facts(case=case, **unsaid, actor=actor, at=at)
    gates = set(
        Task.objects.open().filter(case=case, stage__left_at__isnull=True).values_list("gate", flat=True)
    )
    if Gate.ASSESSED in gates:
        assess(case=case, actor=actor, at=at)
    if Gate.SIGNED_BY_SERVICE in gates:
        verify(case, actor=actor, at=at)
    elif Gate.OFFER_MADE in gates:
        offer_one(case, actor=actor, at=at)
    elif Gate.OFFER_ACCEPTED in gates:
        offer = Offer.objects.open().get(case=case)
        accept_offer(offer=offer, option=offer.options.get(), channel="phone", actor=actor, at=at)
    for task in Task.objects.open().filter(
        case=case, stage__left_at__isnull=True, gate="", sent_at__isnull=True
    ):
        complete_task(task=task, actor=actor, at=at)
    case.refresh_from_db()


def verify(case: Case, *, actor: Actor, at: datetime) -> Finding:
    """Find out that it is true, signed by the actor for customer service and by a head of department.

    In a sensitive case, which heads do not see, a service manager signs for the department.
    """
    add_evidence(case=case, kind="visit", words="地板确实翘起。", actor=actor, at=at)
    finding = write_finding(
        case=case, conclusion="true", summary="属实。", department="venue", actor=actor, at=at
    )
    sign_finding(finding=finding, side="service", actor=actor, at=at)
    if case.sensitive:
        manager = Account.objects.filter(username="manager").first()
        head = manager or make_account("manager", "service_manager", case.club)
    else:
        head = Account.objects.filter(username="head").first() or make_head(case.club)
    return sign_finding(finding=finding, side="department", actor=staff_actor(head), at=at)


def draft_one(case: Case, *, actor: Actor, at: datetime, **changes: Any) -> Offer:
    """Draw up an offer of one option that costs nothing, with changes."""
    given: dict[str, Any] = {"words": "今天修好地板。", "remedy": "other", "clause": "B24"}
    return make_offer(case=case, choices=[Choice(**(given | changes))], actor=actor, at=at)


def offer_one(case: Case, *, actor: Actor, at: datetime, **changes: Any) -> Offer:
    """Offer one option that costs nothing, with changes, and tell the member."""
    return send_offer(offer=draft_one(case, actor=actor, at=at, **changes), actor=actor, at=at)


def work_up_to(case: Case, stage: str = "implement", *, actor: Actor, at: datetime) -> Case:
    """Take every step before the stage that is named; in "implement" also what comes before telling the result."""
    case.refresh_from_db()
    while case.stage != stage:
        before = case.stage
        finish_stage(case, actor=actor, at=at)
        assert case.stage != before, f"{before} does not lead to {stage}"
    if stage == "implement":
        finish_stage(case, actor=actor, at=at)
    return case


def solve(case: Case, *, actor: Actor, at: datetime, text: str = "修好了。") -> Case:
    """Take every step up to telling the member that it is solved."""
    if case.kind.startswith("complaint"):
        work_up_to(case, actor=actor, at=at)
    return resolve(case=case, resolution="solved", text=text, actor=actor, at=at)


def ready_to_close(case: Case, *, actor: Actor, at: datetime) -> Case:
    """Report a solved complaint and hear at the first follow-up call, on its day, that it is solved."""
    write_report(case=case, text="已查明并修好。", cause="venue", actor=actor, at=at)
    finish_stage(case, actor=actor, at=at)
    first = case.follow_ups.open().order_by("opens_at")[0]
    day = max(at, first.opens_at)
    log_follow_up(follow_up=first, outcome="solved", score=5, text="很满意。", actor=actor, at=day)
    case.refresh_from_db()
    return case
