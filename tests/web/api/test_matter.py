"""Pauses and merges over the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import make_case

Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(at: datetime) -> Iterator[None]:
    """Answer as of the moment of the tests."""
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def case(club: Club, ann_person: Person, at: datetime) -> Case:
    """A complaint of Ann's, received a moment ago."""
    return make_case(club, at=at, subject=ann_person)


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
