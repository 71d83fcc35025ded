"""Answering: a person's first answer keeps the promise, an automatic line does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import add_note, log_call, member_writes, reply, resolve
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.channels.models import Message
from clubassist.domain.channels.queries import thread
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import make_case


def first_response(case: Case) -> Clock:
    return Clock.objects.get(case=case, promise="first_response")


@pytest.mark.req("F49")
def test_reply_keeps_the_first_response_promise(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    later = at + timedelta(hours=23, minutes=59)
    reply(case=case, text="我们已经在看了。", actor=bo, at=later)
    clock = first_response(case)
    assert clock.met_at == later <= clock.due_at
    case.refresh_from_db()
    assert (case.told_at, case.awaits_reply, case.owner_id) == (later, False, bo.account)


@pytest.mark.req("F15")
def test_reply_to_an_enquiry_is_in_time_one_minute_before_the_limit(club: Club, bo: Actor) -> None:
    saturday = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)  # 18:00 in Shanghai
    case = make_case(club, at=saturday, kind="inquiry")
    sunday = datetime(2026, 11, 22, 9, 59, tzinfo=UTC)  # 17:59
    log_call(case=case, text="已电话说明。", outcome="reached", actor=bo, at=sunday)
    clock = first_response(case)
    assert clock.met_at is not None
    assert clock.met_at <= clock.due_at


def test_the_automatic_receipt_is_no_response(club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    jobs.drain(at=at)
    automatic = Message.objects.get(conversation=case.conversation, automatic=True)
    assert case.number in automatic.body
    assert case.narrative not in automatic.body, "no sender's text in automatic messages"
    assert first_response(case).running


def test_a_note_answers_nothing_and_stays_inside(
    club: Club, bo: Actor, ann_person: Person, ann: Actor
) -> None:
    at = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
    case = make_case(club, at=at, subject=ann_person)
    add_note(case=case, text="先问问场地部。", actor=bo, at=at)
    assert first_response(case).running
    assert "先问问场地部。" not in Message.objects.visible_to(ann).values_list("body", flat=True)


@pytest.mark.parametrize(("outcome", "text"), [("not_reached", ""), ("left_message", "请他回电。")])
def test_a_call_that_did_not_reach_the_member_changes_nothing(
    outcome: str, text: str, club: Club, bo: Actor, ann_person: Person, ann: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    before = Case.objects.values().get(pk=case.pk)
    later = at + timedelta(hours=1)
    message = log_call(case=case, text=text, outcome=outcome, actor=bo, at=later, seen=case.version)
    assert Case.objects.values().get(pk=case.pk) == before
    assert first_response(case).running
    assert Entry.objects.get(fact="ContactAttempted").data["outcome"] == outcome
    assert not Entry.objects.filter(fact="CaseReplied").exists()
    assert list(thread(case.conversation, public=False))[-1] == message
    assert message not in Message.objects.visible_to(ann)


def test_the_auditor_misses_the_alarm_of_a_case_whose_member_was_only_called_in_vain(
    club: Club, bo: Actor, at: datetime
) -> None:
    in_vain, answered = make_case(club, at=at), make_case(club, at=at)
    log_call(case=in_vain, text="", outcome="not_reached", actor=bo, at=at)
    log_call(case=answered, text="说好了。", outcome="reached", actor=bo, at=at)
    found = audit(at + timedelta(hours=23))
    assert found is not None
    missed = set(found.missing.clocks)
    assert first_response(in_vain).pk in missed
    assert first_response(answered).pk not in missed


def test_log_call_refuses_an_unknown_outcome_and_silence_from_somebody_reached(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    for outcome, text, field in (
        ("busy", "忙音", "outcome"),
        ("reached", " ", "text"),
        ("left_message", "", "text"),
    ):
        with pytest.raises(Refused) as refused:
            log_call(case=case, text=text, outcome=outcome, actor=bo, at=at)
        assert refused.value.field == field


@pytest.mark.req("F19")
def test_what_a_machine_says_answers_nothing(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    machine = replace(bo, machine=True)
    reply(case=case, text="我们已收到。", actor=machine, at=at)
    log_call(case=case, text="语音通知。", outcome="reached", actor=machine, at=at)
    told = Message.objects.filter(conversation=case.conversation, author__isnull=False)
    assert list(told.values_list("automatic", flat=True)) == [True, True]
    assert [entry.data["met"] for entry in Entry.objects.filter(fact="CaseReplied")] == [[], []]
    case.refresh_from_db()
    assert (case.told_at, case.awaits_reply, case.owner) == (at, True, None)
    assert first_response(case).running


def test_a_result_from_a_machine_is_no_first_response(club: Club, cy: Actor, at: datetime) -> None:
    case, machine = make_case(club, at=at), replace(cy, machine=True)
    resolve(case=case, resolution="solved", text="门禁已恢复。", reason="门禁自行恢复", actor=machine, at=at)
    case.refresh_from_db()
    assert case.clocks.get(promise="solution").met_at == at
    assert first_response(case).running
    assert (case.awaits_reply, case.next_due_at) == (True, first_response(case).due_at)


def test_two_agents_at_once_one_wins_the_other_is_told(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    seen = case.version
    reply(case=case, text="我先回。", actor=bo, at=at, seen=seen)
    with pytest.raises(Conflict) as conflict:
        reply(case=case, text="我也回。", actor=cy, at=at, seen=seen)
    assert conflict.value.status == 409
    assert Message.objects.filter(conversation=case.conversation, direction="out").count() == 1


def test_reply_refuses_an_empty_text(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    with pytest.raises(Refused) as refused:
        reply(case=case, text="  ", actor=bo, at=at)
    assert refused.value.field == "text"


def test_reply_refuses_a_stranger_as_if_the_case_were_not_there(club: Club, dee: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    with pytest.raises(Missing):
        reply(case=case, text="你好", actor=dee, at=at)


def test_member_writes_awaits_an_answer(
    club: Club, bo: Actor, ann: Actor, ann_person: Person, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    reply(case=case, text="在看。", actor=bo, at=at)
    member_writes(case=case, text="还没修好。", actor=ann, at=at + timedelta(hours=1))
    case.refresh_from_db()
    assert case.awaits_reply
    assert Entry.objects.filter(fact="MemberWrote").exists()


def test_member_writes_refuses_a_link_to_another_case(club: Club, at: datetime) -> None:
    case, other = make_case(club, at=at), make_case(club, at=at)
    guest = Actor(kind="guest", held=frozenset({("case", str(other.pk))}))  # type: ignore[arg-type]  # plain text is one too
    with pytest.raises(Missing):
        member_writes(case=case, text="？", actor=guest, at=at)
