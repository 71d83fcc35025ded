"""Members: search, file, and the one page with a full number."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core.models import Access
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Contact, Person
from tests.makers.cases import make_case
from tests.makers.people import make_account, make_member
from tests.web.desk.conftest import Browser


def search(client: Client, words: str) -> str:
    """Return the text of a search that opens."""
    response = client.get("/members/", {"q": words})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("words", ["8000", "138 0013 8000", "安", "M0001"])
def test_member_is_found_by_what_they_say(words: str, bos_desk: Client, ann_person: Person) -> None:
    text = search(bos_desk, words)
    assert f"/members/{ann_person.pk}/" in text
    assert "13800138000" not in text


@pytest.mark.parametrize("words", ["9999", "13800138001", "李", "", "8" * 60])
def test_nobody_is_found_by_other_words(words: str, bos_desk: Client, ann_person: Person) -> None:
    assert f"/members/{ann_person.pk}/" not in search(bos_desk, words)


def test_search_with_a_nul_is_refused(bos_desk: Client) -> None:
    assert bos_desk.get("/members/", {"q": "a\0b"}).status_code == 422


def test_search_costs_the_same_with_one_and_three_rows(bos_desk: Client, club: Club, at: datetime) -> None:
    make_case(club, at=at, subject=make_member(club, name="安一", phone="13800130001", number="A1"))
    with CaptureQueriesContext(connection) as one:
        search(bos_desk, "安")
    for number in (2, 3):
        person = make_member(club, name=f"安{number}", phone=f"1380013000{number}", number=f"A{number}")
        make_case(club, at=at, subject=person)
    with CaptureQueriesContext(connection) as three:
        search(bos_desk, "安")
    assert len(one) == len(three)


def test_file_shows_masked_contacts_and_visible_cases(
    bos_desk: Client, ann_person: Person, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    text = bos_desk.get(f"/members/{ann_person.pk}/").content.decode()
    assert "138****8000" in text
    assert "13800138000" not in text
    assert case.number in text


@pytest.mark.req("F25")
def test_file_and_number_do_not_exist_for_another_club_and_the_try_is_logged(
    dees_desk: Client, ann_person: Person
) -> None:
    contact = Contact.objects.get(person=ann_person)
    assert dees_desk.get(f"/members/{ann_person.pk}/").status_code == 404
    response = dees_desk.post(f"/contacts/{contact.pk}/reveal/", {"reason": "回电"})
    assert response.status_code == 404
    assert "13800138000" not in response.content.decode()
    tries = list(Access.objects.order_by("pk").values_list("deed", "kind"))
    assert tries == [("denied", "page"), ("denied", "contact"), ("denied", "page")]
    assert Access.objects.get(kind="contact").subject == str(contact.pk)
    home = set(Access.objects.filter(kind="page").values_list("scope", flat=True))
    assert home == {Club.objects.get(code="other").pk}, "the managers of the one who tried see it"


@pytest.mark.req("F25")
def test_coach_cannot_see_a_number_and_the_try_is_logged(
    browser: Browser, club: Club, ann_person: Person
) -> None:
    contact = Contact.objects.get(person=ann_person)
    client = browser(make_account("coach", "coach", club))
    assert client.post(f"/contacts/{contact.pk}/reveal/", {"reason": "好奇"}).status_code == 404
    assert client.get(f"/members/{ann_person.pk}/").status_code == 404
    assert set(Access.objects.values_list("deed", flat=True)) == {"denied"}


@pytest.mark.req("F25")
def test_reveal_shows_the_number_once_and_leaves_a_trace(
    bos_desk: Client, cys_desk: Client, ann_person: Person
) -> None:
    contact = Contact.objects.get(person=ann_person)
    response = bos_desk.post(f"/contacts/{contact.pk}/reveal/", {"reason": "回电", "next": "/cases/"})
    assert 'href="tel:+8613800138000"' in response.content.decode()
    assert 'href="/cases/"' in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    row = Access.objects.get()
    assert (row.deed, row.reason) == ("reveal", "回电")
    assert "回电" in cys_desk.get(f"/members/{ann_person.pk}/").content.decode()
    assert "回电" not in bos_desk.get(f"/members/{ann_person.pk}/").content.decode()


def test_file_says_when_a_case_came_in_its_clubs_time(
    bos_desk: Client, ann_person: Person, club: Club, at: datetime
) -> None:
    Club.objects.filter(pk=club.pk).update(zone="Europe/London")
    make_case(club, at=at, subject=ann_person)
    assert "today 04:00" in bos_desk.get(f"/members/{ann_person.pk}/?lang=en").content.decode()


@pytest.mark.parametrize("reason", ["", "  ", "a\0b", "长" * 201])
def test_reveal_without_a_reason_shows_nothing(reason: str, bos_desk: Client, ann_person: Person) -> None:
    contact = Contact.objects.get(person=ann_person)
    response = bos_desk.post(f"/contacts/{contact.pk}/reveal/", {"reason": reason})
    assert response.status_code == 422
    assert "13800138000" not in response.content.decode()
    assert not Access.objects.filter(deed="reveal").exists()


def test_reveal_without_a_reason_says_nothing_of_another_club(dees_desk: Client, ann_person: Person) -> None:
    contact = Contact.objects.get(person=ann_person)
    assert dees_desk.post(f"/contacts/{contact.pk}/reveal/", {"reason": ""}).status_code == 404


def test_reveal_does_not_lead_away_from_the_desk(bos_desk: Client, ann_person: Person) -> None:
    contact = Contact.objects.get(person=ann_person)
    given = {"reason": "回电", "next": "https://evil.example/"}
    response = bos_desk.post(f"/contacts/{contact.pk}/reveal/", given)
    assert "evil" not in response.content.decode()
