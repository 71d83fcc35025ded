"""The product's own processes on a data folder of their own: web, worker and database, started, watched, killed."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg.rows import TupleRow

from clubassist.core import embedded
from clubassist.core.embedded import cluster
from clubassist.core.embedded.place import Place, place_of

ROOT = Path(__file__).resolve().parents[2]
CLUB = "main"
SEED = """
import django
django.setup()
from clubassist.cli.database import database, migrated
from clubassist.core import clock
from clubassist.core.actor import SYSTEM
from clubassist.domain.people.actions import issue_token
from tests.makers.clubs import make_club
from tests.makers.people import make_account
with database():
    migrated()
    account = make_account("site", "agent", make_club(code="main"))
    scopes = frozenset({"case.open", "case.read"})
    print(issue_token(account=account, label="site", scopes=scopes, actor=SYSTEM, at=clock.now()))
"""


class Product:
    """Web and worker under a small service manager that starts again what has ended; `ended` counts how often."""

    def __init__(self, data: Path) -> None:
        data.mkdir(exist_ok=True)
        self.data = data
        self.place: Place = place_of(data)
        self.port = free_port()
        self.ended: Counter[str] = Counter()
        self._words = {"web": ["serve", "--port", str(self.port), "--workers", "2"], "worker": ["worker"]}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True, name="service manager")
        self.token = self._seed()

    def __enter__(self) -> Self:
        for name in self._words:
            self._start(name)
        self._keeper.start()
        eventually(lambda: self.get("/readyz").status == 200, 60)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._keeper.join(10)
        for process in self._running.values():
            process.send_signal(signal.SIGINT)
        for process in self._running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                pass  # it is ended the hard way below
            _end(process)
        try:
            eventually(lambda: not cluster.processes(self.place), 20)
        except AssertionError:
            for pid in cluster.processes(self.place):
                os.kill(pid, signal.SIGKILL)

    def _environment(self) -> dict[str, str]:
        own = {"CLUBASSIST_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "clubassist.settings"}
        return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | own

    def _seed(self) -> str:
        """Make the database, a club and a token; return the token."""
        command = [sys.executable, "-c", SEED]
        done = subprocess.run(command, env=self._environment(), cwd=ROOT, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def _start(self, name: str) -> None:
        with (self.data / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "clubassist.cli", *self._words[name]],
                env=self._environment(),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _keep(self) -> None:
        while not self._stopping.wait(0.1):
            for name, process in list(self._running.items()):
                if process.poll() is not None:
                    self.ended[name] += 1
                    _end(process)
                    self._start(name)

    def log(self, name: str) -> str:
        """Return what a process wrote."""
        return (self.data / f"{name}.log").read_text(errors="replace")

    def pid(self, name: str) -> int:
        """Return the process id of "web" (granian's parent) or "worker"."""
        return self._running[name].pid

    def web_workers(self) -> list[int]:
        """Return the process ids of the web processes that answer requests."""
        return children(self.pid("web"))

    def postmaster(self) -> int:
        """Return the process id of the database server."""
        return int((self.place.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])

    def supervisor(self) -> int:
        """Return the process id of the database's supervisor."""
        return int(self.place.lock.read_text())

    @contextmanager
    def database_away(self) -> Iterator[None]:
        """Kill the database server and keep its supervisor from starting another inside the block."""
        supervisor, postmaster = self.supervisor(), self.postmaster()
        os.kill(supervisor, signal.SIGSTOP)
        try:
            os.kill(postmaster, signal.SIGKILL)
            eventually(lambda: not self._answers(), 10)
            yield
        finally:
            os.kill(supervisor, signal.SIGCONT)

    @contextmanager
    def database_frozen(self) -> Iterator[None]:
        """Stop the database server and all its backends inside the block: connections stay open, nothing answers."""
        postmaster = self.postmaster()
        frozen = [postmaster]
        try:
            os.kill(postmaster, signal.SIGSTOP)  # first, so that no backend is born uncounted
            frozen += children(postmaster)
            for backend in frozen[1:]:
                os.kill(backend, signal.SIGSTOP)
            yield
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self) -> psycopg.Connection[TupleRow]:
        """Open a connection to the product's database."""
        return psycopg.connect(embedded.connection_settings(self.data).conninfo())

    def get(self, path: str, *, token: bool = False, seconds: float = 30) -> Answer:
        """Ask for a page; an answer of any status is an answer, none at all raises OSError."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        if token:
            request.add_header("Authorization", f"Bearer {self.token}")
        return ask(request, seconds)


class Answer:
    """Status, headers and text of one HTTP answer, and how many seconds it took."""

    def __init__(self, status: int, headers: dict[str, str], text: str, seconds: float) -> None:
        self.status = status
        self.headers = headers
        self.text = text
        self.seconds = seconds


def ask(request: urllib.request.Request, seconds: float) -> Answer:
    """Send one request; raises OSError when no whole answer comes."""
    begun = time.monotonic()
    try:
        with _reply(request, seconds) as reply:
            text = reply.read().decode()
    except http.client.HTTPException as error:
        raise OSError("the answer broke off") from error
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return Answer(reply.status or 0, headers, text, time.monotonic() - begun)


def _reply(request: urllib.request.Request, seconds: float) -> Any:
    try:
        return urllib.request.urlopen(request, timeout=seconds)  # noqa: S310 - always the loopback
    except urllib.error.HTTPError as error:
        return error


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process and of its children, as a service manager does."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # nothing is left
    process.wait()


def children(pid: int) -> list[int]:
    """Return the process ids of a process's children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(fact: Callable[[], bool], seconds: float) -> float:
    """Wait until `fact` holds, taking errors of the network and the database as no; return how long it took."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            if fact():
                return time.monotonic() - begun
        except (OSError, psycopg.OperationalError, ValueError):
            pass  # not yet
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


@contextmanager
def running_product() -> Iterator[Product]:
    """A product with one club, alive inside the block; nothing of it is left afterwards."""
    root = Path(tempfile.mkdtemp(prefix="clubassist-faults-"))
    root.chmod(0o755)
    try:
        with Product(root / "data") as product:
            yield product
    finally:
        shutil.rmtree(root, ignore_errors=True)
