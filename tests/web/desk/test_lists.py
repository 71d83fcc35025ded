"""The lists across cases: pages instead of a silent end, one button for each row, a cost that does not grow."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import (
    acknowledge_task,
    add_evidence,
    ask_department,
    write_finding,
    write_report,
)
from clubassist.domain.cases.models import Case, Task
from clubassist.domain.club.models import Club
from clubassist.domain.people.queries import staff_actor
from clubassist.web.desk import worklists
from tests.makers.cases import make_case, solve, work_up_to
from tests.makers.people import make_head
from tests.web.desk.conftest import Browser


def asked(club: Club, actor: Actor, at: datetime) -> Task:
    """Ask the venue department for something on a new case."""
    return ask_department(case=make_case(club, at=at), department="venue", words="看看灯", actor=actor, at=at)


def page(client: Client, address: str) -> str:
    response = client.get(address, {"lang": "en"} if "?" not in address else {})
    assert response.status_code == 200
    return response.content.decode()


def rows(text: str) -> list[str]:
    return re.findall(r'<tr><th scope="row">(?:<a[^>]*>)?([A-Z]+-\d+)', text)


@pytest.mark.req("B20")
def test_tasks_cost_the_same_with_one_and_with_many(
    bos_desk: Client, browser: Browser, club: Club, bo: Actor, at: datetime
) -> None:
    head = browser(make_head(club))

    def costs() -> list[int]:
        found = []
        for desk in (bos_desk, head):
            with CaptureQueriesContext(connection) as seen:
                desk.get("/tasks/")
            found.append(len(seen))
        return found

    def grow() -> None:
        asked(club, bo, at)
        case = work_up_to(make_case(club, at=at), "verify", actor=bo, at=at)
        find_out(case, bo, at)

    grow()
    costs()
    one = costs()
    grow()
    grow()
    assert costs() == one


def find_out(case: Case, actor: Actor, at: datetime) -> None:
    """Write a finding that the head of the venue department is asked to sign."""
    add_evidence(case=case, kind="visit", words="看过", actor=actor, at=at)
    write_finding(case=case, conclusion="true", summary="属实", department="venue", actor=actor, at=at)


@pytest.mark.req("B20")
def test_a_row_shows_the_one_next_deed_and_folds_the_rest(
    browser: Browser, club: Club, bo: Actor, at: datetime
) -> None:
    account = make_head(club)
    head = browser(account)
    task = asked(club, bo, at)
    shown = page(head, "/tasks/")
    first, _fold, rest = shown.partition('<details class="sa-more"')
    assert f"/tasks/{task.pk}/take-on/" in first
    assert f"/tasks/{task.pk}/finish/" not in first
    assert f"/tasks/{task.pk}/finish/" in rest
    assert f"/tasks/{task.pk}/hand/" in rest
    acknowledge_task(task=task, actor=staff_actor(account), at=at)
    assert f"/tasks/{task.pk}/finish/" in page(head, "/tasks/").partition('<details class="sa-more"')[0]


@pytest.mark.req("B23")
def test_a_finding_to_sign_is_the_first_deed_of_its_row(
    browser: Browser, club: Club, bo: Actor, at: datetime
) -> None:
    head = browser(make_head(club))
    case = work_up_to(make_case(club, at=at), "verify", actor=bo, at=at)
    find_out(case, bo, at)
    first = page(head, "/tasks/").partition('<details class="sa-more"')[0]
    assert "Read and sign" in first
    assert "/take-on/" not in first


def test_a_long_list_goes_on_on_the_next_page(
    bos_desk: Client, club: Club, bo: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklists, "MOST", 2)
    numbers = [asked(club, bo, at).case.number for _ in range(5)]
    seen: list[str] = []
    address = "/tasks/"
    for _ in range(3):
        text = page(bos_desk, address)
        seen += rows(text)
        after = re.search(r'rel="next" href="(\?page=\d)"', text)
        address = f"/tasks/{after[1]}" if after else ""
    assert seen == numbers
    assert address == ""
    assert 'rel="prev" href="?page=2"' in page(bos_desk, "/tasks/?page=3")


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "999999999999999999999", "99"])
def test_a_page_that_is_none_is_the_first_or_empty(
    bos_desk: Client, club: Club, bo: Actor, at: datetime, number: str
) -> None:
    asked(club, bo, at)
    assert bos_desk.get("/tasks/", {"page": number}).status_code == 200


def test_every_list_has_pages(
    cys_desk: Client, club: Club, bo: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklists, "MOST", 1)
    for _ in range(2):
        case = solve(make_case(club, at=at), actor=bo, at=at)
        write_report(case=case, text="好", cause="venue", actor=bo, at=at)
    text = page(cys_desk, "/reports/")
    assert len(rows(text)) == 1
    assert 'href="?page=2"' in text
