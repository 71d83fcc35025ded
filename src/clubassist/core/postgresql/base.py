"""The backend that `DATABASES` names."""

from __future__ import annotations

import select
from typing import Any, Final

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel

from clubassist.core.postgresql.liveness import CONNECT_SECONDS, Connection

BROKEN_AFTER: Final = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Half a minute (s, and ms for the last) for a connection whose other end moved away without a word."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that asks the server whether it is there only when there is a sign, or silence, that it is not."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return what to connect with; nobody waits for a connection, or on a broken one, as long as TCP would."""
        return {"connect_timeout": CONNECT_SECONDS, **BROKEN_AFTER, **super().get_connection_params()}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        """Connect, without Django's choices that we do not offer: a pool and another isolation level."""
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return Connection.of(conn_params)

    def is_usable(self) -> bool:
        """Tell whether the connection lives: a server that left said so, or closed, and the socket became readable."""
        if self.connection is None or self.connection.closed:
            return False
        sign = select.poll()
        sign.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if sign.poll(0) else True
