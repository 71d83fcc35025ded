"""Telling the club something, without scripts: what is kept, what is refused, what comes twice."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from clubassist.core.models import Answer, Entry
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Area, Club
from clubassist.domain.members.models import Contact, Person
from tests.web.portal.conftest import english

CODE = r'href="/t/([0-9a-z]{26})/"'


def told(**changes: Any) -> dict[str, Any]:
    """Return what a guest sends, with changes."""
    sent = {"once": str(uuid.uuid4()), "kind": "complaint.venue", "narrative": "二号场地板翘起来了。"}
    return sent | changes


def text(response: Any) -> str:
    """Return the page as its reader sees it."""
    return unescape(response.content.decode())


def refused(response: Any, *words: str) -> bool:
    """Tell whether the form came back with these words and nothing was opened."""
    assert response.status_code == 422, response.content.decode()
    assert not Case.objects.exists()
    return all(word in text(response) for word in words)


@pytest.mark.req("F49")
def test_report_says_the_promise_before_and_the_due_time_after(guest: Client, club: Club) -> None:
    page = text(guest.get("/m/report/"))
    assert "A person will reply to you within 24 hours." in page
    assert "<script" not in page
    page = text(guest.post("/m/report/", told()))
    assert "tomorrow 12:10" in page
    assert Case.objects.get().number in page


def test_report_opens_the_matter_by_link_and_by_code(guest: Client, club: Club) -> None:
    page = guest.post("/m/report/", told())
    code = page.context["code"]
    assert page["Cache-Control"] == "private, no-store"
    number = Case.objects.get().number
    found = english().post(
        "/m/track/", {"number": number.lower().replace("-", " "), "code": page.context["grouped"]}
    )
    assert found.status_code == 302
    assert found["Location"] == f"/t/{code}/"
    assert "二号场地板翘起来了。" in text(english().get(f"/t/{code}/"))


def test_report_keeps_everything_that_was_told(guest: Client, club: Club, at: datetime) -> None:
    area = Area.objects.get(name="二号场")
    guest.post(
        "/m/report/",
        told(
            area=area.pk,
            place="东侧篮架旁",
            people="我和孩子",
            remedy_sought="请修好",
            occurred_at="2026-11-21T09:30",
            name="陈先生",
            phone="138 0013 8001",
        ),
    )
    case = Case.objects.select_related("reporter").get()
    assert (case.area, case.place, case.people, case.remedy_sought) == (
        area,
        "东侧篮架旁",
        "我和孩子",
        "请修好",
    )
    assert case.occurred_at == at - timedelta(hours=2, minutes=30), "09:30 on the club's wall clock"
    assert case.reporter is not None
    assert (case.reporter.name, case.reporter.standing) == ("陈先生", "guest")
    assert Contact.objects.get(person=case.reporter).masked() == "138****8001"


@pytest.mark.parametrize("signed_in", [False, True])
def test_report_without_a_name_keeps_nobody(
    signed_in: bool, guest: Client, anns_phone: Client, ann_person: Person
) -> None:
    (anns_phone if signed_in else guest).post("/m/report/", told(anonymous="on"))
    case = Case.objects.get()
    assert (case.subject, case.reporter) == (None, None)
    assert Person.objects.count() == 1, "only Ann, who was there before"
    assert Entry.objects.get(fact="CaseOpened").actor == "guest"


def test_report_of_a_member_is_theirs(anns_phone: Client, ann_person: Person) -> None:
    page = text(anns_phone.get("/m/report/"))
    assert 'name="phone"' not in page
    anns_phone.post("/m/report/", told())
    assert Case.objects.get().subject == ann_person


def test_report_refuses_a_name_beside_the_wish_to_stay_anonymous(guest: Client, club: Club) -> None:
    assert refused(guest.post("/m/report/", told(anonymous="on", phone="13800138001")), "To stay anonymous")


@pytest.mark.parametrize(
    ("field", "sent", "words"),
    [
        ("narrative", "", "Say in a few words what happened."),
        ("narrative", "字" * 10_001, "10,000"),
        ("narrative", "a\x00b", "Null characters are not allowed."),
        ("place", "a\x00b", "Null characters are not allowed."),
        ("kind", "complaint.secret", "Choose one from the list."),
        ("kind", "", "Choose what it is about."),
        ("area", "999999999999999999999", "Choose one from the list."),
        ("occurred_at", "2026-11-21T12:11", "in the past"),
        ("occurred_at", "2016-01-01T00:00", "within the last ten years"),
        ("occurred_at", "0001-01-01T00:00", "within the last ten years"),
        ("occurred_at", "9999-12-31T23:59", "in the past"),
        ("occurred_at", "gestern", "Give a date and a time"),
        ("phone", "12345", "138 0013 8000"),
    ],
)
def test_report_refuses_at_the_field_and_keeps_what_was_typed(
    field: str, sent: str, words: str, guest: Client, club: Club
) -> None:
    response = guest.post("/m/report/", told(**{"people": "我和教练", field: sent}))
    assert refused(response, words, 'value="我和教练"', f'href="#id_{field}', "Error:")


def test_report_refused_leaves_no_guest_behind(guest: Client, club: Club) -> None:
    assert refused(
        guest.post("/m/report/", told(narrative="字" * 10_001, name="陈先生", phone="13800138001"))
    )
    assert not Person.objects.exists()


def test_report_sent_twice_is_one_matter(guest: Client, club: Club) -> None:
    sent = told()
    first, second = guest.post("/m/report/", sent), english().post("/m/report/", sent)
    assert Case.objects.count() == 1
    assert second.status_code == 200
    assert second.context["number"] == first.context["number"]
    assert guest.get(f"/t/{second.context['code']}/").status_code == 200
    assert first.context["code"] not in str(Answer.objects.values())


def test_report_sent_again_with_other_words_asks_first(guest: Client, club: Club) -> None:
    sent = told()
    guest.post("/m/report/", sent)
    again = guest.post("/m/report/", sent | {"narrative": "更衣室没有热水。"})
    assert again.status_code == 422
    assert "You sent this form before." in text(again)
    assert again.context["once"] != sent["once"]
    guest.post("/m/report/", sent | {"narrative": "更衣室没有热水。", "once": again.context["once"]})
    assert Case.objects.count() == 2


def test_report_asks_for_the_club_and_remembers_it(guest: Client, club: Club, other_club: Club) -> None:
    page = text(guest.get("/m/report/?kind=inquiry"))
    assert "?kind=inquiry&club=other" in page
    page = text(guest.get("/m/report/?kind=inquiry&club=other"))
    assert "Another Club" in page
    assert 'value="inquiry" id="id_kind_3" aria-describedby' not in page
    assert "Another Club" in text(guest.get("/m/"))
    guest.post("/m/report/", told())
    assert Case.objects.get().club == other_club


def test_report_by_a_colleague_is_a_guests(bo_account: Any, club: Club) -> None:
    client = english()
    client.force_login(bo_account, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post("/m/report/", told())
    assert Case.objects.get().owner is None
