"""Work that happens after the commit (jobs) and work that happens again and again (rounds).

Jobs ride on procrastinate, in the caller's transaction; their arguments are ids only. Rounds are short looks at due
rows (sweep, auditor, sealer, reaper) that every worker runs by the clock, one at a time across all machines;
they do not queue behind a backlog and nobody skips their tick (reliability M10, B7).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from clubassist.core import clock
from clubassist.core.models import Heartbeat

P = ParamSpec("P")
R = TypeVar("R")
Round = Callable[[datetime], str]

URGENT = "urgent"
RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)
STALLED_AFTER_SECONDS = 30
BUSY_SECONDS = 30
LATE_AFTER_SECONDS = 60
# One job in the transaction of the statement that holds this: queue, task, `turn` (jobs with one run in turn), ids.
DEFER = "procrastinate_defer_jobs_v1(array[({queue}, %s, 0, {turn}, null, {ids}, null)::procrastinate_job_to_defer_v1])"


def task(*, queue: str = "default") -> Callable[[Callable[P, R]], Task[P, R, P]]:
    """Declare a job: a keyword-only function of ids. It is retried with growing waits and must be idempotent."""
    return app.task(queue=queue, retry=RETRY)


def drain(*, at: datetime, limit: int = 10_000) -> int:
    """Run every job that is due at `at` inline, on this connection; return how many. For tests and the simulator."""
    done = 0
    while done < limit and (row := _next_job(at)):
        job_id, name, arguments = row
        with transaction.atomic():
            app.tasks[name].func(**arguments)
            with connection.cursor() as cursor:
                cursor.execute("select procrastinate_finish_job_v1(%s, 'succeeded', true)", [job_id])
        done += 1
    return done


def _next_job(at: datetime) -> tuple[int, str, dict[str, Any]] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = 'doing' where id = (select id from procrastinate_jobs"
            " where status = 'todo' and (scheduled_at is null or scheduled_at <= %s)"
            " order by priority desc, id limit 1 for update skip locked) returning id, task_name, args",
            [at],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    job_id, name, arguments = row
    return job_id, name, json.loads(arguments) if isinstance(arguments, str) else arguments


@dataclass(frozen=True, slots=True)
class RoundSpec:
    """A round: its name, how often it runs and the function; the function returns a detail or raises."""

    name: str
    every: timedelta
    run: Round


_ROUNDS: dict[str, RoundSpec] = {}


def every(*, seconds: float, name: str) -> Callable[[Round], Round]:
    """Declare a round. It gets PostgreSQL's time and returns a short detail; an exception marks it as failing."""

    def declare(function: Round) -> Round:
        _ROUNDS[name] = RoundSpec(name, timedelta(seconds=seconds), function)
        return function

    return declare


def rounds() -> dict[str, RoundSpec]:
    """Return all declared rounds by name."""
    return dict(_ROUNDS)


def run_round(spec: RoundSpec, *, at: datetime | None = None) -> bool:
    """Run a round once unless another process is at it; leave its heartbeat. Returns whether it ran.

    `at` defaults to PostgreSQL's time. A round that raises leaves a red heartbeat and the exception goes on.
    """
    lease = _claimed(spec.name)
    if lease is None:
        return False
    moment = at or clock.database_now()
    try:
        detail = spec.run(moment)
    except Exception as error:
        _beat(spec.name, lease, moment, ok=False, detail=type(error).__name__)
        raise
    _beat(spec.name, lease, moment, ok=True, detail=detail)
    return True


def _claimed(name: str) -> datetime | None:
    """Mark the round as running; return until when it is ours, None while somebody else runs it.

    A lease and not a session's lock, which a pooler would hand to others. A killed worker's round is free again after
    30 s; one that takes longer may meet a twin, which harms nothing: due rows skip locked, a seal can be drawn once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into core_heartbeat as beat (name, at, ok, detail, busy_until)"
            " values (%s, 'epoch', false, '', clock_timestamp() + %s * interval '1 s') on conflict (name) do update"
            " set busy_until = excluded.busy_until where coalesce(beat.busy_until < clock_timestamp(), true)"
            " returning busy_until",
            [name, BUSY_SECONDS],
        )
        row: tuple[datetime] | None = cursor.fetchone()
        return row[0] if row else None


def _beat(name: str, lease: datetime, at: datetime, *, ok: bool, detail: str) -> None:
    """Leave the heartbeat unless a later run has left its own, and free the round unless a twin has taken it over."""
    Heartbeat.objects.filter(name=name, at__lte=at).update(at=at, ok=ok, detail=detail[:300])
    Heartbeat.objects.filter(name=name, busy_until=lease).update(busy_until=None)


@every(seconds=30, name="reaper")
def reap_stalled_jobs(at: datetime) -> str:
    """Put jobs of dead workers back; drop one whose twin is already queued (procrastinate #1446)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select j.id from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id"
            " where j.status = 'doing' and (w.id is null or w.last_heartbeat < %s) order by j.id",
            [at - timedelta(seconds=STALLED_AFTER_SECONDS)],
        )
        stalled = [row[0] for row in cursor.fetchall()]
        given_up = 0
        for job_id in stalled:
            cursor.execute(
                "select procrastinate_retry_job_v2(%s, now(), null, null, null)"
                " where not exists (select 1 from procrastinate_jobs me join procrastinate_jobs twin"
                " on twin.queueing_lock = me.queueing_lock and twin.status = 'todo' where me.id = %s)",
                [job_id, job_id],
            )
            if cursor.rowcount == 0:
                cursor.execute("select procrastinate_finish_job_v1(%s, 'aborted', false)", [job_id])
                given_up += 1
    return f"{len(stalled) - given_up} put back, {given_up} given up"


class JobsFailed(RuntimeError):
    """Jobs were tried to the end and failed; the health check turns red until somebody has them tried again."""


def failed_jobs() -> list[tuple[int, str, dict[str, Any], int]]:
    """Return (id, task, ids, tries) of every job that was given up, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, task_name, args, attempts from procrastinate_jobs where status = 'failed' order by id"
        )
        return [
            (job, name, json.loads(ids) if isinstance(ids, str) else ids, tries)
            for job, name, ids, tries in cursor.fetchall()
        ]


def retry_failed(only: Collection[int] = ()) -> int:
    """Have given-up jobs tried again, all or those of these ids; return how many."""
    wanted = [job for job, *_rest in failed_jobs() if not only or job in only]
    with connection.cursor() as cursor:
        for job in wanted:
            cursor.execute("select procrastinate_retry_job_v2(%s, now(), null, null, null)", [job])
    return len(wanted)


@every(seconds=30, name="failures")
def report_failed_jobs(at: datetime) -> str:
    """Raise JobsFailed while a job is given up: what it should have done is not done, and somebody must look."""
    if failed := failed_jobs():
        raise JobsFailed(f"{len(failed)} jobs failed; see `clubassist jobs failed`")
    return "none failed"


class JobsLate(RuntimeError):
    """Jobs are not run in time; whoever they would tell is not told, and the health check turns red."""


@every(seconds=15, name="backlog")
def report_late_jobs(at: datetime) -> str:
    """Raise JobsLate while a job has waited, or has run, for over a minute: no runner is left, or all of them hang."""
    since = at - timedelta(seconds=LATE_AFTER_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs j where status in ('todo', 'doing')"
            " and coalesce(scheduled_at < %s, true)"
            " and (select max(e.at) from procrastinate_events e where e.job_id = j.id) < %s",
            [since, since],
        )
        (late,) = cursor.fetchone()
    if late:
        raise JobsLate(f"{late} jobs are late; is a worker running?")
    return "none late"
