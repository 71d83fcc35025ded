"""The hash chain: sealed in the background, never past a writer in flight, and it shows what was tampered with."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from typer.testing import CliRunner

from clubassist.cli.commands import app
from clubassist.core.actor import SYSTEM
from clubassist.core.journal import record
from clubassist.core.models import Entry, Seal
from clubassist.core.seal import broken_seals, last_seal, seal_journal
from tests.core.ringing import Elsewhere, Rang, ring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_subscribers"), pytest.mark.req("F25")]


@contextmanager
def owner_at_work() -> Iterator[Any]:
    """What whoever owns the database can do: switch the append-only triggers off, change rows, switch them on."""
    tables = ("core_entry", "core_entrysubject", "core_seal")
    with connection.cursor() as cursor:
        # Foreign keys are checked at the end of a transaction; a table with checks to come cannot be altered.
        cursor.execute("set constraints all immediate")
        for table in tables:
            cursor.execute(f"alter table {table} disable trigger user")
        yield cursor
        for table in tables:
            cursor.execute(f"alter table {table} enable trigger user")


@pytest.fixture
def sealed(at: datetime) -> list[int]:
    """Three seals over two entries each; gives the entries' ids."""
    ids = []
    for _ in range(3):
        ids += [ring(at, bell=1), ring(at, bell=2)]
        assert seal_journal(at) == "2 sealed"
    return ids


def test_untouched_chain_verifies(sealed: list[int], at: datetime) -> None:
    assert list(Seal.objects.order_by("last_entry").values_list("last_entry", flat=True)) == sealed[1::2]
    assert seal_journal(at) == "0 sealed"
    assert broken_seals(at=at) == []


@pytest.mark.parametrize(
    "tamper",
    [
        "update core_entry set at = at + interval '1 minute' where id = %(id)s",
        "update core_entry set actor = 'staff:1' where id = %(id)s",
        'update core_entry set data = \'{"bell": 9, "tower": null}\' where id = %(id)s',
        "update core_entry set scope = 7 where id = %(id)s",
        "update core_entrysubject set subject = '9' where entry_id = %(id)s",
        "delete from core_entrysubject where entry_id = %(id)s",
        "with subjects as (delete from core_entrysubject where entry_id = %(id)s)"
        " delete from core_entry where id = %(id)s",
        "insert into core_entry (id, fact, at, actor, data)"
        " select -%(id)s, fact, at, actor, data from core_entry where id = %(id)s",
    ],
)
def test_tampering_with_a_sealed_entry_is_found(sealed: list[int], tamper: str, at: datetime) -> None:
    with owner_at_work() as cursor:
        for statement in tamper.split("; "):
            cursor.execute(statement, {"id": sealed[2]})
    problems = broken_seals(at=at)
    assert problems
    # A row slipped in below everything shows in the first seal; every other change in its own, the second.
    expected = sealed[1] if "insert" in tamper else sealed[3]
    assert problems[0].startswith(f"Seal up to entry {expected}:")


def test_seal_that_was_drawn_anew_breaks_the_next_one(sealed: list[int], at: datetime) -> None:
    with owner_at_work() as cursor:
        cursor.execute("update core_seal set digest = '\\x00' where last_entry = %s", [sealed[1]])
    assert [problem.split(":")[0] for problem in broken_seals(at=at)] == [
        f"Seal up to entry {sealed[1]}",
        f"Seal up to entry {sealed[3]}",
    ]


def test_seals_that_were_removed_leave_entries_that_nothing_seals(sealed: list[int], at: datetime) -> None:
    later = at + timedelta(minutes=6)
    with owner_at_work() as cursor:
        cursor.execute("delete from core_seal where last_entry = %s", [sealed[5]])
    assert broken_seals(at=at + timedelta(minutes=4)) == []  # they may have been written since
    assert broken_seals(at=later)[0].startswith("2 entries are not sealed")
    with owner_at_work() as cursor:
        cursor.execute("delete from core_seal")
    assert broken_seals(at=at)[0].startswith("6 entries are not sealed")


def test_a_noted_seal_shows_that_the_end_of_the_journal_was_cut_off(sealed: list[int], at: datetime) -> None:
    noted = last_seal()
    ring(at)
    seal_journal(at)
    assert broken_seals(at=at, known=noted) == []
    with owner_at_work() as cursor:
        for table, column in (
            ("core_entrysubject", "entry_id"),
            ("core_entry", "id"),
            ("core_seal", "last_entry"),
        ):
            cursor.execute(f"delete from {table} where {column} > %s", [sealed[3]])
    assert broken_seals(at=at) == []
    assert broken_seals(at=at, known=noted) == [
        f"The seal {noted} was noted earlier and is not there any more."
    ]


def test_check_journal_says_which_seal_is_broken(sealed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    here = CliRunner()
    monkeypatch.setattr("clubassist.cli.checking.database", _open_already)
    assert here.invoke(app, ["check", "journal"]).exit_code == 0
    with owner_at_work() as cursor:
        cursor.execute("update core_entry set actor = 'staff:1' where id = %s", [sealed[0]])
    told = here.invoke(app, ["check", "journal"])
    assert told.exit_code == 1
    assert f"Seal up to entry {sealed[1]}" in told.output


@contextmanager
def _open_already() -> Iterator[None]:
    yield


def test_sealing_never_passes_a_writer_in_flight(committed: None, at: datetime) -> None:
    """Entry 1 is written but not committed, entry 2 is committed: a seal over 2 alone would lose 1 for ever."""
    written, commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            record(Rang(bell=1), actor=SYSTEM, at=at, scope=None)
            written.set()
            assert commit.wait(10)

    writer = Elsewhere(slow_writer)
    assert written.wait(10)
    ring(at, bell=2)
    assert seal_journal(at) == "busy"
    assert not Seal.objects.exists()
    commit.set()
    writer.result()
    assert seal_journal(at) == "2 sealed"
    assert broken_seals(at=at) == []


def test_sealing_beside_many_writers_covers_every_entry(committed: None, at: datetime) -> None:
    def writer() -> None:
        for _ in range(25):
            ring(at)

    writers = [Elsewhere(writer) for _ in range(3)]
    while any(thread.is_alive() for thread in writers):
        seal_journal(at)
    for thread in writers:
        thread.result()
    seal_journal(at)
    assert sum(Seal.objects.values_list("entries", flat=True)) == Entry.objects.count() == 75
    assert broken_seals(at=at) == []
