"""Logging a call."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.club.models import Area, Club
from clubassist.domain.members.models import Person
from clubassist.web.desk.case_page import FLASH
from tests.makers.cases import make_case
from tests.makers.clubs import make_sensitive
from tests.makers.people import make_account, make_member
from tests.web.desk.conftest import Browser

CALL = {"kind": "complaint.venue", "narrative": "二号场地板翘起。", "channel": "phone"}


def send(client: Client, **given: Any) -> Any:
    """Send the call form, in English."""
    return client.post("/cases/new/?lang=en", {**CALL, **given})


def text_of(client: Client, response: Any) -> str:
    """Follow a redirect and return the page's text."""
    assert response.status_code == 302, response.content.decode()
    return client.get(
        response["Location"], {"lang": "en"} if "?" not in response["Location"] else {}
    ).content.decode()


@pytest.mark.req("B18")
def test_call_is_logged_with_its_four_facts(
    bos_desk: Client, club: Club, ann_person: Person, now: datetime
) -> None:
    area = Area.objects.filter(venue__club=club).earliest("position")
    response = send(
        bos_desk,
        person=str(ann_person.pk),
        area=area.pk,
        place="东侧底线",
        people="本人和教练",
        occurred_at="2026-11-21T11:30",
        occurred_words="半小时前",
        remedy_sought="尽快修好",
        urgent="on",
    )
    case = Case.objects.select_related("owner").get()
    assert response["Location"] == f"/cases/{case.number}/"
    assert (case.subject_id, case.area_id, case.place, case.people) == (
        ann_person.pk,
        area.pk,
        "东侧底线",
        "本人和教练",
    )
    assert (case.occurred_at, case.occurred_words) == (datetime(2026, 11, 21, 3, 30, tzinfo=UTC), "半小时前")
    assert (case.remedy_sought, case.urgency, case.channel) == ("尽快修好", "urgent", "phone")
    assert (case.received_at, case.owner.name if case.owner else "") == (now, "Bo")
    assert Clock.objects.get(case=case, promise="first_response").seconds == 4 * 3600


@pytest.mark.req("B18")
def test_saving_without_place_warns(bos_desk: Client, club: Club) -> None:
    page = text_of(bos_desk, send(bos_desk, people="本人", occurred_words="今早"))
    assert "Still missing:</b> where it happened " in page


def test_exact_time_is_typed_in_the_clubs_time(bos_desk: Client, club: Club, now: datetime) -> None:
    Club.objects.filter(pk=club.pk).update(zone="Europe/London")
    assert send(bos_desk, occurred_at="2026-11-21T04:00").status_code == 302
    assert Case.objects.get().occurred_at == now - timedelta(minutes=10)


def test_technician_who_logs_a_sensitive_matter_is_led_to_the_queue(browser: Browser, club: Club) -> None:
    make_sensitive(club, CALL["kind"])
    client = browser(make_account("tech", "technician", club))
    response = send(client)
    assert (response.status_code, response["Location"]) == (302, "/cases/")
    case = Case.objects.get()
    assert case.owner is None
    assert case.number in client.get("/cases/", {"lang": "en"}).content.decode()
    assert FLASH not in client.session


def test_tracking_code_waits_for_its_own_case(bos_desk: Client, club: Club) -> None:
    first, second = send(bos_desk)["Location"], send(bos_desk, narrative="三号场灯坏了。")["Location"]
    assert "sa-code" not in bos_desk.get(first).content.decode()
    assert "sa-code" in bos_desk.get(second).content.decode()


def test_tracking_code_is_shown_once_and_opens_the_case(bos_desk: Client, club: Club) -> None:
    response = send(bos_desk)
    page = bos_desk.get(response["Location"]).content.decode()
    code = re.search(r'class="sa-code">([0-9a-z-]+)<', page)
    link = re.search(r'href="(/t/[0-9a-z]+/)"', page)
    assert code is not None
    assert link is not None
    assert code[1].replace("-", "") == link[1].split("/")[2]
    assert "sa-code" not in bos_desk.get(response["Location"]).content.decode()


def test_tracking_code_waits_sealed(bos_desk: Client, club: Club) -> None:
    response = send(bos_desk)
    kept = bos_desk.session[FLASH]
    code = re.search(r'href="/t/([0-9a-z]+)/"', bos_desk.get(response["Location"]).content.decode())
    assert code is not None
    assert code[1] not in str(kept).replace("-", "")
    assert FLASH not in bos_desk.session


def test_unknown_caller_is_registered_with_the_case(bos_desk: Client, club: Club) -> None:
    send(bos_desk, name="王先生", phone="139 0013 9000", language="en")
    person = Person.objects.get()
    case = Case.objects.select_related("conversation").get()
    assert (person.name, person.standing, person.language) == ("王先生", "guest", "en")
    assert (case.subject_id, case.conversation.language) == (person.pk, "en")


def test_anonymous_caller_is_taken_too(bos_desk: Client, club: Club) -> None:
    assert send(bos_desk).status_code == 302
    assert Case.objects.get().subject is None


def test_bad_phone_is_refused_at_its_field_and_all_is_kept(bos_desk: Client, club: Club) -> None:
    response = send(bos_desk, name="王先生", phone="12", place="东侧", urgent="on")
    text = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["phone"]
    for kept in ("王先生", 'value="12"', "东侧", "二号场地板翘起。", 'value="complaint.venue"'):
        assert kept in text
    assert re.findall(r'name="(\w+)"[^>]* checked', text) == ["kind", "channel", "urgent"]
    assert not Person.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"narrative": ""}, "narrative"),
        ({"narrative": "a\0b"}, "narrative"),
        ({"narrative": "长" * 10_001}, "narrative"),
        ({"kind": "magic"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"place": "\0"}, "place"),
        ({"place": "长" * 121}, "place"),
        ({"people": "长" * 201}, "people"),
        ({"area": "999999"}, "area"),
        ({"occurred_at": "2026-11-22T11:30"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00"}, "occurred_at"),
        ({"person": "3f5e0f2e-0000-4000-8000-000000000000"}, "person"),
        ({"person": "x"}, "person"),
        ({"channel": "pigeon"}, "channel"),
        ({"language": "xx"}, "language"),
        ({"name": "长" * 61}, "name"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    given: dict[str, str], field: str, bos_desk: Client, club: Club
) -> None:
    response = send(bos_desk, **given)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Case.objects.exists()


def test_find_by_last_four_digits_shows_people_with_their_open_cases(
    bos_desk: Client, club: Club, ann_person: Person, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    response = send(bos_desk, find="1", who="8000", narrative="写了一半", kind="")
    text = response.content.decode()
    assert response.status_code == 200
    assert str(ann_person.pk) in text
    assert case.number in text
    assert "写了一半" in text
    assert "13800138000" not in text
    assert Case.objects.count() == 1


def test_find_answers_the_script_with_the_list_alone(
    bos_desk: Client, club: Club, ann_person: Person
) -> None:
    response = bos_desk.post("/cases/new/", {"find": "1", "who": "安然"}, headers={"HX-Request": "true"})
    assert "HX-Request" in response["Vary"]
    assert str(ann_person.pk) in response.content.decode()
    assert "<html" not in response.content.decode()
    nobody = bos_desk.post("/cases/new/", {"find": "1", "who": "a\0b"}, headers={"HX-Request": "true"})
    assert nobody.status_code == 200


def test_find_costs_the_same_with_one_and_three_people(bos_desk: Client, club: Club) -> None:
    make_member(club, name="安一", phone="13800130001", number="A1")
    bos_desk.get("/cases/new/")
    with CaptureQueriesContext(connection) as one:
        send(bos_desk, find="1", who="安")
    for number in (2, 3):
        make_member(club, name=f"安{number}", phone=f"1380013000{number}", number=f"A{number}")
    with CaptureQueriesContext(connection) as three:
        send(bos_desk, find="1", who="安")
    assert len(one) == len(three)


def test_person_of_another_club_cannot_be_chosen(bos_desk: Client, club: Club, other_club: Club) -> None:
    stranger = make_member(other_club, phone="13800130009")
    response = send(bos_desk, person=str(stranger.pk))
    assert response.status_code == 422
    assert not Case.objects.exists()


def test_promise_of_each_kind_is_shown_before_saving(bos_desk: Client, club: Club) -> None:
    text = bos_desk.get("/cases/new/", {"lang": "en"}).content.decode()
    assert "A person will reply to you within 24 hours." in text
    assert "<b>Urgent:</b> A person will reply to you within 4 hours." in text


def test_centre_logs_for_the_club_it_chose(browser: Browser, club: Club, other_club: Club) -> None:
    centre = browser(make_account("centre", "service_manager", None))
    response = centre.post(f"/cases/new/?club={other_club.code}", CALL)
    assert response.status_code == 302
    assert Case.objects.get().club == other_club


def test_call_form_does_not_exist_without_the_right(browser: Browser, club: Club) -> None:
    client = browser(make_account("fin", "finance", club))
    assert client.get("/cases/new/").status_code == 404
    assert client.post("/cases/new/", CALL).status_code == 404
    assert not Case.objects.exists()


def test_a_form_sent_twice_opens_one_case(bos_desk: Client, club: Club) -> None:
    page = bos_desk.get("/cases/new/").content.decode()
    key = re.search(r'name="once" value="([0-9a-f-]{36})"', page)
    assert key is not None
    first = send(bos_desk, once=key[1])
    again = send(bos_desk, once=key[1])
    assert first["Location"] == again["Location"]
    assert Case.objects.count() == 1
