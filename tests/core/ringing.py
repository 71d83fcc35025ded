"""A small fact and a small effect, to try the journal without the club."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import connection, transaction

from clubassist.core import access
from clubassist.core.actor import SYSTEM
from clubassist.core.journal import Fact, record
from clubassist.core.models import Access, Entry


@dataclass(frozen=True, slots=True)
class Rang(Fact):
    """A bell rang."""

    about: ClassVar[dict[str, str]] = {"bell": "bell", "tower": "tower"}
    bell: int
    tower: int | None = None


def ring(at: datetime, *, bell: int = 1, tower: int | None = None) -> int:
    """Record one Rang in a transaction of its own; return the entry's id."""
    with transaction.atomic():
        return record(Rang(bell=bell, tower=tower), actor=SYSTEM, at=at, scope=None)


def hear(fact: Rang, entry: Entry) -> None:
    """Leave a row that the test can count."""
    access.looked("read", ("bell", str(fact.bell)), actor=SYSTEM, at=entry.at)


def heard() -> int:
    """Return how often `hear` took effect."""
    return Access.objects.filter(kind="bell").count()


class Elsewhere(threading.Thread):
    """Runs a function in another thread, so on another connection; `result()` waits, and raises what it raised."""

    def __init__(self, function: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._function = function
        self._value: object = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._value = self._function()
        except BaseException as error:  # noqa: BLE001 - handed over to the test by result()
            self._error = error
        finally:
            connection.close()

    def result(self, seconds: float = 10) -> object:
        self.join(seconds)
        assert not self.is_alive(), "still waiting"
        if self._error is not None:
            raise self._error
        return self._value
