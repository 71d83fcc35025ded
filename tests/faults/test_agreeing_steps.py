"""Verifying, agreeing and what follows a solution, aborted at each of their statements (reliability A2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from clubassist.core.actor import ANONYMOUS, SYSTEM, Actor
from clubassist.domain.cases.actions import (
    accept_offer,
    acknowledge_task,
    add_evidence,
    approve_offer,
    decline_offer,
    log_follow_up,
    member_objects,
    read_report,
    reclassify,
    replan_case,
    send_offer,
    send_task,
    sign_finding,
    skip_task,
    tell_routes,
    withdraw_offer,
    write_finding,
    write_report,
)
from clubassist.domain.cases.actions.holding import COMPENSATION
from clubassist.domain.cases.models import Case, Finding, Task
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import open_budget
from clubassist.domain.people.queries import staff_actor
from clubassist.pure.policy import Pack, shipped_pack
from tests.faults.steps import survive_every_abort
from tests.makers.cases import draft_one, make_case, solve, work_up_to
from tests.makers.people import make_head

pytestmark = [pytest.mark.django_db, pytest.mark.fault]
HOUR = timedelta(hours=1)


@pytest.fixture
def proposing(club: Club, bo: Actor, at: datetime) -> Case:
    """A complaint that was verified, at a club with money for remedies."""
    open_budget(
        club=club, kind=COMPENSATION, year=2026, amount=300_000, clause="B51", limits={}, actor=SYSTEM, at=at
    )
    return work_up_to(make_case(club, at=at), "propose", actor=bo, at=at)


@pytest.mark.req("B23")
def test_evidence_finding_and_signature_are_whole_or_absent(club: Club, bo: Actor, at: datetime) -> None:
    case = work_up_to(make_case(club, at=at), "verify", actor=bo, at=at)
    head = staff_actor(make_head(club))

    def evidence() -> object:
        return add_evidence(case=case, kind="photo", words="翘起。", actor=bo, at=at)

    def finding() -> Finding:
        return write_finding(
            case=case, conclusion="true", summary="属实。", department="venue", actor=bo, at=at
        )

    survive_every_abort(evidence)
    evidence()
    survive_every_abort(finding)
    row = finding()
    sign_finding(finding=row, side="department", actor=head, at=at)
    survive_every_abort(finding)  # written anew: the signature is void
    survive_every_abort(lambda: sign_finding(finding=row, side="service", actor=bo, at=at))


@pytest.mark.req("B24", "B25", "B26", "B27")
@pytest.mark.parametrize("step", ["approve", "send", "accept", "decline", "withdraw", "routes"])
def test_a_step_of_an_offer_is_whole_or_absent(
    proposing: Case, bo: Actor, cy: Actor, at: datetime, step: str
) -> None:
    if step == "approve":
        big = draft_one(proposing, actor=bo, at=at, cost=100_000, remedy="refund")
        survive_every_abort(lambda: approve_offer(offer=big, actor=cy, at=at))
        return
    offer = draft_one(proposing, actor=bo, at=at, cost=10_000, remedy="refund")
    if step != "send":
        send_offer(offer=offer, actor=bo, at=at)
    if step == "routes":
        decline_offer(offer=offer, words="不够", channel="phone", actor=bo, at=at)
    option = offer.options.get()
    deeds: dict[str, Callable[[], object]] = {
        "send": lambda: send_offer(offer=offer, actor=bo, at=at),
        "accept": lambda: accept_offer(offer=offer, option=option, channel="phone", actor=bo, at=at),
        "decline": lambda: decline_offer(offer=offer, words="不够", channel="phone", actor=bo, at=at),
        "withdraw": lambda: withdraw_offer(offer=offer, reason="算错", actor=bo, at=at + HOUR),
        "routes": lambda: tell_routes(case=proposing, actor=bo, at=at),
    }
    survive_every_abort(deeds[step])


@pytest.mark.req("B28", "F52")
@pytest.mark.parametrize("step", ["report", "read", "call", "reopen"])
def test_what_follows_a_solution_is_whole_or_absent(
    club: Club, bo: Actor, cy: Actor, at: datetime, step: str
) -> None:
    case = solve(make_case(club, at=at), actor=bo, at=at)
    call = case.follow_ups.earliest("opens_at")
    report = write_report(case=case, text="修好了。", cause="venue", actor=bo, at=at)
    member = ANONYMOUS.holding("case", str(case.pk))
    day = call.opens_at
    deeds: dict[str, Callable[[], object]] = {
        "report": lambda: write_report(case=case, text="换了新板。", cause="venue", actor=bo, at=at + HOUR),
        "read": lambda: read_report(report=report, actor=cy, at=at),
        "call": lambda: log_follow_up(
            follow_up=call, outcome="solved", score=5, text="很好。", actor=bo, at=day
        ),
        "reopen": lambda: member_objects(case=case, text="又坏了。", actor=member, at=at + HOUR),
    }
    survive_every_abort(deeds[step])


@pytest.mark.req("F48", "B20", "B19", "F13")
def test_steps_classes_and_newer_rules_are_whole_or_absent(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    task = Task.objects.get(case=case, code="listen")
    head = staff_actor(make_head(club))
    survive_every_abort(lambda: skip_task(task=task, reason="一目了然", actor=cy, at=at))

    def send() -> object:
        return send_task(task=task, department="venue", actor=bo, at=at)

    survive_every_abort(send)
    send()
    survive_every_abort(lambda: acknowledge_task(task=task, actor=head, at=at))
    survive_every_abort(
        lambda: reclassify(
            case=case, kind="complaint.service", urgency="urgent", reason="听完才知道", actor=bo, at=at
        )
    )
    document = shipped_pack("common").document()
    document["version"] = "2026.9"
    for row in document["deadlines"]:
        if row["id"] == "complaint-solution":
            row["target"] = "12 h"
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=at)
    adopt_pack(club=club, version=version, effective_from=at, actor=SYSTEM, at=at)
    survive_every_abort(lambda: replan_case(case=case, actor=cy, at=at + HOUR))
