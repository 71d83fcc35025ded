"""Answering: a person's first answer keeps the promise, an automatic line does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import add_note, log_call, member_writes, reply
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.channels.models import Message
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
    log_call(case=case, text="已电话说明。", actor=bo, at=sunday)
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
