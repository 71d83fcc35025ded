"""A merged matter and a clock that stands still, as the member reads them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import (
    decline_offer,
    log_call,
    merge_cases,
    pause_clock,
    resume_clock,
    unmerge_cases,
)
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import make_case, offer_one, open_one, work_up_to
from tests.makers.people import actor_of_member, make_member
from tests.web.portal.conftest import signed_in


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


@pytest.fixture
def by_phone_guest(club: Club, bo: Actor, at: datetime) -> Case:
    """The same matter on the file of a guest who rang from Ann's phone."""
    guest = make_member(club, name="安", phone="13800138000", number="")
    return make_case(club, at=at, subject=guest, channel="phone")


@pytest.mark.req("F20")
def test_whose_case_was_merged_into_another_files_case_reads_writes_and_answers_there(
    anns_phone: Client, ann: Actor, by_phone_guest: Case, case: Case, bo: Actor, at: datetime
) -> None:
    address = f"/m/cases/{case.number}/"
    assert anns_phone.get(f"/m/cases/{by_phone_guest.number}/").status_code == 404
    anns_phone.get(address)
    with CaptureQueriesContext(connection) as alone:
        anns_phone.get(address)
    merge = merge_cases(case=case, into=by_phone_guest, actor=bo, at=at)
    assert by_phone_guest.number in anns_phone.get("/m/cases/").content.decode()
    anns_phone.get(address)
    with CaptureQueriesContext(connection) as spent:
        assert by_phone_guest.number in anns_phone.get(address).content.decode()
    assert len(spent) == len(alone) <= 7
    assert anns_phone.post(f"{address}write/", {"text": "还有一处。"}).status_code == 302
    assert Message.objects.get(body="还有一处。").conversation_id == by_phone_guest.conversation_id
    offer = offer_one(work_up_to(by_phone_guest, "propose", actor=bo, at=at), actor=bo, at=at)
    assert "今天修好地板。" in anns_phone.get(address).content.decode()
    anns_phone.post(f"{address}accept/", {"option": offer.options.get().pk})
    offer.refresh_from_db()
    assert (offer.answer, offer.answered_by_id) == ("accepted", None)
    unmerge_cases(merge=merge, actor=bo, at=at)
    assert anns_phone.get(f"/m/cases/{by_phone_guest.number}/").status_code == 404
    assert not Case.objects.visible_to(ann).filter(pk=by_phone_guest.pk).exists()


@pytest.mark.req("F20")
def test_who_told_of_anothers_matter_reads_on_what_they_told_and_no_more(
    club: Club, ann_person: Person, case: Case, bo: Actor, at: datetime
) -> None:
    witness = make_member(club, name="魏证", phone="13900139000", number="W1")
    told = make_case(club, at=at, subject=ann_person, reporter=witness, narrative="我看见她绊倒了。")
    merge_cases(case=told, into=case, actor=bo, at=at)
    phone = signed_in(actor_of_member(witness))
    listed = phone.get("/m/cases/").content.decode()
    assert told.number in listed
    assert case.number not in listed
    text = phone.get(f"/m/cases/{told.number}/").content.decode()
    assert "我看见她绊倒了。" in text
    assert "二号场地板翘起" not in text
    assert phone.get(f"/m/cases/{case.number}/").status_code == 404


@pytest.mark.req("F20")
def test_rounds_of_the_merged_case_are_read_in_the_first_stage_too(
    anns_phone: Client, club: Club, ann_person: Person, case: Case, bo: Actor, at: datetime
) -> None:
    merged = make_case(club, at=at, subject=ann_person)
    offer = offer_one(work_up_to(merged, "propose", actor=bo, at=at), actor=bo, at=at)
    decline_offer(offer=offer, words="不够", channel="phone", actor=bo, at=at)
    merge_cases(case=merged, into=case, actor=bo, at=at)
    assert "今天修好地板。" in anns_phone.get(f"/m/cases/{case.number}/").content.decode()
