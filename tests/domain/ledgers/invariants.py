"""What must be so of all ledgers whenever one looks, recomputed in SQL from the rows themselves."""

from __future__ import annotations

from typing import Final

from django.db import connection

BROKEN: Final = {
    "balance = sum of entries": """
        select a.id from ledgers_account a
        where balance <> (select coalesce(sum(amount), 0) from ledgers_entry where account_id = a.id)""",
    "held = sum of open holds": """
        select a.id from ledgers_account a where held <>
            (select coalesce(sum(amount), 0) from ledgers_hold where account_id = a.id and state = 'held')""",
    "available at the floor or above": "select id from ledgers_account where balance - held < floor",
    "balance after an entry = sum up to it": """
        select id from (
            select id, balance, sum(amount) over (partition by account_id order by id) as sum from ledgers_entry
        ) entry where balance <> sum""",
    "lots sum = balance": """
        select a.id from ledgers_account a where in_lots and balance <>
            (select coalesce(sum(remaining), 0) from ledgers_lot where account_id = a.id)""",
    "reserved in lots = held": """
        select a.id from ledgers_account a where in_lots and held <>
            (select coalesce(sum(reserved), 0) from ledgers_lot where account_id = a.id)""",
    "remaining = amount - draws of entries": """
        select l.id from ledgers_lot l where remaining <> amount -
            (select coalesce(sum(amount), 0) from ledgers_draw where lot_id = l.id and entry_id is not null)""",
    "reserved = draws of open holds": """
        select l.id from ledgers_lot l where reserved <>
            (select coalesce(sum(d.amount), 0) from ledgers_draw d join ledgers_hold h on h.id = d.hold_id
             where d.lot_id = l.id and h.state = 'held')""",
    "an entry = its lot - its draws": """
        select e.id from ledgers_entry e join ledgers_account a on a.id = e.account_id where a.in_lots
        and e.amount <> coalesce((select amount from ledgers_lot where entry_id = e.id), 0)
            - coalesce((select sum(amount) from ledgers_draw where entry_id = e.id), 0)""",
    "committed = one entry of its amount": """
        select h.id from ledgers_hold h left join ledgers_entry e on e.hold_id = h.id
        where (h.state = 'committed') <> (e.id is not null) or -e.amount <> h.amount or e.account_id <> h.account_id""",
    "a correction = the opposite": """
        select c.id from ledgers_entry c join ledgers_entry e on e.id = c.reverses_id
        where c.amount <> -e.amount or c.account_id <> e.account_id or e.reverses_id is not null""",
    "no entry twice": """
        select min(id) from ledgers_entry group by account_id, nullif(key, ''), hold_id, reverses_id
        having count(*) > 1 and max(kind) <> 'expired'""",
    "nobody approved their own": """
        select id from ledgers_hold where approved_by = asked_by
            or (state = 'committed' and needs_approval and approved_by = '')""",
    "every entry is in the journal once": """
        select e.id from ledgers_entry e left join (
            select data ->> 'posted_id' as id, count(*) as times from core_entry group by 1
        ) told on told.id = e.id::text where times is distinct from 1""",
    "every hold is in the journal once": """
        select h.id from ledgers_hold h left join (
            select data ->> 'hold_id' as id, count(*) as times from core_entry where fact = 'HoldTaken' group by 1
        ) told on told.id = h.id::text where times is distinct from 1""",
}


def broken() -> dict[str, list[int]]:
    """Return rule → ids of rows that break it; empty when all is well. One snapshot for all rules."""
    parts = [
        f"select '{rule}', array(select broken.id from ({query}) broken (id))"
        for rule, query in BROKEN.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts))
        return {rule: rows for rule, rows in cursor.fetchall() if rows}
