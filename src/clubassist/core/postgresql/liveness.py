"""Whether the server answers at all, so that nobody waits for ever on one that is frozen (F49).

A frozen server keeps its connections open and says nothing: neither TCP nor libpq ever reports an error. Whoever has
waited a second therefore has doubts, and a thread of this process asks for a connection, as the next request would
have to. While one is to be had the wait goes on, however slow the statement is. When nothing answers in time the server
counts as away: whoever has waited a second, or wants a new connection, is given OperationalError until the thread gets
one. A connection that answers is never given up.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Final, Self, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import ConnectionTimeout

logger = logging.getLogger(__name__)

QUIET_SECONDS: Final = 1.0
CONNECT_SECONDS: Final = 3

RV = TypeVar("RV")


class Server:
    """What this process knows of the server: away or not."""

    def __init__(self) -> None:
        self._away = False
        self._asking: threading.Thread | None = None
        self._one = threading.Lock()

    def insist(self, params: dict[str, Any]) -> None:
        """Raise OperationalError while the server is away."""
        if self._away:
            self.doubt(params)
            raise psycopg.OperationalError("the database server does not answer")

    def doubt(self, params: dict[str, Any], *, away: bool = False) -> None:
        """Have the thread ask, at most once a second; `away` when a connection was just waited for in vain.

        Where no thread can be started nothing is known, and the wait goes on.
        """
        with self._one:
            self._away = self._away or away
            if self._asking is None or not self._asking.is_alive():
                asking = threading.Thread(target=self._ask, args=[params], name="database probe", daemon=True)
                try:
                    asking.start()
                except RuntimeError as error:
                    logger.error("no thread to ask after the database: %s", error)
                else:
                    self._asking = asking

    def _ask(self, params: dict[str, Any]) -> None:
        """Ask until nothing is in doubt. A refusal is an answer, so it ends no wait; but it proves no return either."""
        while True:
            try:
                psycopg.connect(**params).close()
                self._away = False
            except ConnectionTimeout:
                self._away = True
            except psycopg.OperationalError:
                pass
            time.sleep(QUIET_SECONDS)
            if not self._away:
                return


SERVER: Final = Server()


class Connection(psycopg.Connection[Any]):
    """A connection that gives up when its server is away, and never because a statement is slow."""

    _params: dict[str, Any]

    @classmethod
    def of(cls, params: dict[str, Any]) -> Self:
        """Connect. Raises psycopg.OperationalError, at once while the server is away."""
        SERVER.insist(params)
        try:
            connection = cls.connect(**params)
        except ConnectionTimeout:
            SERVER.doubt(params, away=True)
            raise
        connection._params = params
        return connection

    def wait(self, gen: PQGen[RV], *args: Any, **options: Any) -> RV:
        """Wait for the server; every statement, commit and rollback does it here."""
        return super().wait(self._doubtfully(gen), *args, **options)

    def _doubtfully(self, gen: PQGen[RV]) -> PQGen[RV]:
        """Run psycopg's generator, which is resumed with nothing ten times a second while nothing comes."""
        try:
            wish = next(gen)
            heard = time.monotonic()
            while True:
                ready = yield wish
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > QUIET_SECONDS:
                    SERVER.doubt(self._params)
                    self._insist()
                wish = gen.send(ready)
        except StopIteration as end:
            value: RV = end.value
            return value

    def _insist(self) -> None:
        try:
            SERVER.insist(self._params)
        except psycopg.OperationalError:
            self.close()  # nobody reads the answer that may still come
            raise
