"""The processes beside the web: rounds that wait for no other, job runners, and one migration at a time."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime

import pytest
from django.db import connection

from clubassist.cli import database, serving
from clubassist.cli.rounds import Rounds
from clubassist.core import jobs
from clubassist.core.models import Heartbeat
from tests.faults.product import eventually

pytestmark = [pytest.mark.fault, pytest.mark.req("F49")]


@pytest.mark.usefixtures("transactional_db")
def test_the_auditor_runs_while_the_sweep_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_ROUNDS", {})
    over, hangs = threading.Event(), threading.Event()

    @jobs.every(seconds=5, name="sweep")
    def sweep(at: datetime) -> str:
        hangs.set()
        over.wait(30)
        return "at last"

    jobs.every(seconds=0.1, name="auditor")(lambda at: "content")
    with Rounds():
        assert hangs.wait(10)
        Heartbeat.objects.filter(name="auditor").delete()
        eventually(lambda: Heartbeat.objects.filter(name="auditor").exists(), 10)
        assert Heartbeat.objects.filter(name="sweep", busy_until__isnull=False).exists()
        over.set()


def test_a_job_runner_that_fails_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    async def runner(**options: object) -> None:
        if "queues" not in options:
            raise LookupError
        await asyncio.Event().wait()

    monkeypatch.setattr(serving, "_runner", runner)
    with pytest.raises(ExceptionGroup) as ended:
        asyncio.run(serving._jobs())
    assert ended.group_contains(LookupError)


@pytest.mark.usefixtures("transactional_db")
def test_only_one_process_migrates_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(database, "_behind", lambda: True)
    monkeypatch.setattr(database, "call_command", lambda name, **options: ran.append(name))
    with connection.get_new_connection(connection.get_connection_params()) as another:
        another.execute("select pg_advisory_xact_lock(%s)", [database.MIGRATING])
        waits = threading.Thread(target=database.migrated)
        waits.start()
        waits.join(0.3)
        assert ran == []
    waits.join(10)
    assert ran == ["migrate"]
