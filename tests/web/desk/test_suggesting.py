"""The suggestion on the call form and on a case's page: shown with its words, taken by one tap, never forced."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest
from django.test import Client

from clubassist.domain.cases.models import Assessment, Case, Clock
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import make_case
from tests.makers.people import make_account
from tests.web.desk.conftest import Browser

pytestmark = pytest.mark.req("B19")
RUDE = "前台那个高个子态度太差，气死我了，再不处理我就打12315！"
RUDE_TRADITIONAL = "前臺那個高個子態度太差，氣死我了，再不處理我就打12315！"
DOWN = "有人倒在二号场，叫不醒了！"


def ask(client: Client, narrative: str, how: str = "1", *, script: bool = False, **typed: str) -> str:
    """Ask on the call form what the words suggest; return the page, or with the script the part."""
    headers = {"HX-Request": "true"} if script else {}
    sent = {"suggest": how, "narrative": narrative, "channel": "phone", **typed}
    response = client.post("/cases/new/?lang=en", sent, headers=headers)
    assert response.status_code == 200
    assert not script or "HX-Request" in response["Vary"]
    return response.content.decode()


def chosen(page: str) -> list[str]:
    return re.findall(r'name="(?:kind|urgent)"(?: value="([^"]+)")?[^>]* checked', page)


def test_without_a_script_a_button_says_what_the_words_suggest_and_keeps_the_form(
    bos_desk: Client, club: Club
) -> None:
    page = ask(bos_desk, RUDE, place="前台")
    assert "Looks like: Service complaint</b>" not in page
    assert "Looks like: Service complaint · Urgent" in page.replace("</b>", "")
    assert "“12315”" in page
    assert 'value="前台"' in page
    assert chosen(page) == []
    assert not Case.objects.exists()


@pytest.mark.parametrize("narrative", [RUDE, RUDE_TRADITIONAL])
def test_taking_it_fills_kind_urgency_mood_and_person_and_overwrites_no_words(
    bos_desk: Client, club: Club, narrative: str
) -> None:
    page = ask(bos_desk, narrative, "take", kind="inquiry", people="本人")
    assert 'value="complaint.service"' in page
    assert len(chosen(page)) == 2
    assert re.search(r'<option value="angry" selected', page)
    assert re.search(r'name="complained_of" value="[^"]*个子|name="complained_of" value="[^"]+"', page)
    kept = ask(bos_desk, narrative, "take", complained_of="王经理")
    assert 'name="complained_of" value="王经理"' in kept


def test_the_script_gets_the_part_alone_with_what_a_tap_fills_in(bos_desk: Client, club: Club) -> None:
    part = ask(bos_desk, RUDE, script=True)
    assert "<html" not in part
    fill = re.search(r'data-fill="([^"]+)"', part)
    assert fill is not None
    filled = json.loads(fill[1].replace("&quot;", '"'))
    assert (filled["kind"], filled["urgent"]) == ("complaint.service", True)
    assert ask(bos_desk, "   ", script=True).strip() == ""
    assert "point to no kind" in ask(bos_desk, "嗯嗯", script=True) or "Looks like" in ask(
        bos_desk, "嗯嗯", script=True
    )


def test_words_of_danger_bring_up_one_button_that_alarms_everybody(bos_desk: Client, club: Club) -> None:
    part = ask(bos_desk, DOWN, script=True)
    assert "sa-btn-emergency" in part
    assert 'name="emergency" value="emergency.illness"' in part
    assert "sa-btn-emergency" not in ask(bos_desk, RUDE, script=True)
    sent = {"narrative": DOWN, "channel": "phone", "emergency": "emergency.illness", "urgent": "on"}
    response = bos_desk.post("/cases/new/", sent)
    case = Case.objects.get()
    assert response["Location"] == f"/cases/{case.number}/"
    assert (case.kind, case.urgency) == ("emergency.illness", "emergency")


def test_the_emergency_button_stands_for_no_kind_that_is_not_on_the_form(
    bos_desk: Client, club: Club
) -> None:
    sent = {"narrative": DOWN, "channel": "phone", "emergency": "magic"}
    assert bos_desk.post("/cases/new/", sent).status_code == 422
    assert not Case.objects.exists()


def test_another_choice_is_kept_and_told_on_the_timeline(bos_desk: Client, club: Club) -> None:
    sent = {"kind": "complaint.venue", "narrative": RUDE, "channel": "phone"}
    page = bos_desk.get(bos_desk.post("/cases/new/", sent)["Location"], {"lang": "en"}).content.decode()
    row = Assessment.objects.get()
    assert (row.kind, row.suggested_kind, row.suggested_urgency) == (
        "complaint.venue",
        "complaint.service",
        "urgent",
    )
    assert "Bo logged this as: Venue complaint (the words suggested: Service complaint)" in page
    assert "Is it filed rightly?" not in page


@pytest.mark.req("B09")
@pytest.mark.req("B11")
@pytest.mark.req("B22")
def test_the_form_takes_mood_person_complained_of_event_and_standing(bos_desk: Client, club: Club) -> None:
    sent = {
        "kind": "complaint.event",
        "narrative": "裁判乱吹，临时改了时间也不说。",
        "channel": "phone",
        "emotion": "angry",
        "complained_of": "主裁判",
        "event": "周六三人赛，二号场",
        "standing": "prospect",
        "name": "路先生",
    }
    page = bos_desk.get(bos_desk.post("/cases/new/", sent)["Location"], {"lang": "en"}).content.decode()
    case = Case.objects.get()
    assert (case.emotion, case.complained_of, case.event) == ("angry", "主裁判", "周六三人赛，二号场")
    assert Person.objects.get().standing == "prospect"
    for shown in ("主裁判", "周六三人赛，二号场", "Angry"):
        assert f"<dd>{shown}</dd>" in page


def test_a_report_from_the_portal_is_proposed_with_reasons_until_somebody_judges(
    bos_desk: Client, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at, kind="inquiry", narrative=RUDE)
    address = f"/cases/{case.number}/"
    page = bos_desk.get(address, {"lang": "en"}).content.decode()
    assert "Looks like: Service complaint" in page
    assert "“12315”" in page
    sent = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("reason", "kind", "urgency")
    }
    assert (
        bos_desk.post(f"{address}class/", {name: one[1] for name, one in sent.items() if one}).status_code
        == 302
    )
    case.refresh_from_db()
    assert (case.kind, case.urgency) == ("complaint.service", "urgent")
    after = bos_desk.get(address, {"lang": "en"}).content.decode()
    assert "Looks like" not in after
    assert "Bo changed kind and urgency: Service complaint, Urgent" in after
    assert "“12315”" in after


def test_a_report_filed_as_the_words_say_is_confirmed_by_one_tap(
    bos_desk: Client, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at, kind="complaint.service", urgency="urgent", narrative=RUDE)
    page = bos_desk.get(f"/cases/{case.number}/", {"lang": "en"}).content.decode()
    assert "It is right: Service complaint · Urgent" in page
    assert ">Take it<" not in page
    assert bos_desk.post(f"/cases/{case.number}/assess/", {"seen": case.version}).status_code == 302
    after = bos_desk.get(f"/cases/{case.number}/", {"lang": "en"}).content.decode()
    assert "Bo confirmed: Service complaint · Urgent" in after


def test_danger_in_a_report_brings_up_the_emergency_button(
    bos_desk: Client, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at, kind="complaint.venue", narrative=DOWN)
    page = bos_desk.get(f"/cases/{case.number}/", {"lang": "en"}).content.decode()
    assert "sa-btn-emergency" in page
    sent = {"kind": "emergency.illness", "urgency": "emergency", "reason": "叫不醒", "seen": case.version}
    assert bos_desk.post(f"/cases/{case.number}/class/", sent).status_code == 302
    assert Clock.objects.running().filter(case=case, started_at__gt=at).exists()


def test_a_coach_reads_their_case_without_the_deed(browser: Browser, club: Club, at: datetime) -> None:
    coach = make_account("coco", "coach", club)
    case = make_case(club, at=at)
    Case.objects.filter(pk=case.pk).update(owner=coach)
    page = browser(coach).get(f"/cases/{case.number}/", {"lang": "en"}).content.decode()
    assert "Is it filed rightly?" not in page
    assert "/assess/" not in page


def test_a_judgement_on_what_a_colleague_changed_is_refused_and_shown(
    bos_desk: Client, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at)
    response = bos_desk.post(f"/cases/{case.number}/assess/?lang=en", {"seen": case.version + 1})
    assert response.status_code == 409
    assert not Assessment.objects.exists()
