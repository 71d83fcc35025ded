"""The one search: people and cases, with the words where they stand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.domain.cases import searching
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import make_case
from tests.makers.people import make_account


@pytest.fixture
def case(club: Club, ann_person: Person, at: datetime) -> Case:
    """Ann's case, whose words are kept."""
    made = make_case(club, at=at, subject=ann_person, narrative="跑步機突然停機，<b>很危險</b>。")
    jobs.drain(at=at)
    return made


def test_words_are_shown_where_they_stand_and_nothing_typed_is_markup(bos_desk: Client, case: Case) -> None:
    text = bos_desk.get("/search/", {"q": "跑步机"}).content.decode()
    assert "<mark>跑步機</mark>突然停機，&lt;b&gt;很危險" in text
    assert f'href="/cases/{case.number}/"' in text
    assert "安然" in text


def test_a_person_is_found_by_pinyin_initials_tail_and_number(bos_desk: Client, case: Case) -> None:
    for words in ("anran", "ar", "8000", "M0001", "安"):
        assert (
            f'href="/members/{case.subject_id}/"' in bos_desk.get("/search/", {"q": words}).content.decode()
        )


def test_a_case_number_leads_to_its_case(bos_desk: Client, dees_desk: Client, case: Case) -> None:
    assert bos_desk.get("/search/", {"q": case.number.lower()})["Location"] == f"/cases/{case.number}/"
    assert dees_desk.get("/search/", {"q": case.number}).status_code == 200


@pytest.mark.req("F25")
def test_a_stranger_reads_nothing_and_a_coach_a_masked_name(
    client: Client, dees_desk: Client, case: Case, club: Club
) -> None:
    for words in ("跑步机", "安然", "8000"):
        text = dees_desk.get("/search/", {"q": words}).content.decode()
        assert case.number not in text
        assert str(case.subject_id) not in text
    coach = make_account("coach", "coach", club)
    Case.objects.filter(pk=case.pk).update(owner=coach)
    client.force_login(coach)
    text = client.get("/search/", {"q": "跑步机"}).content.decode()
    assert case.number in text
    assert "安*" in text
    assert "安然" not in text
    assert str(case.subject_id) not in client.get("/search/", {"q": "安然"}).content.decode()


def test_filters_and_pages_are_in_the_address(
    bos_desk: Client, club: Club, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [
        make_case(club, at=at + timedelta(hours=n), narrative=f"储物柜打不开，第{n}次。").number
        for n in range(3)
    ]
    jobs.drain(at=at + timedelta(hours=3))
    monkeypatch.setattr(searching, "PAGE", 2)
    first = bos_desk.get("/search/", {"q": "储物柜", "state": "open"})
    text = first.content.decode()
    assert numbers[2] in text
    assert numbers[0] not in text
    second = bos_desk.get(first.context["more_url"]).content.decode()
    assert numbers[0] in second
    assert numbers[2] not in second
    assert numbers[0] not in bos_desk.get("/search/", {"q": "储物柜", "state": "closed"}).content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"q": "a\0b"}, 422),
        ({"q": "字" * 61}, 422),
        ({"q": "'|!&*:\\"}, 200),
        ({"q": "地板", "before": "9" * 30}, 200),
        ({"q": "地板", "before": "²"}, 200),
        ({"q": "地板", "state": "x"}, 200),
        ({}, 200),
    ],
)
def test_strange_searches_are_answered(bos_desk: Client, query: dict[str, str], status: int) -> None:
    assert bos_desk.get("/search/", query).status_code == status


def test_a_search_takes_so_many_statements(bos_desk: Client, case: Case, bo: Actor) -> None:
    bos_desk.get("/search/", {"q": "跑步机"})
    with CaptureQueriesContext(connection) as captured:
        bos_desk.get("/search/", {"q": "跑步机"})
    assert len(captured) <= 9, [one["sql"][:80] for one in captured]
