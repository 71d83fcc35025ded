"""What the ledgers refuse, each by its code and at its field; nothing is posted then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import open_account, reverse_entry
from clubassist.domain.ledgers.models import Account, Entry, Unit
from tests.makers.ledgers import because, post

pytestmark = pytest.mark.req("B51")


def refused(act: Callable[[], Any]) -> tuple[str, str]:
    """Return code and field of what is refused."""
    with pytest.raises(Refused) as error:
        act()
    return error.value.code, error.value.field


@pytest.mark.parametrize("cause", [("", "1"), ("case", ""), ("c" * 31, "1"), ("case", "1" * 41)])
def test_a_cause_that_names_nothing(fund: Account, at: datetime, cause: tuple[str, str]) -> None:
    before = Entry.objects.count()
    assert refused(lambda: post(fund, -300, at=at, particulars=because(cause=cause))) == (
        "cause-invalid",
        "cause",
    )
    assert Entry.objects.count() == before


@pytest.mark.parametrize("key", ["", "k" * 61, "a\nb"])
def test_a_key_that_tells_nothing_apart(fund: Account, at: datetime, key: str) -> None:
    assert refused(lambda: post(fund, -300, at=at, key=key)) == ("key-invalid", "key")


def test_an_end_where_nothing_can_end(fund: Account, points: Account, at: datetime) -> None:
    later = at + timedelta(days=1)
    for account, amount, end in ((fund, 300, later), (points, 300, at)):
        act = partial(post, account, amount, at=at, expires_at=end)
        assert refused(act) == ("expiry-impossible", "expires_at")


def test_lots_that_could_be_overdrawn(club: Club, at: datetime) -> None:
    assert refused(
        lambda: open_account(
            club=club, kind="points", unit=Unit.POINTS, floor=-1, in_lots=True, actor=SYSTEM, at=at
        )
    ) == ("lots-from-zero", "floor")


@pytest.mark.parametrize("reason", ["", " ", "因" * 201])
def test_a_reversal_without_a_reason(fund: Account, fay: Actor, at: datetime, reason: str) -> None:
    entry = post(fund, -300, at=at)
    act = partial(reverse_entry, entry=entry, reason=reason, actor=fay, at=at)
    assert refused(act) == ("reason-invalid", "reason")
