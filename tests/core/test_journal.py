"""The journal: append-only in the database itself, delivered once, in order, and again after a failure."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from clubassist.core import jobs, journal
from clubassist.core.actor import SYSTEM
from clubassist.core.journal import deliver, on, record
from clubassist.core.models import Delivery, Entry, EntrySubject, Seal
from tests.core.ringing import Elsewhere, Rang, hear, heard, ring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_subscribers")]


def waiting() -> list[tuple[int, str | None]]:
    """Return (entry, lock) of the deliveries that wait in the queue, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (args->>'entry_id')::bigint, lock from procrastinate_jobs where status = 'todo' order by id"
        )
        return [(entry, lock) for entry, lock in cursor.fetchall()]


def fetch() -> int | None:
    """Take the next job as a worker does; return its entry."""
    with connection.cursor() as cursor:
        cursor.execute("select (args->>'entry_id')::bigint from procrastinate_fetch_job_v2(null, null)")
        (entry,) = cursor.fetchone()
        return None if entry is None else int(entry)


def queues() -> list[str]:
    """Return the queues of the waiting deliveries, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("select queue_name from procrastinate_jobs where status = 'todo' order by id")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.req("F25")
@pytest.mark.parametrize("model", [Entry, EntrySubject, Seal])
@pytest.mark.parametrize("deed", ["update", "delete", "truncate"])
def test_database_refuses_to_change_the_journal(model: Any, deed: str, at: datetime) -> None:
    entry_id = ring(at)
    Seal.objects.create(last_entry=entry_id, entries=1, digest=b"x", sealed_at=at)
    table = model._meta.db_table
    statement = {
        "update": f"update {table} set id = id",
        "delete": f"delete from {table}",
        "truncate": f"truncate {table} cascade",
    }[deed]
    connection.cursor().execute(
        "set constraints all immediate"
    )  # a table with checks to come is refused for that
    with pytest.raises(DatabaseError, match=r"Cannot (update or delete|empty)"), transaction.atomic():
        connection.cursor().execute(statement)
    assert model.objects.count() == 1


def test_record_refuses_outside_a_transaction(committed: None, at: datetime) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(Rang(bell=1), actor=SYSTEM, at=at, scope=None)
    assert not Entry.objects.exists()


def test_record_is_undone_with_its_change_and_so_is_its_job(at: datetime) -> None:
    on(Rang)(hear)

    def change() -> None:
        with transaction.atomic():
            record(Rang(bell=1), actor=SYSTEM, at=at, scope=None)
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - raised right above
        change()
    assert not Entry.objects.exists()
    assert not waiting()


def test_record_keeps_everything_a_fact_concerns_in_one_statement(
    at: datetime, django_assert_num_queries: Any
) -> None:
    with transaction.atomic(), django_assert_num_queries(1):
        entry_id = record(Rang(bell=7, tower=2), actor=SYSTEM, at=at, scope=None)
    assert set(EntrySubject.objects.filter(entry=entry_id).values_list("kind", "subject")) == {
        ("bell", "7"),
        ("tower", "2"),
    }
    assert not waiting()


def test_job_carries_nothing_but_the_entry_s_id(at: datetime) -> None:
    on(Rang)(hear)
    entry_id = ring(at)
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs")
        assert cursor.fetchall() == [(f'{{"entry_id": {entry_id}}}',)]


def test_handler_runs_once_however_often_the_job_runs(at: datetime) -> None:
    on(Rang)(hear)
    entry_id = ring(at)
    for _ in range(3):
        deliver(entry_id=entry_id)
    assert heard() == 1


def test_handler_runs_once_when_two_workers_have_the_job(committed: None, at: datetime) -> None:
    """The second worker, at the same entry while the first is still at work, waits and then does nothing."""
    inside, go_on = threading.Event(), threading.Event()

    def slow(fact: Rang, entry: Entry) -> None:
        inside.set()
        assert go_on.wait(10)
        hear(fact, entry)

    on(Rang)(slow)
    entry_id = ring(at)
    first = Elsewhere(lambda: deliver(entry_id=entry_id))
    assert inside.wait(10)
    second = Elsewhere(lambda: deliver(entry_id=entry_id))
    second.join(0.3)
    assert second.is_alive()
    go_on.set()
    first.result()
    second.result()
    assert heard() == 1


def test_failing_handler_is_tried_again_and_does_not_hold_up_the_others(at: datetime) -> None:
    broken = True

    def fragile(fact: Rang, entry: Entry) -> None:
        hear(fact, entry)
        if broken:
            raise RuntimeError("not yet")

    on(Rang)(fragile)
    on(Rang)(hear)
    entry_id = ring(at)
    for _ in range(2):
        with pytest.raises(ExceptionGroup, match="Rang"):
            deliver(entry_id=entry_id)
        assert heard() == 1
    assert [row.subscriber for row in Delivery.objects.all()] == ["tests.core.ringing.hear"]
    broken = False
    deliver(entry_id=entry_id)
    assert heard() == 2


def test_facts_of_one_subject_are_delivered_in_order_others_side_by_side(at: datetime) -> None:
    on(Rang)(hear)
    first, later, other = ring(at, bell=1), ring(at, bell=1), ring(at, bell=2)
    assert [lock for _, lock in waiting()] == ["bell:1", "bell:1", "bell:2"]
    assert fetch() == first
    assert fetch() == other
    assert fetch() is None
    with connection.cursor() as cursor:
        cursor.execute(
            "select procrastinate_finish_job_v1(id, 'succeeded', true) from procrastinate_jobs"
            " where (args->>'entry_id')::bigint = %s",
            [first],
        )
    assert fetch() == later


def test_drain_leaves_what_is_not_due(at: datetime) -> None:
    on(Rang)(hear)
    ring(at)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set scheduled_at = %s", [at + timedelta(hours=1)])
    assert jobs.drain(at=at) == 0
    assert jobs.drain(at=at + timedelta(hours=1)) == 1
    assert heard() == 1


def test_subscribers_are_listed_by_fact() -> None:
    on(Rang)(hear)
    assert journal.subscribers() == {"Rang": ["tests.core.ringing.hear"]}


def test_urgent_facts_wait_for_the_reserved_runner(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    on(Rang)(lambda fact, entry: None)
    ring(at)
    monkeypatch.setattr(Rang, "urgent", True)
    ring(at)
    assert queues() == ["facts", jobs.URGENT]
