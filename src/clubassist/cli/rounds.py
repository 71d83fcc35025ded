"""The threads that run the rounds by the clock, beside the job runners of a worker."""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType
from typing import Final, Self

from django.db import close_old_connections, connection

from clubassist.core import jobs

logger = logging.getLogger(__name__)

STOPPING_SECONDS: Final = 10


class Rounds:
    """Runs every declared round when its time comes, until the block ends.

    Each has a thread of its own: a round that fails or hangs stops no other, least of all the one that watches it.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(spec,), name=f"round {name}", daemon=True)
            for name, spec in jobs.rounds().items()
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        until = time.monotonic() + STOPPING_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self, spec: jobs.RoundSpec) -> None:
        while not self._stop.is_set():
            begun = time.monotonic()
            self._once(spec)
            self._stop.wait(max(0.0, begun + spec.every.total_seconds() - time.monotonic()))
        connection.close()

    @staticmethod
    def _once(spec: jobs.RoundSpec) -> None:
        close_old_connections()
        try:
            jobs.run_round(spec)
        except Exception as error:  # noqa: BLE001 - whatever it was, the heartbeat is red and the next tick comes
            logger.error("round %s failed: %s", spec.name, type(error).__name__)
