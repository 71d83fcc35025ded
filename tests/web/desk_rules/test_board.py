"""The list of clauses: complete, honest about gaps, live, lean."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import SYSTEM
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.pure.figures import Figure
from clubassist.pure.policy import shipped_pack
from clubassist.web.desk.rules.figure_words import percent
from tests.domain.insight.cohorts import centre_manager, timed_case
from tests.makers.clubs import make_club
from tests.makers.packs import pool_rules
from tests.makers.people import make_account
from tests.web.desk_rules.conftest import NOW, Read

HOUR = timedelta(hours=1)


def row(html: str, clause: str) -> str:
    """Return a clause's row."""
    found = re.search(rf'<tr><th scope="row"><a href="{clause}/.*?</tr>', html)
    assert found, clause
    return found[0]


def test_board_lists_every_clause_of_both_regulations(club: Club, cy_account: Account, read: Read) -> None:
    html = read(cy_account, "/rules/")
    for pack in ("fitness", "basketball"):
        for clause in shipped_pack(pack).clauses:
            assert clause.title.en.replace("'", "&#x27;") in row(html, clause.id)


def test_board_of_a_basketball_hall_has_no_fitness_clauses(db: None, read: Read) -> None:
    hall = make_club(code="hall", packs=("common", "basketball"))
    html = read(make_account("hall", "service_manager", hall), "/rules/")
    assert 'href="B01/' in html
    assert 'href="F49/' not in html


def test_board_shows_a_figure_with_its_sample_and_goal(club: Club, cy_account: Account, read: Read) -> None:
    assert "No sample this month" in row(read(cy_account, "/rules/"), "F49")
    for minutes in (-60, -60, 60):
        timed_case(club, met_after_due=timedelta(minutes=minutes))
    timed_case(club, received=datetime(2026, 11, 28, 1, tzinfo=UTC))
    shown = row(read(cy_account, "/rules/"), "F49")
    for words in ("66.7%", "2/3", "≥ 100%", "1 still in time", "Not met", "sa-tag-breach"):
        assert words in shown


def test_board_never_rounds_a_missed_promise_to_100_percent() -> None:
    assert [percent(Figure(n, 10_000)) for n in (0, 1, 9_999, 10_000)] == ["0%", "0.1%", "99.9%", "100%"]
    assert percent(Figure(0, 0)) == ""


def test_a_goal_not_reached_is_amber_and_a_broken_promise_red(
    club: Club, cy_account: Account, read: Read
) -> None:
    case = timed_case(club, promise="solution", met_after_due=HOUR)
    case.clocks.filter(promise="first_response").update(met_at=case.received_at + HOUR)
    amber = row(read(cy_account, "/rules/"), "F03")
    assert "Goal not reached" in amber
    assert "sa-tag-breach" not in amber
    case.clocks.filter(promise="first_response").update(met_at=case.received_at + 30 * HOUR)
    assert "sa-tag-breach" in row(read(cy_account, "/rules/"), "F03")


def test_board_filters_by_state_and_regulation(club: Club, cy_account: Account, read: Read) -> None:
    gaps = read(cy_account, "/rules/?state=gap&pack=fitness")
    assert 'href="F55/"' in gaps
    assert 'href="F49/"' not in gaps
    assert 'href="B01/"' not in gaps
    assert read(cy_account, "/rules/?state=%00&pack=%27&month=2026-13").count('<tr><th scope="row">') == 185


def test_the_counts_of_all_states_add_up(club: Club, cy_account: Account, read: Read) -> None:
    timed_case(club, met_after_due=-HOUR)
    html = read(cy_account, "/rules/")
    tabs = re.search(r'<nav class="sa-tabs" aria-label="State".*?</nav>', html)
    assert tabs
    assert sum(int(count) for count in re.findall(r"<small>(\d+)</small>", tabs[0])) == 185


def test_board_of_another_month_shows_that_months_cases(club: Club, cy_account: Account, read: Read) -> None:
    timed_case(club, received=datetime(2026, 10, 10, tzinfo=UTC), met_after_due=-HOUR)
    assert "1/1" in row(read(cy_account, "/rules/?month=2026-10"), "F49")
    assert 'href="F49/?month=2026-10"' in read(cy_account, "/rules/?month=2026-10")
    assert "No sample" in row(read(cy_account, "/rules/"), "F49")


def test_a_month_before_the_rules_has_none(club: Club, cy_account: Account, read: Read) -> None:
    assert "No rules were in force" in read(cy_account, "/rules/?month=2025-11")


@pytest.mark.parametrize(("role", "figures"), [("management", True), ("auditor", True), ("coach", False)])
def test_who_sees_figures(club: Club, read: Read, role: str, figures: bool) -> None:
    for _ in range(5):
        timed_case(club, met_after_due=-HOUR)
    shown = row(read(make_account("reader", role, club), "/rules/"), "F49")
    assert ("5/5" in shown) is figures
    assert ("100%" in shown) is figures
    assert ("Carried out<" in shown) is not figures


@pytest.mark.req("F25")
def test_small_counts_are_words_to_management_and_numbers_to_the_service_manager(
    club: Club, cy_account: Account, read: Read
) -> None:
    for late in (-1, -1, -1, -1, -1, 1, 1):
        timed_case(club, met_after_due=late * HOUR)
    timed_case(club, received=datetime(2026, 11, 28, 1, tzinfo=UTC))
    assert "71.4%" in row(read(cy_account, "/rules/"), "F49")
    assert "Withheld" not in read(cy_account, "/rules/")
    reader = make_account("reader", "management", club)
    shown = row(read(reader, "/rules/"), "F49")
    assert shown.count("Withheld<") == 1
    for told in ("still in time", "/7", "71.4"):
        assert told not in shown
    assert "Not met" in shown
    assert "“Withheld” stands for" in read(reader, "/rules/")
    assert "不显示" in row(read(reader, "/rules/", lang="zh"), "F49")
    assert 'href="F49/' in read(reader, "/rules/?state=missed")
    assert 'href="F03/' in read(reader, "/rules/?state=missed")


@pytest.mark.req("F25")
def test_clauses_whose_state_is_withheld_can_be_asked_for(club: Club, read: Read) -> None:
    timed_case(club, met_after_due=HOUR)
    reader = make_account("reader", "management", club)
    assert row(read(reader, "/rules/?state=withheld"), "F49").count("Withheld<") == 2


@pytest.mark.parametrize(("role", "said"), [("agent", True), ("service_manager", False), ("auditor", False)])
def test_who_is_told_that_sensitive_cases_are_not_counted(
    club: Club, read: Read, role: str, said: bool
) -> None:
    reader = make_account("reader", role, club)
    for page in ("/rules/", "/rules/F49/"):
        assert ("Sensitive cases are not counted" in read(reader, page)) is said
        assert ("不包含敏感工单" in read(reader, page, lang="zh")) is said


def test_figures_are_of_the_readers_clubs_only(club: Club, dee_account: Account, read: Read) -> None:
    timed_case(club, met_after_due=-HOUR)
    assert "No sample" in row(read(dee_account, "/rules/"), "F49")


def test_board_refuses_strangers(club: Club) -> None:
    assert Client().get("/rules/").status_code == 302
    assert Client().get("/rules/F49/").status_code == 302


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_board_is_lean(club: Club, other_club: Club, lang: str) -> None:
    client = Client()
    centre = make_account("centre", "service_manager", None)
    client.force_login(centre, backend="allauth.account.auth_backends.AuthenticationBackend")
    timed_case(club, met_after_due=-HOUR)
    client.get("/rules/")
    with CaptureQueriesContext(connection) as one:
        html = client.get(f"/rules/?lang={lang}").content
    for where in (club, other_club):
        timed_case(where, met_after_due=HOUR, kind="inquiry")
    with CaptureQueriesContext(connection) as three:
        client.get(f"/rules/?lang={lang}")
    assert len(one) == len(three) <= 10
    assert len(html) <= 150_000


@pytest.mark.req("F13")
def test_clubs_whose_rules_disagree_are_read_one_book_at_a_time(
    club: Club, other_club: Club, read: Read
) -> None:
    for each, name in ((club, "own"), (other_club, "theirs")):
        version = store_pack(pack=pool_rules(name), actor=SYSTEM, at=NOW)
        adopt_pack(club=each, version=version, effective_from=NOW, actor=SYSTEM, at=NOW)
    reader = centre_manager()
    query = f"?club={other_club.code}"
    for address in ("/rules/", "/rules/Z01/", "/rules/owners/"):
        first, second = read(reader, address), read(reader, address + query)
        assert ("Pool (own)" in first, "Pool (theirs)" in first) == (True, False)
        assert ("Pool (own)" in second, "Pool (theirs)" in second) == (False, True)
    assert f'href="Z01/{query}"' in read(reader, "/rules/" + query)
    assert f'<option value="{other_club.code}" selected>' in read(reader, "/rules/owners/" + query)
    read(reader, "/rules/F49/rows.csv" + query)
    assert '<select id="club"' not in read(make_account("here", "service_manager", club), "/rules/")
