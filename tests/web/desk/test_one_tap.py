"""The red button: an emergency is opened with one tap and completed later (B18)."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions import complete_facts
from clubassist.domain.cases.models import Case
from clubassist.domain.cases.rules import missing_of
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.domain.people.roles import ROLES
from tests.makers.cases import make_case, open_one
from tests.makers.clubs import make_club
from tests.makers.people import make_account
from tests.web.desk.conftest import Browser


def tap(client: Client, page: str = "/") -> dict[str, str]:
    """Return what the button on a page would send."""
    text = client.get(page).content.decode()
    form = re.search(r'<form class="sa-alarm" method="post" action="/emergency/">.*?</form>', text, re.S)
    assert form is not None, page
    return dict(re.findall(r'name="(once|club)" value="([^"]+)"', form[0]))


@pytest.mark.req("B18")
def test_one_tap_opens_an_emergency_and_alarms_everybody(
    bos_desk: Client, club: Club, bo_account: Account, cy_account: Account, now: datetime
) -> None:
    sent = tap(bos_desk)
    response = bos_desk.post("/emergency/", sent)
    case = Case.objects.get()
    assert response["Location"] == f"/cases/{case.number}/"
    assert (case.kind, case.urgency, case.narrative) == ("emergency.injury", "emergency", "")
    assert (case.title, Message.objects.get(conversation=case.conversation).body) == ("受伤", "受伤")
    assert raise_due_alarms(now) == 1
    jobs.drain(at=now)
    told = StaffNotice.objects.filter(code="alarm-0", subject=case.number)
    assert set(told.values_list("account", flat=True)) == {bo_account.pk, cy_account.pk}
    assert bos_desk.post("/emergency/", sent)["Location"] == response["Location"]
    assert Case.objects.count() == 1


def test_what_the_tap_left_out_is_filled_in_on_the_case(bos_desk: Client, club: Club) -> None:
    address = bos_desk.post("/emergency/", tap(bos_desk))["Location"]
    assert 'name="narrative"' in bos_desk.get(address).content.decode()
    given = {
        "narrative": "客人跳投落地扭伤。",
        "place": "二号场",
        "people": "林女士",
        "occurred_words": "刚才",
    }
    case = Case.objects.get()
    assert bos_desk.post(f"{address}facts/", {"seen": case.version, **given}).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.narrative) == ("客人跳投落地扭伤", "客人跳投落地扭伤。")
    assert missing_of(case) == ()
    assert 'name="narrative"' not in bos_desk.get(address).content.decode()


def test_what_was_said_is_not_written_over(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    with pytest.raises(Refused) as refused:
        complete_facts(case=case, narrative="别的话。", actor=bo, at=at)
    assert (refused.value.code, refused.value.field) == ("narrative-kept", "narrative")
    case = make_case(club, at=at, kind="emergency.injury", narrative=" ")
    with pytest.raises(Refused) as refused:
        complete_facts(case=case, narrative="长" * 10_001, actor=bo, at=at)
    assert (refused.value.code, refused.value.field) == ("narrative-too-long", "narrative")


def test_only_an_emergency_needs_no_words(club: Club, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        open_one(club, at=at, narrative=" ")
    assert refused.value.code == "narrative-missing"


@pytest.mark.parametrize("role", ROLES)
def test_the_button_is_every_colleagues(role: str, browser: Browser, club: Club) -> None:
    colleague = browser(make_account("one", role, club))
    response = colleague.post("/emergency/", tap(colleague))
    case = Case.objects.get()
    reads = role in ("agent", "service_manager", "coach", "technician")
    assert response["Location"] == (f"/cases/{case.number}/" if reads else "/")
    assert (case.owner is not None) is reads
    assert colleague.get(response["Location"]).status_code == 200


def test_who_works_at_several_clubs_says_which(browser: Browser, club: Club, other_club: Club) -> None:
    centre = browser(make_account("centre", "service_manager", None))
    assert 'class="sa-btn sa-btn-emergency" href="/emergency/"' in centre.get("/").content.decode()
    page = centre.get("/emergency/").content.decode()
    assert re.findall(r'name="club" value="(\w+)"', page) == [club.code, other_club.code]
    assert centre.post("/emergency/", {"once": str(uuid.uuid4())}).status_code == 422
    centre.post("/emergency/", {"once": str(uuid.uuid4()), "club": other_club.code})
    assert Case.objects.get().club == other_club


def test_nobody_starts_one_elsewhere(dees_desk: Client, club: Club, other_club: Club) -> None:
    dees_desk.post("/emergency/", {"once": str(uuid.uuid4()), "club": club.code})
    assert not Case.objects.filter(club=club).exists()


@pytest.mark.req("B18")
def test_a_tap_on_a_page_of_long_ago_is_another_emergency(
    bos_desk: Client, club: Club, now: datetime
) -> None:
    sent = tap(bos_desk)
    with time_machine.travel(now, tick=False) as moment:
        opened = [bos_desk.post("/emergency/", sent)["Location"] for _tap in range(2)]
        for _time in range(2):
            moment.shift(timedelta(hours=3))
            opened += [bos_desk.post("/emergency/", sent)["Location"] for _tap in range(2)]
    assert opened[::2] == opened[1::2]
    assert len(set(opened)) == Case.objects.count() == 3


def test_another_club_is_alarmed_from_the_same_page(browser: Browser, club: Club, other_club: Club) -> None:
    centre, key = browser(make_account("centre", "service_manager", None)), str(uuid.uuid4())
    for code in (club.code, other_club.code):
        assert centre.post("/emergency/", {"once": key, "club": code}).status_code == 302
    assert set(Case.objects.values_list("club", flat=True)) == {club.pk, other_club.pk}


def test_of_many_clubs_the_right_one_is_looked_for(browser: Browser, club: Club) -> None:
    for number in range(30):
        make_club(code=f"c{number}", name=f"{number} 号馆", name_en=f"Hall {number}", packs=())
    centre = browser(make_account("centre", "service_manager", None))
    text = centre.get("/emergency/?lang=en").content.decode()
    assert len(re.findall(r'name="club" value="', text)) == 20
    assert "11 more clubs" in text
    found = centre.get("/emergency/?lang=en&q=hall 29").content.decode()
    assert re.findall(r'name="club" value="(\w+)"', found) == ["c29"]
    assert "No club has such a name." in centre.get("/emergency/?lang=en&q=nowhere").content.decode()
