"""Points that end: the oldest goes first, what a hold reserved stays, what comes back comes back where it was."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Entry as JournalEntry
from clubassist.core.refusal import Refused
from clubassist.domain.ledgers.actions import commit_hold, expire_lots, release_hold, reverse_entry
from clubassist.domain.ledgers.models import Account, Entry, Lot
from clubassist.domain.ledgers.queries import balance_of
from clubassist.domain.members.models import Person
from tests.domain.ledgers.invariants import broken
from tests.makers.ledgers import hold, make_points, post

pytestmark = pytest.mark.req("F58")

DAY: Final = timedelta(days=1)


def earn(points: Account, amount: int, days: int | None, at: datetime) -> Entry:
    """Credit points that end after so many days (None: never)."""
    end = None if days is None else at + days * DAY
    return post(points, amount, at=at, expires_at=end, key=f"earn {days}")


def left(points: Account) -> list[int]:
    """Return what is left in each lot, in the order they came."""
    return list(Lot.objects.filter(account=points).order_by("pk").values_list("remaining", flat=True))


def test_the_lot_that_ends_first_goes_first(points: Account, at: datetime) -> None:
    for days in (None, 30, 10):
        earn(points, 100, days, at)
    post(points, -120, at=at)
    assert left(points) == [100, 80, 0]
    post(points, -100, at=at)
    assert left(points) == [80, 0, 0]
    assert not broken()


def test_what_has_ended_is_taken_off_before_it_can_be_spent(points: Account, at: datetime) -> None:
    earn(points, 100, 10, at)
    earn(points, 40, None, at)
    with pytest.raises(Refused) as refused:
        post(points, -41, at=at + 10 * DAY)
    assert refused.value.code == "not-enough"
    entry = post(points, -40, at=at + 10 * DAY)
    assert entry.balance == 0
    expired = Entry.objects.get(account=points, kind="expired")
    assert (expired.amount, expired.actor, expired.clause) == (-100, "system", "B51")
    assert JournalEntry.objects.filter(fact="LotExpired").count() == 1
    assert not broken()


def test_a_moment_before_its_end_a_lot_still_counts(points: Account, at: datetime) -> None:
    earn(points, 100, 10, at)
    assert post(points, -100, at=at + 10 * DAY - timedelta(seconds=1)).balance == 0


def test_resting_accounts_lose_what_has_ended_too(points: Account, at: datetime) -> None:
    earn(points, 100, 10, at)
    earn(points, 50, 11, at)
    assert expire_lots(account=points, actor=SYSTEM, at=at + 9 * DAY) == 0
    assert expire_lots(account=points, actor=SYSTEM, at=at + 11 * DAY) == 2
    assert expire_lots(account=points, actor=SYSTEM, at=at + 11 * DAY) == 0
    points.refresh_from_db()
    assert points.balance == 0


def test_expire_lots_refuses_who_may_not(points: Account, cy: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        expire_lots(account=points, actor=cy, at=at)
    assert refused.value.status == 403


def test_what_a_hold_reserved_outlasts_its_end(points: Account, at: datetime) -> None:
    earn(points, 100, 10, at)
    taken = hold(points, 60, at=at)
    assert expire_lots(account=points, actor=SYSTEM, at=at + 10 * DAY) == 1
    assert left(points) == [60]
    assert commit_hold(hold=taken, actor=SYSTEM, at=at + 12 * DAY).balance == 0
    assert not broken()


def test_what_a_hold_sets_free_after_its_end_is_gone(points: Account, ann: Actor, at: datetime) -> None:
    earn(points, 100, 10, at)
    earn(points, 5, None, at)
    taken = hold(points, 60, at=at)
    later = at + 10 * DAY
    expire_lots(account=points, actor=SYSTEM, at=later)
    release_hold(hold=taken, actor=SYSTEM, at=later)
    assert balance_of(points, actor=ann, at=later).available == 5
    expire_lots(account=points, actor=SYSTEM, at=later)
    assert left(points) == [0, 5]
    assert not broken()


def test_a_hold_reserves_the_oldest_and_a_debit_leaves_it_alone(points: Account, at: datetime) -> None:
    earn(points, 10, 10, at)
    earn(points, 10, 20, at)
    taken = hold(points, 15, at=at)
    post(points, -5, at=at)
    assert left(points) == [10, 5]
    commit_hold(hold=taken, actor=SYSTEM, at=at)
    assert left(points) == [0, 0]
    assert not broken()


def test_what_was_spent_returns_to_the_lots_it_came_from(points: Account, at: datetime) -> None:
    earn(points, 10, 10, at)
    earn(points, 10, 20, at)
    spent = post(points, -15, at=at)
    reverse_entry(entry=spent, reason="取消兑换", actor=SYSTEM, at=at + DAY)
    assert left(points) == [10, 10]
    assert not broken()


def test_what_returns_to_a_lot_that_has_ended_may_be_spent_for_a_week(points: Account, at: datetime) -> None:
    earn(points, 10, 10, at)
    earn(points, 10, 20, at)
    spent = post(points, -15, at=at)
    later = at + 10 * DAY
    reversal = reverse_entry(entry=spent, reason="取消兑换", actor=SYSTEM, at=later)
    assert left(points) == [0, 10, 10]
    lot = Lot.objects.get(entry=reversal)
    assert lot.expires_at == later + 7 * DAY
    assert not broken()


def test_a_credit_is_taken_back_out_of_its_own_lot(points: Account, at: datetime) -> None:
    wrong = earn(points, 10, 20, at)
    earn(points, 10, 10, at)
    reverse_entry(entry=wrong, reason="重复发放", actor=SYSTEM, at=at)
    assert left(points) == [0, 10]
    assert not broken()


def test_reverse_entry_refuses_a_credit_that_is_spent_held_or_ended(points: Account, at: datetime) -> None:
    credits = [earn(points, 10, days, at) for days in (1, 2, 3)]
    earn(points, 100, None, at)
    hold(points, 15, at=at)
    for credit in credits[:2]:
        with pytest.raises(Refused) as refused:
            reverse_entry(entry=credit, reason="重复发放", actor=SYSTEM, at=at)
        assert refused.value.code == "spent-already"
    with pytest.raises(Refused) as ended:
        reverse_entry(entry=credits[2], reason="重复发放", actor=SYSTEM, at=at + 3 * DAY)
    assert ended.value.code == "spent-already"


@pytest.mark.parametrize("seed", range(20))
def test_lots_agree_with_points_counted_one_by_one(ann_person: Person, at: datetime, seed: int) -> None:
    """The oracle keeps every single point with its end and throws away, each time, the one that ends first."""
    chance = random.Random(seed)
    points, pocket, now = make_points(ann_person), list[datetime](), at
    never = at + 10_000 * DAY
    for step in range(30):
        now += chance.randrange(3) * DAY
        pocket = sorted(end for end in pocket if end > now)
        amount = chance.randint(1, 9)
        if chance.random() < 0.5:
            end = chance.choice([None, now + chance.randint(1, 9) * DAY])
            post(points, amount, at=now, expires_at=end, key=str(step))
            pocket += [end or never] * amount
        elif amount <= len(pocket):
            post(points, -amount, at=now, key=str(step))
            pocket = pocket[amount:]
        else:
            with pytest.raises(Refused):
                post(points, -amount, at=now, key=str(step))
    expire_lots(account=points, actor=SYSTEM, at=now)
    found = [
        end or never for end, rest in Lot.objects.values_list("expires_at", "remaining") for _ in range(rest)
    ]
    assert sorted(found) == sorted(end for end in pocket if end > now)
    assert not broken()
