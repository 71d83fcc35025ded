"""Judging a case anew: kind and urgency change with a reason, and no promise becomes longer (B19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from clubassist.core import jobs
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import pause_clock, reclassify, reply
from clubassist.domain.cases.actions.reclassifying import kinds_for
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.pure.policy import Pack, shipped_pack
from tests.makers.cases import draft_one, make_case, solve, work_up_to
from tests.makers.clubs import LONG_AGO, make_sensitive

pytestmark = pytest.mark.req("B19")
HOUR = timedelta(hours=1)


def judged(case: Case, actor: Actor, at: datetime, **changes: Any) -> Case:
    given: dict[str, Any] = {"kind": case.kind, "urgency": case.urgency, "reason": "听完才知道"}
    return reclassify(case=case, actor=actor, at=at, **(given | changes))


def due(case: Case) -> dict[str, datetime]:
    """Return when the promises to the member are due that run."""
    told = Clock.objects.running().filter(case=case, promise__in=["first_response", "solution"])
    return dict(told.values_list("promise", "due_at"))


def test_more_urgent_the_shorter_limit_runs_from_now(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    case = judged(case, bo, at + 2 * HOUR, urgency="urgent")
    assert due(case) == {"first_response": at + 6 * HOUR, "solution": at + 24 * HOUR}
    assert (case.urgency, case.next_due_at) == ("urgent", at + 6 * HOUR)
    note = Message.objects.get(conversation=case.conversation, direction="note")
    assert note.body == "听完才知道"
    jobs.drain(at=at + 2 * HOUR)
    told = Message.objects.filter(conversation=case.conversation, automatic=True).latest("pk")
    assert "18:00" in told.body
    for quarter in range(8, 40):
        raise_due_alarms(at + quarter * HOUR / 4)
    found = audit(at + 10 * HOUR)
    assert found is not None
    assert (found.missing.count, found.late.count) == (0, 0)


def test_late_in_the_day_a_rise_makes_no_limit_longer(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    judged(case, bo, at + 22 * HOUR, urgency="urgent")
    assert due(case)["first_response"] == at + 24 * HOUR


def test_calmer_the_limits_stay(club: Club, bo: Actor, at: datetime) -> None:
    case = judged(make_case(club, at=at, urgency="urgent"), bo, at + HOUR, urgency="normal")
    assert (case.urgency, due(case)["first_response"]) == ("normal", at + 4 * HOUR)


def test_another_kind_of_the_same_steps_stays_where_it_is(club: Club, bo: Actor, at: datetime) -> None:
    case = work_up_to(make_case(club, at=at), "verify", actor=bo, at=at)
    case = judged(case, bo, at + HOUR, kind="complaint.service")
    assert (case.kind, case.stage) == ("complaint.service", "verify")
    fact = Entry.objects.get(fact="CaseReclassified").data
    assert (fact["previous_kind"], fact["kind"]) == ("complaint.venue", "complaint.service")


def test_an_enquiry_that_is_a_complaint_begins_its_steps_and_owes_a_solution_from_receipt(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = judged(make_case(club, at=at, kind="inquiry"), bo, at + 5 * HOUR, kind="complaint.service")
    assert (case.stage, due(case)) == (
        "accept",
        {"first_response": at + 24 * HOUR, "solution": at + 24 * HOUR},
    )
    jobs.drain(at=at + 5 * HOUR)
    solve(case, actor=bo, at=at + 6 * HOUR)


def test_praise_by_name_ends_no_promise(club: Club, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    before = due(case)
    case = judged(case, cy, at + HOUR, kind="praise_or_other")
    assert (case.stage, due(case)) == ("read", before)


def test_it_is_refused_at_the_field(club: Club, bo: Actor, dee: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    for changes, code, field in [
        ({"urgency": "urgent", "reason": " "}, "reason-missing", "reason"),
        ({"kind": "nonsense"}, "kind-unknown", "kind"),
        ({"urgency": "emergency"}, "urgency-unknown", "urgency"),
        ({}, "class-same", "kind"),
    ]:
        with pytest.raises(Refused) as refused:
            judged(case, bo, at, **changes)
        assert (refused.value.code, refused.value.field) == (code, field)
    with pytest.raises(Missing):
        judged(case, dee, at, urgency="urgent")
    with pytest.raises(Refused, match="not-allowed"):
        judged(case, bo.only(frozenset({"case.read"})), at, urgency="urgent")
    with pytest.raises(Conflict, match="changed-meanwhile"):
        judged(case, bo, at, urgency="urgent", seen=9)


def test_under_offer_solved_or_standing_still_it_is_refused(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    clock = case.clocks.get(promise="solution")
    pause_clock(clock=clock, reason="part", evidence="订单", actor=bo, at=at + HOUR)
    judged(case, bo, at + HOUR, urgency="urgent")
    draft_one(work_up_to(case, "propose", actor=bo, at=at + HOUR), actor=bo, at=at + HOUR)
    with pytest.raises(Refused, match="has-offer"):
        judged(case, bo, at + HOUR, kind="inquiry")
    other = solve(make_case(club, at=at), actor=bo, at=at)
    with pytest.raises(Refused, match="resolved-already"):
        judged(other, bo, at, urgency="urgent")


@pytest.mark.req("F48")
@pytest.mark.parametrize("kind", ["praise_or_other", "inquiry", "equipment.fault"])
def test_only_a_service_manager_gives_a_kind_that_owes_less(
    club: Club, bo: Actor, cy: Actor, at: datetime, kind: str
) -> None:
    case = make_case(club, at=at)
    with pytest.raises(Refused) as refused:
        judged(case, bo, at, kind=kind)
    assert (refused.value.code, refused.value.field, refused.value.status) == ("owes-less", "kind", 403)
    assert kind not in {one.code for one in kinds_for(case, bo)}
    assert kind in {one.code for one in kinds_for(case, cy)}
    assert judged(case, cy, at, kind=kind).kind == kind


def test_anybody_makes_a_complaint_an_emergency_but_not_an_urgent_one_that_owes_less(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    assert "emergency.injury" in {one.code for one in kinds_for(case, bo)}
    with pytest.raises(Refused, match="owes-less"):
        judged(case, bo, at, kind="emergency.injury", urgency="urgent")
    judged(case, bo, at, kind="emergency.injury", urgency="emergency")
    with pytest.raises(Refused, match="owes-less"):
        judged(case, bo, at, kind="praise_or_other", urgency="normal")


@pytest.mark.req("F48")
def test_what_a_complaint_owes_is_not_shed_by_way_of_an_emergency(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    judged(case, bo, at, kind="emergency.injury", urgency="emergency")
    case.refresh_from_db()
    assert "equipment.fault" not in {one.code for one in kinds_for(case, bo)}
    with pytest.raises(Refused, match="owes-less"):
        judged(case, bo, at, kind="equipment.fault", urgency="normal")
    judged(case, bo, at, kind="complaint.venue", urgency="normal")
    case.refresh_from_db()
    judged(case, cy, at, kind="equipment.fault", urgency="normal")


@pytest.mark.parametrize("machine", [True, False])
def test_praise_that_a_person_answered_owes_a_complaint_no_other_first_response(
    club: Club, bo: Actor, at: datetime, *, machine: bool
) -> None:
    case = make_case(club, at=at, kind="praise_or_other")
    reply(case=case, text="谢谢您。", actor=replace(bo, machine=machine), at=at + HOUR)
    case = judged(case, bo, at + 30 * HOUR, kind="complaint.service")
    first = Clock.objects.get(case=case, promise="first_response")
    assert first.met_at == (None if machine else at + HOUR)
    raise_due_alarms(at + 30 * HOUR)
    assert first.alarms.exists() == machine
    jobs.drain(at=at + 30 * HOUR)
    told = Message.objects.filter(conversation=case.conversation, automatic=True, body__contains="改为")
    assert not told.exists()


@pytest.mark.req("B30")
@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("after", [HOUR, 25 * HOUR, 24 * HOUR - timedelta(minutes=1)])
def test_what_becomes_an_emergency_alarms_everybody_whatever_was_answered_or_is_late(
    club: Club, bo: Actor, at: datetime, *, answered: bool, after: timedelta
) -> None:
    case, raised = make_case(club, at=at), at + after
    if answered:
        reply(case=case, text="在看。", actor=bo, at=at + HOUR / 2)
    raise_due_alarms(raised)
    case = judged(case, bo, raised, kind="emergency.injury", urgency="emergency")
    assert due(case)["first_response"] == raised + timedelta(minutes=3)
    raise_due_alarms(raised)
    jobs.drain(at=raised)
    assert StaffNotice.objects.filter(code="alarm-0", subject=case.number, account=bo.account).exists()
    first = Clock.objects.filter(case=case, promise="first_response").earliest("pk")
    assert (first.met_at is not None, first.running) == (answered, False)
    counts = answered or first.due_at <= raised
    assert (first.replaced_by_id is None) == counts
    for minute in range(2, 10):
        raise_due_alarms(raised + timedelta(minutes=minute / 2))
    found = audit(raised + timedelta(minutes=6))
    assert found is not None
    assert found.missing.count == 0


@pytest.mark.req("B30")
def test_a_promise_that_stood_still_in_time_gives_way_to_the_emergencys(
    club: Club, bo: Actor, at: datetime
) -> None:
    document: Any = shipped_pack("common").document()
    document["version"] += ".paused"
    rows = {row["id"]: row for row in document["deadlines"]}
    rows["complaint-first-response"]["pauses"] = rows["complaint-solution"]["pauses"]
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=LONG_AGO)
    adopt_pack(club=club, version=version, effective_from=LONG_AGO, actor=SYSTEM, at=LONG_AGO)
    case = make_case(club, at=at)
    clock = case.clocks.get(promise="first_response")
    pause_clock(clock=clock, reason="part", evidence="订单 12", actor=bo, at=at + HOUR)
    judged(case, bo, at + 48 * HOUR, kind="emergency.injury", urgency="emergency")
    clock.refresh_from_db()
    assert clock.replaced_by == Clock.objects.running().get(case=case, promise="first_response")


@pytest.mark.req("F25")
def test_only_who_reads_sensitive_cases_makes_one_plain(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    make_sensitive(club, "complaint.service")
    case = make_case(club, at=at, kind="complaint.service", channel="desk", actor=bo)
    with pytest.raises(Refused, match="not-cleared"):
        judged(case, bo, at, kind="complaint.venue")
    judged(case, cy, at, kind="complaint.venue")
    case = Case.objects.get(pk=case.pk)
    assert (case.sensitive, case.conversation.sensitive) == (False, False)
