"""One matter on one case: merged, both numbers open it, the earliest clock counts; undone, all is as before (F20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import serializers

from clubassist.core.actor import ANONYMOUS, EVERYWHERE, SYSTEM, Actor
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import (
    ask_complex,
    ask_department,
    close,
    complete_task,
    decline_offer,
    member_writes,
    merge_cases,
    pause_clock,
    reply,
    resume_clock,
    tell_routes,
    unmerge_cases,
    withdraw_offer,
)
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.matters import finding_of, said_on
from clubassist.domain.cases.models import Case, Clock, Merge, Pause
from clubassist.domain.cases.queries import case_by_number, day_figures, next_round, queue_page
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.roles import EVERY_PERMISSION
from tests.makers.cases import draft_one, make_case, offer_one, ready_to_close, solve, work_up_to
from tests.makers.clubs import make_sensitive
from tests.makers.people import make_member

pytestmark = pytest.mark.req("F20")
HOUR = timedelta(hours=1)


def refusal(case: Case, into: Case, actor: Actor, at: datetime) -> str:
    """Return the code with which a merge is refused at the field `into`."""
    with pytest.raises(Refused) as refused:
        merge_cases(case=case, into=into, actor=actor, at=at)
    assert refused.value.field == "into"
    return refused.value.code


@pytest.fixture
def by_phone(club: Club, ann_person: Person, at: datetime) -> Case:
    """Ann's first word, by phone."""
    return make_case(club, at=at, subject=ann_person, channel="phone")


@pytest.fixture
def by_app(club: Club, ann_person: Person, at: datetime) -> Case:
    """The same, by app within the hour."""
    return make_case(club, at=at + HOUR / 2, subject=ann_person, narrative="二号场地板翘起来了，绊了一下。")


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def counting(case: Case, promise: str) -> Clock:
    """Return the clock that counts for a promise."""
    return Clock.objects.get(case=case, promise=promise, replaced_by__isnull=True)


def everything(*cases: Case) -> list[dict[str, Any]]:
    """Return the rows of cases and their clocks and pauses, without the versions of the cases."""
    rows = [
        *Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk"),
        *Clock.objects.filter(case__in=cases).order_by("pk"),
        *Pause.objects.filter(clock__case__in=cases).order_by("pk"),
    ]
    shown: list[dict[str, Any]] = serializers.serialize("python", rows)
    for row in shown:
        row["fields"].pop("version", None)
    return shown


def content(at: datetime) -> None:
    """Assert that the auditor misses nothing and found nothing late."""
    found = audit(at)
    assert found is not None
    assert (found.missing.count, found.late.count) == (0, 0)


def test_both_numbers_open_the_kept_case_with_one_clock(
    by_phone: Case, by_app: Case, bo: Actor, ann: Actor, at: datetime
) -> None:
    merge_cases(case=by_app, into=by_phone, actor=bo, at=at + HOUR)
    for number in (by_phone.number, by_app.number):
        found = case_by_number(number, actor=bo)
        assert found is not None
        assert found.pk == by_phone.pk
    rows, _more = queue_page("club", actor=bo, at=at + HOUR)
    assert [row.number for row in rows] == [by_phone.number]
    assert counting(by_phone, "first_response").due_at == at + 24 * HOUR
    assert not Clock.objects.running().filter(case=by_app).exists()
    assert not Clock.objects.filter(case=by_app, replaced_by__isnull=True).exists()
    assert day_figures(actor=bo, since=at - HOUR).received == 1


def test_what_was_said_is_read_together(
    by_phone: Case, by_app: Case, bo: Actor, ann: Actor, at: datetime
) -> None:
    merge_cases(case=by_app, into=by_phone, actor=bo, at=at + HOUR)
    assert {message.conversation_id for message in said_on(by_phone, public=True)} == {
        by_phone.conversation_id,
        by_app.conversation_id,
    }


def test_the_link_of_the_merged_case_opens_and_writes_on_the_kept_one(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime
) -> None:
    holder = ANONYMOUS.holding("case", str(by_app.pk))
    assert not Case.objects.visible_to(holder).filter(pk=by_phone.pk).exists()
    merge = merge_cases(case=by_app, into=by_phone, actor=bo, at=at + HOUR)
    assert Case.objects.visible_to(holder).filter(pk=by_phone.pk).exists()
    member_writes(case=fresh(by_phone), text="还有一处。", actor=holder, at=at + HOUR)
    unmerge_cases(merge=merge, actor=bo, at=at + HOUR)
    with pytest.raises(Missing):
        member_writes(case=fresh(by_phone), text="再说一句。", actor=holder, at=at + HOUR)


def test_the_earliest_clock_wins_when_the_later_case_is_urgent(
    club: Club, by_phone: Case, ann_person: Person, bo: Actor, at: datetime
) -> None:
    urgent = make_case(club, at=at + HOUR, subject=ann_person, urgency="urgent")
    merge_cases(case=urgent, into=by_phone, actor=bo, at=at + 1.5 * HOUR)
    assert counting(by_phone, "first_response").due_at == at + 5 * HOUR
    assert counting(by_phone, "solution").due_at == at + 24 * HOUR
    assert fresh(by_phone).next_due_at == at + 5 * HOUR
    for quarter in range(6, 24):
        raise_due_alarms(at + quarter * HOUR / 4)
    content(at + 5.75 * HOUR)
    levels = counting(by_phone, "first_response").alarms.order_by("level").values_list("level", flat=True)
    assert list(levels) == [50, 75, 100]


def test_merging_the_earlier_into_the_later_keeps_receipt_and_clocks_of_the_earlier(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime
) -> None:
    merge_cases(case=by_phone, into=by_app, actor=bo, at=at + HOUR)
    assert fresh(by_app).received_at == at
    running = Clock.objects.running().filter(case=by_app).exclude(promise="judged")
    assert {clock.due_at for clock in running} == {at + 24 * HOUR}


@pytest.mark.parametrize("answered_first", [True, False])
def test_an_answer_on_either_keeps_the_promise(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime, *, answered_first: bool
) -> None:
    reply(case=by_phone if answered_first else by_app, text="在看。", actor=bo, at=at + HOUR)
    merge_cases(case=by_app, into=by_phone, actor=bo, at=at + 2 * HOUR)
    assert counting(by_phone, "first_response").met_at == at + HOUR
    merge = Merge.objects.get()
    unmerge_cases(merge=merge, actor=bo, at=at + 3 * HOUR)
    other = by_app if answered_first else by_phone
    assert counting(other, "first_response").running


@pytest.mark.parametrize("earlier_kept", [True, False])
@pytest.mark.parametrize("stands_still", [True, False])
def test_undone_all_is_as_it_was(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime, *, earlier_kept: bool, stands_still: bool
) -> None:
    if stands_still:
        for case in (by_phone, by_app):
            clock = counting(case, "solution")
            pause_clock(clock=clock, reason="part", evidence="订单 12", actor=bo, at=at + HOUR)
    before = everything(by_phone, by_app)
    kept, merged = (by_phone, by_app) if earlier_kept else (by_app, by_phone)
    merge = merge_cases(case=merged, into=kept, actor=bo, at=at + 2 * HOUR)
    unmerge_cases(merge=merge, actor=bo, at=at + 3 * HOUR)
    copies = Clock.objects.filter(pk__in=Merge.objects.get().before["copies"])
    assert not copies.running().exists()
    assert not copies.filter(replaced_by__isnull=True).exists()
    Pause.objects.filter(clock__in=copies).delete()
    copies.delete()
    assert everything(by_phone, by_app) == before


def test_alarms_and_auditor_follow_a_merge_and_its_undoing(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime
) -> None:
    merge = merge_cases(case=by_phone, into=by_app, actor=bo, at=at + 2 * HOUR)
    for hour in range(3, 14):
        raise_due_alarms(at + hour * HOUR)
    assert counting(by_app, "solution").alarms.count() == 1
    unmerge_cases(merge=merge, actor=bo, at=at + 14 * HOUR)
    for half in range(28, 100):
        raise_due_alarms(at + half * HOUR / 2)
    content(at + 50 * HOUR)
    for case in (by_phone, by_app):
        levels = counting(case, "solution").alarms.order_by("level").values_list("level", flat=True)
        assert list(levels) == [50, 75, 100, 150]


def test_what_happened_since_stays_when_undone(by_phone: Case, by_app: Case, bo: Actor, at: datetime) -> None:
    merge = merge_cases(case=by_phone, into=by_app, actor=bo, at=at + 2 * HOUR)
    reply(case=by_app, text="在看。", actor=bo, at=at + 3 * HOUR)
    unmerge_cases(merge=merge, actor=bo, at=at + 4 * HOUR)
    assert counting(by_app, "first_response").met_at == at + 3 * HOUR
    assert counting(by_phone, "first_response").running
    assert (fresh(by_app).received_at, fresh(by_app).told_at) == (at + HOUR / 2, at + 3 * HOUR)


def test_a_paused_clock_goes_on_on_the_kept_case(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime
) -> None:
    pause_clock(
        clock=counting(by_phone, "solution"), reason="part", evidence="订单 12", actor=bo, at=at + HOUR
    )
    merge_cases(case=by_phone, into=by_app, actor=bo, at=at + 2 * HOUR)
    resumed = resume_clock(clock=counting(by_app, "solution"), actor=bo, at=at + 4 * HOUR)
    assert resumed.due_at == at + 27 * HOUR
    for half in range(8, 60):
        raise_due_alarms(at + half * HOUR / 2)
    content(at + 30 * HOUR)


def test_merging_is_refused(
    club: Club, other_club: Club, by_phone: Case, by_app: Case, bo: Actor, dee: Actor, at: datetime
) -> None:
    later = at + 2 * HOUR
    stranger = make_case(
        club, at=at, subject=make_member(club, name="李四", phone="13800138001", number="M2")
    )
    nobody = make_case(club, at=at)
    far = make_case(other_club, at=at)
    for case, into, code in [
        (by_app, by_app, "merge-itself"),
        (by_app, stranger, "other-person"),
        (by_app, nobody, "other-person"),
    ]:
        with pytest.raises(Refused) as refused:
            merge_cases(case=case, into=into, actor=bo, at=later)
        assert (refused.value.code, refused.value.field) == (code, "into")
    for case, into in [(by_app, far), (far, by_app)]:
        with pytest.raises(Missing):
            merge_cases(case=case, into=into, actor=bo, at=later)
    with pytest.raises(Refused, match="not-allowed"):
        merge_cases(case=by_app, into=by_phone, actor=bo.only(frozenset({"case.read"})), at=later)
    with pytest.raises(Conflict, match="changed-meanwhile"):
        merge_cases(case=by_app, into=by_phone, actor=bo, at=later, seen=9)
    merge = merge_cases(case=by_app, into=by_phone, actor=bo, at=later)
    third = make_case(club, at=at, subject=by_phone.subject)
    with pytest.raises(Refused, match="has-merged"):
        merge_cases(case=by_phone, into=third, actor=bo, at=later)
    with pytest.raises(Refused, match="case-closed"):
        merge_cases(case=by_app, into=third, actor=bo, at=later)
    with pytest.raises(Missing):
        unmerge_cases(merge=merge, actor=dee, at=later)
    unmerge_cases(merge=merge, actor=bo, at=later)
    with pytest.raises(Conflict, match="unmerged-already"):
        unmerge_cases(merge=merge, actor=bo, at=later)


def test_cases_of_two_clubs_are_not_merged(
    club: Club, other_club: Club, ann_person: Person, at: datetime
) -> None:
    everybody = replace(SYSTEM, permissions=dict.fromkeys(EVERY_PERMISSION, EVERYWHERE))
    here, there = (make_case(one, at=at, subject=ann_person) for one in (club, other_club))
    with pytest.raises(Refused, match="other-club"):
        merge_cases(case=here, into=there, actor=everybody, at=at)


def test_a_more_confidential_case_is_not_merged(
    club: Club, by_phone: Case, ann_person: Person, cy: Actor, at: datetime
) -> None:
    make_sensitive(club, "complaint.service")
    secret = make_case(club, at=at, subject=ann_person, kind="complaint.service")
    with pytest.raises(Refused, match="other-confidentiality"):
        merge_cases(case=secret, into=by_phone, actor=cy, at=at)


def test_a_shared_phone_is_a_strong_key(club: Club, by_phone: Case, bo: Actor, at: datetime) -> None:
    guest = make_member(club, name="安", phone="13800138000", number="")
    merge_cases(case=make_case(club, at=at, subject=guest), into=by_phone, actor=bo, at=at + HOUR)


def test_a_merge_stands_once_the_kept_case_is_closed(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime
) -> None:
    merge = merge_cases(case=by_app, into=by_phone, actor=bo, at=at + HOUR)
    ready_to_close(solve(by_phone, actor=bo, at=at + 2 * HOUR), actor=bo, at=at + 2 * HOUR)
    close(case=by_phone, actor=bo, at=at + 3 * HOUR)
    with pytest.raises(Refused, match="case-closed"):
        unmerge_cases(merge=merge, actor=bo, at=at + 4 * HOUR)


def test_what_is_solved_or_under_offer_is_not_merged_away(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime
) -> None:
    later = at + 2 * HOUR
    work_up_to(by_app, "propose", actor=bo, at=later)
    draft = draft_one(by_app, actor=bo, at=later)
    assert refusal(by_app, by_phone, bo, later) == "has-offer"
    withdraw_offer(offer=draft, reason="一并处理", actor=bo, at=later)
    solve(by_phone, actor=bo, at=later)
    assert refusal(by_phone, by_app, bo, later) == "solved-already"
    assert merge_cases(case=by_app, into=by_phone, actor=bo, at=later).kept == by_phone


def test_a_task_of_the_merged_case_owes_nothing_until_the_merge_is_undone(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime
) -> None:
    later = at + 2 * HOUR
    task = ask_department(case=by_app, department="venue", words="看看二号场", actor=bo, at=later)
    merge = merge_cases(case=by_app, into=by_phone, actor=bo, at=later)
    assert not Clock.objects.running().filter(task=task).exists()
    unmerge_cases(merge=merge, actor=bo, at=later)
    assert Clock.objects.running().filter(task=task).exists()


def test_what_the_merged_case_held_goes_on_with_the_kept_one(
    club: Club, by_phone: Case, ann_person: Person, bo: Actor, cy: Actor, at: datetime
) -> None:
    later = at + 2 * HOUR
    told: dict[str, Any] = {
        "subject": ann_person,
        "urgency": "urgent",
        "complained_of": "王教练",
        "event": "周六的球赛",
    }
    by_app = make_case(club, at=at, **told)
    work_up_to(by_app, "propose", actor=bo, at=later)
    for _round in range(2):
        offer = offer_one(by_app, actor=bo, at=later)
        decline_offer(offer=offer, words="不够", channel="phone", actor=bo, at=later)
    tell_routes(case=by_app, actor=bo, at=later)
    before = everything(by_phone, by_app)
    merge = merge_cases(case=by_app, into=by_phone, actor=bo, at=later)
    kept = fresh(by_phone)
    assert (kept.urgency, kept.remedy_sought, kept.complained_of) == ("urgent", "修好地板", "王教练")
    assert (kept.event, kept.routes_told_at, kept.place) == ("周六的球赛", later, "二号场")
    assert next_round(kept) == 3
    finding = finding_of(kept)
    assert finding is not None
    assert finding.case_id == by_app.pk
    unmerge_cases(merge=merge, actor=bo, at=later)
    assert (finding_of(kept), next_round(kept)) == (None, 1)
    left = everything(by_phone, by_app)
    assert [row["fields"] for row in left if row["pk"] == by_phone.pk] == [
        row["fields"] for row in before if row["pk"] == by_phone.pk
    ]


def test_a_waiting_request_stays_where_a_manager_decides_it(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime
) -> None:
    ask_complex(case=by_app, reason="要等厂家", actor=bo, at=at + HOUR)
    assert refusal(by_app, by_phone, bo, at + HOUR) == "has-request"
    merge_cases(case=by_phone, into=by_app, actor=bo, at=at + HOUR)


def test_a_department_is_told_where_the_matter_of_its_task_goes_on(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime
) -> None:
    task = ask_department(case=by_app, department="venue", words="看看二号场", actor=bo, at=at + HOUR)
    merge_cases(case=by_app, into=by_phone, actor=bo, at=at + HOUR)
    with pytest.raises(Refused, match="case-merged") as refused:
        complete_task(task=task, actor=bo, at=at + HOUR)
    assert by_phone.number in str(refused.value.mend)


@pytest.mark.parametrize("kept_first", [True, False])
@pytest.mark.parametrize("into_earlier", [True, False])
def test_when_both_were_answered_the_earlier_answer_counts(
    by_phone: Case, by_app: Case, bo: Actor, at: datetime, *, kept_first: bool, into_earlier: bool
) -> None:
    kept, merged = (by_phone, by_app) if into_earlier else (by_app, by_phone)
    for case, after in ((kept, 1 if kept_first else 3), (merged, 2)):
        reply(case=case, text="在看。", actor=bo, at=at + after * HOUR)
    before = everything(kept, merged)
    merge = merge_cases(case=merged, into=kept, actor=bo, at=at + 4 * HOUR)
    assert counting(kept, "first_response").met_at == at + (1 if kept_first else 2) * HOUR
    unmerge_cases(merge=merge, actor=bo, at=at + 5 * HOUR)
    Clock.objects.filter(pk__in=Merge.objects.get().before["copies"]).delete()
    assert everything(kept, merged) == before


@pytest.mark.req("A08")
def test_nothing_is_merged_into_what_cannot_be_opened_again(
    club: Club, by_phone: Case, ann_person: Person, bo: Actor, at: datetime
) -> None:
    solve(by_phone, actor=bo, at=at + HOUR)
    late = make_case(club, at=at + 36 * 24 * HOUR, subject=ann_person)
    assert refusal(late, by_phone, bo, at + 37 * 24 * HOUR) == "not-reopened"
    soon = make_case(club, at=at + 2 * HOUR, subject=ann_person)
    Case.objects.filter(pk=by_phone.pk).update(resolution="not_agreed")
    assert refusal(soon, by_phone, bo, at + 3 * HOUR) == "not-reopened"
