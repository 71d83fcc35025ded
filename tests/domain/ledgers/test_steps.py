"""Every write on a ledger, aborted at each of its statements (reliability A2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.ledgers.actions import (
    approve_hold,
    commit_hold,
    decline_hold,
    expire_lots,
    open_account,
    release_hold,
    reverse_entry,
)
from clubassist.domain.ledgers.models import Account, Hold, Unit
from tests.faults.steps import survive_every_abort
from tests.makers.ledgers import LIMITS, hold, post

pytestmark = [pytest.mark.fault, pytest.mark.req("B51"), pytest.mark.req("F58")]


@pytest.fixture
def earned(points: Account, at: datetime) -> Account:
    """Ann's points: two lots, the first of which ends in a day."""
    post(points, 10, at=at, key="first", expires_at=at + timedelta(days=1))
    post(points, 10, at=at, key="second")
    return points


@pytest.fixture
def asked(fund: Account, bo: Actor, at: datetime) -> Hold:
    """A hold that waits for approval."""
    return hold(fund, 50_000, at=at, actor=bo)


def test_opening_is_whole_or_absent(fund: Account, at: datetime) -> None:
    club = fund.club
    survive_every_abort(lambda: open_account(club=club, kind="medical", unit=Unit.FEN, actor=SYSTEM, at=at))


def test_a_debit_is_whole_or_absent(earned: Account, at: datetime) -> None:
    survive_every_abort(lambda: post(earned, -15, at=at))


def test_an_end_is_whole_or_absent(earned: Account, at: datetime) -> None:
    survive_every_abort(lambda: expire_lots(account=earned, actor=SYSTEM, at=at + timedelta(days=1)))


def test_a_hold_is_whole_or_absent(earned: Account, at: datetime) -> None:
    survive_every_abort(lambda: hold(earned, 15, at=at))


def test_a_commit_is_whole_or_absent(earned: Account, at: datetime) -> None:
    taken = hold(earned, 15, at=at)
    survive_every_abort(lambda: commit_hold(hold=taken, actor=SYSTEM, at=at))


def test_a_release_is_whole_or_absent(earned: Account, at: datetime) -> None:
    taken = hold(earned, 15, at=at)
    survive_every_abort(lambda: release_hold(hold=taken, actor=SYSTEM, at=at))


def test_an_approval_is_whole_or_absent(asked: Hold, cy: Actor, at: datetime) -> None:
    survive_every_abort(lambda: approve_hold(hold=asked, limits=LIMITS, actor=cy, at=at))


def test_a_decline_is_whole_or_absent(asked: Hold, cy: Actor, at: datetime) -> None:
    survive_every_abort(lambda: decline_hold(hold=asked, reason="超出先例", actor=cy, at=at))


def test_a_correction_is_whole_or_absent(earned: Account, at: datetime) -> None:
    entry = post(earned, -15, at=at)
    later = at + timedelta(days=1)
    survive_every_abort(lambda: reverse_entry(entry=entry, reason="取消", actor=SYSTEM, at=later))
