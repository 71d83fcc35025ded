"""The supervisor: one process per data folder, parent of its server.

`python -m clubassist.core.embedded.supervise DATA LOCK_FD durable|fast` detaches, holds the lock it was
handed as long as it lives, keeps the server running while anybody holds the users' lock, and stops it two
seconds after the last one is gone, or at once on SIGTERM.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from clubassist.core.embedded import cluster
from clubassist.core.embedded.account import choose
from clubassist.core.embedded.place import Place, ServerError

GRACE = 2.0  # seconds the server waits for a next user after the last was killed
TICK = 0.1
FAST_SHUTDOWN = 60.0
PR_SET_CHILD_SUBREAPER = 36


class Supervisor:
    """Runs the server of one place. One thread; everything happens in `run`."""

    def __init__(self, place: Place, *, durable: bool) -> None:
        self.place = place
        self.durable = durable
        self.grace = GRACE
        self.postmaster: subprocess.Popen[bytes]
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._no_grace)

    def run(self) -> None:
        """Keep the server up until nobody uses it. Raises ServerError when it cannot be started at first."""
        if sys.platform == "linux":
            # Children of a killed postmaster become ours, so that they are reaped under any PID 1.
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.account = choose(self.place, cluster.binaries() / "postgres")
        cluster.make(self.place, self.account, durable=self.durable)
        cluster.configure(self.place, self.account, self.place.pgdata, durable=self.durable)
        self._start()
        if not self._ready():
            self._stop()
            raise ServerError(
                f"数据库没有启动，请看 {self.place.log}。 The database did not start, see {self.place.log}."
            )
        self.place.failure.unlink(missing_ok=True)
        with self.place.users.open("r+") as users:
            self._watch(users.fileno())
            self._stop()

    def _no_grace(self, *_: object) -> None:
        self.grace = 0.0

    def _start(self) -> None:
        with self.place.log.open("a") as log:
            self.postmaster = cluster.start(self.place, self.account, log)

    def _ready(self) -> bool:
        """Wait until the server takes connections, however long recovery takes. False: it ended instead."""
        while not cluster.ready(self.place, self.postmaster.pid):
            if self._reap():
                return False
            time.sleep(TICK / 5)
        return True

    def _watch(self, users: int) -> None:
        """Return, holding the users' lock, once nobody has used the server for `grace` seconds."""
        used, pause = time.monotonic(), TICK
        while True:
            time.sleep(TICK)
            if self._reap():
                time.sleep(pause)
                self._start()
                pause = TICK if self._ready() else min(pause * 2, 5.0)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                used = time.monotonic()
                continue
            if time.monotonic() - used >= self.grace:
                return
            fcntl.flock(users, fcntl.LOCK_UN)

    def _reap(self) -> bool:
        """Reap every child that ended; return whether the server is among them."""
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass  # no child is left
        return self.postmaster.poll() is not None

    def _stop(self) -> None:
        """Fast shutdown; harder when it takes longer than a minute. Nothing of the server survives."""
        for sign, seconds in ((signal.SIGINT, FAST_SHUTDOWN), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if self.postmaster.poll() is None:
                self.postmaster.send_signal(sign)
            try:
                self.postmaster.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
            break
        shutil.rmtree(self.place.socket_dir, ignore_errors=True)


def main() -> int:
    """Detach from the user that started us, then supervise; write down why if the server cannot start."""
    if os.fork():
        os._exit(0)
    data_dir, lock, mode = sys.argv[1:]
    place = Place(Path(data_dir))
    supervisor = Supervisor(place, durable=mode == "durable")
    os.write(int(lock), str(os.getpid()).encode())
    try:
        supervisor.run()
    except (ServerError, OSError) as error:
        # Whole or not at all: whoever waits for the server reads it the moment it is there.
        written = place.failure.with_suffix(".new")
        written.write_text(str(error))
        written.replace(place.failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
