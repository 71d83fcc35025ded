"""Phrases beside an answer, put in without a script: nothing is sent and nothing typed is lost (B22)."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

import pytest
from django.test import Client

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import complete_facts
from clubassist.domain.cases.models import Case
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from tests.makers.cases import make_case, work_up_to
from tests.makers.people import make_account
from tests.web.desk.conftest import Browser

pytestmark = pytest.mark.req("B22")
SORRY = "让您遇到这样的事，我们很抱歉。"


def offered(client: Client, case: Case) -> list[str]:
    """Return the ids of the phrases on a case's page."""
    text = client.get(f"/cases/{case.number}/").content.decode()
    return re.findall(r'name="phrase" value="([a-z-]+)"', text)


def written(text: str) -> str:
    """Return what stands in the box for the answer."""
    found = re.search(r'<textarea name="text"[^>]*id="reply_text"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL)
    assert found
    return unescape(found[1])


def test_they_follow_the_kind_the_mood_and_the_stage(
    bos_desk: Client, club: Club, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    assert offered(bos_desk, case)[0] == "venue-safe", "those of its very kind come first"
    assert "calm" not in offered(bos_desk, case)
    complete_facts(case=case, emotion="angry", actor=bo, at=at)
    assert "calm" in offered(bos_desk, case)
    assert "ask-facts" in offered(bos_desk, case)
    work_up_to(case, "verify", actor=bo, at=at)
    assert "ask-facts" not in offered(bos_desk, case)
    assert offered(bos_desk, make_case(club, at=at, kind="inquiry")) == ["inquiry-anything"]


def test_a_phrase_is_put_behind_what_is_typed_and_not_sent(
    bos_desk: Client, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at)
    typed = {"text": "王女士您好：", "phrase": "sorry-waiting", "seen": case.version}
    answer = bos_desk.post(f"/cases/{case.number}/reply/", typed)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert written(text) == f"王女士您好：\n{SORRY}"
    again = bos_desk.post(f"/cases/{case.number}/reply/", {"text": written(text), "phrase": "ask-demand"})
    assert written(again.content.decode()).startswith(f"王女士您好：\n{SORRY}\n您希望")
    assert not Message.objects.filter(
        conversation=case.conversation, direction="out", automatic=False
    ).exists()
    assert case.clocks.get(promise="first_response").met_at is None


def test_an_empty_box_begins_with_the_phrase_and_a_phrase_that_is_none_changes_nothing(
    bos_desk: Client, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at)
    address = f"/cases/{case.number}/reply/"
    assert written(bos_desk.post(address, {"text": " ", "phrase": "sorry-waiting"}).content.decode()) == SORRY
    kept = bos_desk.post(address, {"text": "写到一半", "phrase": "none-such"})
    assert (kept.status_code, written(kept.content.decode())) == (200, "写到一半")


def test_the_member_reads_their_own_language(bos_desk: Client, club: Club, at: datetime) -> None:
    case = make_case(club, at=at, language="en")
    answer = bos_desk.post(f"/cases/{case.number}/reply/", {"text": "Dear Ann,", "phrase": "sorry-waiting"})
    assert written(answer.content.decode()) == "Dear Ann,\nWe are sorry that this happened to you."


def test_who_may_not_answer_is_offered_none(browser: Browser, club: Club, at: datetime) -> None:
    coach = make_account("coach", "coach", club)
    case = make_case(club, at=at)
    Case.objects.filter(pk=case.pk).update(owner=coach)
    assert offered(browser(coach), case) == []
