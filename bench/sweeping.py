"""Sweep a database of many cases once with ten thousand alarms due and then with none; print what it took as JSON."""

from __future__ import annotations

import json
import time

import django

django.setup()

from django.db import connection  # noqa: E402 - Django must be set up first

from clubassist.core import clock, jobs  # noqa: E402

DUE = 10_000
RUNNING = 200_000

# All alarms of the running clocks lie ahead; those of the clocks to come due have passed their first level.
_AHEAD = """
update cases_clock set raised = 0, next_alarm_at = now() + interval '1 day' + (id % 86400) * interval '1 s',
    alarms_at = array(select now() + interval '1 day' + n * interval '1 h'
                      from generate_series(1, cardinality(levels)) n)
where met_at is null and stopped_at is null
"""
_STOP = """
update cases_clock set stopped_at = now() where met_at is null and stopped_at is null and id not in (
    select id from cases_clock where met_at is null and stopped_at is null order by id limit %s)
"""
_DUE = """
update cases_clock set next_alarm_at = now() - interval '1 s', alarms_at[1] = now() - interval '1 s'
where id in (select id from cases_clock c where met_at is null and stopped_at is null and cardinality(levels) > 1
             and not exists (select from cases_alarm a where a.clock_id = c.id) order by hashint8(id) limit %s)
"""
_SPREAD = """
select coalesce(max(jsonb_array_length(data->'alarms')), 0), coalesce(sum(jsonb_array_length(data->'alarms')), 0)
from core_entry where fact = 'AlarmsRaised' and id > %s
"""


def main() -> None:
    """Sweep and print."""
    sweep = jobs.rounds()["sweep"]
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD)
        cursor.execute(_STOP, [RUNNING])
        cursor.execute(_DUE, [DUE])
        cursor.execute("vacuum analyze cases_clock")
        cursor.execute("select coalesce(max(id), 0) from core_entry")
        (last,) = cursor.fetchone()
        cursor.execute("select count(*) from cases_clock where met_at is null and stopped_at is null")
        (running,) = cursor.fetchone()
        assert running == RUNNING, f"{running} clocks run"
        cursor.execute("select count(*) from cases_alarm")
        (before,) = cursor.fetchone()
    sweep.run(
        clock.database_now().replace(year=2000)
    )  # warms the connection and the code; nothing was due then
    due = _timed(lambda: sweep.run(clock.database_now()))
    none = min(_timed(lambda: sweep.run(clock.database_now())) for _ in range(5))
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from cases_alarm")
        (after,) = cursor.fetchone()
        cursor.execute(_SPREAD, [last])
        most, told = cursor.fetchone()
    assert told == after - before, f"{told} told of {after - before}"
    print(json.dumps({"due": due, "none": none, "alarms": after - before, "wanted": DUE, "most": most}))


def _timed(work: object) -> float:
    assert callable(work)
    begun = time.perf_counter()
    work()
    return round(time.perf_counter() - begun, 5)


main()
