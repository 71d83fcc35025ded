"""The sweep: due alarms are rows, looked for every few seconds; one statement marks up to 500 of them.

A clock that ended late, or stands still, owes the alarms it passed before: a worker that was away raises them when it
is back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection

from clubassist.core.action import action
from clubassist.core.actor import SYSTEM
from clubassist.core.journal import record
from clubassist.domain.cases.facts import AlarmsRaised

BATCH: Final = 500

_RAISE: Final = """
with due as (
    select id, raised, levels[raised + 1] as level, next_alarm_at
    from cases_clock
    where next_alarm_at <= %(at)s
    order by next_alarm_at
    limit %(batch)s
    for update skip locked
), moved as (
    update cases_clock c
    set raised = c.raised + 1,
        next_alarm_at = case
            when c.alarms_at[c.raised + 2] <= least(c.met_at, c.stopped_at, c.paused_at, 'infinity')
            then c.alarms_at[c.raised + 2]
        end
    from due where c.id = due.id
)
insert into cases_alarm (clock_id, level, due_at, raised_at)
select id, level, next_alarm_at, %(at)s from due
on conflict do nothing
returning clock_id, level
"""


def raise_due_alarms(at: datetime) -> int:
    """Raise every alarm due at `at`, batch by batch, each batch one commit with one AlarmsRaised fact.

    Safe beside other sweeps: rows are locked and skipped, and (clock, level) is unique. Returns how many.
    """
    total = 0
    while raised := raise_batch(at):
        total += raised
    return total


@action
def raise_batch(at: datetime) -> int:
    """Raise at most 500 due alarms; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, {"at": at, "batch": BATCH})
        alarms = tuple((int(clock), int(level)) for clock, level in cursor.fetchall())
    if alarms:
        record(AlarmsRaised(alarms=alarms), actor=SYSTEM, at=at, scope=None)
    return len(alarms)
