"""Reports come in by the API: one commit, few statements, nothing personal goes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clubassist.core import clock, tokens
from clubassist.core.actor import SYSTEM
from clubassist.core.models import Answer, Entry
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Area, Club
from clubassist.domain.members.models import Contact, Person
from clubassist.pure.policy import read_pack
from tests.domain.club.rules import solved_within

Call = Callable[..., Any]
REPORT = {"club": "main", "kind": "complaint.venue", "narrative": "二号场地板翘起，训练时绊了一下。"}
GUEST = {"name": "王五", "phone": "138 0013 8011", "mail": "wang@example.com"}


@pytest.mark.req("F12")
def test_intake_opens_a_case_with_its_promises(club: Club, site_token: str, post: Call) -> None:
    answer = post("/intake", site_token, REPORT)
    assert answer.status_code == 201
    body = answer.json()
    case = Case.objects.get(number=body["number"])
    assert {row["promise"] for row in body["due"]} == {"first_response", "solution"}
    promised = Clock.objects.filter(case=case, promise__in=["first_response", "solution"])
    assert body["due"][0]["due_at"] == promised.earliest("due_at").due_at.isoformat()
    assert body["missing"] == ["time", "place", "people"]
    token = tokens.redeem("track", body["track_code"], at=case.received_at)
    assert token is not None
    assert token.subject_id == str(case.pk)


def test_intake_keeps_every_word_of_the_report(
    club: Club, ann_person: Person, bo_token: str, post: Call
) -> None:
    area = Area.objects.get(name="二号场")
    body = REPORT | {
        "channel": "phone",
        "urgency": "urgent",
        "area": area.pk,
        "place": "东侧篮架下",
        "people": "本人和教练",
        "occurred_at": "2026-11-20T09:30:00+08:00",
        "occurred_words": "昨天上午",
        "remedy_sought": "修好",
        "language": "en",
        "person": GUEST,
        "member_number": ann_person.member_number,
    }
    answer = post("/intake", bo_token, body)
    assert answer.json()["missing"] == []
    case = Case.objects.select_related("reporter", "conversation").get()
    assert (case.urgency, case.area, case.place, case.people) == ("urgent", area, "东侧篮架下", "本人和教练")
    assert case.occurred_at is not None
    assert case.occurred_at.isoformat() == "2026-11-20T01:30:00+00:00"
    assert (case.occurred_words, case.remedy_sought, case.conversation.language) == ("昨天上午", "修好", "en")
    assert case.subject == ann_person
    assert case.reporter is not None
    assert case.reporter.name == "王五"
    contacts = {contact.kind: contact.opened() for contact in Contact.objects.filter(person=case.reporter)}
    assert contacts == {"phone": "+8613800138011", "mail": "wang@example.com"}


@pytest.mark.parametrize(("person", "most"), [(None, 18), (GUEST, 22)])
def test_intake_takes_few_statements_and_one_commit(
    club: Club, site_token: str, post: Call, person: dict[str, str] | None, most: int
) -> None:
    post("/intake", site_token, REPORT)
    with CaptureQueriesContext(connection) as statements:
        post("/intake", site_token, REPORT | {"person": person})
    sql = [query["sql"] for query in statements.captured_queries]
    assert len(sql) <= most
    # The test holds the transaction, so the request's own shows as a savepoint: around everything after the token.
    assert [n for n, text in enumerate(sql) if "SAVEPOINT" in text] == [1, len(sql) - 1]


def test_intake_refused_leaves_nothing_behind(club: Club, site_token: str, post: Call) -> None:
    answer = post("/intake", site_token, REPORT | {"person": GUEST, "kind": "complaint.of.nothing"})
    assert (answer.status_code, answer.json()["field"]) == (422, "kind")
    for kind in (Person, Contact, Case, Answer):
        assert not kind._default_manager.exists(), kind
    assert not Entry.objects.filter(fact="PersonRegistered").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"club": "nowhere"}, "club"),
        ({"area": 999_999}, "area"),
        ({"member_number": "M9999"}, "member_number"),
        ({"person": {"phone": "12"}}, "phone"),
        ({"person": {"mail": "nobody"}}, "person.mail"),
        ({"occurred_at": "2026-11-20T09:30:00"}, "occurred_at"),
        ({"occurred_at": 1_795_000_000}, "occurred_at"),
        ({"occurred_at": "1795000000"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
        ({"channel": "pigeon"}, "channel"),
        ({"urgency": "emergency"}, "urgency"),
        ({"narrative": "   "}, "narrative"),
        ({"narrative": "字" * 10_001}, "narrative"),
        ({"place": "a\0b"}, "place"),
        ({"people": "\ud800"}, "people"),
        ({"area": True}, "area"),
        ({"area": "1"}, "area"),
        ({"area": 2**63}, "area"),
        ({"owner": "bo"}, "owner"),
        ({"person": {"standing": "member"}}, "person.standing"),
    ],
)
def test_intake_refuses_at_the_field(
    club: Club, site_token: str, post: Call, change: dict[str, Any], field: str
) -> None:
    answer = post("/intake", site_token, REPORT | change)
    assert answer.status_code == 422
    problem = answer.json()
    assert (problem["field"], problem["errors"][0]["field"]) == (field, field)
    assert problem["mend"]
    assert not Case.objects.exists()


def test_intake_refuses_a_member_the_token_may_not_look_up(
    club: Club, ann_person: Person, site_token: str, post: Call
) -> None:
    known = post("/intake", site_token, REPORT | {"member_number": ann_person.member_number})
    unknown = post("/intake", site_token, REPORT | {"member_number": "M9999"})
    assert known.status_code == unknown.status_code == 422
    assert known.json() == unknown.json()


def test_intake_refuses_another_club(club: Club, other_club: Club, site_token: str, post: Call) -> None:
    assert post("/intake", site_token, REPORT | {"club": "other"}).status_code == 403


def test_clubs_and_kinds_name_what_a_report_needs(club: Club, site_token: str, get: Call) -> None:
    (row,) = get("/clubs", site_token).json()["clubs"]
    assert (row["code"], [area["name"]["en"] for area in row["areas"]]) == ("main", ["Court 1", "Court 2"])
    kinds = {kind["code"]: kind for kind in get("/kinds?club=main", site_token).json()["kinds"]}
    assert kinds["inquiry"]["promises"][0]["words"]["zh"] == "我们会在 24 小时内答复您。"
    assert get("/kinds?club=nowhere", site_token).json()["field"] == "club"


@pytest.mark.req("F13")
def test_packs_name_what_is_in_force_and_what_comes(
    club: Club, site_token: str, get: Call, at: datetime
) -> None:
    version = store_pack(pack=read_pack(solved_within("12 h")), actor=SYSTEM, at=at)
    later = clock.now() + timedelta(days=3)
    adopt_pack(club=club, version=version, effective_from=later, actor=SYSTEM, at=at)
    packs = {pack["name"]: pack for pack in get("/packs?club=main", site_token).json()["packs"]}
    assert set(packs) == {"basketball", "common", "fitness"}
    assert packs["common"]["now"]["version"] == "2026.1"
    assert packs["common"]["planned"] == [{"version": "2026.9", "effective_from": later.isoformat()}]
    assert packs["fitness"]["planned"] == []
