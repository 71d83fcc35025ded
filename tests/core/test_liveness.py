"""Waiting for a server that is slow, and no longer for one that is silent."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection

from clubassist.core.postgresql import liveness
from clubassist.core.postgresql.liveness import Connection, Server

pytestmark = [pytest.mark.django_db, pytest.mark.req("F49")]

SLOW = "select pg_sleep(1.7), 1"  # longer than a wait without doubts


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """What a process that has just begun knows of the server; its thread, if any, has nothing to ask afterwards."""
    known = Server()
    monkeypatch.setattr(liveness, "SERVER", known)
    yield known
    known._away = False


@pytest.fixture
def opened(server: Server) -> Iterator[Connection]:
    """A connection to the real server."""
    with Connection.of(connection.get_connection_params()) as opened:
        yield opened


@pytest.fixture
def silent() -> Iterator[dict[str, Any]]:
    """How to connect to a server that takes every call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield {"host": "127.0.0.1", "port": listener.getsockname()[1], "connect_timeout": 2}


@pytest.fixture
def refusing() -> dict[str, Any]:
    """How to connect where every connection is refused, as by a server that has too many."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return {"host": "127.0.0.1", "port": listener.getsockname()[1], "connect_timeout": 2}


def test_slow_statement_is_waited_for(server: Server, opened: Connection) -> None:
    assert opened.execute(SLOW).fetchone() == ("", 1)
    assert server._asking is not None


def test_statement_is_waited_for_where_new_connections_are_refused(
    server: Server, opened: Connection, refusing: dict[str, Any]
) -> None:
    opened._params = refusing
    assert opened.execute(SLOW).fetchone() == ("", 1)
    assert server._asking is not None


def test_wait_for_a_silent_server_is_given_up(opened: Connection, silent: dict[str, Any]) -> None:
    """A statement that never ends; whoever then wants a connection is told at once."""
    opened._params = silent
    begun = time.monotonic()
    with pytest.raises(psycopg.OperationalError, match="does not answer"):
        opened.execute("select pg_sleep(20)")
    assert time.monotonic() - begun < 4
    assert opened.closed
    begun = time.monotonic()
    with pytest.raises(psycopg.OperationalError, match="does not answer"):
        Connection.of(silent)
    assert time.monotonic() - begun < 0.5


def test_call_that_nobody_answers_is_the_last_for_now(server: Server, silent: dict[str, Any]) -> None:
    with pytest.raises(psycopg.errors.ConnectionTimeout):
        Connection.of(silent)
    begun = time.monotonic()
    with pytest.raises(psycopg.OperationalError, match="does not answer"):
        Connection.of(silent)
    assert time.monotonic() - begun < 0.5


def test_connection_that_answers_is_kept_while_others_are_not_to_be_had(
    server: Server, opened: Connection, silent: dict[str, Any]
) -> None:
    server.doubt(silent, away=True)
    for _ in range(3):
        assert opened.execute("select 1").fetchone() == (1,)
    assert server._away


def test_doubts_of_many_at_once_are_one_question(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    start = threading.Thread.start

    def late(thread: threading.Thread) -> None:
        time.sleep(0.05)
        start(thread)

    def ask(_server: Server, _params: dict[str, Any]) -> None:
        asked.append(1)
        time.sleep(2)

    monkeypatch.setattr(Server, "_ask", ask)
    with ThreadPoolExecutor(8) as pool:
        everybody = [pool.submit(time.sleep, 0.1) for _ in range(8)]
        for one in everybody:
            one.result()
        monkeypatch.setattr(threading.Thread, "start", late)
        list(pool.map(lambda _: server.doubt({}), range(8)))
    assert asked == [1]


def test_wait_goes_on_where_nobody_can_be_sent_to_ask(
    server: Server, opened: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", full)
    assert opened.execute(SLOW).fetchone() == ("", 1)
    assert server._asking is None


def test_server_is_back_once_it_gives_a_connection(server: Server) -> None:
    params = connection.get_connection_params()
    server.doubt(params, away=True)
    end = time.monotonic() + 5
    while server._away and time.monotonic() < end:
        time.sleep(0.05)
    Connection.of(params).close()


def test_error_of_a_statement_leaves_the_connection(opened: Connection) -> None:
    """A lock that is not to be had is an OperationalError too, and no sign of anything."""
    with pytest.raises(psycopg.OperationalError), opened.transaction():
        opened.execute("do $$ begin raise lock_not_available; end $$")
    assert opened.execute("select 1").fetchone() == (1,)
