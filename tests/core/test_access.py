"""The access log by months: nothing refused, nothing changed, and out only as months that were kept long enough."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pytest_django import Settings

from clubassist.core import access, jobs, rows
from clubassist.core.access import keep_months, looked
from clubassist.core.actor import SYSTEM
from clubassist.core.embedded.cluster import binaries
from clubassist.core.models import Access
from tests.conftest_database import CLONE
from tests.core.ringing import Elsewhere
from tests.faults.steps import survive_every_abort

pytestmark = [pytest.mark.django_db, pytest.mark.req("F25")]
TICK = timedelta(microseconds=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
DEFAULT = "core_access_default"


def utc(year: int, month: int, day: int = 1) -> datetime:
    """Return the first moment of a day."""
    return datetime(year, month, day, tzinfo=UTC)


def look(at: datetime) -> None:
    """Log one look."""
    looked("reveal", ("contact", at.isoformat()), actor=SYSTEM, at=at)


def months() -> list[str]:
    """Return the months that have a partition."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select right(relname, 7) from pg_class where relname ~ '^core_access_[0-9]{4}_[0-9]{2}$' order by 1"
        )
        return [month for (month,) in cursor.fetchall()]


def places() -> dict[datetime, str]:
    """Return in which partition each row lies, by its moment."""
    with connection.cursor() as cursor:
        cursor.execute("select at, tableoid::regclass::text from core_access")
        return dict(cursor.fetchall())


@pytest.fixture
def elsewhere_too(committed: None) -> Iterator[None]:
    """Let the test commit; its partitions are gone afterwards."""
    yield
    with connection.cursor() as cursor:
        for month in months():
            cursor.execute(f"drop table core_access_{month}")


@pytest.mark.parametrize(
    ("now", "made"),
    [
        (utc(2026, 11, 21), ["2026_11", "2026_12", "2027_01"]),
        (utc(2027, 1) - TICK, ["2026_12", "2027_01", "2027_02"]),
        (utc(2027, 1), ["2027_01", "2027_02", "2027_03"]),
        (utc(2028, 2, 29), ["2028_02", "2028_03", "2028_04"]),
        (datetime(2027, 1, 1, 7, 59, tzinfo=SHANGHAI), ["2026_12", "2027_01", "2027_02"]),
    ],
    ids=["november", "year's end", "year's beginning", "leap day", "still last year in UTC"],
)
def test_this_month_and_the_next_two_are_made_once(
    now: datetime, made: list[str], django_assert_num_queries: Any
) -> None:
    assert keep_months(now) == "3 made, 0 dropped"
    assert months() == made
    with django_assert_num_queries(2):
        assert keep_months(now) == "nothing to do"
    assert months() == made


@pytest.mark.parametrize("turn", [utc(2026, 12), utc(2027, 1), utc(2028, 3)], ids=str)
def test_month_ends_at_midnight_in_utc(turn: datetime) -> None:
    keep_months(turn - TICK)
    before, after = turn - TICK, turn.astimezone(SHANGHAI)
    look(before)
    look(after)
    assert places() == {
        before: f"core_access_{before:%Y_%m}",
        after: f"core_access_{turn:%Y_%m}",
    }


def test_leap_day_lies_in_february() -> None:
    keep_months(utc(2028, 1))
    look(utc(2028, 2, 29))
    assert set(places().values()) == {"core_access_2028_02"}


def test_look_is_one_statement_by_itself_and_with_others(
    at: datetime, django_assert_num_queries: Any
) -> None:
    keep_months(at)
    with django_assert_num_queries(1):
        look(at)
    more = [
        Access(at=at + timedelta(hours=hour), actor="", deed="read", kind="x", subject="") for hour in (1, 2)
    ]
    with django_assert_num_queries(1):
        rows.write(*more)
    assert list(Access.objects.order_by("pk").values_list("kind", flat=True)) == ["contact", "x", "x"]
    assert len(set(Access.objects.values_list("pk", flat=True))) == 3


@pytest.mark.parametrize("table", ["core_access", "core_access_2026_11", DEFAULT])
@pytest.mark.parametrize("deed", ["update", "delete", "truncate"])
@pytest.mark.parametrize("strays", [False, True], ids=["as migrated", "once strays were sorted"])
def test_database_refuses_to_change_a_look(at: datetime, table: str, deed: str, strays: bool) -> None:
    if strays:
        look(at)
    keep_months(at)
    look(at)
    look(utc(2001, 1))
    statement = {
        "update": f"update {table} set reason = 'x'",
        "delete": f"delete from {table}",
        "truncate": f"truncate {table}",
    }[deed]
    before = places()
    with pytest.raises(DatabaseError, match=r"Cannot (update or delete|empty)"), transaction.atomic():
        connection.cursor().execute(statement)
    assert places() == before


def test_look_of_any_other_time_waits_in_the_default_partition_and_gets_its_month(at: datetime) -> None:
    strays = [utc(2026, 9), utc(2026, 12) - TICK, utc(2026, 12), utc(2031, 5, 5)]
    for moment in strays:
        look(moment)
    assert set(places().values()) == {DEFAULT}
    before = list(Access.objects.order_by("pk").values())
    assert keep_months(at) == "5 made, 0 dropped"
    assert months() == ["2026_09", "2026_11", "2026_12", "2027_01", "2031_05"]
    assert places() == {moment: f"core_access_{moment:%Y_%m}" for moment in strays}
    assert list(Access.objects.order_by("pk").values()) == before
    look(at)
    look(utc(2040, 1))
    assert places()[utc(2040, 1)] == DEFAULT
    assert Access.objects.order_by("pk").values_list("pk", flat=True)[4] > before[-1]["id"]


@pytest.mark.parametrize(
    ("last", "gone"),
    [
        (utc(2026, 11) - TICK, utc(2027, 5)),
        (utc(2027, 1) - TICK, utc(2027, 7)),
        (utc(2027, 9) - TICK, utc(2028, 3)),
        (utc(2028, 3) - TICK, utc(2028, 9)),
    ],
    ids=["into a new year", "from december", "until a leap day", "from a leap day"],
)
def test_month_goes_when_its_last_look_was_kept_for_the_months_set(
    settings: Settings, last: datetime, gone: datetime
) -> None:
    settings.ACCESS_MONTHS = 6
    keep_months(last)
    look(last)
    look(last + TICK)
    keep_months(gone - TICK)
    assert Access.objects.filter(at=last).exists()
    assert keep_months(gone) == "1 made, 1 dropped"
    assert list(Access.objects.values_list("at", flat=True)) == [last + TICK]


def test_looks_are_kept_for_three_years_unless_said_otherwise(at: datetime) -> None:
    keep_months(at)
    look(at)
    keep_months(utc(2029, 12) - TICK)
    assert Access.objects.exists()
    keep_months(utc(2029, 12))
    assert not Access.objects.exists()


def test_strays_are_kept_no_longer_than_others(at: datetime) -> None:
    look(utc(2023, 11) - TICK)
    look(utc(2023, 11))
    keep_months(at)
    assert list(Access.objects.values_list("at", flat=True)) == [utc(2023, 11)]
    assert months() == ["2023_11", "2026_11", "2026_12", "2027_01"]


@pytest.mark.fault
def test_round_that_is_cut_off_anywhere_leaves_the_log_as_it_was(at: datetime) -> None:
    for moment in (utc(2020, 2, 29), at):
        look(moment)
    assert any("drop table" in statement for statement in survive_every_abort(lambda: keep_months(at)))


@pytest.mark.usefixtures("elsewhere_too")
def test_two_workers_at_once_make_each_month_once(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    look(at)
    both, due, seen = threading.Barrier(2), access._due, threading.local()

    def together(at: datetime) -> access.Due:
        found = due(at)
        if not hasattr(seen, "once"):
            seen.once = both.wait(5)
        return found

    monkeypatch.setattr(access, "_due", together)
    twins = [Elsewhere(lambda: keep_months(at)) for _ in range(2)]
    said = sorted(str(twin.result()) for twin in twins)
    assert said == ["0 made, 0 dropped", "3 made, 0 dropped"]
    assert places() == {at: "core_access_2026_11"}


@pytest.mark.usefixtures("elsewhere_too")
def test_round_waits_for_its_turn_beside_a_backup_and_holds_nobody_up(at: datetime) -> None:
    keep_months(at)
    later = at + timedelta(days=30)
    with psycopg.connect(**connection.get_connection_params()) as backup:
        backup.execute("lock table core_access in access share mode")
        assert keep_months(later) == "busy"
        look(later)
    assert keep_months(later) == "1 made, 0 dropped"
    assert places() == {later: "core_access_2026_12"}


@pytest.mark.usefixtures("elsewhere_too")
def test_round_that_could_not_make_this_month_fails_and_mends_it_later(at: datetime) -> None:
    spec = jobs.rounds()["access"]
    with psycopg.connect(**connection.get_connection_params()) as backup:
        backup.execute("lock table core_access in access share mode")
        with pytest.raises(OperationalError):
            jobs.run_round(spec, at=at)
        look(at)
    assert jobs.run_round(spec, at=at)
    assert places() == {at: "core_access_2026_11"}


@pytest.mark.usefixtures("elsewhere_too")
def test_backup_brings_the_months_back(at: datetime, database_url: str, database_server: str) -> None:
    keep_months(at)
    look(at)
    look(utc(2001, 1))
    saved = client("pg_dump", database_url, "--clean", "--if-exists")
    name = f"{CLONE}restored_{os.getpid()}"
    with psycopg.connect(database_server, autocommit=True) as admin:
        admin.execute(f"create database {name}")
        try:
            restored = make_conninfo(database_server, dbname=name)
            for _twice in range(2):
                client("psql", restored, "--quiet", stdin=saved)
            with psycopg.connect(restored, autocommit=True) as copy:
                found = copy.execute("select at, tableoid::regclass::text from core_access").fetchall()
                assert dict(found) == places()
                for table in ("core_access", "core_access_2026_11", DEFAULT):
                    for deed in (f"delete from {table}", f"truncate {table}"):
                        with pytest.raises(psycopg.DatabaseError, match="Cannot"):
                            copy.execute(deed)
                columns = "at, actor, deed, kind, subject, reason"
                copy.execute(f"insert into core_access ({columns}) select {columns} from core_access")
        finally:
            admin.execute(f"drop database {name} with (force)")


def client(program: str, database: str, *options: str, stdin: bytes = b"") -> bytes:
    """Run one of PostgreSQL's own programs; return what it wrote."""
    words = conninfo_to_dict(database)
    names = {
        "dbname": "PGDATABASE",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "host": "PGHOST",
        "port": "PGPORT",
    }
    own = {names[key]: str(value) for key, value in words.items() if key in names}
    done = subprocess.run(
        [binaries() / program, *options],
        env={**os.environ, **own},
        input=stdin,
        check=True,
        capture_output=True,
    )
    return done.stdout
