"""Opening accounts, who sees them, and reading them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Entry as JournalEntry
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import open_account
from clubassist.domain.ledgers.models import Account, Draw, Entry, Hold, Lot, Unit
from clubassist.domain.ledgers.queries import Balance, balance_of, limit_of, statement
from clubassist.domain.people.actions import grant_role
from clubassist.domain.people.models import Account as Login
from clubassist.domain.people.queries import staff_actor
from tests.makers.ledgers import LIMITS, hold, make_fund, post

pytestmark = pytest.mark.req("B51")


def test_an_account_is_opened_once(club: Club, fay: Actor, at: datetime) -> None:
    first = open_account(club=club, kind="medical", unit=Unit.FEN, actor=fay, at=at)
    assert open_account(club=club, kind="medical", unit=Unit.FEN, actor=fay, at=at) == first
    assert JournalEntry.objects.filter(fact="LedgerOpened").count() == 1
    assert (first.balance, first.held) == (0, 0)


def test_open_account_refuses_other_rules_for_the_same(club: Club, fay: Actor, at: datetime) -> None:
    open_account(club=club, kind="medical", unit=Unit.FEN, actor=fay, at=at)
    with pytest.raises(Refused) as refused:
        open_account(club=club, kind="medical", unit=Unit.FEN, floor=None, actor=fay, at=at)
    assert refused.value.code == "account-differs"


def test_open_account_refuses_lots_that_can_be_overdrawn(club: Club, fay: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        open_account(club=club, kind="points", unit=Unit.POINTS, floor=None, in_lots=True, actor=fay, at=at)
    assert refused.value.field == "floor"


@pytest.mark.parametrize("floor", [1, -(10**12) - 1, -(2**70)])
def test_open_account_refuses_a_floor_that_it_cannot_have(
    club: Club, fay: Actor, at: datetime, floor: int
) -> None:
    with pytest.raises(Refused) as refused:
        open_account(club=club, kind="medical", unit=Unit.FEN, floor=floor, actor=fay, at=at)
    assert (refused.value.code, refused.value.field) == ("floor-invalid", "floor")


def test_open_account_refuses_who_may_not_post(club: Club, bo: Actor, cy: Actor, at: datetime) -> None:
    for actor in (bo, cy):
        with pytest.raises(Refused) as refused:
            open_account(club=club, kind="medical", unit=Unit.FEN, actor=actor, at=at)
        assert refused.value.status == 403


@pytest.mark.req("F25")
def test_who_sees_an_account(
    club: Club,
    fund: Account,
    points: Account,
    fay: Actor,
    cy: Actor,
    bo: Actor,
    ann: Actor,
    dee: Actor,
    at: datetime,
) -> None:
    post(points, 10, at=at)
    hold(points, 4, at=at)
    for actor in (fay, cy, staff_actor(everywhere(club, at))):
        assert set(Account.objects.visible_to(actor)) == {fund, points}
        assert Entry.objects.visible_to(actor).count() == 2
    assert list(Account.objects.visible_to(ann)) == [points]
    for rows in (Entry, Lot, Draw, Hold):
        assert rows.objects.visible_to(ann).count() == 1
        assert not rows.objects.visible_to(dee).exists()
    hold(fund, 5, at=at, key="for Ann", person=points.person)
    assert Hold.objects.visible_to(ann).count() == 1  # what is set aside for her is told by its offer
    for stranger in (bo, dee):
        assert not Account.objects.visible_to(stranger).exists()
    assert Hold.objects.visible_to(bo).count() == 2  # the desk sees what it set aside, no balance


def everywhere(club: Club, at: datetime) -> Login:
    """Return finance of the centre."""
    account = Login.objects.create_user("centre", None, is_staff=True, created_at=at)
    grant_role(account=account, role="finance", club=None, actor=SYSTEM, at=at)
    return account


def test_balance_and_statement_refuse_who_may_not_see_them(
    fund: Account, bo: Actor, ann: Actor, at: datetime
) -> None:
    for actor in (bo, ann):
        with pytest.raises(Missing):
            balance_of(fund, actor=actor, at=at)
        with pytest.raises(Missing):
            statement(fund, actor=actor)


def test_available_is_the_balance_without_holds_and_without_what_has_ended(
    points: Account, ann: Actor, at: datetime
) -> None:
    post(points, 100, at=at, expires_at=at + timedelta(days=1))
    post(points, 50, at=at)
    hold(points, 30, at=at)
    now, later = (balance_of(points, actor=ann, at=at + timedelta(days=days)) for days in (0, 1))
    assert now == Balance(balance=150, held=30, available=120)
    assert later == Balance(balance=150, held=30, available=50)


def test_a_statement_shows_the_balance_after_each_entry_page_by_page(
    fund: Account, fay: Actor, at: datetime
) -> None:
    for number in range(1, 5):
        post(fund, -number, at=at)
    first = statement(fund, actor=fay, most=3)
    assert [(row.amount, row.balance) for row in first.rows] == [(-4, 99_990), (-3, 99_994), (-2, 99_997)]
    second = statement(fund, actor=fay, most=3, before=first.more)
    assert [(row.amount, row.balance) for row in second.rows] == [(-1, 99_999), (100_000, 100_000)]
    assert second.more is None
    assert statement(fund, actor=fay, most=5).more is None


def test_a_limit_is_the_highest_of_the_roles_held_there(
    club: Club, other_club: Club, bo_account: Login, at: datetime
) -> None:
    bo = staff_actor(bo_account)
    assert limit_of(bo, club.pk, LIMITS) == 10_000
    assert limit_of(bo, other_club.pk, LIMITS) == 0
    assert limit_of(bo, club.pk, {}) == 0
    grant_role(account=bo_account, role="service_manager", club=club, actor=SYSTEM, at=at)
    grant_role(account=bo_account, role="finance", club=other_club, actor=SYSTEM, at=at)
    assert limit_of(bo, club.pk, LIMITS) == 100_000
    assert limit_of(SYSTEM, club.pk, LIMITS) is None


def test_make_fund_of_another_period_is_another_account(club: Club, fund: Account) -> None:
    assert make_fund(club, period="2027") != fund
