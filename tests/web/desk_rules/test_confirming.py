"""Reading the rules and confirming it; who has not is listed (B01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from clubassist.core import jobs
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Adoption, Club, PackVersion
from clubassist.domain.people.actions import confirm_rules
from clubassist.domain.people.models import Account, Acknowledgement
from clubassist.domain.people.queries import rules_run, staff_actor, waiting_readers
from clubassist.pure.policy import read_pack
from tests.domain.club.rules import solved_within
from tests.makers.clubs import LONG_AGO, make_club
from tests.makers.people import make_account
from tests.web.desk_rules.conftest import NOW, Browser, Read

pytestmark = pytest.mark.req("B01")
PAGE = "/rules/read/"


def in_force(club: Club) -> list[PackVersion]:
    return list(PackVersion.objects.filter(adoptions__club=club).order_by("pk"))


def confirm_all(account: Account) -> None:
    actor = staff_actor(account)
    for version in rules_run(actor, at=NOW):
        confirm_rules(version=version, actor=actor, at=NOW)


def waiting_for(reader: Actor) -> set[str]:
    """Return everybody whom the reader is told to wait for."""
    found = waiting_readers(rules_run(reader, at=NOW), actor=reader)
    return {name for by_club in found.values() for names in by_club.values() for name in names}


def test_who_has_not_confirmed_is_listed_for_their_manager_only(
    club: Club, bo_account: Account, cy_account: Account, read: Read
) -> None:
    bo_account.name = "Bo Lin"
    bo_account.save()
    confirm_all(cy_account)
    html = read(cy_account, PAGE)
    assert html.count("Bo Lin") == len(in_force(club))
    assert "Not confirmed yet" not in read(bo_account, PAGE)
    confirm_all(bo_account)
    assert "Bo Lin" not in read(cy_account, PAGE)


def test_one_click_confirms_a_version_and_a_second_changes_nothing(
    club: Club, bo_account: Account, browser: Browser
) -> None:
    version, page = in_force(club)[0], browser(bo_account)
    assert f'value="{version.pk}"' in page.get(PAGE).content.decode()
    for _click in range(2):
        answer = page.post(f"{PAGE}confirm/", {"version": version.pk}, follow=True).content.decode()
        assert "It is noted that you have read these rules." in answer
        assert f'value="{version.pk}"' not in answer
    assert Acknowledgement.objects.filter(account=bo_account, version=version).count() == 1
    assert Entry.objects.filter(fact="RulesConfirmed").count() == 1


def test_a_new_version_is_to_be_read_by_everybody_again(
    club: Club, bo_account: Account, cy_account: Account, read: Read
) -> None:
    confirm_all(bo_account)
    newer = store_pack(pack=read_pack(solved_within("12 h", "2026.9")), actor=SYSTEM, at=LONG_AGO)
    tomorrow = NOW + timedelta(days=1)
    adopt_pack(club=club, version=newer, effective_from=tomorrow, actor=SYSTEM, at=NOW)
    adopt_pack(club=club, version=newer, effective_from=tomorrow, actor=SYSTEM, at=NOW)
    jobs.drain(at=NOW)
    assert "New rules: read and confirm them" in read(bo_account, "/")
    names = waiting_readers(rules_run(staff_actor(bo_account), at=NOW), actor=staff_actor(cy_account))
    assert [version for version, by_club in names.items() if bo_account.name in by_club[club.pk]] == [
        newer.pk
    ]
    confirm_rules(version=newer.pk, actor=staff_actor(bo_account), at=NOW)
    older = Adoption.objects.filter(club=club, pack_version__name="common").earliest("effective_from")
    assert older.pack_version_id in rules_run(staff_actor(bo_account), at=NOW)
    assert older.pack_version_id not in rules_run(staff_actor(bo_account), at=tomorrow)


def test_the_centre_is_asked_once_and_listed_for_who_reads_people_everywhere(
    club: Club, other_club: Club, cy_account: Account, read: Read
) -> None:
    centre = make_account("mia", "service_manager", None, name="Mia Centre")
    newer = store_pack(pack=read_pack(solved_within("12 h", "2026.9")), actor=SYSTEM, at=LONG_AGO)
    for each in (club, other_club):
        adopt_pack(club=each, version=newer, effective_from=NOW, actor=SYSTEM, at=NOW)
    jobs.drain(at=NOW)
    assert StaffNotice.objects.filter(account=centre, subject=str(newer)).count() == 1
    listed = read(centre, PAGE)
    assert "All clubs: Mia Centre" in listed
    assert "Mia Centre" not in read(cy_account, PAGE)


def test_who_has_confirmed_is_not_asked_again(club: Club, bo_account: Account) -> None:
    confirm_all(bo_account)
    adopt_pack(club=club, version=in_force(club)[0], effective_from=NOW, actor=SYSTEM, at=NOW)
    jobs.drain(at=NOW)
    assert not StaffNotice.objects.filter(account=bo_account, code="rules-adopted").exists()


def test_the_list_leaves_out_who_left_and_other_clubs(
    club: Club, other_club: Club, bo_account: Account, cy_account: Account, dee_account: Account
) -> None:
    cy = staff_actor(cy_account)
    assert bo_account.name in waiting_for(cy)
    assert dee_account.name not in waiting_for(cy)
    Account.objects.filter(pk=bo_account.pk).update(is_active=False)
    assert bo_account.name not in waiting_for(cy)


def test_a_version_that_is_not_in_force_here_is_not_there(club: Club, bo: Actor, browser: Browser) -> None:
    planned = store_pack(pack=read_pack(solved_within("12 h", "2026.9")), actor=SYSTEM, at=LONG_AGO)
    with pytest.raises(Missing):
        confirm_rules(version=planned.pk, actor=bo, at=NOW)


@pytest.mark.parametrize("given", ["", "x", "0", "9" * 30])
def test_a_version_that_is_none_is_not_found(bo_account: Account, browser: Browser, given: str) -> None:
    page: Client = browser(bo_account)
    assert page.post(f"{PAGE}confirm/", {"version": given}).status_code == 404


def test_a_machine_confirms_nothing(club: Club, bo: Actor, at: datetime) -> None:
    version = Adoption.objects.filter(club=club)[0].pack_version_id
    with pytest.raises(Refused, match="not-allowed"):
        confirm_rules(version=version, actor=replace(bo, machine=True), at=at)


def test_what_comes_into_force_later_is_read_before_it_is_confirmed(
    club: Club, bo_account: Account, dee_account: Account, read: Read
) -> None:
    newer = store_pack(pack=read_pack(solved_within("12 h", "2026.9")), actor=SYSTEM, at=LONG_AGO)
    adopt_pack(club=club, version=newer, effective_from=NOW + timedelta(days=1), actor=SYSTEM, at=NOW)
    address = f"{PAGE}{newer.pk}/"
    assert f'href="{address}"' in read(bo_account, PAGE)
    text = read(bo_account, address)
    assert "common 2026.9" in text
    assert "12 hours · around the clock" in text
    assert f'value="{newer.pk}"' in text
    assert "12 hours · around the clock" not in read(bo_account, f"{PAGE}{in_force(club)[0].pk}/")
    assert read(dee_account, address, status=404)
    assert read(bo_account, f"{PAGE}{2**63}/", status=404)


def test_of_many_clubs_the_first_are_named(club: Club, read: Read) -> None:
    boss = make_account("boss", "management", None)
    for number in range(25):
        other = make_club(code=f"c{number}", name_en=f"Club {number}")
        make_account(f"agent{number}", "agent", other, name=f"Agent {number}")
    listed = read(boss, PAGE)
    assert "Agent 3" in listed
    assert "Agent 24" not in listed
    assert "and 6 more" in listed
    assert "26 have not" in listed
