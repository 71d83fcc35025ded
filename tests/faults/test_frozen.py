"""The product while the database server is frozen: connections stay open and nothing answers (reliability A4)."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.killer import Client, Ledger, delivered, report_of, shortcomings
from tests.faults.product import Answer, Product, ask, eventually, running_product

pytestmark = [pytest.mark.fault, pytest.mark.req("F49"), pytest.mark.xdist_group("product")]

PATIENCE = 6.0
RECOVERY = 5.0
WAITING = """
select count(*) from pg_locks join pg_stat_activity using (pid)
where relation = 'core_entry'::regclass and not granted and query like '%members_person%'
"""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for this file: its start takes longer than the tests."""
    with running_product() as product:
        yield product


def signed_in(product: Product, path: str) -> urllib.request.Request:
    """Return a browser's request whose session must be looked up."""
    address = f"http://127.0.0.1:{product.port}{path}"
    return urllib.request.Request(address, headers={"Cookie": f"sessionid={'k' * 32}"})


@contextmanager
def report_held(product: Product, key: str) -> Iterator[Future[Answer]]:
    """Send a report whose transaction waits inside the block for a lock on the journal, its case already written."""
    with ThreadPoolExecutor() as pool, product.connect() as holder, product.connect() as looker:
        holder.execute("lock table core_entry in share mode")
        answer = pool.submit(ask, report_of(product, key), 30)
        looker.autocommit = True
        eventually(lambda: looker.execute(WAITING).fetchone() == (1,), 10)
        yield answer


def all_well(product: Product) -> bool:
    """Tell whether every web process has its database again: each finds out for itself, so many are asked at once."""
    with ThreadPoolExecutor(16) as pool:
        return all(answer.status == 200 for answer in pool.map(product.get, ["/readyz"] * 48))


def cases_of(product: Product, key: str) -> int:
    with product.connect() as connection:
        row = connection.execute("select count(*) from cases_case where narrative = %s", [key]).fetchone()
    assert row is not None
    return int(row[0])


def test_frozen_database_is_said_in_seconds_and_over_by_itself(product: Product) -> None:
    """Asked all at once, more than there are threads: each gets its 503, none waits for those before it."""
    web, worker, restarts = product.pid("web"), product.pid("worker"), product.ended.total()
    paths = ["/m/report/", "/api/v1/cases", "/healthz", "/readyz"] * 4
    eventually(lambda: product.get("/healthz").status == 200, 60)
    with product.database_frozen(), ThreadPoolExecutor(32) as pool:
        asked = {pool.submit(product.get, path, token=True): path for path in paths}
        asked[pool.submit(ask, signed_in(product, "/cases/"), 30)] = "/cases/"
        for future, path in asked.items():
            answer = future.result()
            assert (answer.status, answer.headers.get("retry-after")) == (503, "5"), path
            assert answer.seconds <= PATIENCE, path
        again = product.get("/api/v1/cases", token=True)
        assert (again.status, again.headers["content-type"]) == (503, "application/problem+json")
        assert again.seconds <= 1
        page = ask(signed_in(product, "/cases/"), 30)
        assert page.status == 503
        assert "<html" in page.text
    eventually(lambda: all_well(product), RECOVERY)
    assert {product.get(path, token=True).status for path in set(paths)} == {200}
    assert (product.pid("web"), product.pid("worker"), product.ended.total()) == (web, worker, restarts)


def test_report_that_hit_the_freeze_makes_one_case_when_sent_again(product: Product) -> None:
    key = "frozen-in-the-middle"
    with report_held(product, key) as report, product.database_frozen():
        answer = report.result()
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert answer.seconds <= PATIENCE
        assert ask(report_of(product, key), 30).status == 503
    assert cases_of(product, key) == 0
    eventually(lambda: all_well(product), RECOVERY)
    assert ask(report_of(product, key), 30).status == 201
    assert ask(report_of(product, key), 30).status == 201
    assert cases_of(product, key) == 1


def test_slow_transaction_is_not_given_up(product: Product) -> None:
    with report_held(product, "slow") as report:
        time.sleep(PATIENCE)
    answer = report.result()
    assert answer.status == 201
    assert answer.seconds > PATIENCE
    assert json.loads(answer.text)["number"]


def test_nothing_acknowledged_is_lost_in_freezes(product: Product, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    senders = [Client(product, ledger, 15) for _ in range(4)]
    for sender in senders:
        sender.start()
    for share in (1, 3):
        eventually(lambda share=share: len(ledger) >= share * 12, 30)  # type: ignore[misc]
        with product.database_frozen():
            time.sleep(PATIENCE)
    for sender in senders:
        sender.join(90)
    assert not [sender.failure for sender in senders if sender.failure]
    assert sum(sender.answers[503] for sender in senders) > 0
    assert len(ledger) == 60
    eventually(lambda: delivered(product), 30)
    with product.connect() as connection:
        assert shortcomings(connection, ledger.read()) == []
