"""The product under test: `clubassist demo` in processes of its own, on a clone of the suite's database."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.conftest_database import ADVISORY_LOCK, CLONE, TEMPLATE

START_SECONDS: Final = 180
STOP_SECONDS: Final = 30
CODE: Final = re.compile(r"code for \S+: (\d{6})")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the demo is, who may sign in, and the file that everything it prints goes to."""

    base_url: str
    passwords: dict[str, str]
    member_links: list[str]
    printed: Path

    def texted_codes(self) -> list[str]:
        """Return the sign-in codes that the stand-in of the text-message provider printed, oldest first."""
        return CODE.findall(self.printed.read_text())


def described(document: Path, *, printed: Path) -> Site:
    """Return the site that a running demo describes in its `demo.json`."""
    words = json.loads(document.read_text())
    return Site(
        base_url=words["base_url"],
        passwords={row["username"]: row["password"] for row in words["accounts"]},
        member_links=words["member_links"],
        printed=printed,
    )


@contextmanager
def running(server: str, folder: Path, *, name: str = "journeys", **environment: str) -> Iterator[Site]:
    """Run the demo on its own database of `server`, with its files in `folder`, for the length of the block.

    `name` tells the databases of several demos apart; `environment` is added to the processes'.
    """
    database = f"{CLONE}{name}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        row = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATE])
        (template,) = row.fetchone() or ("",)
        names = sql.Identifier(database), sql.Identifier(template)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(*names))
    try:
        with _demo(make_conninfo(server, dbname=database), folder, environment) as site:
            yield site
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))


@contextmanager
def _demo(database_url: str, folder: Path, more: dict[str, str]) -> Iterator[Site]:
    port = _free_port()
    printed = folder / "printed.log"
    words = [sys.executable, "-m", "clubassist.cli", "demo", "--port", str(port), "--quiet"]
    environment = os.environ | {"DATABASE_URL": database_url, "CLUBASSIST_DATA": str(folder)} | more
    with printed.open("wb") as out:
        process = subprocess.Popen(words, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(process, f"http://localhost:{port}/readyz", printed)
        yield described(folder / "demo.json", printed=printed)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, printed: Path) -> None:
    for _ in range(START_SECONDS * 10):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own server
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"The demo did not start:\n{printed.read_text()}")
