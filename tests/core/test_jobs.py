"""Rounds run one at a time and leave a heartbeat; the reaper brings back what dead workers left."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from clubassist.core import clock, jobs
from clubassist.core.jobs import RoundSpec, reap_stalled_jobs, run_round
from clubassist.core.models import Heartbeat
from clubassist.web.shared.health import SILENT_AFTER
from tests.core.ringing import Elsewhere

pytestmark = pytest.mark.django_db
DEAD = timedelta(seconds=31)
ALIVE = timedelta(seconds=29)


def spec(function: jobs.Round) -> RoundSpec:
    """Return a round around a function."""
    return RoundSpec("trial", timedelta(seconds=5), function)


def worker(*, silent_for: timedelta, at: datetime) -> int:
    """Register a worker that was last heard of so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (%s) returning id", [at - silent_for]
        )
        return int(cursor.fetchone()[0])


def job(status: str = "doing", *, held_by: int | None = None, queueing_lock: str | None = None) -> int:
    """Put one job into the queue and let it come to that status."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, worker_id, queueing_lock)"
            " values ('default', 'trial', %s, %s) returning id",
            [held_by, queueing_lock],
        )
        (job_id,) = cursor.fetchone()
        cursor.execute("update procrastinate_jobs set status = %s where id = %s", [status, job_id])
        return int(job_id)


def status_of(job_id: int) -> tuple[str, int]:
    """Return (status, attempts)."""
    with connection.cursor() as cursor:
        cursor.execute("select status::text, attempts from procrastinate_jobs where id = %s", [job_id])
        status, attempts = cursor.fetchone()
        return str(status), int(attempts)


def test_reaper_puts_the_job_of_a_dead_worker_back(at: datetime) -> None:
    lost = job(held_by=worker(silent_for=DEAD, at=at))
    assert reap_stalled_jobs(at) == "1 put back, 0 given up"
    assert status_of(lost) == ("todo", 1)


def test_reaper_puts_the_job_of_a_forgotten_worker_back(at: datetime) -> None:
    lost = job(held_by=None)
    reap_stalled_jobs(at)
    assert status_of(lost) == ("todo", 1)


def test_reaper_leaves_a_living_worker_alone(at: datetime) -> None:
    held = job(held_by=worker(silent_for=ALIVE, at=at))
    waiting, failed = job("todo"), job("failed")
    assert reap_stalled_jobs(at) == "0 put back, 0 given up"
    assert [status_of(one) for one in (held, waiting, failed)] == [("doing", 0), ("todo", 0), ("failed", 0)]


def test_reaper_gives_up_a_job_whose_twin_waits_already(at: datetime) -> None:
    """Putting both back would break the rule of one waiting job for each queueing lock."""
    lost = job(held_by=worker(silent_for=DEAD, at=at), queueing_lock="nightly")
    twin = job("todo", queueing_lock="nightly")
    other = job(held_by=None, queueing_lock="weekly")
    assert reap_stalled_jobs(at) == "1 put back, 1 given up"
    assert [status_of(one)[0] for one in (lost, twin, other)] == ["aborted", "todo", "todo"]


def test_reaper_gives_up_the_second_of_two_lost_twins(at: datetime) -> None:
    first, second = job(queueing_lock="nightly"), job(queueing_lock="nightly")
    reap_stalled_jobs(at)
    assert [status_of(one)[0] for one in (first, second)] == ["todo", "aborted"]


def test_round_leaves_a_green_heartbeat_with_the_database_s_time() -> None:
    assert run_round(spec(lambda at: "all well"))
    beat = Heartbeat.objects.get(name="trial")
    assert (beat.ok, beat.detail) == (True, "all well")
    assert abs(beat.at - clock.database_now()) < timedelta(seconds=5)


def test_failing_round_leaves_a_red_heartbeat_and_says_so(at: datetime) -> None:
    def fail(at: datetime) -> str:
        raise LookupError("13800138000")

    with pytest.raises(LookupError):
        run_round(spec(fail), at=at)
    beat = Heartbeat.objects.get(name="trial")
    assert (beat.ok, beat.detail, beat.at) == (False, "LookupError", at)
    assert run_round(spec(lambda at: ""), at=at + timedelta(seconds=5))
    assert Heartbeat.objects.get(name="trial").ok


def test_round_runs_one_at_a_time_across_connections(committed: None, at: datetime) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(at: datetime) -> str:
        inside.set()
        assert go_on.wait(10)
        return "slow"

    first = Elsewhere(lambda: run_round(spec(slow), at=at))
    assert inside.wait(10)
    assert not run_round(spec(lambda at: "second"), at=at)
    go_on.set()
    assert first.result() is True
    assert Heartbeat.objects.get(name="trial").detail == "slow"
    assert run_round(spec(lambda at: "third"), at=at)


def test_round_that_failed_lets_the_next_one_in(committed: None, at: datetime) -> None:
    def fail(at: datetime) -> str:
        raise LookupError

    def failing() -> None:
        with pytest.raises(LookupError):
            run_round(spec(fail), at=at)
        # The connection stays open: the lock must not depend on its end.
        assert Elsewhere(lambda: run_round(spec(lambda at: ""), at=at)).result() is True

    Elsewhere(failing).result()


def test_round_of_a_killed_worker_is_free_again_when_its_lease_has_ended(at: datetime) -> None:
    run_round(spec(lambda at: ""), at=at)
    Heartbeat.objects.update(busy_until=clock.database_now() + timedelta(seconds=jobs.BUSY_SECONDS))
    assert not run_round(spec(lambda at: ""), at=at)
    Heartbeat.objects.update(busy_until=clock.database_now() - timedelta(seconds=1))
    assert run_round(spec(lambda at: ""), at=at)


def test_round_that_outlived_its_lease_leaves_its_twins_alone(at: datetime) -> None:
    theirs = clock.database_now() + timedelta(seconds=jobs.BUSY_SECONDS)

    def slow(at: datetime) -> str:
        Heartbeat.objects.update(busy_until=theirs, at=at + timedelta(seconds=31), detail="the twin's")
        return "too late"

    run_round(spec(slow), at=at)
    beat = Heartbeat.objects.get(name="trial")
    assert (beat.busy_until, beat.detail) == (theirs, "the twin's")


def test_round_that_outlived_its_lease_leaves_its_heartbeat_while_its_twin_is_at_work(at: datetime) -> None:
    theirs = clock.database_now() + timedelta(seconds=jobs.BUSY_SECONDS)

    def slow(at: datetime) -> str:
        Heartbeat.objects.update(busy_until=theirs)
        return "done in the end"

    run_round(spec(slow), at=at)
    beat = Heartbeat.objects.get(name="trial")
    assert (beat.at, beat.ok, beat.detail, beat.busy_until) == (at, True, "done in the end", theirs)


def test_failed_job_turns_health_red_until_it_is_tried_again(at: datetime) -> None:
    lost = job("failed")
    with pytest.raises(jobs.JobsFailed, match="1 jobs failed"):
        jobs.report_failed_jobs(at)
    assert [row[0] for row in jobs.failed_jobs()] == [lost]
    assert jobs.retry_failed([lost + 1]) == 0
    assert jobs.retry_failed() == 1
    assert status_of(lost) == ("todo", 1)
    assert jobs.report_failed_jobs(at) == "none failed"


@pytest.mark.parametrize("status", ["todo", "doing"])
def test_job_that_waits_or_hangs_for_over_a_minute_turns_health_red(status: str) -> None:
    now = clock.database_now()
    job(status)
    assert jobs.report_late_jobs(now + timedelta(seconds=59)) == "none late"
    with pytest.raises(jobs.JobsLate, match="1 jobs are late"):
        jobs.report_late_jobs(now + timedelta(seconds=62))


def test_job_that_waits_for_its_next_try_is_not_late() -> None:
    now = clock.database_now()
    waiting = job("todo")
    with connection.cursor() as cursor:
        retry_at = now + timedelta(minutes=3)
        cursor.execute(
            "update procrastinate_jobs set scheduled_at = %s where id = %s returning id", [retry_at, waiting]
        )
    assert jobs.report_late_jobs(now + timedelta(minutes=3, seconds=59)) == "none late"
    with pytest.raises(jobs.JobsLate):
        jobs.report_late_jobs(now + timedelta(minutes=4, seconds=1))


def test_health_watches_every_round() -> None:
    assert set(SILENT_AFTER) == set(jobs.rounds())
