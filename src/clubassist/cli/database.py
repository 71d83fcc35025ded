"""The database for the lifetime of a command: the embedded server, joined or started, or the one in DATABASE_URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from clubassist.core import clock, embedded
from clubassist.core.embedded.checks import boot_checks
from clubassist.core.vault import boot_checks as vault_checks
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.env import env

MIGRATING: Final = int.from_bytes(b"migrate")
CACHE: Final = settings.CACHES["default"]["LOCATION"]


@contextmanager
def database() -> Iterator[None]:
    """Keep the database reachable inside the block; make the embedded server's database when it is new."""
    if env().database_url:
        yield
        return
    with embedded.server(env().data_dir) as settings:
        embedded.ensure_database(settings, settings.dbname)
        yield


def migrated() -> None:
    """Bring the schema up to date; nothing happens when it is. Of several processes that start, one does it at a time.

    The lock is a transaction's of a connection of its own, so that a pooler between us can neither keep nor lose it.
    """
    if not _behind():
        return
    with connection.get_new_connection(connection.get_connection_params()) as turn:
        turn.execute("select pg_advisory_xact_lock(%s)", [MIGRATING])
        call_command("migrate", verbosity=0, interactive=False)


def _behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def holds_only(clubs: frozenset[str]) -> bool:
    """Tell whether the database holds nothing but what is ours: no table of others, no club beside `clubs`, and no
    account before there is a club.

    A schema that was still being made holds only tables of ours.
    """
    tables = set(connection.introspection.table_names())
    ours = set(connection.introspection.django_table_names()) | {
        MigrationRecorder.Migration._meta.db_table,
        CACHE,
    }
    if any(not table.startswith("procrastinate_") for table in tables - ours):
        return False
    if not {Club._meta.db_table, Account._meta.db_table} <= tables:
        return True
    held = set(Club.objects.values_list("code", flat=True))
    return held <= clubs and (bool(held) or not Account.objects.exists())


def emptied() -> None:
    """Drop everything that the database holds; a demo starts anew so. The journal refuses to be emptied otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("drop schema public cascade")
        cursor.execute("create schema public")


def refusals() -> list[str]:
    """Return every reason for which this installation must not serve real people; outside production few apply."""
    production = env().production
    found = boot_checks(connection, production=production, embedded=not env().database_url, at=clock.now())
    return [*found, *vault_checks(production)]
