"""What the worker process itself must keep to: a fact recorded in it is one commit with its job."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from django.db import connection, transaction

from clubassist.cli.serving import _jobs as run_the_job_runners
from clubassist.core import journal
from clubassist.core.actor import SYSTEM
from clubassist.core.journal import on, record
from tests.core.ringing import Elsewhere, Rang, hear

pytestmark = [pytest.mark.fault, pytest.mark.req("F49")]


def ask(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("committed")
def test_fact_recorded_in_the_worker_is_undone_with_its_job(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rounds record facts beside the job runners, whose own connections commit for themselves."""
    monkeypatch.setattr(journal, "_HANDLERS", {})
    on(Rang)(hear)

    def undone_record() -> int:
        with transaction.atomic():
            record(Rang(bell=1), actor=SYSTEM, at=at, scope=None)
            transaction.set_rollback(True)
        return ask("select count(*) from procrastinate_jobs")

    async def beside_the_runners() -> object:
        runners = asyncio.create_task(run_the_job_runners())
        try:
            while await asyncio.to_thread(registered) < 2:
                await asyncio.sleep(0.05)
            return await asyncio.to_thread(Elsewhere(undone_record).result)
        finally:
            runners.cancel()
            await asyncio.gather(runners, return_exceptions=True)

    assert asyncio.run(asyncio.wait_for(beside_the_runners(), 30)) == 0


def registered() -> int:
    """Return how many job runners have said that they are there."""
    return int(str(Elsewhere(lambda: ask("select count(*) from procrastinate_workers")).result()))
