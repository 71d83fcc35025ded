"""Kills web, worker and database under load and compares what was promised with what is there (reliability A1).

Clients send reports over HTTP, each under its own Idempotency-Key, again and again until they are acknowledged (201).
Every acknowledgement is a line in a ledger, a file outside the product, on disk before the client goes on. Afterwards
`shortcomings()` compares: nothing acknowledged is lost, no case is half written, no key opened two cases.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import TupleRow

from tests.faults.product import CLUB, Product, ask

PATIENCE = 60.0
AGAIN = (409, 503)  # in progress, database away: the same request may be sent again

# One row for each case: its key, and how many of everything that belongs to it are there.
WHOLE = """
select c.number, c.narrative,
    (select count(*) from cases_clock where case_id = c.id),
    (select count(*) from cases_stage where case_id = c.id),
    (select count(*) from cases_task where case_id = c.id),
    (select count(*) from channels_message m where m.conversation_id = c.conversation_id and direction = 'in'),
    (select count(*) from core_token where subject_kind = 'case' and subject_id = c.id::text),
    (select count(*) from core_entry where fact = 'CaseOpened' and (data->>'case_id')::bigint = c.id),
    (select count(*) from core_answer a where a.key = c.narrative),
    (select least(1, count(j.id) + count(d.id)) from core_entry e
        left join procrastinate_jobs j on (j.args->>'entry_id')::bigint = e.id
        left join core_delivery d on d.entry_id = e.id
        where e.fact = 'CaseOpened' and (e.data->>'case_id')::bigint = c.id)
from cases_case c order by c.id
"""
PARTS = ("clocks", "stages", "tasks", "messages", "links", "entries", "answers", "deliveries")


class Ledger:
    """What was acknowledged, key and number, on disk at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._path.touch()
        self._lock = threading.Lock()

    def write(self, key: str, number: str) -> None:
        """Keep one acknowledgement; returns when it is on disk."""
        with self._lock, self._path.open("ab") as file:
            file.write(f"{key} {number}\n".encode())
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> dict[str, str]:
        """Return key → number of everything acknowledged."""
        rows = (line.partition(" ") for line in self._path.read_text().splitlines())
        return {key: number for key, _space, number in rows}

    def __len__(self) -> int:
        return self._path.read_bytes().count(b"\n")


class Client(threading.Thread):
    """Sends reports one after the other; `answers` counts statuses, 0 for none. `failure` is why it gave up."""

    def __init__(self, product: Product, ledger: Ledger, reports: int) -> None:
        super().__init__(daemon=True)
        self.product, self.ledger, self.reports = product, ledger, reports
        self.answers: Counter[int] = Counter()
        self.failure = ""

    def run(self) -> None:
        for _ in range(self.reports):
            key = uuid.uuid4().hex
            end = time.monotonic() + PATIENCE
            while not (number := self.send(key)):
                if time.monotonic() > end or self.failure:
                    self.failure = self.failure or f"no acknowledgement in {PATIENCE:.0f} s"
                    return
                time.sleep(0.05)
            self.ledger.write(key, number)

    def send(self, key: str) -> str:
        """Send one report; return the case's number once it is acknowledged, else nothing."""
        try:
            answer = ask(report_of(self.product, key), 10)
        except (OSError, ValueError):
            self.answers[0] += 1
            return ""
        self.answers[answer.status] += 1
        if answer.status == 201:
            return str(json.loads(answer.text)["number"])
        if answer.status not in AGAIN:
            self.failure = f"{answer.status}: {answer.text[:300]}"
        return ""


class HastyClient(Client):
    """Control: calls a report acknowledged before the answer is there, whatever the answer then is."""

    def send(self, key: str) -> str:
        """Send one report and believe in it."""
        super().send(key)
        return "GD-0"


def report_of(product: Product, key: str) -> urllib.request.Request:
    """Return the request with which a website hands in a report; its text is the key."""
    body = {"club": CLUB, "kind": "complaint.venue", "narrative": key, "person": {"phone": "13900001111"}}
    headers = {
        "Authorization": f"Bearer {product.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
    address = f"http://127.0.0.1:{product.port}/api/v1/intake"
    return urllib.request.Request(address, json.dumps(body).encode(), headers, method="POST")


def kill_under_load(
    product: Product, ledger: Ledger, *, kills: int, reports: int, clients: int = 4, seed: int = 1
) -> tuple[Counter[int], Counter[str]]:
    """Send `reports` and kill -9 something `kills` times meanwhile, evenly over the reports.

    Returns (statuses, victims). Raises AssertionError when a client got an answer that no client can act on.
    """
    chance = random.Random(seed)
    senders = [Client(product, ledger, reports // clients) for _ in range(clients)]
    for sender in senders:
        sender.start()
    victims: Counter[str] = Counter()
    # Each kind of victim in turn, in a shuffled order.
    order = [("web", "worker", "postmaster")[number % 3] for number in range(kills)]
    chance.shuffle(order)
    for number, victim in enumerate(order, 1):
        _wait_for(partial(_reached, ledger, number * reports // (kills + 1)), senders)
        time.sleep(chance.random() * 0.2)
        victims[victim] += kill(product, victim, chance)
    for sender in senders:
        sender.join(PATIENCE * 2)
    assert not [sender.failure for sender in senders if sender.failure]
    return sum((sender.answers for sender in senders), Counter()), victims


def _reached(ledger: Ledger, due: int) -> bool:
    return len(ledger) >= due


def _wait_for(fact: Callable[[], bool], senders: list[Client]) -> None:
    while not fact() and any(sender.is_alive() for sender in senders):
        time.sleep(0.01)


def kill(product: Product, victim: str, chance: random.Random) -> int:
    """Kill one process without warning; return 1, or 0 when it was just gone."""
    try:
        if victim == "web":
            pid = chance.choice(product.web_workers())
        else:
            pid = product.postmaster() if victim == "postmaster" else product.pid("worker")
        os.kill(pid, signal.SIGKILL)
    except (OSError, ValueError, IndexError):
        return 0
    return 1


def shortcomings(connection: psycopg.Connection[TupleRow], acknowledged: dict[str, str]) -> list[str]:
    """Return a sentence for everything that should not be; empty means that every promise was kept."""
    cases = connection.execute(WHOLE).fetchall()
    found = [_lost(key, number, cases) for key, number in acknowledged.items()]
    keys = Counter(row[1] for row in cases)
    found += [f"key {key} opened {count} cases" for key, count in keys.items() if count > 1]
    usual: Any = Counter(row[2:] for row in cases).most_common(1)
    for number, _key, *counts in cases:
        expected = usual[0][0]
        odd = [
            f"{part} {have}" for part, have, want in zip(PARTS, counts, expected, strict=True) if have != want
        ]
        odd += [f"{part} 0" for part, have in zip(PARTS, counts, strict=True) if not have]
        if odd:
            found.append(f"{number} is half written: {', '.join(odd)}")
    return [sentence for sentence in found if sentence]


def _lost(key: str, number: str, cases: list[Any]) -> str:
    there = any(row[0] == number and row[1] == key for row in cases)
    return "" if there else f"{number} was acknowledged for key {key} and is lost"


def delivered(product: Product) -> bool:
    """Tell whether no job waits; those of killed workers, which the reaper brings back later, do not count."""
    return jobs(product, "status = 'todo'") == 0


def all_delivered(product: Product) -> bool:
    """Tell whether every job has been done."""
    return jobs(product, "true") == 0


def jobs(product: Product, which: str) -> int:
    """Count the jobs of the kind that `which` says."""
    with product.connect() as connection:
        row = connection.execute(f"select count(*) from procrastinate_jobs where {which}".encode()).fetchone()
    assert row is not None
    return int(row[0])
