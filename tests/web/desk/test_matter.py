"""The matter as a whole on a case's page: pauses, the longer limit, merges and links."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import (
    ask_complex,
    decide_complex,
    decline_offer,
    member_objects,
    merge_cases,
    pause_clock,
    resolve,
    write_report,
)
from clubassist.domain.cases.models import Case, Clock, Link, Merge
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import make_case, offer_one, work_up_to


@pytest.fixture
def case(club: Club, ann_person: Person, at: datetime) -> Case:
    """A complaint of Ann's."""
    return make_case(club, at=at, subject=ann_person)


@pytest.fixture
def twin(club: Club, ann_person: Person, at: datetime) -> Case:
    """The same matter, told again five minutes later."""
    return make_case(club, at=at + timedelta(minutes=5), subject=ann_person)


def post(client: Client, case: Case, deed: str, **given: Any) -> Any:
    """Send one of the case's forms, in English."""
    return client.post(f"/cases/{case.number}/{deed}/?lang=en", given)


def page(client: Client, number: str) -> str:
    """Return the page of a case, in English."""
    return str(client.get(f"/cases/{number}/?lang=en").content.decode())


def solution(case: Case) -> Clock:
    return Clock.objects.running().get(case=case, promise="solution")


def test_a_clock_stands_still_and_goes_on(bos_desk: Client, case: Case) -> None:
    deed = f"clocks/{solution(case).pk}"
    text = page(bos_desk, case.number)
    assert "Pause: Solution to a complaint" in text
    assert "Pause: First response" not in text
    assert post(bos_desk, case, f"{deed}/pause", reason="part", evidence="订单 12").status_code == 302
    text = page(bos_desk, case.number)
    assert "Paused: waiting for a part" in text
    assert "waiting for a part. 订单 12 (Bo)" in text
    assert "Bo let the clock “Solution” stand still" in text
    assert post(bos_desk, case, f"{deed}/resume").status_code == 302
    assert solution(case).paused_at is None


def test_a_refused_pause_keeps_what_was_typed(bos_desk: Client, case: Case) -> None:
    deed = f"clocks/{solution(case).pk}/pause"
    response = post(bos_desk, case, deed, reason="part", evidence="")
    assert response.status_code == 422
    assert "Say what shows it, for example" in response.content.decode()
    late = post(bos_desk, case, deed, reason="part", evidence="订单 12", seen=9)
    assert late.status_code == 409
    assert 'value="订单 12"' in late.content.decode()
    first = Clock.objects.get(case=case, promise="first_response")
    assert post(bos_desk, case, f"clocks/{first.pk}/pause", reason="part", evidence="x").status_code == 422
    assert post(bos_desk, case, "clocks/999999/pause", reason="part", evidence="x").status_code == 404


def test_resuming_what_does_not_stand_still_says_so(bos_desk: Client, case: Case) -> None:
    response = post(bos_desk, case, f"clocks/{solution(case).pk}/resume")
    assert response.status_code == 422
    assert "This clock does not stand still." in response.content.decode()


@pytest.mark.req("F50")
def test_an_agent_asks_and_the_manager_decides(
    bos_desk: Client, cys_desk: Client, case: Case, at: datetime
) -> None:
    assert post(bos_desk, case, "complex", reason="").status_code == 422
    assert post(bos_desk, case, "complex", reason="要等厂家鉴定。").status_code == 302
    asked = case.complexity_requests.get()
    assert f"/complex/{asked.pk}/decide/" not in page(bos_desk, case.number)
    assert f"/complex/{asked.pk}/decide/" in page(cys_desk, case.number)
    refused = post(cys_desk, case, f"complex/{asked.pk}/decide", approve="no")
    assert refused.status_code == 422
    assert "Say why not" in refused.content.decode()
    assert post(cys_desk, case, f"complex/{asked.pk}/decide", approve="yes").status_code == 302
    assert solution(case).due_at == at + timedelta(hours=72)
    text = page(bos_desk, case.number)
    assert "Approved as complex:" in text
    assert "Cy approved it as complex" in text
    assert post(cys_desk, case, "complex/999999/decide", approve="yes").status_code == 404


def test_a_manager_sees_no_way_to_decide_their_own(
    cys_desk: Client, cy: Actor, case: Case, at: datetime
) -> None:
    asked = ask_complex(case=case, reason="要等厂家鉴定。", actor=cy, at=at)
    assert f"/complex/{asked.pk}/decide/" not in page(cys_desk, case.number)
    assert post(cys_desk, case, f"complex/{asked.pk}/decide", approve="yes").status_code == 403


@pytest.mark.req("F20")
def test_a_duplicate_is_suggested_merged_by_one_press_and_taken_apart_again(
    bos_desk: Client, case: Case, twin: Case
) -> None:
    text = page(bos_desk, twin.number)
    assert "same person · same place · within a day · similar words" in text
    assert f"Merge {twin.number} into {case.number}" in text
    assert post(bos_desk, twin, "merge", into=case.number).status_code == 302
    for number in (case.number, twin.number):
        text = page(bos_desk, number)
        assert f"{twin.number} is part of this case" in text
        assert f"Bo merged {twin.number} into this case" in text
    merge = Merge.objects.get()
    assert post(bos_desk, case, f"merges/{merge.pk}/undo").status_code == 302
    assert f"{twin.number} is part of this case" not in page(bos_desk, case.number)
    again = post(bos_desk, case, f"merges/{merge.pk}/undo")
    assert again.status_code == 409
    assert "This merge was undone already." in again.content.decode()
    assert post(bos_desk, twin, f"merges/{merge.pk}/undo").status_code == 404


def test_merging_into_what_does_not_do_is_told_at_the_number(
    bos_desk: Client, dees_desk: Client, club: Club, other_club: Club, case: Case, at: datetime
) -> None:
    stranger, far = make_case(club, at=at), make_case(other_club, at=at)
    for number, mend in [
        ("GD-1", "You see no case with this number."),
        (far.number, "You see no case with this number."),
        (stranger.number, "They are not known to be of one person"),
        ("", "Give the number of the other case."),
    ]:
        response = post(bos_desk, case, "merge", into=number)
        assert response.status_code == 422
        assert mend in response.content.decode()
    assert post(dees_desk, case, "merge", into=far.number).status_code == 404


def test_links_are_made_shown_at_both_ends_and_removed(bos_desk: Client, case: Case, twin: Case) -> None:
    assert post(bos_desk, twin, "link", other=case.number.lower(), kind="parent").status_code == 302
    assert "Child: " in page(bos_desk, case.number)
    assert "Parent: " in page(bos_desk, twin.number)
    assert post(bos_desk, case, "link", other="GD-1", kind="related").status_code == 422
    link = Link.objects.get()
    assert post(bos_desk, case, f"links/{link.pk}/remove").status_code == 302
    assert post(bos_desk, case, f"links/{link.pk}/remove").status_code == 404


def test_the_queue_shows_no_clock_that_stands_still(
    bos_desk: Client, bo: Actor, case: Case, at: datetime
) -> None:
    Clock.objects.filter(case=case, promise="first_response").update(met_at=at)
    pause_clock(clock=solution(case), reason="part", evidence="订单 12", actor=bo, at=at)
    assert "No clock running" in str(bos_desk.get("/cases/?view=club&lang=en").content.decode())


@pytest.mark.req("F20")
def test_evidence_finding_and_offers_of_a_merged_case_are_read_on_the_kept_one(
    bos_desk: Client, case: Case, bo: Actor, at: datetime
) -> None:
    twin = make_case(case.club, at=at, subject=case.subject)
    offer = offer_one(work_up_to(twin, "propose", actor=bo, at=at), actor=bo, at=at)
    decline_offer(offer=offer, words="不够", channel="phone", actor=bo, at=at)
    merge_cases(case=twin, into=case, actor=bo, at=at)
    text = bos_desk.get(f"/cases/{case.number}/").content.decode()
    for words in ("地板确实翘起。", "属实。", "今天修好地板。", "不够"):
        assert words in text


@pytest.mark.req("F20")
def test_reports_and_requests_of_a_merged_case_are_read_on_the_kept_one(
    bos_desk: Client, case: Case, bo: Actor, cy: Actor, ann: Actor, at: datetime
) -> None:
    twin = make_case(case.club, at=at, subject=case.subject)
    request = ask_complex(case=twin, reason="要等厂家鉴定", actor=bo, at=at)
    decide_complex(request=request, approve=False, remark="不算复杂", actor=cy, at=at)
    resolve(case=twin, resolution="solved", text="修好了。", reason="当场解决", actor=cy, at=at)
    write_report(case=twin, text="已查明并修好。", cause="venue", actor=bo, at=at)
    member_objects(case=twin, text="又翘了", actor=ann, at=at)
    merge_cases(case=twin, into=case, actor=bo, at=at)
    text = page(bos_desk, case.number)
    assert "已查明并修好。" in text
    assert "不算复杂" in text


@pytest.mark.req("B30")
def test_the_tag_of_an_emergency_says_so(bos_desk: Client, club: Club, at: datetime) -> None:
    case = make_case(club, at=at, kind="emergency.injury")
    tags = page(bos_desk, case.number).partition('class="sa-meta"')[2].partition("</div>")[0]
    assert "Emergency</span>" in tags
    assert "Urgent" not in tags
