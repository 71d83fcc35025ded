"""Plays ledgers: seeded deeds on the same few accounts, by several hands at once, some of which die in the middle.

As a program (`python -m tests.domain.ledgers.history SEED LIVES FILE`) it forks one child after the other; each plays
until, before a statement drawn by chance, it kills itself. What was acknowledged is on disk before it goes on.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import django
from django.db import connection, transaction

if __name__ == "__main__":
    django.setup()

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers import actions
from clubassist.domain.ledgers.models import Account, Entry, Hold
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account as Login
from clubassist.domain.people.queries import staff_actor
from tests.makers.ledgers import LIMITS, hold, make_fund, make_points, post

START: Final = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
KEYS: Final = 60
LONGEST_LIFE: Final = 250

EXPECTED: Final = {
    "key-reused",
    "not-enough",
    "hold-ended",
    "hold-released",
    "hold-committed",
    "approval-missing",
    "approval-not-needed",
    "approved-already",
    "is-correction",
    "reversed-already",
    "spent-already",
}
"""All that honest hands may be told."""


def prepare(club: Club, person: Person) -> None:
    """Open three accounts: one that ends at zero, one that may be overdrawn so far, one in lots."""
    make_fund(club, 50_000)
    make_fund(club, 5_000, kind="care", floor=-20_000)
    post(make_points(person), 300, at=START, key="opening", expires_at=START + timedelta(days=5))


class Player:
    """One pair of hands. `told` counts what was refused, `acknowledged` is who owns which key of which account."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.accounts = list(Account.objects.order_by("pk"))
        self.bo, self.cy = (self._colleague(name) for name in ("bo", "cy"))
        self.told: Counter[str] = Counter()
        self.acknowledged: dict[tuple[str, int, str], int] = {}

    @staticmethod
    def _colleague(name: str) -> Actor:
        return staff_actor(Login.objects.get(username=name))

    def play(self, deeds: int) -> None:
        """Do so many deeds."""
        for _ in range(deeds):
            self.deed()

    def deed(self) -> tuple[str, int, str, int] | None:
        """Do one thing; return (what, account, key, row) of what it acknowledged, if it has a key."""
        chosen: Callable[[], Any] = self.chance.choice(
            [
                self.post,
                self.post,
                self.hold,
                self.hold,
                self.both,
                self.end,
                self.end,
                self.judge,
                self.reverse,
            ]
        )
        try:
            done = chosen()
        except Refused as refused:
            self.told[refused.code] += 1
            if refused.code not in EXPECTED:
                raise
            return None
        if not isinstance(done, Entry | Hold) or not done.key:
            return None
        what = (type(done).__name__, done.account_id, done.key)
        assert self.acknowledged.setdefault(what, done.pk) == done.pk
        return (*what, done.pk)

    def now(self) -> datetime:
        """Return a moment of the ten days in which lots begin and end."""
        return START + timedelta(hours=self.chance.randrange(240))

    def amount(self) -> int:
        """Return an amount that fits a few times, now and then one above the desk's limit."""
        return self.chance.choice([50, 50, 120, 700, LIMITS["agent"] + 1])

    def key(self) -> str:
        """Return one of the keys that all hands share."""
        return f"k{self.chance.randrange(KEYS)}"

    def post(self) -> Entry:
        """Credit or debit."""
        account, now = self.chance.choice(self.accounts), self.now()
        amount = self.chance.choice([1, -1]) * self.amount()
        end = now + timedelta(days=self.chance.randint(1, 4)) if account.in_lots and amount > 0 else None
        return post(account, amount, at=now, key=self.key(), expires_at=end)

    def hold(self) -> Hold:
        """Set aside, as the desk or by rule."""
        account = self.chance.choice(self.accounts)
        return hold(
            account, self.amount(), at=self.now(), key=self.key(), actor=self.chance.choice([self.bo, SYSTEM])
        )

    def both(self) -> None:
        """Set aside on two accounts together, named in any order."""
        two = self.chance.sample(self.accounts, 2)
        key, now = f"both-{self.key()}", self.now()
        with transaction.atomic():
            actions.lock_accounts(two)
            for account in two:
                hold(account, 50, at=now, key=key, actor=self.bo)

    def end(self) -> object:
        """Commit or release one of the latest holds."""
        found = self.latest(Hold)
        decide = self.chance.choice([actions.commit_hold, actions.commit_hold, actions.release_hold])
        return found and decide(hold=found, actor=self.bo, at=self.now())

    def judge(self) -> object:
        """Approve or decline one of the latest holds."""
        found = self.latest(Hold)
        if found and self.chance.random() < 0.7:
            return actions.approve_hold(hold=found, limits=LIMITS, actor=self.cy, at=self.now())
        return found and actions.decline_hold(hold=found, reason="超出先例", actor=self.cy, at=self.now())

    def reverse(self) -> object:
        """Reverse one of the latest entries."""
        found = self.latest(Entry)
        return found and actions.reverse_entry(entry=found, reason="记错了", actor=SYSTEM, at=self.now())

    def latest(self, rows: type[Any]) -> Any:
        """Return one of the latest rows, so that hands meet; None while there is none."""
        found = list(rows.objects.order_by("-pk")[:12])
        return self.chance.choice(found) if found else None


class Doom:
    """Kills its own process before the `nth` statement."""

    def __init__(self, nth: int) -> None:
        self.left = nth

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Stand between Django and the database (`connection.execute_wrapper`)."""
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def live(seed: int, file: Path) -> None:
    """Play until the end, noting on disk what was acknowledged; never returns."""
    player = Player(seed)
    with (
        connection.execute_wrapper(Doom(random.Random(seed).randint(1, LONGEST_LIFE))),
        file.open("ab") as notes,
    ):
        while True:
            if done := player.deed():
                notes.write(f"{' '.join(map(str, done))}\n".encode())
                notes.flush()
                os.fsync(notes.fileno())


def main(seed: int, lives: int, file: Path) -> None:
    """Live so many lives, each in a process of its own. Raises when one ends otherwise than killed."""
    for life in range(lives):
        child = os.fork()
        if not child:
            live(seed * 10_000 + life, file)
        _pid, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"life {life} of {seed} ended by itself: {status}"
        assert os.WTERMSIG(status) == signal.SIGKILL


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
