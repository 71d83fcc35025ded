"""The suite's database: one server for the session, one migrated template, one clone for each xdist worker.

The server is the embedded one under `var/test` (durability off), or the one CLUBASSIST_TEST_DATABASE_URL
names, on this machine, by a role that may create databases. The template's name carries a hash of all
migrations, so it is made once and used until one of them changes.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow
from pytest_django import DjangoDbBlocker

from clubassist.core import embedded
from clubassist.env import PREPARED
from clubassist.pure.policy import shipped_names, shipped_pack

DATA = Path(__file__).resolve().parent.parent / "var" / "test"
URL = os.environ.get("CLUBASSIST_TEST_DATABASE_URL", "")
TEMPLATE = "clubassist_template_"
CLONE = "clubassist_test_"
ADVISORY_LOCK = 7310


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The connection string of the suite's server, naming a database to create others from."""
    if URL:
        yield URL
        return
    with embedded.server(DATA, durable=False) as settings:
        yield settings.conninfo()


@pytest.fixture(scope="session")
def django_db_setup(
    database_server: str, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Replaces pytest-django's: point Django's default connection at this worker's own clone."""
    name = f"{CLONE}{os.getpid()}"
    with django_db_blocker.unblock():
        with psycopg.connect(database_server, autocommit=True) as admin:
            # One at a time: a clone needs its template idle, and two workers must not both make it.
            admin.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            _drop_abandoned(admin)
            template = _template(admin, database_server)
            _create(admin, name, sql.SQL("TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template)))
        with _pointed_at(database_server, name):
            yield
        with psycopg.connect(database_server, autocommit=True) as admin:
            _drop(admin, name)


@pytest.fixture
def database_url(database_server: str, django_db_setup: None) -> str:
    """This worker's database as a DATABASE_URL, for the processes a test starts."""
    return make_conninfo(database_server, dbname=str(connections["default"].settings_dict["NAME"]))


@pytest.fixture
def committed(transactional_db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the test commit. The queue is empty before and after: Django does not own it and so does not flush it."""
    _empty_queue()
    yield
    _empty_queue()


def _empty_queue() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs, procrastinate_workers cascade")


def _template(admin: psycopg.Connection[TupleRow], server: str) -> str:
    """Return the template's name, migrated under a draft name first so that it is whole or absent."""
    name = f"{TEMPLATE}{_fingerprint()}"
    if _exists(admin, name):
        return name
    for (old,) in admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATE]):
        _drop(admin, old)
    draft = f"{CLONE}draft_{os.getpid()}"
    _create(admin, draft, sql.SQL(""))
    with _pointed_at(server, draft):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        _store_shipped_packs()
    admin.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
    )
    return name


def _store_shipped_packs() -> None:
    """Let every test find the shipped packs stored, under the same keys: each process reads and merges them once."""
    from clubassist.domain.club.models import PackVersion  # noqa: PLC0415 - Django must be set up first

    for pack in map(shipped_pack, shipped_names()):
        PackVersion.objects.create(
            name=pack.name,
            version=pack.version,
            document=pack.document(),
            digest=pack.digest,
            author="system",
            stored_at=datetime(2026, 1, 1, tzinfo=UTC),
        )


def _fingerprint() -> str:
    """Hash every migration of every app and every shipped pack, with Django's version."""
    whole = hashlib.sha256(django.get_version().encode())
    whole.update("".join(shipped_pack(name).digest for name in shipped_names()).encode())
    migrations = MigrationLoader(None).disk_migrations
    for key in sorted(migrations):
        whole.update(repr(key).encode())
        whole.update(Path(inspect.getfile(type(migrations[key]))).read_bytes())
    return whole.hexdigest()[:16]


@contextmanager
def _pointed_at(server: str, name: str) -> Iterator[None]:
    """Let Django's default connection use the database `name` of `server`."""
    connection = connections["default"]
    words: dict[str, Any] = {**conninfo_to_dict(server), "dbname": name}
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {
        "NAME": words.pop("dbname"),
        "USER": words.pop("user", ""),
        "PASSWORD": words.pop("password", ""),
        "HOST": words.pop("host", ""),
        "PORT": words.pop("port", ""),
        "OPTIONS": words | PREPARED,
        "CONN_MAX_AGE": 0,
    }
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= before


def _drop_abandoned(admin: psycopg.Connection[TupleRow]) -> None:
    """Drop the clones of runs that were killed: their name ends in the id of a process that is no more."""
    for (name,) in admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [CLONE]):
        try:
            os.kill(int(name.rsplit("_", 1)[1]), 0)
        except ProcessLookupError:
            _drop(admin, name)


def _exists(admin: psycopg.Connection[TupleRow], name: str) -> bool:
    return admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _create(admin: psycopg.Connection[TupleRow], name: str, options: sql.Composable) -> None:
    admin.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), options))


def _drop(admin: psycopg.Connection[TupleRow], name: str) -> None:
    """Drop a database; one that autovacuum is at just now (only a superuser could stop it) is tried again."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for left in reversed(range(20)):
        try:
            admin.execute(statement)
            return
        except psycopg.errors.InsufficientPrivilege:
            if not left:
                raise
            time.sleep(0.5)


@pytest.fixture(scope="session", autouse=True)
def what_is_kept_may_be_flushed() -> Iterator[None]:
    """Let Django's flush after a test that commits empty what is kept too, which the database refuses."""
    operations = type(connections["default"].ops)
    flush = operations.execute_sql_flush

    def flush_all(self: Any, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "select distinct tgrelid::regclass::text from pg_trigger where tgname ~ 'append_only|never_emptied'"
            )
            turned = [f"alter table {table} {{}} trigger user" for (table,) in cursor.fetchall()]
        off, on = ([each.format(turn) for each in turned] for turn in ("disable", "enable"))
        flush(self, [*off, *statements, *on])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush_all)
        yield
