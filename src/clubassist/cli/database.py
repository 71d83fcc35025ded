"""The database for the lifetime of a command: the embedded server, joined or started, or the one in DATABASE_URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from clubassist.core import clock, embedded
from clubassist.core.actor import SYSTEM
from clubassist.core.embedded.checks import boot_checks
from clubassist.core.vault import boot_checks as vault_checks
from clubassist.domain.club.models import Club
from clubassist.env import env


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
    """Bring the schema up to date; nothing happens when it is."""
    call_command("migrate", verbosity=0, interactive=False)


def held_clubs() -> set[str] | None:
    """Return the codes of the clubs in the database, none when it is empty, None when it holds other tables alone."""
    tables = connection.introspection.table_names()
    if Club._meta.db_table in tables:
        return set(Club.objects.visible_to(SYSTEM).values_list("code", flat=True))
    return None if tables else set()


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
