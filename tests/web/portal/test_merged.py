"""A merged matter and a clock that stands still, as the member reads them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import log_call, merge_cases, pause_clock, resume_clock
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import make_case, open_one


@pytest.fixture
def case(club: Club, ann_person: Person, bo: Actor, at: datetime) -> Case:
    """A complaint of Ann's that was answered: its solution is owed."""
    case = make_case(club, at=at, subject=ann_person)
    log_call(case=case, text="说明了情况。", outcome="reached", actor=bo, at=at)
    return case


def stands_still(case: Case, bo: Actor, at: datetime) -> Clock:
    """Let the solution wait for a part; return its clock."""
    clock = case.clocks.get(promise="solution")
    pause_clock(clock=clock, reason="part", evidence="订单 12", actor=bo, at=at)
    return clock


@pytest.mark.req("B90")
def test_the_promise_says_why_it_waits_and_later_how_long_it_did(
    anns_phone: Client, case: Case, bo: Actor, at: datetime
) -> None:
    clock = stands_still(case, bo, at)
    text = anns_phone.get(f"/m/cases/{case.number}/").content.decode()
    assert "This clock stands still since" in text
    assert "(waiting for a part)" in text
    assert "订单 12" not in text
    assert "At the latest:" not in text
    resume_clock(clock=clock, actor=bo, at=at + timedelta(minutes=5))
    text = anns_phone.get(f"/m/cases/{case.number}/").content.decode()
    assert "paused 21 Nov 12:00–12:05 (waiting for a part)." in text


@pytest.mark.req("F20")
def test_either_number_and_either_link_open_the_kept_case(
    anns_phone: Client, guest: Client, club: Club, ann_person: Person, case: Case, bo: Actor, at: datetime
) -> None:
    again = open_one(club, at=at, subject=ann_person, narrative="还是地板的事。")
    merge_cases(case=again.case, into=case, actor=bo, at=at)
    for answer in (
        anns_phone.get(f"/m/cases/{case.number}/"),
        anns_phone.get(f"/m/cases/{again.case.number}/"),
        guest.get(f"/t/{again.track_code}/"),
    ):
        text = answer.content.decode()
        assert case.number in text
        assert "二号场地板翘起" in text
        assert "还是地板的事。" in text
    listed = anns_phone.get("/m/cases/").content.decode()
    assert case.number in listed
    assert again.case.number not in listed


@pytest.mark.req("F20")
def test_what_is_written_by_the_link_of_the_merged_case_reaches_the_kept_one(
    guest: Client, club: Club, ann_person: Person, case: Case, bo: Actor, at: datetime
) -> None:
    again = open_one(club, at=at, subject=ann_person)
    merge_cases(case=again.case, into=case, actor=bo, at=at)
    assert guest.post(f"/t/{again.track_code}/write/", {"text": "还有一处。"}).status_code == 302
    assert Message.objects.get(body="还有一处。").conversation_id == case.conversation_id
