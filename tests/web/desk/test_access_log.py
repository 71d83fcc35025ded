"""The access log's page."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core.access import looked
from clubassist.core.actor import Actor
from clubassist.core.models import Access
from clubassist.domain.club.models import Club
from tests.makers.people import make_account
from tests.web.desk.conftest import Browser


def test_access_log_costs_the_same_with_one_and_three_rows(
    cys_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    looked("reveal", ("contact", "a"), actor=bo, at=at, scope=club.pk, reason="回电")
    with CaptureQueriesContext(connection) as one:
        cys_desk.get("/access-log/")
    for subject in "bc":
        looked("reveal", ("contact", subject), actor=bo, at=at, scope=club.pk, reason="回电")
    with CaptureQueriesContext(connection) as three:
        cys_desk.get("/access-log/")
    assert len(one) == len(three) <= 10


@pytest.mark.req("F25")
def test_access_log_says_who_saw_what_and_why(cys_desk: Client, bo: Actor, club: Club, at: datetime) -> None:
    looked("reveal", ("contact", "abc"), actor=bo, at=at, scope=club.pk, reason="回电")
    text = cys_desk.get("/access-log/", {"lang": "en"}).content.decode()
    for words in ("today 12:00", ">Bo<", "Saw in full", "Contact abc", "Star Club", "回电"):
        assert words in text


def test_access_log_pages_from_new_to_old(cys_desk: Client, bo: Actor, club: Club, at: datetime) -> None:
    for number in range(51):
        looked("reveal", ("page", f"row-{number:02}"), actor=bo, at=at, scope=club.pk)
    first = cys_desk.get("/access-log/").content.decode()
    assert re.findall(r"row-\d\d", first) == [f"row-{number:02}" for number in range(50, 0, -1)]
    link = re.search(r'href="(/access-log/\?before=\d+)"', first)
    assert link is not None
    assert re.findall(r"row-\d\d", cys_desk.get(link[1]).content.decode()) == ["row-00"]


def test_access_log_of_another_club_is_not_shown(
    cys_desk: Client, browser: Browser, dee: Actor, other_club: Club, at: datetime
) -> None:
    looked("reveal", ("contact", "there"), actor=dee, at=at, scope=other_club.pk)
    looked("denied", ("page", "/secret/"), actor=dee, at=at)
    assert "there" not in cys_desk.get("/access-log/").content.decode()
    auditor = browser(make_account("aud", "auditor", None))
    text = auditor.get("/access-log/").content.decode()
    assert "there" in text
    assert "/secret/" in text


def test_access_log_does_not_exist_without_the_right_and_the_try_is_logged(bos_desk: Client) -> None:
    assert bos_desk.get("/access-log/").status_code == 404
    assert Access.objects.get().subject == "/access-log/"


def test_access_log_takes_any_place_to_begin(cys_desk: Client) -> None:
    for before in ("x", "%00", "9" * 30):
        assert cys_desk.get(f"/access-log/?before={before}").status_code == 200
