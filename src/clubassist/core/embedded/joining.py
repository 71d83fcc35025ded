"""How a process uses the embedded server: it joins the running one, or starts it for its lifetime."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg

from clubassist.core.embedded.place import (
    ConnectionSettings,
    Place,
    ServerError,
    connection_settings,
    place_of,
)


@contextmanager
def server(data_dir: Path, *, durable: bool = True, patience: float = 120.0) -> Iterator[ConnectionSettings]:
    """Keep the embedded server of `data_dir` running inside the block, shared with every other user.

    Yields once it takes connections; raises ServerError with the reason, or after `patience` seconds. The
    last user to leave waits until it has stopped. A user that is killed counts as gone; a supervisor that is
    killed is replaced by any user left. `durable=False` gives up safety against power cuts for speed.
    """
    place = place_of(data_dir)
    place.prepare()
    settings = connection_settings(data_dir)
    with place.users.open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        place.failure.unlink(missing_ok=True)
        keeper = _Keeper(place, durable=durable)
        keeper.start()
        try:
            _wait(place, settings, patience)
            yield settings
        finally:
            keeper.leaving.set()
            # Closed, not unlocked: a child forked inside the block goes on being a user.
            users.close()
            _stop_if_last(place)


class _Keeper(threading.Thread):
    """Waits for the supervisor's lock: whoever gets it finds no supervisor and hands it to a new one."""

    def __init__(self, place: Place, *, durable: bool) -> None:
        super().__init__(daemon=True, name="database keeper")
        self.place = place
        self.durable = durable
        self.leaving = threading.Event()

    def run(self) -> None:
        while not self.leaving.is_set():
            with self.place.lock.open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if self.leaving.is_set():
                    return
                lock.truncate(0)  # the id of the last supervisor
                self._supervise(lock)
            self.leaving.wait(0.5)  # between attempts, should the supervisor fail at once

    def _supervise(self, lock: IO[str]) -> None:
        mode = "durable" if self.durable else "fast"
        module = "clubassist.core.embedded.supervise"
        with self.place.log.open("a") as log:
            subprocess.run(  # noqa: S603 - our own module; it detaches at once
                [sys.executable, "-m", module, str(self.place.data_dir), str(lock.fileno()), mode],
                pass_fds=(lock.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                check=False,
            )


def _wait(place: Place, settings: ConnectionSettings, patience: float) -> None:
    """Return once a connection succeeds."""
    end = time.monotonic() + patience
    while True:
        try:
            psycopg.connect(settings.conninfo(), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if place.failure.exists():
                raise ServerError(place.failure.read_text()) from error
            if time.monotonic() > end:
                raise ServerError(f"数据库没有应答。 The database does not answer. {error}") from error
            time.sleep(0.05)
        else:
            return


def _stop_if_last(place: Place) -> None:
    """When no user is left, tell the supervisor not to linger and wait until the server has stopped."""
    while not _obtainable(place.lock, fcntl.LOCK_EX):
        if _shared(place):
            return
        if pid := place.lock.read_text():
            try:
                os.kill(int(pid), signal.SIGTERM)
            except ProcessLookupError:
                pass  # it has just stopped
        time.sleep(0.02)


def _shared(place: Place) -> bool:
    """Return whether another user is in: then the users' lock can be shared, but not held alone.

    While it stops, the supervisor holds the lock alone. Looked at twice, since it also does so for a moment each
    time it looks for users.
    """
    for _ in range(2):
        if _obtainable(place.users, fcntl.LOCK_EX) or not _obtainable(place.users, fcntl.LOCK_SH):
            return False
        time.sleep(0.02)
    return True


def _obtainable(lock: Path, kind: int) -> bool:
    """Return whether `lock` could be held in that way now; it is let go at once."""
    with lock.open("a") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
