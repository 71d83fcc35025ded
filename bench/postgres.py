"""One PostgreSQL 15 (Debian's) for everybody who is measured; durable: fsync and synchronous_commit stay on."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg

from bench.place import FOLDER, POSTGRES_PORT, url_of

BIN: Final = Path("/usr/lib/postgresql/15/bin")
DATA: Final = FOLDER / "pg15"
SETTINGS: Final = f"""
listen_addresses = '127.0.0.1'
port = {POSTGRES_PORT}
unix_socket_directories = ''
shared_buffers = 1GB
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
checkpoint_timeout = 10min
jit = off
random_page_cost = 1.1
fsync = on
synchronous_commit = on
full_page_writes = on
log_min_messages = warning
"""


def up() -> int:
    """Make the server when it is new, start it when it is down; return the postmaster's process id."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    FOLDER.chmod(0o755)
    if not (DATA / "PG_VERSION").exists():
        DATA.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(DATA, owner.pw_uid, owner.pw_gid)
        _run(BIN / "initdb", "-D", DATA, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with (DATA / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
    if _run(BIN / "pg_ctl", "-D", DATA, "status", check=False) != 0:
        _run(BIN / "pg_ctl", "-D", DATA, "-l", DATA / "server.log", "-w", "start")
    return int((DATA / "postmaster.pid").read_text().split()[0])


def down() -> None:
    """Stop the server."""
    _run(BIN / "pg_ctl", "-D", DATA, "-m", "fast", "stop")


def _run(*words: str | Path, check: bool = True) -> int:
    """Run one of PostgreSQL's programs, never as root."""
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*user, *map(str, words)]
    done = subprocess.run(command, check=check, stdout=subprocess.DEVNULL, cwd="/")
    return done.returncode


def available() -> bool:
    """Tell whether Debian's postgresql-15 and wrk are installed."""
    return (BIN / "initdb").exists() and shutil.which("wrk") is not None


def connected(database: str) -> psycopg.Connection[Any]:
    """Return a connection that commits every statement."""
    return psycopg.connect(url_of(database), autocommit=True)


def one(database: str, query: LiteralString, *values: object) -> Any:
    """Return the one value that a query gives."""
    with connected(database) as connection:
        row = connection.execute(query, values).fetchone()
    assert row is not None
    return row[0]


def exists(database: str) -> bool:
    """Tell whether there is a database of this name."""
    return bool(one("postgres", "select count(*) from pg_database where datname = %s", database))


def fresh(database: str, template: str = "template0") -> None:
    """Make `database` anew as a copy of `template`."""
    with connected("postgres") as connection:
        drop = psycopg.sql.SQL("drop database if exists {} with (force)")
        create = psycopg.sql.SQL("create database {} template {}")
        connection.execute(drop.format(psycopg.sql.Identifier(database)))
        names = psycopg.sql.Identifier(database), psycopg.sql.Identifier(template)
        connection.execute(create.format(*names))


def renamed(database: str, name: str) -> None:
    """Put `database` in the place of the database `name`."""
    with connected("postgres") as connection:
        for statement in ("drop database if exists {} with (force)", "alter database {1} rename to {0}"):
            words = psycopg.sql.Identifier(name), psycopg.sql.Identifier(database)
            connection.execute(psycopg.sql.SQL(statement).format(*words))
