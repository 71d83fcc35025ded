"""Judging kind and urgency: what the words suggest, what a colleague chooses, and what that does to the promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import assess, complete_facts, open_case, reclassify, reply
from clubassist.domain.cases.models import Assessment, Case, Clock, Task
from clubassist.domain.cases.suggesting import Agreement, agreement, rules_of
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import make_case, make_report
from tests.makers.people import make_account

pytestmark = pytest.mark.req("B19")
HOUR = timedelta(hours=1)
RUDE = "前台那个高个子态度太差，问了三遍都不理人。"
DOWN = "有人倒在二号场，叫不醒了！"


def judged(case: Case, actor: Actor, at: datetime, **changes: Any) -> Case:
    """Judge the case, as filed unless said otherwise, and return it as it is then."""
    if changes.keys() & {"kind", "urgency"}:
        case.refresh_from_db()
        given: dict[str, Any] = {"kind": case.kind, "urgency": case.urgency, "reason": "听完才知道"}
        reclassify(case=case, actor=actor, at=at, **(given | changes))
    else:
        assess(case=case, actor=actor, at=at, **changes)
    return Case.objects.get(pk=case.pk)


def clock_of(case: Case, promise: str = "first_response") -> Clock:
    """Return the running clock of a promise."""
    return Clock.objects.running().get(case=case, promise=promise)


def test_a_call_is_judged_by_whoever_logs_it_and_the_suggestion_stays_beside_it(
    club: Club, bo: Actor, bo_account: Account, at: datetime
) -> None:
    case = make_case(club, at=at, actor=bo, channel="phone", kind="complaint.venue", narrative=RUDE)
    row = Assessment.objects.get(case=case)
    assert (row.kind, row.suggested_kind) == ("complaint.venue", "complaint.service")
    assert (row.urgency, row.suggested_urgency, row.by, row.at) == ("normal", "urgent", bo_account, at)
    assert Entry.objects.get(fact="CaseOpened").data["suggested"] == "complaint.service"
    assert Task.objects.get(case=case, code="judge").done_at == at


@pytest.mark.parametrize("who", ["member", "technician", "website"])
def test_what_nobody_of_the_desk_has_judged_waits_for_it(club: Club, at: datetime, who: str) -> None:
    account = make_account("tech", "technician", club)
    actors = {"technician": staff_actor(account), "website": None, "member": None}
    actor = actors[who]
    if who == "website":
        desk = staff_actor(make_account("site", "agent", club))
        actor = Actor(kind=desk.kind, account=desk.account, permissions=desk.permissions, machine=True)
    case = make_case(club, at=at, **({"actor": actor} if actor else {}))
    assert case.assessed_at is None
    assert not Assessment.objects.exists()
    assert Task.objects.get(case=case, code="judge").done_at is None


def test_judging_as_filed_completes_the_step_and_moves_no_clock(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, narrative=RUDE, kind="complaint.service")
    before = set(Clock.objects.values_list("pk", "due_at"))
    after = judged(case, bo, at + HOUR)
    assert (after.kind, after.assessed_at, after.version) == (case.kind, at + HOUR, case.version + 1)
    assert set(Clock.objects.values_list("pk", "due_at")) == before
    assert Task.objects.get(case=case, code="judge").done_by_id == bo.account
    fact = Entry.objects.get(fact="CaseAssessed").data
    assert (fact["kind"], fact["suggested"]) == ("complaint.service",) * 2


def test_override_is_kept_with_who_what_was_suggested_and_what_was_chosen(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, kind="inquiry", narrative=RUDE)
    judged(case, bo, at, kind="complaint.service", urgency="urgent")
    judged(case, cy, at + HOUR, kind="complaint.event")
    assert Task.objects.get(case=case, code="judge").done_by_id == bo.account
    rows = Assessment.objects.filter(case=case).order_by("pk")
    assert list(rows.values_list("by", "kind", "urgency", "suggested_kind")) == [
        (bo.account, "complaint.service", "urgent", "complaint.service"),
        (cy.account, "complaint.event", "urgent", "complaint.service"),
    ]


@pytest.mark.req("F14")
def test_urgent_complaint_at_21_answered_at_00_59_keeps_its_promise(club: Club, bo: Actor) -> None:
    evening = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)  # 21:00 in Shanghai, the club closes at night
    case = make_case(club, at=evening, urgency="urgent")
    reply(case=case, text="马上处理。", actor=bo, at=evening + timedelta(hours=3, minutes=59))
    clock = Clock.objects.get(case=case, promise="first_response")
    assert (clock.due_at, clock.met_at) == (evening + 4 * HOUR, evening + timedelta(hours=3, minutes=59))


def test_an_emergency_found_in_a_report_alarms_everybody(
    club: Club, bo: Actor, bo_account: Account, cy_account: Account, at: datetime
) -> None:
    case = make_case(club, at=at, kind="complaint.venue", narrative=DOWN)
    raise_due_alarms(at + HOUR)
    judged(case, bo, at + HOUR, kind="emergency.illness", urgency="emergency")
    assert raise_due_alarms(at + HOUR) == 1
    jobs.drain(at=at + HOUR)
    told = StaffNotice.objects.filter(code="alarm-0", subject=case.number).values_list("account", flat=True)
    assert set(told) == {bo_account.pk, cy_account.pk}


def test_strangers_technicians_and_late_hands_are_refused(
    club: Club, bo: Actor, dee: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    with pytest.raises(Missing):
        judged(case, dee, at)
    tech = make_account("tech", "technician", club)
    Case.objects.filter(pk=case.pk).update(owner=tech)
    with pytest.raises(Refused) as refused:
        judged(case, staff_actor(tech), at)
    assert refused.value.status == 403
    judged(case, bo, at, seen=case.version)
    with pytest.raises(Conflict):
        judged(case, bo, at, seen=case.version)


def test_how_often_colleagues_agree_is_counted_once_for_each_case(
    club: Club, bo: Actor, dee: Actor, at: datetime
) -> None:
    for kind in ("complaint.service", "complaint.venue"):
        make_case(club, at=at, actor=bo, channel="phone", kind=kind, narrative=RUDE)
    urgent = make_case(club, at=at, kind="inquiry", narrative=RUDE)
    judged(urgent, bo, at, urgency="urgent")
    judged(urgent, bo, at, kind="complaint.service", urgency="urgent")
    make_case(club, at=at, narrative=RUDE)
    here: dict[str, Any] = {"clubs": [club], "since": at, "until": at + HOUR}
    assert agreement(actor=bo, **here) == Agreement(judged=3, kind=2, urgency=1)
    assert agreement(actor=dee, **here) == Agreement(judged=0, kind=0, urgency=0)
    assert agreement(actor=bo, **here | {"clubs": []}).judged == 0
    assert agreement(actor=bo, **here | {"since": at + HOUR, "until": at + 2 * HOUR}).judged == 0


def test_rules_are_made_ready_once_for_all_cases_of_the_same_packs(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, actor=bo)
    assert rules_of(tuple(case.pack_versions)) is rules_of(tuple(case.pack_versions))


def test_half_a_suggestion_is_refused_by_the_database(club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(
            case=case, kind="inquiry", urgency="normal", suggested_kind="inquiry", at=at
        )


@pytest.mark.req("B09")
@pytest.mark.req("B11")
def test_person_complained_of_and_event_are_kept_and_may_not_be_too_long(
    club: Club, bo: Actor, at: datetime
) -> None:
    event = "周六三人赛，二号场"
    case = make_case(club, at=at, kind="complaint.event", complained_of=" 前台高个子 ", event=event)
    assert (case.complained_of, case.event) == ("前台高个子", event)
    with pytest.raises(Refused) as refused:
        open_case(report=make_report(event="长" * 121), club=club, actor=bo, at=at)
    assert refused.value.field == "event"


@pytest.mark.req("B09")
def test_a_complaint_has_a_sub_class_of_its_kind(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, kind="complaint.service")
    case = complete_facts(case=case, subclass="attitude", actor=bo, at=at)
    assert case.subclass == "attitude"
    with pytest.raises(Refused) as refused:
        complete_facts(case=case, subclass="floor", actor=bo, at=at)
    assert (refused.value.field, refused.value.code) == ("subclass", "subclass-unknown")
    case = complete_facts(case=case, subclass="privacy", actor=bo, at=at)
    fact = Entry.objects.get(fact="FactsCorrected").data
    assert (fact["fields"], fact["subclass"]) == (["subclass"], "attitude")
    case = judged(case, bo, at, kind="complaint.venue")
    assert case.subclass == "", "a venue has no privacy"
    assert complete_facts(case=case, subclass="other", actor=bo, at=at).subclass == "other"
    assert judged(case, bo, at, kind="complaint.event").subclass == "other", "which the other kind knows too"
