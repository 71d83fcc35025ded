"""Whatever several hands do at once, and wherever they die: every invariant holds (reliability C5)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import commit_hold
from clubassist.domain.ledgers.models import Account, Entry, Hold, HoldState
from clubassist.domain.members.models import Person
from tests.core.ringing import Elsewhere
from tests.domain.ledgers.history import EXPECTED, START, Player, prepare
from tests.domain.ledgers.invariants import broken
from tests.makers.ledgers import hold, make_fund, post

pytestmark = [pytest.mark.req("B51"), pytest.mark.req("F58"), pytest.mark.fault]

ROOT: Final = Path(__file__).resolve().parents[3]
PATIENCE: Final = 120


@pytest.fixture
def table(committed: None, club: Club, bo: Actor, cy: Actor, ann_person: Person) -> None:
    """Three committed accounts and who plays on them."""
    prepare(club, ann_person)


@pytest.mark.usefixtures("bo", "cy")
@pytest.mark.parametrize("seed", range(3))
def test_one_hand_keeps_every_invariant_after_every_deed(club: Club, ann_person: Person, seed: int) -> None:
    prepare(club, ann_person)
    player = Player(seed)
    for _ in range(120):
        player.deed()
        assert not broken()
    assert player.acknowledged
    assert player.told


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("hands", "deeds"), [(8, 60), pytest.param(32, 500, marks=pytest.mark.full)], ids=["few", "many"]
)
def test_many_hands_keep_every_invariant(hands: int, deeds: int) -> None:
    """Every key is shared, so the same request comes from several hands, and other ones under its key."""
    players = [Player(seed) for seed in range(hands)]
    threads = [Elsewhere(lambda player=player: player.play(deeds)) for player in players]  # type: ignore[misc]
    try:
        while any(thread.is_alive() for thread in threads):
            assert not broken()  # in every snapshot, not only at the end
            time.sleep(0.2)
    finally:
        for thread in threads:
            thread.join(PATIENCE)
    for thread in threads:
        thread.result()
    assert not broken()
    owners: dict[object, set[int]] = {}
    for player in players:
        for what, row in player.acknowledged.items():
            owners.setdefault(what, set()).add(row)
    assert all(len(rows) == 1 for rows in owners.values())
    told = sum((player.told for player in players), Counter[str]())
    assert set(told) <= EXPECTED
    assert {"key-reused", "not-enough"} <= set(told)


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(("hands", "lives"), [(2, 15), pytest.param(4, 100, marks=pytest.mark.full)])
def test_hands_that_die_leave_nothing_half_done(
    database_url: str, tmp_path: Path, hands: int, lives: int
) -> None:
    environment = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "clubassist.settings"}
    environment["PYTHONPATH"] = str(ROOT)
    notes = [tmp_path / str(hand) for hand in range(hands)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.domain.ledgers.history", str(hand), str(lives), str(file)],
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
        for hand, file in enumerate(notes)
    ]
    try:
        while any(process.poll() is None for process in running):
            assert not broken()
            time.sleep(0.5)
    finally:
        for process in running:
            if process.poll() is None:  # only after a failure: the life that still runs ends with its program
                os.killpg(process.pid, signal.SIGKILL)
    assert [process.wait(PATIENCE) for process in running] == [0] * hands
    assert not broken()
    acknowledged = {tuple(line.split(" ")) for file in notes for line in file.read_text().splitlines()}
    assert len(acknowledged) > lives
    there = {
        (type(row).__name__, str(row.account_id), row.key, str(row.pk))
        for row in [*Entry.objects.all(), *Hold.objects.all()]
    }
    assert acknowledged <= there


@pytest.mark.usefixtures("table")
def test_the_same_request_from_many_hands_at_once_counts_once() -> None:
    fund = Account.objects.get(kind="compensation")

    def pay() -> int:
        return post(fund, -100, at=START, key="once").pk

    threads = [Elsewhere(pay) for _ in range(8)]
    assert len({thread.result() for thread in threads}) == 1
    fund.refresh_from_db()
    assert fund.balance == 49_900


@pytest.mark.usefixtures("table")
def test_one_hold_committed_by_many_hands_goes_out_once() -> None:
    taken = hold(Account.objects.get(kind="compensation"), 100, at=START)
    threads = [Elsewhere(lambda: commit_hold(hold=taken, actor=SYSTEM, at=START).pk) for _ in range(8)]
    assert len({thread.result() for thread in threads}) == 1
    taken.refresh_from_db()
    assert taken.state == HoldState.COMMITTED
    assert not broken()


@pytest.mark.usefixtures("table")
def test_of_many_who_want_the_last_only_as_many_as_it_covers_get_it(club: Club) -> None:
    fund = make_fund(club, 300, kind="last")

    def pay(number: int) -> str:
        try:
            post(fund, -100, at=START, key=f"hand {number}")
        except Refused as refused:
            return refused.code
        return "paid"

    threads = [Elsewhere(lambda number=number: pay(number)) for number in range(8)]  # type: ignore[misc]
    assert Counter(thread.result() for thread in threads) == {"paid": 3, "not-enough": 5}
    fund.refresh_from_db()
    assert fund.balance == 0
