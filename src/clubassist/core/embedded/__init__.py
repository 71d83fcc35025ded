"""PostgreSQL inside the product: its binaries, its folder, and one supervisor per data folder."""

from clubassist.core.embedded.joining import server
from clubassist.core.embedded.place import (
    ConnectionSettings,
    ServerError,
    connection_settings,
    ensure_database,
    kept_secret,
)

__all__ = [
    "ConnectionSettings",
    "ServerError",
    "connection_settings",
    "ensure_database",
    "kept_secret",
    "server",
]
