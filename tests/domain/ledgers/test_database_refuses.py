"""What no action does, the database refuses to whoever tries."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.ledgers.actions import commit_hold, release_hold, reverse_entry
from clubassist.domain.ledgers.models import Account
from tests.domain.ledgers.invariants import broken
from tests.makers.ledgers import hold, make_fund, post

pytestmark = [pytest.mark.req("B51"), pytest.mark.req("F58")]

PARTICULARS = "'compensation', '赔付', 'B51', 'case', '1'"
ENTRY = f"""insert into ledgers_entry (account_id, kind, reason, clause, cause_kind, cause_id, actor, at, key, amount,
    hold_id, reverses_id) select account_id, {PARTICULARS}, 'system', now(), """


def refused(statement: str, match: str) -> None:
    """Assert that the database refuses a statement for this reason."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert not broken()


@pytest.fixture
def busy(fund: Account, points: Account, bo: Actor, at: datetime) -> None:
    """One of everything: a paid and an open hold, a correction, lots with draws."""
    commit_hold(hold=hold(fund, 500, at=at, key="paid"), actor=SYSTEM, at=at)
    hold(fund, 400, at=at, key="open")
    hold(fund, 20_000, at=at, actor=bo, key="asked")
    release_hold(hold=hold(fund, 300, at=at, key="free"), actor=SYSTEM, at=at)
    post(points, 100, at=at, expires_at=at + timedelta(days=10))
    hold(points, 30, at=at)
    reverse_entry(entry=post(points, -5, at=at), reason="取消", actor=SYSTEM, at=at)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("table", ["entry", "draw"])
@pytest.mark.parametrize(
    "statement",
    ["update ledgers_{} set amount = amount", "delete from ledgers_{}", "truncate ledgers_{} cascade"],
)
def test_entries_and_draws_are_never_changed(table: str, statement: str) -> None:
    refused(statement.format(table), "Cannot (update or delete|empty)")


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("table", ["account", "hold", "lot"])
def test_accounts_holds_and_lots_stay(table: str) -> None:
    refused(f"delete from ledgers_{table}", "Cannot delete")
    refused(f"truncate ledgers_{table} cascade", "Cannot empty")


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("statement", "match"),
    [
        ("update ledgers_account set balance = balance + 1", "Cannot update"),
        ("update ledgers_account set held = 0", "Cannot update"),
        ("update ledgers_account set floor = 99501 where not in_lots", "account_above_floor"),
        ("update ledgers_account set floor = null where in_lots", "account_lots_from_zero"),
        ("update ledgers_lot set remaining = remaining - 1", "Cannot update"),
        ("update ledgers_lot set reserved = 0", "Cannot update"),
        ("update ledgers_lot set expires_at = null", "Cannot update"),
        ("update ledgers_hold set amount = 1 where key = 'open'", "Cannot update"),
        ("update ledgers_hold set state = 'held', ended_at = null where key = 'paid'", "Cannot update"),
        ("update ledgers_hold set state = 'released' where key = 'paid'", "Cannot update"),
        ("update ledgers_hold set state = 'committed' where key = 'free'", "Cannot update"),
        ("update ledgers_hold set state = 'gone', ended_at = now() where key = 'open'", "hold_state_known"),
        ("update ledgers_hold set state = 'released' where key = 'open'", "hold_ended_has_time"),
        (
            "update ledgers_hold set approved_by = asked_by, approved_at = now() where key = 'asked'",
            "hold_not_approved_by_asker",
        ),
        (
            "update ledgers_hold set state = 'committed', ended_at = now() where key = 'asked'",
            "hold_committed_is_approved",
        ),
        ("update ledgers_hold set approved_by = 'staff:0' where key = 'asked'", "hold_approved_has_time"),
    ],
)
def test_what_is_decided_or_summed_cannot_be_written(statement: str, match: str) -> None:
    refused(statement, match)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("end", "match"),
    [
        ("'', 0, null, null from ledgers_entry limit 1", "entry_amount_not_zero"),
        ("key, amount, null, null from ledgers_entry where key = 'opening'", "entry_once_for_its_key"),
        ("'', -500, hold_id, null from ledgers_entry where hold_id is not null", "hold_id"),
        ("'', 5, null, reverses_id from ledgers_entry where reverses_id is not null", "reverses_id"),
        ("'', -79101, null, null from ledgers_entry where key = 'opening'", "account_above_floor"),
    ],
)
def test_no_entry_twice_and_none_below_the_floor(end: str, match: str) -> None:
    refused(ENTRY + end, match)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("draw", "match"),
    [
        ("null, null, 5", "draw_by_one"),
        ("(select min(id) from ledgers_entry), (select min(id) from ledgers_hold), 5", "draw_by_one"),
        ("(select min(id) from ledgers_entry), null, 0", "draw_by_one"),
        ("(select min(id) from ledgers_entry), null, 71", "lot_holds_what_is_left"),
        ("(select min(id) from ledgers_entry), null, -1", "lot_holds_what_is_left"),
        ("null, (select min(id) from ledgers_hold), 71", "lot_holds_what_is_left"),
        ("null, (select min(id) from ledgers_hold), -1", "draw_by_one"),
    ],
)
def test_no_lot_gives_more_than_it_has(draw: str, match: str) -> None:
    refused(
        f"insert into ledgers_draw (lot_id, entry_id, hold_id, amount) select id, {draw} from ledgers_lot",
        match,
    )


@pytest.mark.usefixtures("busy")
def test_accounts_open_empty_and_lots_start_whole() -> None:
    account = "club_id, 'x', '', 'fen', false, false, now(), {}, {} from ledgers_account limit 1"
    columns = "(club_id, kind, period, unit, in_lots, needs_cause, opened_at, balance, held)"
    for balance, held in ((1, 0), (0, 1)):
        refused(
            f"insert into ledgers_account {columns} select {account.format(balance, held)}", "Cannot insert"
        )
    columns = "(account_id, entry_id, amount, remaining, reserved)"
    for remaining, reserved in ((4, 0), (5, 1)):
        values = f"account_id, min(id), 5, {remaining}, {reserved} from ledgers_entry group by 1"
        refused(f"insert into ledgers_lot {columns} select {values}", "Cannot insert")


def test_accounts_are_known_by_unit_and_there_once(fund: Account) -> None:
    other = make_fund(fund.club, kind="medical")
    refused(f"update ledgers_account set unit = 'yuan' where id = {other.pk}", "account_unit_known")
    refused(f"update ledgers_account set kind = 'compensation' where id = {other.pk}", "account_once")


def test_the_database_counts_an_entry_that_no_action_wrote(fund: Account) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ENTRY + "'by hand', -7, null, null from ledgers_entry")
        cursor.execute("select balance from ledgers_entry where key = 'by hand'")
        assert cursor.fetchone() == (99_993,)
    fund.refresh_from_db()
    assert fund.balance == 99_993
