"""The thread that runs the rounds by the clock, beside the job runners of a worker."""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType
from typing import Self

from django.db import close_old_connections, connection

from clubassist.core import jobs

logger = logging.getLogger(__name__)


class Rounds:
    """Runs every declared round when its time comes, until the block ends. A failing round never stops the others."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        due = dict.fromkeys(jobs.rounds(), 0.0)
        while not self._stop.is_set():
            for name, spec in jobs.rounds().items():
                if time.monotonic() >= due[name]:
                    due[name] = time.monotonic() + spec.every.total_seconds()
                    self._one(spec)
            self._stop.wait(0.5)
        connection.close()

    @staticmethod
    def _one(spec: jobs.RoundSpec) -> None:
        close_old_connections()
        try:
            jobs.run_round(spec)
        except Exception as error:  # noqa: BLE001 - whatever it was, the heartbeat is red and the next tick comes
            logger.error("round %s failed: %s", spec.name, type(error).__name__)
