"""What waits for the reader of a case: the next deeds at its top, and the panels that stand open for them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import log_follow_up, merge_cases, reply, write_report
from clubassist.domain.cases.models import Case, FollowUp
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import draft_one, make_case, solve, work_up_to

DAY = timedelta(days=1)


def deeds(client: Client, case: Case) -> list[str]:
    """Return the next deeds that the page names."""
    nav = re.search(
        r'<nav class="sa-next".*?</nav>',
        client.get(f"/cases/{case.number}/", {"lang": "en"}).content.decode(),
        re.S,
    )
    return re.findall(r">([^<>]+)</a>", nav[0]) if nav else []


def unfolded(client: Client, case: Case) -> set[str]:
    """Return the panels that stand open."""
    page = client.get(f"/cases/{case.number}/", {"lang": "en"}).content.decode()
    return set(re.findall(r'<details class="sa-section" id="(\w+)" open>', page))


def test_a_new_report_asks_for_an_answer_and_an_owner(bos_desk: Client, club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    assert deeds(bos_desk, case) == ["Answer the member", "Take the case or give it to somebody"]
    assert unfolded(bos_desk, case) == {"who"}


def test_what_is_missing_is_open_until_it_is_there(
    bos_desk: Client, club: Club, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, actor=bo, channel="phone", people="")
    assert "facts" in unfolded(bos_desk, case)
    bos_desk.post(f"/cases/{case.number}/facts/", {"people": "本人"})
    assert "facts" not in unfolded(bos_desk, case)


@pytest.mark.parametrize(
    ("stage", "deed", "panel"),
    [("verify", "Find out what is true", "finding"), ("propose", "Draw up an offer", "offers")],
)
def test_the_stage_opens_its_panel(
    bos_desk: Client, club: Club, bo: Actor, at: datetime, stage: str, deed: str, panel: str
) -> None:
    case = work_up_to(make_case(club, at=at, actor=bo, channel="phone"), stage, actor=bo, at=at)
    reply(case=case, text="在办", actor=bo, at=at)
    assert deeds(bos_desk, case) == [deed]
    assert unfolded(bos_desk, case) == {panel}


def test_an_offer_waits_for_whoever_sends_it(bos_desk: Client, club: Club, bo: Actor, at: datetime) -> None:
    case = work_up_to(make_case(club, at=at, actor=bo, channel="phone"), "propose", actor=bo, at=at)
    reply(case=case, text="在办", actor=bo, at=at)
    draft_one(case, actor=bo, at=at)
    assert deeds(bos_desk, case) == ["Tell the member of the offer"]


def test_the_report_waits_first_for_its_author_then_for_a_superior(
    bos_desk: Client, cys_desk: Client, club: Club, bo: Actor, at: datetime
) -> None:
    case = solve(make_case(club, at=at, actor=bo, channel="phone"), actor=bo, at=at)
    assert deeds(bos_desk, case) == ["Write the closing report"]
    write_report(case=case, text="好", cause="venue", actor=bo, at=at)
    assert deeds(bos_desk, case) == []
    assert deeds(cys_desk, case) == ["Read the closing report"]
    assert "report" in unfolded(cys_desk, case)


def test_a_refused_form_stands_open(bos_desk: Client, club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, actor=bo, channel="phone")
    response = bos_desk.post(f"/cases/{case.number}/assign/?lang=en", {"owner": ""})
    assert response.status_code == 422
    assert '<details class="sa-section" id="who" open>' in response.content.decode()


@pytest.mark.req("B23")
def test_what_a_merged_case_found_out_leaves_the_step_to_be_taken(
    bos_desk: Client, club: Club, ann_person: Person, bo: Actor, at: datetime
) -> None:
    kept, merged = (
        make_case(club, at=at, actor=bo, channel="phone", subject=ann_person) for _case in range(2)
    )
    work_up_to(kept, "verify", actor=bo, at=at)
    reply(case=kept, text="在办", actor=bo, at=at)
    work_up_to(merged, "propose", actor=bo, at=at)
    merge_cases(case=merged, into=kept, actor=bo, at=at)
    assert "Find out what is true" in deeds(bos_desk, kept)
    text = bos_desk.get(f"/cases/{kept.number}/", {"lang": "en"}).content.decode()
    assert "Write the finding" in text
    assert "signatures are void then" not in text


@pytest.mark.req("A05")
def test_a_call_that_was_tried_in_vain_waits_until_silence_ends_it(
    bos_desk: Client, club: Club, bo: Actor, at: datetime
) -> None:
    def calls() -> str:
        return bos_desk.get("/follow-ups/?lang=en").content.decode()

    def shown() -> str:
        return bos_desk.get(f"/cases/{case.number}/", {"lang": "en"}).content.decode()

    case = solve(make_case(club, at=at - 16 * DAY), actor=bo, at=at - 16 * DAY)
    row = FollowUp.objects.get(case=case, promise="call_back_3")
    assert case.number in calls()
    with time_machine.travel(at - 4 * DAY, tick=False):
        for _try in range(2):
            log_follow_up(follow_up=row, outcome="not_reached", actor=bo, at=at - 8 * DAY)
        assert case.number not in calls()
        assert "Make the follow-up call" not in deeds(bos_desk, case)
        assert "may end from" in shown()
        assert f"/follow-ups/{row.pk}/" in shown()
        assert 'value="no_objection"' not in shown()
    assert case.number in calls()
    assert "Make the follow-up call" in deeds(bos_desk, case)
    assert 'value="no_objection"' in shown()
