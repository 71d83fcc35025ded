"""The page of one clause: what it says, what carries it out, and exactly the cases behind its figures."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.people.actions import grant_role
from clubassist.domain.people.models import Account
from clubassist.pure.policy import Pack, shipped_pack
from tests.domain.insight.cohorts import LATER, timed_case
from tests.makers.cases import make_case
from tests.makers.clubs import LONG_AGO, make_club
from tests.makers.packs import pool_rules
from tests.makers.people import make_account
from tests.web.desk_rules.conftest import NOW, Read

HOUR = timedelta(hours=1)
RESPONSE = "?measure=complaint-first-response&outcome="


def linked(html: str) -> list[str]:
    """Return the numbers of the cases that the page links to."""
    return re.findall(r'href="/cases/(GD-\d+)/"', html)


def test_clause_says_its_text_apart_from_our_reading(club: Club, bo_account: Account, read: Read) -> None:
    html = read(bo_account, "/rules/F50/")
    clause = next(each for each in shipped_pack("fitness").clauses if each.id == "F50")
    assert "Complaints · Solution (complex): at most 72 hours" in html
    assert html.index("Numbers in its text") < html.index("How we read it")
    assert clause.text.en in html


def test_clause_names_what_carries_it_out_with_its_numbers(
    club: Club, bo_account: Account, read: Read
) -> None:
    html = read(bo_account, "/rules/F15/")
    assert "24 hours · around the clock" in html
    assert "goal ≥ 100%" in html
    assert "Nothing in the rules carries this clause out" in read(bo_account, "/rules/F55/")


@pytest.mark.req("F13")
def test_f13_shows_the_limits_by_category_and_urgency(club: Club, bo_account: Account, read: Read) -> None:
    html = read(bo_account, "/rules/F13/")
    rows = re.findall(
        r'<tr><th scope="row">(.*?)</tr>', html.split("<caption>Limits", 1)[1].split("</table>")[0]
    )
    assert len(rows) == 5
    (urgent,) = [row for row in rows if "Urgent or Emergency, Complex" in row]
    for words in ("Venue complaint", "4 hours · around the clock", "72 hours · around the clock"):
        assert words in urgent
    (plain,) = [row for row in rows if "Normal, Ordinary" in row]
    assert "24 hours · around the clock · a goal" in plain


@pytest.mark.req("F13")
def test_a_new_version_shows_from_its_day(club: Club, bo_account: Account, read: Read) -> None:
    document = shipped_pack("fitness").document()
    document["version"] = "2026.2"
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=LATER - 2 * HOUR)
    adopt_pack(club=club, version=version, effective_from=LATER - HOUR, actor=SYSTEM, at=LATER - 2 * HOUR)
    assert "version 2026.2, in force since today 09:00" in read(bo_account, "/rules/F13/")
    assert "version 2026.1" in read(bo_account, "/rules/F13/?month=2026-10")


@pytest.mark.req("F49")
def test_the_late_cases_are_listed_first_and_each_count_leads_to_its_cases(
    club: Club, bo_account: Account, read: Read
) -> None:
    late = timed_case(club, met_after_due=HOUR)
    met = [timed_case(club, met_after_due=-HOUR) for _ in range(2)]
    pending = timed_case(club, received=datetime(2026, 11, 28, 1, tzinfo=UTC))
    html = read(bo_account, "/rules/F49/")
    assert linked(html) == [late.number]
    assert "2 of 3 kept" in html
    assert "95% interval 20.8–93.9%" in html
    assert "1:00 over" in html
    assert linked(read(bo_account, f"/rules/F49/{RESPONSE}met")) == [case.number for case in reversed(met)]
    assert linked(read(bo_account, f"/rules/F49/{RESPONSE}pending")) == [pending.number]


def test_pages_of_cases_follow_each_other(club: Club, bo_account: Account, read: Read) -> None:
    cases = [timed_case(club, met_after_due=-HOUR) for _ in range(52)]
    first = read(bo_account, f"/rules/F49/{RESPONSE}met")
    (later,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = read(bo_account, "/rules/F49/" + later.replace("&amp;", "&"))
    assert linked(first) + linked(second) == [case.number for case in reversed(cases)]


@pytest.mark.req("F25")
@pytest.mark.parametrize("role", ["management", "auditor", "finance"])
def test_figure_readers_see_counts_but_no_small_one_and_no_case(club: Club, read: Read, role: str) -> None:
    cases = [timed_case(club, met_after_due=HOUR) for _ in range(4)]
    reader = make_account("reader", role, club)
    html = read(reader, "/rules/F49/")
    assert "Withheld <small>" in html
    assert "“Withheld” stands for" in html
    assert "不显示" in read(reader, "/rules/F49/", lang="zh")
    assert "0 of 4 kept" not in html
    assert "95% interval" not in html
    assert "Late" not in html
    cases.append(timed_case(club, met_after_due=HOUR))
    html = read(reader, f"/rules/F49/{RESPONSE}late")
    assert "0 of 5 kept" in html
    assert "Late 5" in html
    timed_case(club, received=datetime(2026, 11, 28, 1, tzinfo=UTC))
    html = read(reader, f"/rules/F49/{RESPONSE}late")
    assert "0 of 5 kept" not in html
    assert "Not met" in html
    assert all(case.number not in html and case.title not in html for case in cases)


@pytest.mark.req("F25")
def test_a_withheld_figure_still_leads_to_the_cases_that_its_reader_may_open(
    club: Club, other_club: Club, bo_account: Account, read: Read
) -> None:
    own, foreign = timed_case(club, met_after_due=HOUR), timed_case(other_club, met_after_due=HOUR)
    grant_role(account=bo_account, role="management", club=None, actor=SYSTEM, at=LATER - HOUR)
    html = read(bo_account, "/rules/F49/")
    assert "of 2 kept" not in html
    assert "“Withheld” stands for" in html
    assert "Late<small>1</small>" in html
    assert linked(html) == [own.number]
    assert foreign.number not in html


def test_cases_behind_a_figure_are_told_in_their_clubs_time(
    club: Club, bo_account: Account, read: Read
) -> None:
    Club.objects.filter(pk=club.pk).update(zone="Europe/London")
    timed_case(club, met_after_due=HOUR, received=datetime(2026, 11, 10, 3, 0, tzinfo=UTC))
    html = read(bo_account, f"/rules/F49/{RESPONSE}late")
    assert "10 Nov 03:00" in html
    assert "10 Nov 11:00" not in html


def test_coaches_see_no_figure(club: Club, read: Read) -> None:
    timed_case(club, met_after_due=HOUR)
    html = read(make_account("coach", "coach", club), "/rules/F49/")
    assert "of 1 kept" not in html
    assert "24 hours · around the clock" in html


def test_another_clubs_desk_sees_neither_case_nor_count(club: Club, dee_account: Account, read: Read) -> None:
    case = timed_case(club, met_after_due=HOUR)
    html = read(dee_account, f"/rules/F49/{RESPONSE}late")
    assert case.number not in html
    assert "No sample this month" in html


def test_unknown_and_foreign_clauses_are_not_found(club: Club, bo_account: Account, read: Read) -> None:
    read(bo_account, "/rules/F99/", status=404)
    hall = make_club(code="hall", packs=("common", "basketball"))
    read(make_account("hall", "agent", hall), "/rules/F49/", status=404)


@pytest.mark.parametrize(
    "query",
    [
        "?after=x",
        "?after=2026-11-10,1",
        "?after=2026-11-10T00:00:00%2B00:00,99999999999999999999",
        "?measure=%00",
    ],
)
def test_nonsense_in_the_address_does_no_harm(
    club: Club, bo_account: Account, read: Read, query: str
) -> None:
    case = timed_case(club, met_after_due=HOUR)
    assert linked(read(bo_account, f"/rules/F49/{query}")) == [case.number]


def test_every_clause_has_a_page_in_both_languages(club: Club, cy_account: Account) -> None:
    client = Client()
    client.force_login(cy_account, backend="allauth.account.auth_backends.AuthenticationBackend")
    for lang in ("zh", "en"):
        for pack in ("fitness", "basketball"):
            for clause in shipped_pack(pack).clauses[::5]:
                response = client.get(f"/rules/{clause.id}/?lang={lang}")
                assert response.status_code == 200
                assert getattr(clause.title, lang).replace("'", "&#x27;") in response.content.decode()


def test_clause_page_costs_the_same_with_one_and_three_cases(
    club: Club, cy_account: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(cy_account, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/rules/F49/")
    for _ in range(3):
        timed_case(club, met_after_due=HOUR)
        with django_assert_max_num_queries(10):
            client.get("/rules/F49/")


def test_clause_says_each_figure_once_to_those_who_hear_the_page(
    club: Club, cy_account: Account, read: Read
) -> None:
    timed_case(club, met_after_due=-HOUR)
    html = read(cy_account, "/rules/F49/")
    assert '<p class="sa-sr">100% (1/1), goal ≥ 100%, Met</p>' in html
    assert '<p class="sa-figure" aria-hidden="true">100% ' in html


@pytest.mark.req("B19")
def test_a_clause_that_triage_carries_says_how_often_colleagues_agree(
    club: Club, bo_account: Account, bo: Actor, read: Read
) -> None:
    assert "triage had a suggestion" not in read(bo_account, "/rules/B19/")
    for kind in ("complaint.service", "complaint.venue"):
        make_case(club, at=NOW, actor=bo, channel="phone", kind=kind, narrative="前台态度太差，骂人！")
    html = re.sub(r"\s+", " ", read(bo_account, "/rules/B19/"))
    assert "judged 2 cases for which triage had a suggestion: they took its kind for 1 and" in html
    assert "triage had a suggestion" not in read(make_account("au", "auditor", club), "/rules/B19/")


@pytest.mark.req("F49")
def test_where_rules_disagree_a_clause_says_whose_it_is_and_offers_the_others(
    club: Club, other_club: Club, read: Read
) -> None:
    for each, name in ((club, "own"), (other_club, "theirs")):
        version = store_pack(pack=pool_rules(name), actor=SYSTEM, at=LONG_AGO)
        adopt_pack(club=each, version=version, effective_from=LONG_AGO, actor=SYSTEM, at=LONG_AGO)
    boss = make_account("boss", "management", None)
    html = read(boss, "/rules/F49/")
    assert "Clubs counted: Star Club." in html
    assert re.findall(r'<option value="(\w+)"( selected)?>(?:Star|Another) Club', html) == [
        ("main", " selected"),
        ("other", ""),
    ]
    assert "Clubs counted: Another Club." in read(boss, "/rules/F49/?club=other")


@pytest.mark.req("B19")
def test_agreement_is_of_the_books_clubs_and_named_by_its_month(
    club: Club, other_club: Club, bo: Actor, dee: Actor, read: Read
) -> None:
    for each, name in ((club, "own"), (other_club, "theirs")):
        version = store_pack(pack=pool_rules(name), actor=SYSTEM, at=LONG_AGO)
        adopt_pack(club=each, version=version, effective_from=LONG_AGO, actor=SYSTEM, at=LONG_AGO)
    for each, colleague, many in ((club, bo, 1), (other_club, dee, 2)):
        for _case in range(many):
            make_case(each, at=NOW - HOUR, actor=colleague, channel="phone", narrative="前台态度太差了！")
    centre = make_account("mia", "service_manager", None)
    assert "In November 2026 colleagues judged 1 cases" in read(centre, "/rules/B19/")
    assert "In November 2026 colleagues judged 2 cases" in read(centre, "/rules/B19/?club=other")
