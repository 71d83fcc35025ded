"""Looks worth knowing: one row for each reveal, export, sensitive read and refused try (F25), kept month by month.

The table is partitioned by the month of `at`, in UTC. A round makes the partitions of this month and the next two, and
drops those that have been kept long enough: the only way out, for the database refuses to change or delete a row. A row
of a month without a partition goes to the default one, so that none is ever refused; the round gives it its month.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple

from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from clubassist.core.actor import Actor
from clubassist.core.jobs import every
from clubassist.core.models import Access

AHEAD: Final = 2
"""How many months beyond the current one have their partition."""

_MONTHS: Final = """
select substr(relname, length('core_access_') + 1) from pg_inherits join pg_class on pg_class.oid = inhrelid
where inhparent = 'core_access'::regclass and relname <> 'core_access_default'
"""
_STRAYS: Final = "select distinct to_char(at at time zone 'UTC', 'YYYY_MM') from core_access_default"


def looked(
    deed: str,
    subject: tuple[str, str],
    *,
    actor: Actor,
    at: datetime,
    scope: int | None = None,
    reason: str = "",
) -> None:
    """Log that `actor` did `deed` ("read", "reveal", "export" or "denied") on (kind, id)."""
    kind, identity = subject
    Access.objects.create(
        at=at, actor=actor.key, deed=deed, kind=kind, subject=identity, scope=scope, reason=reason[:200]
    )


@every(seconds=600, name="access")
def keep_months(at: datetime) -> str:
    """Make the partitions of this month and the next two, give stray rows theirs, and drop what was kept long enough.

    A month goes once ACCESS_MONTHS whole months have passed since its end. The table is locked for that moment; while
    it cannot be had, in a backup for example, the round says "busy" and the next one tries again. It raises
    OperationalError only when that has gone on until this month has no partition.
    """
    due = _due(at)
    if not any(due):
        return "nothing to do"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Whoever reads or writes queues behind a lock that is waited for: it must not take long.
            cursor.execute("set local lock_timeout = '500ms'")
            cursor.execute("lock table only core_access in access exclusive mode")
            due = _due(at)  # a twin may just have done it
            _settle(due)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable) or _month(at) in due.missing:
            raise
        return "busy"
    return f"{len(due.missing)} made, {len(due.over)} dropped"


class Due(NamedTuple):
    """Months, counted from year 0: without a partition, of rows in the default partition, kept long enough."""

    missing: list[int]
    stray: list[int]
    over: list[int]


def _due(at: datetime) -> Due:
    this = _month(at)
    there, stray = _months(_MONTHS), _months(_STRAYS)
    wanted = stray.union(range(this, this + AHEAD + 1))
    over = [month for month in there | wanted if month + settings.ACCESS_MONTHS < this]
    return Due(sorted(wanted - there), sorted(stray), sorted(over))


def _settle(due: Due) -> None:
    with connection.cursor() as cursor:
        if due.stray:  # PostgreSQL makes no partition for rows that lie in the default one
            cursor.execute("alter table core_access detach partition core_access_default")
            cursor.execute("alter table core_access_default rename to core_access_stray")
            _make("core_access_default", "default")
        for month in due.missing:
            _make(_name(month), f"for values from ('{_first(month)}') to ('{_first(month + 1)}')")
        if due.stray:
            cursor.execute("insert into core_access select * from core_access_stray")
            cursor.execute("drop table core_access_stray")
        for month in due.over:
            cursor.execute(f"drop table {_name(month)}")


def _make(name: str, bounds: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select core_access_partition(%s, %s)", [name, bounds])


def _months(query: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        pairs: Iterable[list[str]] = (label.split("_") for (label,) in cursor.fetchall())
        return {int(year) * 12 + int(month) - 1 for year, month in pairs}


def _month(at: datetime) -> int:
    moment = at.astimezone(UTC)
    return moment.year * 12 + moment.month - 1


def _name(month: int) -> str:
    return f"core_access_{month // 12:04}_{month % 12 + 1:02}"


def _first(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}-01 00:00:00+00"
