"""Amounts for one decision do not add up, and one at most goes out; a year's budget is given once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import approve_hold, commit_hold, open_budget
from clubassist.domain.ledgers.models import Account, Hold
from tests.makers.ledgers import LIMITS, hold

HALF = LIMITS["agent"] // 2 + 1


@pytest.mark.req("B06")
def test_alternatives_count_by_the_largest(fund: Account, bo: Actor, at: datetime) -> None:
    for key in "ab":
        assert not hold(fund, HALF, at=at, actor=bo, key=key, choice="offer").needs_approval
    assert hold(fund, HALF, at=at, actor=bo, key="c").needs_approval


@pytest.mark.req("B06")
def test_what_was_given_before_counts_for_each_alternative(
    fund: Account, bo: Actor, cy: Actor, at: datetime
) -> None:
    hold(fund, LIMITS["service_manager"] // 2, at=at, key="before")
    taken = hold(fund, HALF, at=at, actor=bo, key="a", choice="offer")
    assert taken.needs_approval
    with pytest.raises(Refused) as refused:
        approve_hold(hold=taken, limits=LIMITS | {"service_manager": 50_000}, actor=cy, at=at)
    assert refused.value.code == "above-limit"
    assert approve_hold(hold=taken, limits=LIMITS, actor=cy, at=at).approved_at == at


def test_the_database_lets_one_of_a_choice_go_out(fund: Account, bo: Actor, at: datetime) -> None:
    first, second = (hold(fund, 100, at=at, actor=bo, key=key, choice="offer") for key in "ab")
    commit_hold(hold=first, actor=bo, at=at)
    with pytest.raises(IntegrityError, match="hold_one_of_a_choice"), transaction.atomic():
        Hold.objects.filter(pk=second.pk).update(state="committed", ended_at=at, ended_by="x")


@pytest.mark.req("B51")
def test_a_year_begins_with_its_budget_once(club: Club, bo: Actor, at: datetime) -> None:
    given: dict[str, Any] = {
        "club": club,
        "kind": "compensation",
        "year": 2031,
        "clause": "B51",
        "limits": {},
        "at": at,
    }
    for _twice in range(2):
        account = open_budget(amount=5_000, actor=SYSTEM, **given)
    assert (account.balance, account.period, account.needs_cause) == (5_000, "2031", True)
    for amount, actor, code in (
        (0, SYSTEM, "amount-invalid"),
        (-1, SYSTEM, "amount-invalid"),
        (6_000, SYSTEM, "key-reused"),
        (5_000, bo, "not-allowed"),
    ):
        with pytest.raises(Refused) as refused:
            open_budget(amount=amount, actor=actor, **given)
        assert refused.value.code == code
