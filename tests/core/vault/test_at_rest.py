"""What a thief of the database finds: no phone number in a dump, the data files or the write-ahead log."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection

from clubassist.core import vault
from clubassist.core.embedded.cluster import binaries
from clubassist.core.embedded.place import place_of
from tests.conftest_database import DATA, URL

PHONE = "13812345678"
CANARY = "13900002222"  # stored in the clear, to show that the search would find one
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("F26")]


def forms(digits: str) -> list[bytes]:
    """Return how a number could stand in a file: as it is, and as bytes in a dump, which are hexadecimal."""
    return [digits.encode(), digits.encode().hex().encode(), digits.encode("utf-16-le")]


@pytest.fixture
def contact(at: datetime) -> Iterator[str]:
    """A table with a sealed phone and its indexes, and the canary beside them; gives the log's first file."""
    owner = uuid4()
    vault.create_owner(owner, at=at)
    sealed = vault.seal(vault.normal_phone(PHONE), owner=owner, place="contact.value", row="1")
    with connection.cursor() as cursor:
        cursor.execute("select pg_walfile_name(pg_current_wal_lsn())")
        (first,) = cursor.fetchone()
        cursor.execute("create table contact (value bytea, whole bytea, tail bytea, canary bytea)")
        row = [sealed, *vault.phone_indexes(PHONE), CANARY.encode()]
        cursor.execute("insert into contact values (%s, %s, %s, %s)", row)
    yield first
    with connection.cursor() as cursor:
        cursor.execute("drop table contact")


def found(digits: str, text: bytes) -> bool:
    """Tell whether the number stands in these bytes in any form."""
    return any(form in text for form in forms(digits))


def test_dump_holds_no_phone_number(contact: str) -> None:
    settings = connection.settings_dict
    words = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    environment = {name: str(settings[key]) for name, key in words.items()}
    dump = subprocess.run(
        [binaries() / "pg_dump"], env={**os.environ, **environment}, check=True, capture_output=True
    ).stdout
    assert found(CANARY, dump)
    assert not found(PHONE, dump)
    assert not found(PHONE[-8:], dump)


@pytest.mark.skipif(bool(URL), reason="the files of a server that is not ours may be out of reach")
def test_data_files_and_write_ahead_log_hold_no_phone_number(contact: str) -> None:
    with connection.cursor() as cursor:
        # Copying a database file by file writes every page to disk first; a plain checkpoint is not ours to ask.
        cursor.execute(f"create database vault_{os.getpid()} template template0 strategy file_copy")
        cursor.execute(f"drop database vault_{os.getpid()}")
        cursor.execute("select pg_relation_filepath('contact')")
        (table,) = cursor.fetchone()
    home = place_of(DATA).pgdata
    log = [path for path in (home / "pg_wal").glob("0*") if path.name >= contact]
    assert found(CANARY, (home / table).read_bytes())
    assert any(found(CANARY, path.read_bytes()) for path in log)
    for path in [*(home / table).parent.iterdir(), *log]:
        assert not found(PHONE, path.read_bytes()), path.name
