"""What we promise ourselves of a complaint: taken up and recorded, judged, verified, each in its time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.domain.cases.actions import (
    add_evidence,
    assess,
    complete_facts,
    merge_cases,
    pause_clock,
    reclassify,
    resume_clock,
    sign_finding,
    skip_task,
    write_finding,
)
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.cases.queries import clocks_of, queue_page
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import make_case, verify, work_up_to
from tests.makers.people import make_head

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
GAPS: dict[str, Any] = {"place": "", "people": ""}


def own(case: Case, promise: str) -> Clock:
    return case.clocks.get(promise=promise)


@pytest.mark.req("B18")
def test_a_report_with_gaps_is_to_be_recorded_within_ten_minutes(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, **GAPS)
    clock = own(case, "recorded")
    assert (clock.due_at, clock.clauses, clock.strictness) == (at + 10 * MINUTE, ["B18"], "target")
    complete_facts(case=case, place="二号场", actor=bo, at=at + 5 * MINUTE)
    assert own(case, "recorded").running, "who was there is still missing"
    complete_facts(case=case, people="本人", actor=bo, at=at + 8 * MINUTE)
    assert own(case, "recorded").met_at == at + 8 * MINUTE
    assert case.tasks.get(code="record-facts").done_at == at + 8 * MINUTE


@pytest.mark.req("B18")
def test_a_whole_report_is_recorded_with_its_receipt(club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    assert own(case, "recorded").met_at == at
    named = Entry.objects.get(fact="CaseOpened").data["clocks"]
    assert "recorded" not in {clock["promise"] for clock in named}


@pytest.mark.req("B18", "B19")
def test_at_night_both_wait_for_the_desk_to_open(club: Club, at: datetime) -> None:
    night = at.replace(hour=15)  # 23:00 in Shanghai; the club opens at 08:00
    case = make_case(club, at=night, **GAPS)
    opens = night + 9 * HOUR
    assert own(case, "recorded").due_at == opens + 10 * MINUTE
    assert own(case, "judged").due_at == opens + 15 * MINUTE


@pytest.mark.req("B19")
def test_the_first_judgement_is_owed_within_fifteen_minutes(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    assert own(case, "judged").due_at == at + 15 * MINUTE
    assess(case=case, actor=bo, at=at + 12 * MINUTE)
    assert own(case, "judged").met_at == at + 12 * MINUTE


@pytest.mark.req("B19")
def test_whoever_logs_a_call_has_judged_it(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, actor=bo, channel="phone")
    assert own(case, "judged").met_at == at


@pytest.mark.req("B19")
def test_another_kind_is_a_judgement_too(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    reclassify(
        case=case,
        kind="complaint.service",
        urgency="normal",
        reason="说的是前台",
        actor=bo,
        at=at + 5 * MINUTE,
    )
    assert own(case, "judged").met_at == at + 5 * MINUTE


@pytest.mark.req("B19")
def test_what_becomes_a_complaint_counts_the_judgement_and_the_record_it_had(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, kind="inquiry", **GAPS)
    assert not case.clocks.filter(promise__in=["recorded", "judged", "verified"]).exists()
    assess(case=case, actor=bo, at=at + 4 * MINUTE)
    complete_facts(case=case, place="前台", people="本人", actor=bo, at=at + 6 * MINUTE)
    reclassify(
        case=case, kind="complaint.service", urgency="normal", reason="其实是投诉", actor=bo, at=at + HOUR
    )
    assert own(case, "judged").met_at == at + 4 * MINUTE
    assert own(case, "recorded").met_at == at + 6 * MINUTE
    assert own(case, "verified").due_at == at + 24 * HOUR


@pytest.mark.req("B19")
def test_what_is_no_complaint_owes_none_of_it(club: Club, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at, **GAPS)
    reclassify(case=case, kind="inquiry", urgency="normal", reason="只是来问", actor=cy, at=at + MINUTE)
    running = Clock.objects.running().filter(case=case).values_list("promise", flat=True)
    assert set(running) == {"first_response", "solution"}
    raise_due_alarms(at + HOUR)
    found = audit(at + HOUR)
    assert found is not None
    assert (found.missing.count, found.late.count) == (0, 0)


@pytest.mark.req("B23")
def test_two_signatures_keep_the_promise_to_verify(club: Club, bo: Actor, at: datetime) -> None:
    case = work_up_to(make_case(club, at=at), "verify", actor=bo, at=at)
    assert own(case, "verified").due_at == at + 24 * HOUR
    add_evidence(case=case, kind="visit", words="地板确实翘起。", actor=bo, at=at)
    finding = write_finding(
        case=case, conclusion="true", summary="属实。", department="venue", actor=bo, at=at
    )
    sign_finding(finding=finding, side="service", actor=bo, at=at + HOUR)
    assert own(case, "verified").running, "one signature is not enough"
    head = staff_actor(make_head(club))
    sign_finding(finding=finding, side="department", actor=head, at=at + 2 * HOUR)
    assert own(case, "verified").met_at == at + 2 * HOUR


@pytest.mark.req("B23")
def test_a_pause_of_verifying_is_nothing_that_the_member_was_promised(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    clock = own(case, "verified")
    jobs.drain(at=at)
    told = Message.objects.filter(automatic=True).count()
    pause_clock(clock=clock, reason="outside", evidence="已送检", actor=bo, at=at + HOUR)
    resume_clock(clock=clock, actor=bo, at=at + 3 * HOUR)
    assert own(case, "verified").due_at == at + 26 * HOUR
    jobs.drain(at=at + 3 * HOUR)
    assert Message.objects.filter(automatic=True).count() == told


@pytest.mark.req("B23")
def test_a_signature_left_out_ends_the_promise_unkept(club: Club, bo: Actor, cy: Actor, at: datetime) -> None:
    case = work_up_to(make_case(club, at=at), "verify", actor=bo, at=at)
    task = case.tasks.get(code="sign-department")
    skip_task(task=task, reason="部门负责人不在", actor=cy, at=at + HOUR)
    clock = own(case, "verified")
    assert (clock.met_at, clock.stopped_at) == (None, at + HOUR)


@pytest.mark.req("B18", "B19", "B23")
def test_each_raises_its_alarms_and_the_auditor_agrees(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, **GAPS)
    kept = make_case(club, at=at)
    verify(work_up_to(kept, "verify", actor=bo, at=at + 5 * MINUTE), actor=bo, at=at + 6 * MINUTE)
    for minute in range(0, 30 * 60, 5):
        raise_due_alarms(at + minute * MINUTE)
    raised = {
        promise: list(own(case, promise).alarms.order_by("level").values_list("level", flat=True))
        for promise in ("recorded", "judged", "verified")
    }
    assert raised == {"recorded": [100], "judged": [100, 150], "verified": [75, 100]}
    assert not kept.clocks.filter(promise__in=raised, alarms__isnull=False).exists()
    jobs.drain(at=at + 30 * HOUR)
    assert StaffNotice.objects.filter(subject=case.number, code="alarm-100", account=bo.account).exists()
    found = audit(at + 30 * HOUR)
    assert found is not None
    assert (found.missing.count, found.late.count) == (0, 0)


@pytest.mark.req("B18", "B23")
def test_the_case_shows_them_by_the_nearest(club: Club, at: datetime) -> None:
    case = make_case(club, at=at, **GAPS)
    shown = [reading.clock.promise for reading in clocks_of(case, at=at)]
    assert shown[:2] == ["recorded", "judged"]
    assert set(shown[2:]) == {"first_response", "solution", "verified"}


@pytest.mark.req("B18", "F20")
def test_facts_told_on_the_other_case_complete_the_record(
    club: Club, bo: Actor, ann_person: Person, at: datetime
) -> None:
    kept = make_case(club, at=at, subject=ann_person, **GAPS)
    told_again = make_case(club, at=at + HOUR, subject=ann_person)
    merge_cases(case=told_again, into=kept, actor=bo, at=at + 2 * HOUR)
    assert not Clock.objects.running().filter(case=kept, promise="recorded").exists()
    assert kept.tasks.get(code="record-facts").done_at == at + 2 * HOUR


@pytest.mark.req("B05", "B18", "B19", "B23")
def test_the_queue_goes_by_what_members_wait_for(club: Club, bo: Actor, at: datetime) -> None:
    first = make_case(club, at=at, **GAPS)
    urgent = make_case(club, at=at + MINUTE, urgency="urgent", **GAPS)
    later = at + 20 * MINUTE
    rows, _more = queue_page("club", actor=bo, at=later)
    assert [row.number for row in rows] == [urgent.number, first.number]
    assert [row.nearest and row.nearest["promise"] for row in rows] == ["first_response", "first_response"]
    assess(case=first, actor=bo, at=later)
    first.refresh_from_db()
    assert first.next_due_at == at + 24 * HOUR
