"""Rules in force: each club's versions, since when, what comes; adopting one there (F13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import SYSTEM
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Adoption, Club, PackVersion
from clubassist.domain.people.models import Account
from clubassist.pure.policy import read_pack
from tests.domain.club.rules import solved_within
from tests.makers.clubs import LONG_AGO, make_club
from tests.makers.people import make_account
from tests.web.desk_rules.conftest import NOW, Browser, Read

pytestmark = pytest.mark.req("F13")
PAGE = "/rules/in-force/"


def strict(version: str = "2026.9") -> PackVersion:
    return store_pack(pack=read_pack(solved_within("12 h", version)), actor=SYSTEM, at=LONG_AGO)


def test_what_is_in_force_and_what_comes_with_who_decided(
    club: Club, cy_account: Account, read: Read
) -> None:
    version = strict()
    adopt_pack(club=club, version=version, effective_from=NOW + timedelta(days=3), actor=SYSTEM, at=NOW)
    html = read(cy_account, PAGE)
    assert "Service rules shared by both kinds of club" in html
    assert "version 2026.9 from 1 Dec 10:00 (The system)" in html
    assert "2026.9 版，1 Dec" not in html
    assert "两类俱乐部通用的服务规则" in read(cy_account, PAGE, lang="zh")


def test_a_manager_adopts_a_version_from_a_date_on(club: Club, cy_account: Account, browser: Browser) -> None:
    version = strict()
    page = browser(cy_account)
    given = {"version": version.pk, "effective_from": "2026-12-01T08:00"}
    answer = page.post(f"{PAGE}main/adopt/", given, follow=True).content.decode()
    assert "common 2026.9 comes into force: 1 Dec 08:00" in answer
    assert "version 2026.9 from 1 Dec 08:00 (Cy)" in answer
    adoption = Adoption.objects.get(pack_version=version)
    assert adoption.effective_from.isoformat() == "2026-12-01T00:00:00+00:00"


def test_without_a_date_it_is_in_force_from_now_on(club: Club, cy_account: Account, browser: Browser) -> None:
    version = strict()
    answer = browser(cy_account).post(f"{PAGE}main/adopt/", {"version": version.pk}, follow=True)
    assert "common 2026.9 is in force" in answer.content.decode()
    assert Adoption.objects.get(pack_version=version).effective_from == NOW


def test_a_shipped_pack_that_is_not_stored_is_offered(db: None, browser: Browser) -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table club_packversion disable trigger user")
        cursor.execute("delete from club_packversion where name = 'fitness'")
    hall = make_club(code="hall", packs=("common", "basketball"))
    page = browser(make_account("hall", "service_manager", hall))
    assert 'value="shipped:fitness"' in page.get(PAGE).content.decode()
    page.post(f"{PAGE}hall/adopt/", {"version": "shipped:fitness"})
    assert Adoption.objects.filter(club=hall, pack_version__name="fitness").exists()
    assert 'value="shipped:fitness"' not in page.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"version": "", "effective_from": ""}, "Choose a version from the list."),
        ({"version": "999999", "effective_from": ""}, "Select a valid choice"),
        ({"version": "shipped:tennis", "effective_from": ""}, "Select a valid choice"),
        ({"version": "VERSION", "effective_from": "2026-11-01T08:00"}, "Choose a time that has not passed"),
        ({"version": "VERSION", "effective_from": "soon"}, "Enter a valid date/time."),
    ],
)
def test_what_does_not_do_is_said_at_the_form_and_nothing_is_lost(
    club: Club, cy_account: Account, browser: Browser, given: dict[str, str], words: str
) -> None:
    version = strict()
    if given["version"] == "VERSION":
        given = given | {"version": str(version.pk)}
    answer = browser(cy_account).post(f"{PAGE}main/adopt/", given)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert not given["effective_from"] or f'value="{given["effective_from"]}"' in html
    assert not Adoption.objects.filter(pack_version=version).exists()


def test_who_may_not_decide_reads_only(club: Club, bo_account: Account, browser: Browser) -> None:
    page = browser(bo_account)
    html = page.get(PAGE).content.decode()
    assert "2026.1" in html
    assert "<form" not in html.split("<main")[1].split("</main>")[0]
    assert page.post(f"{PAGE}main/adopt/", {"version": strict().pk}).status_code == 404


def test_the_page_asks_as_often_for_three_clubs_as_for_one(
    club: Club, browser: Browser, cy_account: Account
) -> None:
    page = browser(make_account("centre", "service_manager", None))
    page.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        page.get(PAGE)
    for code in ("north", "south"):
        make_club(code=code)
    with CaptureQueriesContext(connection) as three:
        page.get(PAGE)
    assert len(one) == len(three) <= 12
