"""Where the embedded server lives and how it is reached; nothing here starts anything."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROLE = "clubassist"
DATABASE = "clubassist"
PORT = 5432


class ServerError(Exception):
    """The embedded server could not be started or reached; the text says why, in Chinese and in English."""


@dataclass(frozen=True)
class ConnectionSettings:
    """What a client needs: `host` is the socket's folder, `password` is generated once per data folder."""

    host: str
    user: str
    password: str = field(repr=False)
    dbname: str = DATABASE
    port: int = PORT

    def conninfo(self) -> str:
        """Return the connection string for `psycopg.connect`."""
        return make_conninfo(**self.words())

    def words(self) -> dict[str, str]:
        """Return libpq's keywords and values. SCRAM only: a false server learns nothing."""
        return {
            "host": self.host,
            "port": str(self.port),
            "user": self.user,
            "password": self.password,
            "dbname": self.dbname,
            "require_auth": "scram-sha-256",
        }

    def url(self) -> str:
        """Return the same as a `postgresql://` URL, password included."""
        return f"postgresql://{self.user}:{self.password}@/{self.dbname}?host={quote(self.host, safe='')}"


@dataclass(frozen=True)
class Place:
    """The files of one embedded server: everything under `<data folder>/postgres`, save the socket."""

    data_dir: Path

    @property
    def home(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def cluster(self) -> Path:
        """The folder that belongs to the account the server runs as."""
        return self.home / "cluster"

    @property
    def pgdata(self) -> Path:
        return self.cluster / "data"

    @property
    def lock(self) -> Path:
        """Held exclusively by the one supervisor; holds its process id."""
        return self.home / "supervisor.lock"

    @property
    def users(self) -> Path:
        """Held shared by every process that uses the server."""
        return self.home / "users.lock"

    @property
    def log(self) -> Path:
        return self.home / "supervisor.log"

    @property
    def failure(self) -> Path:
        """Why the last start failed; absent when it did not."""
        return self.home / "failure.txt"

    @property
    def password(self) -> Path:
        return self.home / "password"

    @property
    def name(self) -> str:
        """Name this server in `ps` and in /tmp: the same for every process, whatever its environment."""
        return f"clubassist-{hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]}"

    @property
    def socket_dir(self) -> Path:
        # Fixed and short: socket paths end at 107 bytes, and TMPDIR differs between processes that must meet.
        return Path("/tmp") / self.name  # noqa: S108 - 0700, and its owner is checked before use

    def prepare(self) -> None:
        """Make the folders; raise ServerError when they cannot be made."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.home.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ServerError(
                f"数据目录 {self.data_dir} 无法创建。 The data folder cannot be created. ({error.strerror})"
            ) from error


def place_of(data_dir: Path) -> Place:
    """Return the place for a data folder, however its path is written."""
    return Place(data_dir.resolve())


def kept_secret(path: Path) -> str:
    """Return the secret in `path`; the first caller generates it (256 bits, mode 0600), however many race."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its secret is the one
        finally:
            Path(draft).unlink()
    return path.read_text().strip()


def connection_settings(data_dir: Path) -> ConnectionSettings:
    """Return how to reach the embedded server of `data_dir`, started or not."""
    place = place_of(data_dir)
    return ConnectionSettings(host=str(place.socket_dir), user=ROLE, password=kept_secret(place.password))


def ensure_database(settings: ConnectionSettings, name: str) -> None:
    """Create the database `name` on a running server unless it is there."""
    with psycopg.connect(settings.conninfo(), autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.DuplicateDatabase:
            pass  # it is there, which was asked for
