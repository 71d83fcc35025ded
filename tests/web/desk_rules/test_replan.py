"""Letting open cases go over to newer rules from the desk: looked at first, then done (F13)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from clubassist.core.actor import SYSTEM
from clubassist.domain.cases.actions import replanning
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.pure.policy import read_pack
from clubassist.web.desk.rules import replans
from tests.domain.club.rules import solved_within
from tests.makers.cases import make_case
from tests.web.desk_rules.conftest import NOW, Browser

pytestmark = pytest.mark.req("F13")
HOUR = timedelta(hours=1)
PAGE = "/rules/in-force/main/replan/"


@pytest.fixture
def cys(browser: Browser, cy_account: Account) -> Client:
    return browser(cy_account)


def new_limit(club: Club, target: str, *, since: timedelta = timedelta(0)) -> None:
    version = store_pack(pack=read_pack(solved_within(target)), actor=SYSTEM, at=NOW - 3 * HOUR)
    adopt_pack(club=club, version=version, effective_from=NOW - HOUR + since, actor=SYSTEM, at=NOW - 3 * HOUR)


def due(case: Case) -> object:
    return Clock.objects.get(case=case, promise="solution", replaced_by__isnull=True).due_at


def seen_in(html: str) -> str:
    (seen,) = re.findall(r'name="seen" value="(\w+)"', html)
    return str(seen)


def test_the_preview_says_which_times_move_where_and_the_button_moves_them(club: Club, cys: Client) -> None:
    young, old = make_case(club, at=NOW - 4 * HOUR), make_case(club, at=NOW - 14 * HOUR)
    new_limit(club, "12 h")
    html = cys.get(PAGE).content.decode()
    rows = {number: row for row in html.split("<tr>") for number in re.findall(r"GD-\d+", row)[:1]}
    assert "tomorrow 06:00" in rows[young.number]
    assert "today 18:00" in rows[young.number]
    assert "earlier" in rows[young.number]
    assert "late at once" in rows[old.number]
    assert ">earlier 1<" in html
    assert ">late at once 1<" in html
    assert due(young) == NOW + 20 * HOUR
    answer = cys.post(f"{PAGE}run/", {"seen": seen_in(html)}, follow=True).content.decode()
    assert "2 cases run by the new rules" in answer
    assert due(young) == NOW + 8 * HOUR
    assert "No open case has anything to go over to." in answer


def test_a_longer_limit_shows_as_later(club: Club, cys: Client) -> None:
    make_case(club, at=NOW - 4 * HOUR)
    new_limit(club, "36 h")
    assert ">later 1<" in cys.get(PAGE).content.decode()


def test_what_changed_since_the_preview_is_shown_again(club: Club, cys: Client) -> None:
    first = make_case(club, at=NOW - 4 * HOUR)
    new_limit(club, "12 h")
    seen = seen_in(cys.get(PAGE).content.decode())
    second = make_case(club, at=NOW - 3 * HOUR)
    answer = cys.post(f"{PAGE}run/", {"seen": seen})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Cases or rules changed since you looked." in html
    assert second.number in html
    assert due(first) == NOW + 20 * HOUR


def test_planned_rules_can_be_looked_at_and_not_run(club: Club, cys: Client) -> None:
    case = make_case(club, at=NOW - 4 * HOUR)
    new_limit(club, "12 h", since=5 * HOUR)
    html = cys.get(PAGE).content.decode()
    assert "No open case has anything to go over to." in html
    (later,) = re.findall(r'href="(\?by=\d+)"', html)
    planned = cys.get(PAGE + later).content.decode()
    assert case.number in planned
    assert "These rules are not in force yet." in planned
    assert "run/" not in planned


def test_whoever_may_not_replan_finds_nothing_there(
    club: Club, bo_account: Account, eve_account: Account, dee_account: Account, browser: Browser
) -> None:
    for account in (bo_account, eve_account, dee_account):
        page = browser(account)
        assert page.get(PAGE).status_code == 404
        assert page.post(f"{PAGE}run/", {"seen": ""}).status_code == 404


def test_what_lies_behind_the_page_is_on_the_next_one(
    club: Club, cys: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (make_case(club, at=NOW - hours * HOUR) for hours in (4, 3))
    new_limit(club, "12 h")
    monkeypatch.setattr(replanning, "AT_ONCE", 1)
    monkeypatch.setattr(replans, "AT_ONCE", 1)
    html = cys.get(PAGE).content.decode()
    assert (first.number in html, second.number in html) == (True, False)
    assert f'rel="next" href="?after={first.number}"' in html
    behind = cys.get(f"{PAGE}?after={first.number}").content.decode()
    assert second.number in behind
    cys.post(f"{PAGE}run/", {"seen": seen_in(behind), "after": first.number})
    assert (due(first), due(second)) == (NOW + 20 * HOUR, NOW + 9 * HOUR)
