"""Pauses, links, merges and their undoing, more time, other routes, the member's word on the solution, by API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import decline_offer
from clubassist.domain.cases.models import Case, Merge
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case, offer_one, solve, work_up_to
from tests.web.api.tokens import token_of

Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(at: datetime) -> Iterator[None]:
    """Answer as of the moment of the tests."""
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def case(club: Club, ann_person: Person, at: datetime) -> Case:
    """A complaint of Ann's."""
    return make_case(club, at=at, subject=ann_person)


@pytest.mark.req("F20")
def test_cases_are_linked_merged_and_set_apart_again(
    get: Call, post: Call, case: Case, club: Club, ann_person: Person, bo_token: str, at: datetime
) -> None:
    other = make_case(club, at=at, subject=ann_person)
    path = f"/cases/{case.number}"
    linked = post(f"{path}/links", bo_token, {"other": other.number, "kind": "related"})
    assert linked.status_code == 201
    merged = post(f"/cases/{other.number}/merge", bo_token, {"into": case.number})
    assert merged.status_code == 200
    matter = get(f"{path}/matter", bo_token).json()
    (merge,) = matter["merges"]
    assert merge["merged"] == other.number
    assert post(f"{path}/merges/{merge['id']}/undo", bo_token).status_code == 200
    (link,) = get(f"{path}/matter", bo_token).json()["links"]
    assert (link["case"], link["kind"], link["other"]) == (case.number, "related", other.number)
    assert post(f"{path}/links/{link['id']}/remove", bo_token).status_code == 200
    assert get(f"{path}/matter", bo_token).json() == {"links": [], "merges": [], "complex": []}
    assert post(f"{path}/links/{link['id']}/remove", bo_token).status_code == 404


@pytest.mark.req("F20")
def test_what_is_another_cases_is_not_there(
    post: Call, case: Case, club: Club, ann_person: Person, bo_token: str, cy_account: Account, at: datetime
) -> None:
    others = [make_case(club, at=at, subject=ann_person) for _case in range(3)]
    kept, merged, linked = (f"/cases/{other.number}" for other in others)
    link = post(f"{kept}/links", bo_token, {"other": others[2].number, "kind": "related"}).json()["id"]
    post(f"{merged}/merge", bo_token, {"into": others[0].number})
    merge = Merge.objects.get().pk
    asked = post(f"{kept}/complex", bo_token, {"reason": "要等厂家鉴定"}).json()["id"]
    path, manager = f"/cases/{case.number}", token_of(cy_account)
    for address, body in (
        (f"links/{link}/remove", None),
        (f"merges/{merge}/undo", None),
        (f"complex/{asked}/decide", {"approve": True}),
    ):
        assert post(f"{path}/{address}", manager, body).status_code == 404
        assert post(f"{kept}/{address}", manager, body).status_code == 200
    assert post(f"{linked}/links/{link}/remove", manager).status_code == 404


@pytest.mark.req("F20")
def test_a_link_is_removed_from_either_end_and_answers_for_it(
    post: Call, case: Case, club: Club, ann_person: Person, bo_token: str, at: datetime
) -> None:
    other = make_case(club, at=at, subject=ann_person)
    body = {"other": other.number, "kind": "related"}
    link = post(f"/cases/{case.number}/links", bo_token, body).json()["id"]
    answer = post(f"/cases/{other.number}/links/{link}/remove", bo_token).json()
    other.refresh_from_db()
    assert (answer["number"], answer["version"]) == (other.number, other.version)


@pytest.mark.req("F20")
def test_requests_of_the_whole_matter_are_listed(
    get: Call,
    post: Call,
    case: Case,
    club: Club,
    ann_person: Person,
    bo_token: str,
    cy_account: Account,
    at: datetime,
) -> None:
    other, manager = make_case(club, at=at, subject=ann_person), token_of(cy_account)
    asked = post(f"/cases/{other.number}/complex", bo_token, {"reason": "要等厂家鉴定"}).json()["id"]
    refused = {"approve": False, "remark": "不复杂"}
    assert post(f"/cases/{other.number}/complex/{asked}/decide", manager, refused).status_code == 200
    post(f"/cases/{other.number}/merge", bo_token, {"into": case.number})
    (row,) = get(f"/cases/{case.number}/matter", bo_token).json()["complex"]
    assert (row["id"], row["approved"]) == (asked, False)


@pytest.mark.req("F50")
def test_more_time_is_asked_for_and_given_by_somebody_else(
    get: Call, post: Call, case: Case, bo_token: str, cy_account: Account
) -> None:
    path, manager = f"/cases/{case.number}", token_of(cy_account)
    asked = post(f"{path}/complex", bo_token, {"reason": "要等厂家鉴定"})
    assert asked.status_code == 201
    decide = f"{path}/complex/{asked.json()['id']}/decide"
    assert post(decide, bo_token, {"approve": True}).status_code == 403
    assert post(decide, manager, {"approve": True}).status_code == 200
    (row,) = get(f"{path}/matter", bo_token).json()["complex"]
    assert (row["id"], row["approved"]) == (asked.json()["id"], True)
    case.refresh_from_db()
    assert case.complexity == "complex"


@pytest.mark.req("B27")
def test_other_routes_are_told_after_a_no(
    post: Call, case: Case, bo: Actor, ann: Actor, bo_token: str, at: datetime
) -> None:
    path = f"/cases/{case.number}/routes"
    assert post(path, bo_token).json()["code"] == "nothing-declined"
    offer = offer_one(work_up_to(case, "propose", actor=bo, at=at), actor=bo, at=at)
    decline_offer(offer=offer, words="不够。", actor=ann, at=at)
    assert post(path, bo_token).status_code == 200
    case.refresh_from_db()
    assert case.routes_told_at == at


@pytest.mark.req("F52")
def test_the_member_says_whether_it_is_solved(
    post: Call, case: Case, bo: Actor, ann_token: str, bo_token: str, at: datetime
) -> None:
    solve(case, actor=bo, at=at)
    path = f"/me/cases/{case.number}"
    assert post(f"{path}/solved", bo_token).status_code == 403
    assert post(f"{path}/solved", ann_token, {"score": 5}).status_code == 200
    assert post(f"{path}/solved", ann_token).status_code == 422
    reopened = post(f"{path}/not-solved", ann_token, {"text": "又翘起来了。"})
    assert (reopened.status_code, reopened.json()["state"]) == (200, "open")


def test_a_clock_stands_still_and_goes_on(case: Case, bo_token: str, get: Call, post: Call) -> None:
    clock = case.clocks.get(promise="solution")
    address = f"/cases/{case.number}/clocks/{clock.pk}"
    body = {"reason": "part", "evidence": "订单 12"}
    assert post(f"{address}/pause", bo_token, body).status_code == 200
    shown = {one["id"]: one for one in get(f"/cases/{case.number}/clocks", bo_token).json()["clocks"]}
    assert shown[clock.pk]["paused_at"] is not None
    again = post(f"{address}/pause", bo_token, body)
    assert (again.status_code, again.json()["code"]) == (409, "clock-paused")
    assert post(f"{address}/resume", bo_token, {}).status_code == 200
    refused = post(f"{address}/resume", bo_token, {})
    assert (refused.status_code, refused.json()["code"]) == (422, "clock-not-paused")
    other = make_case(case.club, at=case.received_at).clocks.get(promise="solution")
    assert post(f"/cases/{case.number}/clocks/{other.pk}/pause", bo_token, body).status_code == 404


@pytest.mark.req("F20")
def test_a_merged_number_answers_with_the_kept_case(
    case: Case, ann_person: Person, bo_token: str, dee_token: str, get: Call, post: Call
) -> None:
    twin = make_case(case.club, at=case.received_at, subject=ann_person)
    body = {"into": case.number}
    assert post(f"/cases/{twin.number}/merge", dee_token, body).status_code == 404
    answer = post(f"/cases/{twin.number}/merge", bo_token, body)
    assert (answer.status_code, answer.json()["number"]) == (200, case.number)
    assert get(f"/cases/{twin.number}", bo_token).json()["number"] == case.number
    assert len(get(f"/cases/{twin.number}/messages", bo_token).json()["messages"]) == 2
    own = post(f"/cases/{twin.number}/merge", bo_token, body)
    assert (own.status_code, own.json()["code"], own.json()["field"]) == (422, "merge-itself", "into")
