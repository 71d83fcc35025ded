"""A member's own matters: what is theirs, nothing internal, nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import add_note, reply
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case
from tests.makers.people import make_member
from tests.web.api.tokens import token_of

Call = Callable[..., Any]


@pytest.fixture
def mine(club: Club, ann_person: Person, at: datetime) -> Case:
    """A case of Ann's."""
    return make_case(club, at=at, subject=ann_person)


def test_a_member_reads_their_own_case_without_notes(
    mine: Case, bo: Actor, at: datetime, ann_token: str, get: Call
) -> None:
    reply(case=mine, text="在看。", actor=bo, at=at)
    add_note(case=mine, text="先问问场地部。", actor=bo, at=at)
    body = get(f"/me/cases/{mine.number}", ann_token).json()
    assert [row["by"] for row in body["messages"]] == ["you", "us"]
    assert "场地部" not in str(body)
    assert body["step"] in body["steps"]
    assert all(promise["why"]["zh"] for promise in body["promises"])
    assert body["kind"]["en"] == "Venue complaint"


def test_a_member_sees_nobody_elses_case(
    club: Club, mine: Case, at: datetime, ann_token: str, get: Call, post: Call
) -> None:
    other = make_member(club, name="李四", phone="13800138001", number="M0002")
    theirs = make_case(club, at=at, subject=other)
    assert [row["number"] for row in get("/me/cases", ann_token).json()["cases"]] == [mine.number]
    absent = get("/me/cases/GD-999", ann_token)
    assert get(f"/me/cases/{theirs.number}", ann_token).content == absent.content
    refused = post(f"/me/cases/{theirs.number}/messages", ann_token, {"text": "？"})
    assert refused.status_code == absent.status_code == 404


def test_a_member_adds_to_their_case(mine: Case, ann_token: str, post: Call) -> None:
    answer = post(f"/me/cases/{mine.number}/messages", ann_token, {"text": "还没修好。"})
    assert (answer.status_code, answer.json()["state"]) == (201, "open")
    mine.refresh_from_db()
    assert mine.awaits_reply


@pytest.mark.parametrize("path", ["/cases", "/tasks", "/cases/GD-1001"])
def test_a_members_token_opens_no_desk(club: Club, ann_token: str, get: Call, path: str) -> None:
    assert get(path, ann_token).status_code == 403


def test_a_colleagues_token_opens_no_members_view(
    mine: Case, bo_account: Account, bo_token: str, get: Call
) -> None:
    token = token_of(bo_account, frozenset({"me.read", "case.read"}))
    assert get("/me/cases", token).status_code == 403
