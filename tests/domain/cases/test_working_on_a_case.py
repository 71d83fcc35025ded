"""Assigning, ticking, promising contact, solving, closing, and who sees what."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import (
    assign,
    close,
    complete_facts,
    complete_task,
    member_writes,
    promise_contact,
    reply,
    resolve,
)
from clubassist.domain.cases.models import NO_CLOCK, Case, Clock, State, Task
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import finish_stage, make_case, ready_to_close, solve, work_up_to
from tests.makers.people import make_account


@pytest.mark.req("B21")
def test_a_new_stage_is_told_to_the_member(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    jobs.drain(at=at)
    finish_stage(case, actor=bo, at=at + timedelta(hours=1))
    jobs.drain(at=at + timedelta(hours=1))
    case.refresh_from_db()
    assert case.stage == "verify"
    told = Message.objects.public().filter(conversation=case.conversation, automatic=True).order_by("id")
    assert "核实" in told[len(told) - 1].body


def test_complete_task_refuses_a_second_tick(club: Club, bo: Actor, at: datetime) -> None:
    task = Task.objects.filter(case=make_case(club, at=at)).first()
    assert task is not None
    complete_task(task=task, actor=bo, at=at)
    with pytest.raises(Conflict):
        complete_task(task=task, actor=bo, at=at)


def test_complete_task_refuses_a_gate(club: Club, bo: Actor, at: datetime) -> None:
    task = Task.objects.filter(case=make_case(club, at=at)).first()
    assert task is not None
    Task.objects.filter(pk=task.pk).update(gate="offer")
    with pytest.raises(Refused) as refused:
        complete_task(task=task, actor=bo, at=at)
    assert refused.value.code == "task-has-gate"


def test_complete_task_refuses_a_stranger(club: Club, dee: Actor, at: datetime) -> None:
    task = Task.objects.filter(case=make_case(club, at=at)).first()
    assert task is not None
    with pytest.raises(Missing):
        complete_task(task=task, actor=dee, at=at)


def test_assign_tells_the_new_owner(club: Club, bo: Actor, cy_account: Account, at: datetime) -> None:
    case = make_case(club, at=at, actor=bo)
    assign(case=case, owner=cy_account, actor=bo, at=at)
    jobs.drain(at=at)
    assert StaffNotice.objects.filter(account=cy_account, code="assigned").count() == 1


def test_assign_refuses_somebody_from_elsewhere(
    club: Club, bo: Actor, dee_account: Account, at: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        assign(case=make_case(club, at=at), owner=dee_account, actor=bo, at=at)
    assert refused.value.field == "owner"


@pytest.mark.req("B03")
def test_a_case_without_word_for_48_hours_is_silent(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    two_days = at + timedelta(hours=48)
    assert not Case.objects.silent(two_days - timedelta(seconds=1)).exists()
    assert list(Case.objects.silent(two_days)) == [case]
    reply(case=case, text="仍在处理，明天给您答复。", actor=bo, at=two_days)
    assert not Case.objects.silent(two_days + timedelta(hours=47)).exists()


@pytest.mark.req("B03")
def test_the_next_promised_contact_comes_due(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    promise_contact(case=case, contact_at=at + timedelta(hours=5), actor=bo, at=at)
    assert not Case.objects.contact_due(at + timedelta(hours=4)).exists()
    assert list(Case.objects.contact_due(at + timedelta(hours=5))) == [case]


def test_the_second_of_two_who_promise_contact_or_close_is_told(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    seen = case.version
    promise_contact(case=case, contact_at=at + timedelta(hours=5), seen=seen, actor=bo, at=at)
    with pytest.raises(Conflict):
        promise_contact(case=case, contact_at=at + timedelta(hours=9), seen=seen, actor=cy, at=at)
    solve(case, actor=bo, at=at)
    seen = ready_to_close(case, actor=bo, at=at).version
    reply(case=case, text="补充一句。", actor=bo, at=at)
    with pytest.raises(Conflict):
        close(case=case, seen=seen, actor=cy, at=at)
    case.refresh_from_db()
    assert (case.next_contact_at, case.state) == (None, State.RESOLVED)


def test_promise_contact_refuses_the_past(club: Club, bo: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        promise_contact(case=make_case(club, at=at), contact_at=at, actor=bo, at=at)
    assert refused.value.field == "contact_at"


@pytest.mark.req("B18")
def test_missing_facts_are_completed_and_a_correction_keeps_what_stood_there(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, place="", emotion="upset")
    done = complete_facts(
        case=case,
        place="更衣室",
        people="两位家长",
        occurred_words="今天上午九点半",
        emotion="calm",
        actor=bo,
        at=at,
    )
    assert (done.place, done.people, done.emotion) == ("更衣室", "两位家长", "calm")
    assert Entry.objects.get(fact="FactsCompleted").data["fields"] == ["place"]
    corrected = Entry.objects.get(fact="FactsCorrected").data
    assert (corrected["fields"], corrected["emotion"]) == (["people", "emotion"], "upset")
    assert Message.objects.get(conversation=case.conversation, direction="note").body == "本人"


def test_facts_typed_beside_a_colleague_are_refused(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, place="")
    complete_facts(case=case, place="更衣室", actor=bo, at=at, seen=case.version)
    with pytest.raises(Conflict):
        complete_facts(case=case, place="一号场", actor=bo, at=at, seen=case.version)


def test_resolve_keeps_both_promises_and_close_ends_it(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    solved = at + timedelta(hours=3)
    solve(case, actor=bo, at=solved)
    case.refresh_from_db()
    report_due = solved + timedelta(hours=48)
    assert (case.state, case.resolved_at, case.next_due_at) == (State.RESOLVED, solved, report_due)
    promised = case.clocks.filter(promise__in=("first_response", "solution"))
    assert set(promised.values_list("met_at", flat=True)) == {solved}
    close(case=ready_to_close(case, actor=bo, at=solved), actor=bo, at=solved)
    case.refresh_from_db()
    assert (case.state, case.next_due_at) == (State.CLOSED, NO_CLOCK)


def test_close_refuses_an_unsolved_case(club: Club, bo: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        close(case=make_case(club, at=at), actor=bo, at=at)
    assert refused.value.code == "not-resolved"


def test_resolve_refuses_twice_and_unknown_words(club: Club, bo: Actor, at: datetime) -> None:
    case = work_up_to(make_case(club, at=at), actor=bo, at=at)
    with pytest.raises(Refused) as unknown:
        resolve(case=case, resolution="magic", text="好了", actor=bo, at=at)
    assert unknown.value.field == "resolution"
    resolve(case=case, resolution="solved", text="好了", actor=bo, at=at)
    with pytest.raises(Refused) as twice:
        resolve(case=case, resolution="solved", text="好了", actor=bo, at=at)
    assert twice.value.code == "resolved-already"


def test_a_closed_case_takes_nothing_more(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    solve(case, actor=bo, at=at)
    close(case=ready_to_close(case, actor=bo, at=at), actor=bo, at=at)
    with pytest.raises(Refused) as refused:
        reply(case=case, text="再说一句", actor=bo, at=at)
    assert refused.value.code == "case-closed"
    assert [clock.promise for clock in Clock.objects.running().filter(case=case)] == ["call_back_30"]


@pytest.mark.req("F47")
def test_the_centre_sees_the_complaints_of_every_club(club: Club, other_club: Club, at: datetime) -> None:
    centre = staff_actor(make_account("centre", "service_manager", None))
    cases = {make_case(club, at=at), make_case(other_club, at=at)}
    assert set(Case.objects.visible_to(centre)) == cases


@pytest.mark.req("F25")
def test_who_sees_a_case(
    club: Club, bo: Actor, dee: Actor, ann: Actor, ann_person: Person, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    coach_account = make_account("coach", "coach", club)
    coach = staff_actor(coach_account)
    manager = staff_actor(make_account("boss", "management", club))
    assert list(Case.objects.visible_to(bo)) == [case]
    assert list(Case.objects.visible_to(ann)) == [case]
    for stranger in (dee, coach, manager):
        assert not Case.objects.visible_to(stranger).exists()
    Task.objects.filter(case=case).update(assignee=coach_account)
    assert list(Case.objects.visible_to(coach)) == [case]


def test_close_refuses_while_the_member_waits_for_an_answer(
    club: Club, bo: Actor, ann: Actor, ann_person: Person, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    ready_to_close(solve(case, actor=bo, at=at), actor=bo, at=at)
    member_writes(case=case, text="还是漏水。", actor=ann, at=at)
    with pytest.raises(Refused) as refused:
        close(case=case, actor=bo, at=at)
    assert refused.value.code == "answer-first"
