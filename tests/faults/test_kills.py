"""The product under kill -9: nothing acknowledged is lost, nothing half written, nothing double (reliability A1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.killer import (
    HastyClient,
    Ledger,
    all_delivered,
    delivered,
    jobs,
    kill_under_load,
    shortcomings,
)
from tests.faults.product import Product, eventually, running_product

pytestmark = [pytest.mark.fault, pytest.mark.req("F49"), pytest.mark.xdist_group("product")]

TOUCHED = "(select max(id) from cases_case)"
CONVERSATION = f"(select conversation_id from cases_case where id = {TOUCHED})"
ENTRY = f"(select id from core_entry where fact = 'CaseOpened' and (data->>'case_id')::bigint = {TOUCHED})"
HALVES = {
    "clocks": f"delete from cases_alarm; delete from cases_clock where case_id = {TOUCHED} and id in"
    f" (select min(id) from cases_clock where case_id = {TOUCHED})",
    "tasks": f"delete from cases_task where case_id = {TOUCHED}",
    "messages": f"delete from channels_message where conversation_id = {CONVERSATION} and direction = 'in'",
    "links": f"delete from core_token where subject_kind = 'case' and subject_id = {TOUCHED}::text",
    "answers": f"delete from core_answer where key = (select narrative from cases_case where id = {TOUCHED})",
    "deliveries": f"delete from core_delivery where entry_id = {ENTRY};"
    f" delete from procrastinate_jobs where (args->>'entry_id')::bigint = {ENTRY}",
    "entries": "alter table core_entry disable trigger user;"
    f" update core_entry set fact = 'Gone' where id = {ENTRY}",
}


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for this file: its start takes longer than the tests."""
    with running_product() as product:
        yield product


def test_nothing_acknowledged_is_lost_when_processes_are_killed(product: Product, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    answers, victims = kill_under_load(product, ledger, kills=6, reports=60)
    assert len(ledger) == answers[201] == 60
    assert sum(victims.values()) >= 5
    with product.connect() as connection:
        assert shortcomings(connection, ledger.read()) == []


@pytest.mark.parametrize("part", HALVES)
def test_comparison_reports_a_half_written_case(product: Product, tmp_path: Path, part: str) -> None:
    ledger = Ledger(tmp_path / "ledger")
    kill_under_load(product, ledger, kills=0, reports=2, clients=1)
    # A worker that is just delivering would put back what is taken away here.
    eventually(lambda: jobs(product, f"(args->>'entry_id')::bigint = {ENTRY}") == 0, 60)
    connection = product.connect()
    try:
        connection.execute(HALVES[part].encode())
        (problem,) = shortcomings(connection, ledger.read())
        assert f"is half written: {part} " in problem
    finally:
        connection.rollback()
        connection.close()


def test_comparison_reports_a_second_case_for_a_key(product: Product, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    kill_under_load(product, ledger, kills=0, reports=2, clients=1)
    first, second = ledger.read()
    connection = product.connect()
    try:
        connection.execute("update cases_case set narrative = %s where narrative = %s", [first, second])
        problems = shortcomings(connection, ledger.read())
        assert len(problems) == 2
        assert problems[0].endswith("is lost")
        assert problems[1] == f"key {first} opened 2 cases"
    finally:
        connection.rollback()
        connection.close()


def test_database_away_is_said_at_once_and_over_by_itself(product: Product, tmp_path: Path) -> None:
    """503 with Retry-After while it is away, no restart of ours; a client that believes too early loses its report."""
    web, worker, restarts = product.pid("web"), product.pid("worker"), product.ended.total()
    ledger = Ledger(tmp_path / "ledger")
    with product.database_away():
        for path in ("/m/report/", "/api/v1/cases"):
            answer = product.get(path, token=True)
            assert (answer.status, answer.headers["retry-after"]) == (503, "5"), path
            assert answer.seconds <= 2, path
        assert [product.get(path).status for path in ("/healthz", "/readyz")] == [503, 503]
        assert product.get("/api/v1/cases", token=True).headers["content-type"] == "application/problem+json"
        assert product.get("/accounts/login/").status == 200
        hasty = HastyClient(product, ledger, 1)
        hasty.run()
        assert dict(hasty.answers) == {503: 1}
    eventually(lambda: product.get("/readyz").status == 200, 30)
    assert product.get("/m/report/").status == 200
    kill_under_load(product, ledger, kills=0, reports=3, clients=1)
    eventually(lambda: delivered(product), 30)
    assert (product.pid("web"), product.pid("worker"), product.ended.total()) == (web, worker, restarts)
    with product.connect() as connection:
        (lost,) = shortcomings(connection, ledger.read())
    assert lost.startswith("GD-0 was acknowledged")


@pytest.mark.full
def test_database_away_for_over_a_minute_is_over_by_itself(product: Product, tmp_path: Path) -> None:
    before = (product.pid("web"), product.pid("worker"))
    ledger = Ledger(tmp_path / "ledger")
    with product.database_away(), pytest.raises(AssertionError, match="not within"):
        eventually(lambda: product.get("/readyz").status == 200, 70)
    eventually(lambda: product.get("/readyz").status == 200, 30)
    kill_under_load(product, ledger, kills=0, reports=3, clients=1)
    eventually(lambda: delivered(product), 30)
    assert (product.pid("web"), product.pid("worker")) == before
    eventually(lambda: product.get("/healthz").status == 200, 120)


@pytest.mark.full
def test_two_hundred_kills_lose_nothing(product: Product, tmp_path: Path) -> None:
    """0 in 200 claims: at most 1.5 % of kills lose something, at 95 %."""
    ledger = Ledger(tmp_path / "ledger")
    answers, victims = kill_under_load(product, ledger, kills=200, reports=3000, seed=2)
    assert len(ledger) == answers[201] == 3000
    assert sum(victims.values()) >= 190
    eventually(lambda: all_delivered(product), 180)
    with product.connect() as connection:
        assert shortcomings(connection, ledger.read()) == []
        _every_confirmation_once(connection)


def _every_confirmation_once(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    rows = connection.execute(
        "select count(*) from cases_case c where 1 <> (select count(*) from channels_message m"
        " where m.conversation_id = c.conversation_id and m.automatic)"
    )
    assert rows.fetchone() == (0,)
