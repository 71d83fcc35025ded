"""The way in, the promises, and what a member sees of their own file."""

from __future__ import annotations

import gzip
import re
from datetime import datetime

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import reply
from clubassist.domain.club.models import Club
from clubassist.domain.members.actions import reveal_contact
from clubassist.domain.members.models import Contact, Person
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case

PUBLIC = ("/m/", "/m/report/", "/m/track/", "/m/promise/", "/m/privacy/")
OWN = ("/m/cases/", "/m/me/")
MOST_BYTES = 40 * 1024


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.content.decode()


@pytest.mark.parametrize("address", PUBLIC)
def test_public_pages_are_light_and_need_no_script(address: str, guest: Client, club: Club) -> None:
    page = body(guest, address)
    assert "<script" not in page
    styles = [finders.find(name) for name in re.findall(r'href="/static/([^"#]+\.(?:css|svg))"', page)]
    files = {str(found) for found in styles if found} | {str(finders.find("shared/icons.svg"))}
    weight = len(gzip.compress(page.encode()))
    for name in files:
        with open(name, "rb") as file:  # noqa: PTH123 - a path as staticfiles gives it
            weight += len(gzip.compress(file.read()))
    assert weight <= MOST_BYTES


@pytest.mark.parametrize("address", PUBLIC)
def test_public_pages_link_to_nothing_that_is_missing(address: str, guest: Client, club: Club) -> None:
    for link in set(re.findall(r'href="(/[^"#]*)"', body(guest, address))):
        if not link.startswith("/static/"):
            assert guest.get(link).status_code in (200, 302), link


@pytest.mark.parametrize("address", OWN)
def test_own_pages_lead_guests_to_the_code_and_hide_from_colleagues(
    address: str, guest: Client, bo_account: Account
) -> None:
    response = guest.get(address)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/code/?next={address}")
    guest.force_login(bo_account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert guest.get(address).status_code == 404


def test_home_shows_what_waits_first(
    anns_phone: Client, ann_person: Person, club: Club, bo: Actor, at: datetime
) -> None:
    answered = make_case(club, at=at, subject=ann_person, narrative="更衣柜打不开。")
    make_case(club, at=at, subject=ann_person, narrative="二号场灯不亮。")
    reply(case=answered, text="已经打开。", actor=bo, at=at)
    page = body(anns_phone, "/m/")
    assert "Hello, 安然" in page
    assert "1 matter has news for you" in page
    assert page.index("更衣柜打不开") < page.index("二号场灯不亮")


def test_home_costs_the_same_with_one_and_three_matters(
    anns_phone: Client, ann_person: Person, club: Club, at: datetime
) -> None:
    make_case(club, at=at, subject=ann_person)
    body(anns_phone, "/m/")
    with CaptureQueriesContext(connection) as one:
        body(anns_phone, "/m/")
    for _ in range(2):
        make_case(club, at=at, subject=ann_person)
    with CaptureQueriesContext(connection) as three:
        body(anns_phone, "/m/")
    assert len(one) == len(three) <= 6


def test_home_remembers_mode_and_language(guest: Client, club: Club) -> None:
    assert 'data-mode="care"' in body(guest, "/m/?mode=care")
    assert 'data-mode="care"' in body(guest, "/m/promise/")
    assert 'data-mode="standard"' in body(guest, "/m/?mode=standard")
    assert 'data-mode="standard"' in body(guest, "/m/?mode=x%00")
    assert 'lang="zh-hans"' in body(guest, "/m/?lang=zh")
    assert 'lang="zh-hans"' in body(guest, "/m/")


def test_home_survives_a_club_that_does_not_exist(guest: Client, club: Club, other_club: Club) -> None:
    page = body(guest, "/m/?club=%00x")
    assert "Which club is it about?" in page
    assert "club" not in guest.cookies


@pytest.mark.req("F49")
def test_promise_names_every_limit_and_its_clause(guest: Client, club: Club) -> None:
    page = body(guest, "/m/promise/")
    for words in ("within 24 hours", "within 4 hours", "within 72 hours", "Regulation:"):
        assert words in page


@pytest.mark.req("F25")
def test_privacy_tells_the_member_who_looked(
    anns_phone: Client, ann: Actor, ann_person: Person, bo: Actor, dee: Actor, at: datetime
) -> None:
    contact = Contact.objects.get(person=ann_person)
    assert "Nobody has looked" in body(anns_phone, "/m/privacy/")
    reveal_contact(contact=contact, reason="回电核实地点", actor=bo, at=at)
    reveal_contact(contact=contact, reason="自己看看", actor=ann, at=at)
    reveal_contact(contact=contact, reason="好奇", actor=dee, at=at)
    page = body(anns_phone, "/m/privacy/")
    assert "回电核实地点" in page
    assert "Front desk agent" in page
    assert page.count("<tr>") == 2, (
        "the head and Bo: Ann's own look is no news, Dee's refused try saw nothing"
    )
    assert "回电核实地点" not in body(Client(), "/m/privacy/")


def test_me_shows_masked_contacts_only(anns_phone: Client, ann_person: Person) -> None:
    page = body(anns_phone, "/m/me/")
    assert "138****8000" in page
    assert "13800138000" not in page
    assert anns_phone.post("/accounts/logout/")["Location"] == "/m/"
    assert anns_phone.get("/m/me/").status_code == 302
