"""One server, shared by its users, gone with the last of them, back after any kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

import psycopg
import pytest

from clubassist.core import embedded
from clubassist.core.embedded import cluster
from clubassist.core.embedded.place import ConnectionSettings, Place

USER = """
import sys, time
from pathlib import Path
from clubassist.core import embedded
with embedded.server(Path(sys.argv[1]), durable=False):
    print("in", flush=True)
    time.sleep(60)
"""


def ask(settings: ConnectionSettings, query: str) -> str:
    with psycopg.connect(settings.conninfo(), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return str(row[0]) if row else ""


def write(settings: ConnectionSettings, value: int) -> None:
    with psycopg.connect(settings.conninfo()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def eventually(fact: Callable[[], bool], seconds: float) -> float:
    """Wait until `fact` holds; return after how many seconds it did."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            if fact():
                return time.monotonic() - begun
        except psycopg.OperationalError:
            pass  # not back yet
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


def postmaster(place: Place) -> int:
    return int((place.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])


def supervisor(place: Place) -> int:
    return int(place.lock.read_text())


def other_user(place: Place) -> subprocess.Popen[str]:
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(place.data_dir)], stdout=subprocess.PIPE, text=True
    )
    assert user.stdout
    assert user.stdout.readline() == "in\n"
    return user


def kill(user: subprocess.Popen[str]) -> None:
    with user:
        user.kill()


def test_server_keeps_its_data_and_leaves_nothing_running(place: Place) -> None:
    with embedded.server(place.data_dir) as settings:
        write(settings, 1)
        assert ask(settings, "SHOW fsync") == "on"
    assert not cluster.processes(place)
    assert not place.socket_dir.exists()
    with embedded.server(place.data_dir) as settings:
        assert ask(settings, "SELECT value FROM kept") == "1"


def test_server_is_closed_to_all_but_the_holder_of_the_password(place: Place) -> None:
    with embedded.server(place.data_dir, durable=False) as settings:
        assert place.socket_dir.stat().st_mode & 0o777 == 0o700
        assert place.password.stat().st_mode & 0o777 == 0o600
        assert ask(settings, "SHOW listen_addresses") == ""
        assert ask(settings, "SHOW data_checksums") == "on"
        assert ask(settings, "SHOW is_superuser") == "off"
        assert (
            ask(settings, "SELECT datlocprovider::text || datlocale FROM pg_database LIMIT 1") == "bC.UTF-8"
        )
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(settings.conninfo(), password="guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(settings.conninfo(), user="postgres", password="guess")


def test_database_is_made_once(place: Place) -> None:
    with embedded.server(place.data_dir, durable=False) as settings:
        embedded.ensure_database(settings, "second")
        embedded.ensure_database(settings, "second")
        assert ask(settings, "SELECT count(*) FROM pg_database WHERE datname = 'second'") == "1"


def test_server_is_joined_and_outlives_its_first_user(place: Place) -> None:
    with ExitStack() as later:
        with embedded.server(place.data_dir, durable=False):
            first = postmaster(place)
            settings = later.enter_context(embedded.server(place.data_dir, durable=False))
        assert ask(settings, "SELECT 1") == "1"
        assert postmaster(place) == first
    assert not cluster.processes(place)


@pytest.mark.full
def test_killed_user_neither_stops_the_server_nor_keeps_it(place: Place) -> None:
    user = other_user(place)
    with embedded.server(place.data_dir, durable=False) as settings:
        first = postmaster(place)
        kill(user)
        assert ask(settings, "SELECT 1") == "1"
        user = other_user(place)
    assert postmaster(place) == first
    kill(user)
    eventually(lambda: not cluster.processes(place), 10)


@pytest.mark.fault
def test_killed_postmaster_is_back_within_ten_seconds_with_its_data(place: Place) -> None:
    with embedded.server(place.data_dir) as settings:
        first = supervisor(place)
        for round_ in range(3):
            write(settings, round_)
            os.kill(postmaster(place), signal.SIGKILL)
            eventually(lambda: ask(settings, "SELECT 1") == "1", 10)
        assert ask(settings, "SELECT string_agg(value::text, '' ORDER BY value) FROM kept") == "012"
        assert supervisor(place) == first


@pytest.mark.fault
@pytest.mark.parametrize("postmaster_too", [True, pytest.param(False, marks=pytest.mark.full)])
def test_killed_supervisor_is_replaced_by_a_user_left(place: Place, postmaster_too: bool) -> None:
    with embedded.server(place.data_dir) as settings:
        write(settings, 1)
        first, old = supervisor(place), postmaster(place)
        os.kill(first, signal.SIGKILL)
        if postmaster_too:
            os.kill(old, signal.SIGKILL)
        eventually(lambda: old not in cluster.processes(place), 10)
        eventually(lambda: ask(settings, "SELECT value FROM kept") == "1", 10)
        assert supervisor(place) != first
    assert not cluster.processes(place)


@pytest.mark.full
@pytest.mark.fault
def test_server_of_killed_user_and_supervisor_is_taken_over_by_the_next(place: Place) -> None:
    user = other_user(place)
    pid = supervisor(place)
    kill(user)
    os.kill(pid, signal.SIGKILL)
    with embedded.server(place.data_dir, durable=False) as settings:
        assert ask(settings, "SELECT 1") == "1"
    assert not cluster.processes(place)


@pytest.mark.full
@pytest.mark.parametrize("holder", ["another program", "zombie"])
def test_lock_file_of_a_reused_process_id_does_not_block_the_start(place: Place, holder: str) -> None:
    with subprocess.Popen(["sleep", "0" if holder == "zombie" else "30"]) as other:
        eventually(
            lambda: (
                os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
                if holder == "zombie"
                else True
            ),
            5,
        )
        pid_file = f"{other.pid}\n{place.pgdata}\n1\n5432\n{place.socket_dir}\n\n  1 1\nready   \n"
        (place.pgdata / "postmaster.pid").write_text(pid_file)
        with embedded.server(place.data_dir, durable=False) as settings:
            assert ask(settings, "SELECT 1") == "1"
        other.kill()


def test_start_that_fails_says_why(place: Place) -> None:
    (place.pgdata / "PG_VERSION").write_text("17\n")
    with (
        pytest.raises(embedded.ServerError, match=r"did not start, see .*supervisor\.log"),
        embedded.server(place.data_dir, durable=False),
    ):
        pass
    assert "incompatible" in place.log.read_text()
    assert not place.socket_dir.exists()


def test_socket_folder_laid_by_another_is_refused(place: Place) -> None:
    place.socket_dir.mkdir()
    place.socket_dir.chmod(0o777)
    try:
        with pytest.raises(embedded.ServerError, match="is not ours"), embedded.server(place.data_dir):
            pass
    finally:
        place.socket_dir.rmdir()
