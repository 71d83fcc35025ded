"""An open page hears within seconds of what others do."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import add_note
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case
from tests.makers.clubs import make_sensitive

pytestmark = pytest.mark.req("F51")


def ask(desk: Client, since: datetime, notices: int = 0) -> int:
    """Ask as a page does that was made at `since` with so many unread notices."""
    response = desk.get(f"/live/?since={quote(since.isoformat())}&notices={notices}")
    assert response.content == b""
    assert (response.headers.get("HX-Trigger") == "sa:news") is (response.status_code == 200)
    return response.status_code


def test_nothing_new_is_told_in_two_statements_and_few_bytes(bos_desk: Client) -> None:
    now = clock.now()
    ask(bos_desk, now)
    with CaptureQueriesContext(connection) as captured:
        assert ask(bos_desk, now) == 204
    assert len(captured) <= 5
    response = bos_desk.get(f"/live/?since={quote(now.isoformat())}&notices=0")
    assert "sa:" not in str(response.headers)
    assert sum(len(name) + len(value) + 4 for name, value in response.items()) <= 300


def test_what_a_colleague_does_is_news_to_the_club_and_to_no_other(
    bos_desk: Client, dees_desk: Client, club: Club, cy: Actor
) -> None:
    at = clock.now()
    case = make_case(club, at=at - timedelta(minutes=1))
    add_note(case=case, text="看过了。", actor=cy, at=at)
    assert ask(bos_desk, at - timedelta(seconds=1)) == 200
    assert (
        ask(bos_desk, at + timedelta(seconds=2)) == 200
    )  # it may have been committed after the page was made
    assert ask(bos_desk, at + timedelta(seconds=6)) == 204
    assert ask(dees_desk, at - timedelta(seconds=1)) == 204


def test_ones_own_deed_is_no_news_to_the_page_it_led_to(bos_desk: Client, club: Club, bo: Actor) -> None:
    at = clock.now()
    case = make_case(club, at=at - timedelta(minutes=1))
    add_note(case=case, text="看过了。", actor=bo, at=at)
    assert ask(bos_desk, at + timedelta(seconds=1)) == 204
    assert ask(bos_desk, at) == 200


def test_a_notice_is_news(bos_desk: Client, bo: Actor, at: datetime) -> None:
    now = clock.now()
    account = Account.objects.get(pk=bo.account)
    StaffNotice.objects.create(
        account=account, code="assigned", kind="case", subject="GD-1", cause="x", at=at
    )
    assert ask(bos_desk, now) == 200
    assert ask(bos_desk, now, notices=1) == 204


@pytest.mark.parametrize("since", ["", "yesterday", "2026-11-28T10:00:00", "9" * 40])
def test_a_page_without_cases_hears_of_notices_alone(
    bos_desk: Client, club: Club, cy: Actor, since: str
) -> None:
    add_note(case=make_case(club, at=clock.now()), text="看过了。", actor=cy, at=clock.now())
    assert bos_desk.get(f"/live/?since={quote(since)}&notices=0").status_code == 204
    assert bos_desk.get(f"/live/?since={quote(since)}&notices=1").status_code == 200
    assert "/live/?notices=0" in bos_desk.get("/members/").content.decode()


def test_an_ended_session_is_said_and_no_sign_in_is_put_into_a_page(client: Client, db: None) -> None:
    assert client.get("/live/?notices=0", headers={"HX-Request": "true"}).status_code == 401
    assert client.get("/live/?notices=0").status_code == 302


def test_a_page_that_reads_itself_takes_no_message_and_no_language_along(bos_desk: Client) -> None:
    text = bos_desk.get("/cases/", {"lang": "en", "view": "mine"}).content.decode()
    assert 'hx-get="/cases/?view=mine"' in text
    assert "sa-toasts" in bos_desk.get("/cases/", headers={"HX-Request": "true"}).content.decode()


def test_every_page_asks_but_that_of_a_sensitive_case_whose_looks_are_logged(
    bos_desk: Client, cys_desk: Client, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at)
    for address in ("/", "/cases/", f"/cases/{case.number}/"):
        assert 'hx-get="/live/?since=' in bos_desk.get(address).content.decode()
    make_sensitive(club, "complaint.service")
    secret = make_case(club, at=at + timedelta(hours=1), kind="complaint.service")
    assert "/live/" not in cys_desk.get(f"/cases/{secret.number}/").content.decode()
