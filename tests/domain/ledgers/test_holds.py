"""Setting aside, committing, releasing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Entry as JournalEntry
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.ledgers.actions import commit_hold, lock_accounts, release_hold
from clubassist.domain.ledgers.models import Account, Entry, Hold, HoldState
from clubassist.domain.ledgers.queries import balance_of
from clubassist.domain.members.models import Person
from tests.domain.ledgers.invariants import broken
from tests.makers.ledgers import because, hold, make_fund, post
from tests.makers.people import GUEST

pytestmark = [pytest.mark.req("B51"), pytest.mark.req("B06")]


def test_what_is_held_nobody_else_can_spend(fund: Account, bo: Actor, fay: Actor, at: datetime) -> None:
    hold(fund, 10_000, at=at, actor=bo)
    found = balance_of(fund, actor=fay, at=at)
    assert (found.balance, found.held, found.available) == (100_000, 10_000, 90_000)
    with pytest.raises(Refused) as refused:
        hold(fund, 90_001, at=at, key="more")
    assert refused.value.code == "not-enough"


def test_a_committed_hold_is_one_entry(fund: Account, bo: Actor, at: datetime) -> None:
    taken = hold(fund, 8_000, at=at, actor=bo)
    entry = commit_hold(hold=taken, actor=bo, at=at + timedelta(days=1))
    assert (entry.amount, entry.particulars, entry.hold) == (-8_000, because(), taken)
    assert commit_hold(hold=taken, actor=bo, at=at + timedelta(days=2)) == entry
    fund.refresh_from_db()
    assert (fund.balance, fund.held) == (92_000, 0)
    assert JournalEntry.objects.filter(fact="HoldCommitted").count() == 1
    assert not broken()


def test_a_hold_of_all_that_is_left_can_be_committed(fund: Account, at: datetime) -> None:
    assert commit_hold(hold=hold(fund, 100_000, at=at), actor=SYSTEM, at=at).balance == 0


def test_a_released_hold_is_free_again(fund: Account, bo: Actor, at: datetime) -> None:
    taken = hold(fund, 8_000, at=at, actor=bo)
    for _ in range(2):
        released = release_hold(hold=taken, actor=bo, at=at)
        assert released.state == HoldState.RELEASED
    fund.refresh_from_db()
    assert (fund.balance, fund.held) == (100_000, 0)
    assert JournalEntry.objects.filter(fact="HoldReleased").count() == 1


def test_a_hold_ends_once(fund: Account, bo: Actor, at: datetime) -> None:
    paid, free = hold(fund, 5, at=at, actor=bo, key="a"), hold(fund, 5, at=at, actor=bo, key="b")
    commit_hold(hold=paid, actor=bo, at=at)
    release_hold(hold=free, actor=bo, at=at)
    with pytest.raises(Refused) as committed:
        release_hold(hold=paid, actor=bo, at=at)
    with pytest.raises(Refused) as released:
        commit_hold(hold=free, actor=bo, at=at)
    assert (committed.value.code, released.value.code) == ("hold-committed", "hold-released")


def test_the_same_key_and_content_gives_the_same_hold(fund: Account, bo: Actor, at: datetime) -> None:
    first = hold(fund, 5, at=at, actor=bo, key="offer 1")
    assert hold(fund, 5, at=at + timedelta(hours=1), actor=bo, key="offer 1") == first
    release_hold(hold=first, actor=bo, at=at)
    assert hold(fund, 5, at=at, actor=bo, key="offer 1").state == HoldState.RELEASED
    assert Hold.objects.count() == 1


def test_take_hold_refuses_other_content_under_the_key(
    fund: Account, ann_person: Person, at: datetime
) -> None:
    hold(fund, 5, at=at, key="k")
    changes: tuple[dict[str, Any], ...] = (
        {"amount": 6},
        {"person": ann_person},
        {"particulars": because(clause="B52")},
    )
    for change in changes:
        with pytest.raises(Refused) as refused:
            hold(fund, at=at, key="k", **({"amount": 5} | change))
        assert refused.value.code == "key-reused"


def test_take_hold_refuses_another_asker_under_the_key(
    fund: Account, bo: Actor, cy: Actor, at: datetime
) -> None:
    hold(fund, 50_000, at=at, key="k", actor=bo)
    with pytest.raises(Refused) as refused:
        hold(fund, 50_000, at=at, key="k", actor=cy)
    assert refused.value.code == "key-reused"


@pytest.mark.parametrize("amount", [0, -5, 2.0])
def test_take_hold_refuses_what_is_no_amount(fund: Account, at: datetime, amount: Any) -> None:
    with pytest.raises(Refused) as refused:
        hold(fund, amount, at=at)
    assert refused.value.code == "amount-invalid"


def test_take_hold_refuses_without_a_case(fund: Account, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        hold(fund, 5, at=at, particulars=because(cause=None))
    assert refused.value.field == "cause"


def test_take_hold_refuses_who_may_not(
    fund: Account, boss: Actor, dee: Actor, ann: Actor, at: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        hold(fund, 5, at=at, actor=boss)
    assert refused.value.status == 403
    for stranger in (dee, ann, GUEST):
        with pytest.raises(Missing):
            hold(fund, 5, at=at, actor=stranger)


def test_who_it_is_for_decides(
    fund: Account, bo: Actor, ann: Actor, ann_person: Person, at: datetime
) -> None:
    offered = hold(fund, 5, at=at, actor=bo, person=ann_person, key="ann")
    assert commit_hold(hold=offered, actor=ann, at=at).actor == ann.key
    linked = hold(fund, 5, at=at, actor=bo, particulars=because(cause=("case", "77")), key="guest")
    assert release_hold(hold=linked, actor=GUEST.holding("case", "77"), at=at).ended_by == "guest"


def test_nobody_else_decides(
    fund: Account, bo: Actor, ann: Actor, dee: Actor, boss: Actor, at: datetime
) -> None:
    taken = hold(fund, 5, at=at, actor=bo)
    for stranger in (dee, ann, GUEST, GUEST.holding("case", "2")):
        for decide in (commit_hold, release_hold):
            with pytest.raises(Missing):
                decide(hold=taken, actor=stranger, at=at)
    with pytest.raises(Refused) as refused:
        commit_hold(hold=taken, actor=boss, at=at)
    assert refused.value.status == 403
    assert not Entry.objects.filter(hold=taken).exists()


def test_a_hold_on_no_cause_opens_for_no_link(points: Account, at: datetime) -> None:
    post(points, 1, at=at)
    taken = hold(points, 1, at=at, particulars=because(cause=None))
    with pytest.raises(Missing):
        commit_hold(hold=taken, actor=GUEST.holding("case", "1"), at=at)


def test_two_accounts_are_held_together_or_not_at_all(fund: Account, bo: Actor, at: datetime) -> None:
    empty = make_fund(fund.club, kind="medical")

    def both() -> None:
        with transaction.atomic():
            for account in lock_accounts([fund, empty]):
                hold(account, 5, at=at, actor=bo, key="both")

    with pytest.raises(Refused):
        both()
    assert not Hold.objects.exists()
    post(empty, 5, at=at)
    both()
    assert Hold.objects.open().count() == 2
