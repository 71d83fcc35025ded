"""Fails a write at its first statement, then at its second, and so on, until it gets through (reliability A2).

`survive_every_abort(deed)` runs inside the transaction that a test holds. `deed` must be repeatable: given the same
database it does the same. After each abort the database has to be as it was before; when the deed is then repeated
in peace, the end has to be that of a run that was never disturbed. SAVEPOINT and RELEASE count as statements: they
are the begin and the commit of an action inside a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

Rows = dict[str, list[str]]
MOST_STATEMENTS = 200
RANDOM = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"  # a random UUID
    r"|\\+x[0-9a-f]+"  # bytes: ciphertext, digests of random codes
    r'|(?<="track_code": ")[^"]+'  # a code that is shown once
    r'|(?<="digest": ")[^"]+'  # of sealed bytes
    r'|(?<="written_at":")[^"]+'  # the time of the statement itself
)


class Aborted(OperationalError):
    """The statement did not get through; what psycopg raises when the connection is lost is an OperationalError."""


class Abort:
    """Lets `nth` - 1 statements through and raises Aborted instead of running the nth; notes all it saw."""

    def __init__(self, nth: int | None = None) -> None:
        self.nth = nth
        self.statements: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Stand between Django and the database (`connection.execute_wrapper`)."""
        self.statements.append(sql)
        if len(self.statements) == self.nth:
            raise Aborted(f"statement {self.nth}: {sql[:200]}")
        return execute(sql, params, many, context)

    @property
    def reached(self) -> bool:
        """Tell whether the deed came as far as the statement to abort."""
        return self.nth is not None and len(self.statements) >= self.nth


def survive_every_abort(deed: Callable[[], object]) -> list[str]:
    """Abort `deed` at each of its statements; return the statements. Raises AssertionError at the first trace left.

    The database is as before afterwards. A deed that swallows the abort fails the test too.
    """
    before, numbers = every_row(), sequences()
    with undone(numbers):
        deed()
        clean = comparable(every_row())
    assert clean != comparable(before), "the deed does nothing"
    for nth in range(1, MOST_STATEMENTS):
        abort = Abort(nth)
        with undone(numbers):
            aborted = _aborted(deed, abort)
            if not aborted:
                assert not abort.reached, f"the deed went on after {abort.statements[nth - 1]}"
                same(comparable(every_row()), clean, "the deed is not repeatable")
                return abort.statements
            here = f"statement {nth}, {abort.statements[nth - 1][:120]}"
            same(every_row(), before, f"half a deed was kept after an abort at {here}")
            restart(numbers)
            deed()
            same(comparable(every_row()), clean, f"a repeat ended elsewhere after {here}")
    raise AssertionError(f"the deed takes {MOST_STATEMENTS} statements or more")


def _aborted(deed: Callable[[], object], abort: Abort) -> bool:
    with connection.execute_wrapper(abort):
        try:
            deed()
        except Aborted:
            return True
    return False


@contextmanager
def undone(numbers: dict[str, int | None]) -> Iterator[None]:
    """Start from these numbers, and undo everything done inside the block."""
    restart(numbers)
    # Not atomic(): to an action that would look like a caller whose transaction it joins.
    here = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(here)


def every_row() -> Rows:
    """Return every row of every table as text, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by tablename")
        tables = [name for (name,) in cursor.fetchall()]
        parts = (f"select '{name}', array(select row_to_json(t)::text from \"{name}\" t)" for name in tables)
        cursor.execute(" union all ".join(parts))
        return {name: sorted(rows) for name, rows in cursor.fetchall()}


def comparable(rows: Rows) -> Rows:
    """Blot out what is random in every run: keys, ciphertext, codes."""
    return {table: sorted(RANDOM.sub("·", row) for row in found) for table, found in rows.items()}


def same(one: Rows, other: Rows, otherwise: str) -> None:
    """Assert that two states are equal; the message names the tables that differ and shows a row of each."""
    differing = {
        table: sorted(set(one.get(table, [])) ^ set(other.get(table, [])))[:2]
        for table in one.keys() | other.keys()
        if one.get(table) != other.get(table)
    }
    assert not differing, f"{otherwise}: {differing}"


def sequences() -> dict[str, int | None]:
    """Return sequence → last number drawn (None: none yet); they are the one thing a rollback does not undo."""
    with connection.cursor() as cursor:
        cursor.execute("select sequencename, last_value from pg_sequences where schemaname = 'public'")
        return dict(cursor.fetchall())


def restart(numbers: dict[str, int | None]) -> None:
    """Let every sequence go on from where it was, so that two runs draw the same numbers. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select setval(quote_ident(name)::regclass, coalesce(last, 1), last is not null)"
            " from unnest(%s::text[], %s::bigint[]) as number (name, last)",
            [list(numbers), list(numbers.values())],
        )


def must_be_caught(deed: Callable[[], object], match: str) -> None:
    """Control: the harness has to find this deed at fault."""
    with pytest.raises(AssertionError, match=match):
        survive_every_abort(deed)
