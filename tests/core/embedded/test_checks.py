"""The product does not start in production on a database that may lose or age what it was told (A7)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.utils import translation
from pytest_django import DjangoDbBlocker

from clubassist.core import embedded
from clubassist.core.embedded import checks, cluster
from clubassist.core.embedded.account import choose
from clubassist.core.embedded.place import Place
from clubassist.env import Env


@contextmanager
def connected(place: Place, blocker: DjangoDbBlocker, *, durable: bool) -> Iterator[BaseDatabaseWrapper]:
    with embedded.server(place.data_dir, durable=durable), blocker.unblock(), translation.override("en"):
        entry = Env(database_url="", data_dir=place.data_dir).database()
        connection = ConnectionHandler({"default": entry})["default"]
        yield connection
        connection.close()


def database_time(connection: BaseDatabaseWrapper) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cast("datetime", cursor.fetchone()[0]).astimezone(UTC)


def test_safe_server_passes_and_each_unsafe_setting_is_named(
    place: Place, django_db_blocker: DjangoDbBlocker
) -> None:
    with connected(place, django_db_blocker, durable=True) as connection:
        at = database_time(connection)
        assert checks.boot_checks(connection, production=True, embedded=True, at=at) == []
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        (refusal,) = checks.boot_checks(connection, production=True, embedded=True, at=at)
        assert "synchronous_commit" in refusal
    with connected(place, django_db_blocker, durable=False) as connection:
        at = database_time(connection)
        refusals = checks.boot_checks(connection, production=True, embedded=True, at=at)
        named = zip(cluster.DURABILITY, refusals, strict=True)
        assert all(name in refusal for name, refusal in named)
        assert checks.boot_checks(connection, production=False, embedded=True, at=at) == []


def test_skewed_clock_and_missing_checksums_are_refused(
    place: Place, django_db_blocker: DjangoDbBlocker
) -> None:
    account = choose(place, cluster.binaries() / "postgres")
    disable = (cluster.binaries() / "pg_checksums", "--disable", "--no-sync", "-D", place.pgdata)
    subprocess.run([*account.prefix, *map(str, disable)], **account.popen(), check=True, capture_output=True)
    with connected(place, django_db_blocker, durable=True) as connection:
        at = database_time(connection)
        (refusal,) = checks.boot_checks(connection, production=True, embedded=True, at=at)
        assert "checksums" in refusal
        assert checks.boot_checks(connection, production=True, embedded=False, at=at) == []
        late = at - timedelta(seconds=60)
        (refusal,) = checks.boot_checks(connection, production=True, embedded=False, at=late)
        assert "60 seconds" in refusal


def test_server_below_the_floor_is_refused_even_outside_production(
    place: Place, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "EMBEDDED_FLOOR", 180099)
    with connected(place, django_db_blocker, durable=False) as connection:
        at = database_time(connection)
        (refusal,) = checks.boot_checks(connection, production=False, embedded=True, at=at)
        assert "18.99" in refusal
        assert checks.boot_checks(connection, production=False, embedded=False, at=at) == []
