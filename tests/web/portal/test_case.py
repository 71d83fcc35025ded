"""The page of a matter, by link and by account: what is shown, what never is, adding to it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import (
    add_note,
    close,
    log_call,
    promise_contact,
    reply,
)
from clubassist.domain.cases.models import Case
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import finish_stage, make_case, open_one, ready_to_close, solve
from tests.makers.people import make_member
from tests.web.portal.conftest import english


@pytest.fixture
def anns_case(club: Club, ann_person: Person, at: datetime) -> Case:
    """A venue complaint of Ann's."""
    return make_case(club, at=at, subject=ann_person)


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.content.decode()


def test_link_is_kept_by_nobody_and_tells_no_other_site(guest: Client, club: Club, at: datetime) -> None:
    response = guest.get(f"/t/{open_one(club, at=at).track_code}/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex,nofollow">' in response.content.decode()


def test_case_shows_steps_promise_and_its_explanation(guest: Client, club: Club, at: datetime) -> None:
    opened = open_one(club, at=at)
    page = body(guest, f"/t/{opened.track_code}/")
    assert page.count("<li") >= 4
    assert 'aria-current="step">Received' in page
    assert "Step 1 of 5: Received" in page
    assert "tomorrow 12:00" in page
    assert "Due 22 Nov 12:00: 24 h around the clock from 21 Nov 12:00." in page
    assert "Member service team" in page
    assert "最迟" not in page


def test_case_explains_itself_in_chinese(club: Club, at: datetime) -> None:
    page = Client().get(f"/t/{open_one(club, at=at).track_code}/").content.decode()
    assert "11 月 22 日 12:00 到期：从 11 月 21 日 12:00 起算 24 小时（24 小时连续计时）。" in page
    assert "核实" in page


def test_case_moves_through_the_members_steps(
    anns_phone: Client, anns_case: Case, bo: Actor, at: datetime
) -> None:
    address = f"/m/cases/{anns_case.number}/"
    finish_stage(anns_case, actor=bo, at=at)
    assert "Step 2 of 5: Checking the facts" in body(anns_phone, address)
    solve(anns_case, actor=bo, at=at)
    assert "Step 5 of 5" in body(anns_phone, address)
    close(case=ready_to_close(anns_case, actor=bo, at=at), actor=bo, at=at)
    page = body(anns_phone, address)
    assert page.count('class="sa-done"') == 5
    assert f'action="{address}write/"' not in page
    assert anns_phone.post(f"{address}write/", {"text": "还有一点"}).status_code == 422


@pytest.mark.req("B21")
def test_case_shows_answers_and_never_notes(guest: Client, club: Club, bo: Actor, at: datetime) -> None:
    opened = open_one(club, at=at)
    reply(case=opened.case, text="师傅下午到场。", actor=bo, at=at)
    log_call(case=opened.case, text="电话里说好四点前修完。", outcome="reached", actor=bo, at=at)
    add_note(case=opened.case, text="这位上月也投诉过", actor=bo, at=at)
    promise_contact(case=opened.case, contact_at=at + timedelta(hours=3), actor=bo, at=at)
    page = body(guest, f"/t/{opened.track_code}/")
    assert page.index("师傅下午到场。") < page.index("电话里说好四点前修完。")
    assert "上月也投诉过" not in page
    assert "B (Front desk agent)" in page
    assert "You hear from us again by:" in page
    assert "today 15:00" in page


def test_case_tells_words_of_the_member_from_our_note_of_a_call(
    anns_phone: Client, club: Club, ann_person: Person, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, actor=bo, subject=ann_person, channel="phone")
    assert "You, by phone, as we noted it" in body(anns_phone, f"/m/cases/{case.number}/")


def test_case_says_sorry_when_late(guest: Client, club: Club, at: datetime) -> None:
    code = open_one(club, at=at).track_code
    assert "We are late" not in body(guest, f"/t/{code}/")
    with time_machine.travel(at + timedelta(hours=25), tick=False):
        assert "We are late" in body(guest, f"/t/{code}/")


def test_link_opens_one_matter_only(guest: Client, anns_case: Case, club: Club, at: datetime) -> None:
    body(guest, f"/t/{open_one(club, at=at).track_code}/")
    response = guest.get(f"/m/cases/{anns_case.number}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/code/?next=")


def test_case_of_somebody_else_is_not_there(anns_phone: Client, club: Club, at: datetime) -> None:
    theirs = make_case(club, at=at, subject=make_member(club, name="别人", phone="13800138009", number="M9"))
    missing = anns_phone.get("/m/cases/GD-99999999/")
    hidden = anns_phone.get(f"/m/cases/{theirs.number}/")
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert missing.content == hidden.content
    assert anns_phone.post(f"/m/cases/{theirs.number}/write/", {"text": "您好"}).status_code == 404
    assert theirs.number not in body(anns_phone, "/m/cases/")


@pytest.mark.parametrize("by_link", [True, False])
def test_write_adds_once_and_goes_back(
    by_link: bool, anns_phone: Client, club: Club, ann_person: Person, at: datetime
) -> None:
    opened = open_one(club, at=at, subject=ann_person)
    client, here = (
        (english(), f"/t/{opened.track_code}/")
        if by_link
        else (anns_phone, f"/m/cases/{opened.case.number}/")
    )
    sent = {"text": "楼梯口也有一块。", "once": str(uuid.uuid4())}
    for _ in range(2):
        response = client.post(f"{here}write/", sent)
        assert (response.status_code, response["Location"]) == (302, here)
    assert Message.objects.filter(conversation=opened.case.conversation, body=sent["text"]).count() == 1
    assert "楼梯口也有一块。" in body(client, here)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Write something before you send."), ("字" * 10_001, "10,000"), ("a\x00b", "Null characters")],
)
def test_write_refuses_at_the_field(text: str, words: str, guest: Client, club: Club, at: datetime) -> None:
    opened = open_one(club, at=at)
    response = guest.post(f"/t/{opened.track_code}/write/", {"text": text})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Message.objects.filter(conversation=opened.case.conversation).count() == 1


def test_cases_cost_the_same_with_one_and_three_rows(
    anns_phone: Client, anns_case: Case, club: Club, ann_person: Person, at: datetime
) -> None:
    body(anns_phone, "/m/cases/")
    with CaptureQueriesContext(connection) as one:
        body(anns_phone, "/m/cases/")
    for _ in range(2):
        make_case(club, at=at, subject=ann_person)
    with CaptureQueriesContext(connection) as three:
        assert body(anns_phone, "/m/cases/").count("<article") == 3
    assert len(one) == len(three) <= 6


def test_cases_go_on_where_the_page_ended(
    anns_phone: Client, club: Club, ann_person: Person, at: datetime
) -> None:
    numbers = [make_case(club, at=at, subject=ann_person).number for _ in range(21)]
    first = body(anns_phone, "/m/cases/")
    assert first.count("<article") == 20
    assert numbers[0] not in first
    oldest = Case.objects.get(number=numbers[1]).pk
    second = body(anns_phone, f"/m/cases/?before={oldest}")
    assert f'href="?before={oldest}"' in first
    assert second.count("<article") == 1
    assert anns_phone.get("/m/cases/?before=x%00").status_code == 200


def test_case_page_costs_little(guest: Client, club: Club, bo: Actor, at: datetime) -> None:
    opened = open_one(club, at=at)
    reply(case=opened.case, text="您好", actor=bo, at=at)
    body(guest, f"/t/{opened.track_code}/")
    with CaptureQueriesContext(connection) as few:
        body(guest, f"/t/{opened.track_code}/")
    for _ in range(5):
        reply(case=opened.case, text="您好", actor=bo, at=at)
    with CaptureQueriesContext(connection) as many:
        body(guest, f"/t/{opened.track_code}/")
    assert len(few) == len(many) <= 6
