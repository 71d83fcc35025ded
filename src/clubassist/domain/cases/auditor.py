"""The auditor: recomputes from the journal alone which alarms should have been raised; says what is missing or late.

It shares nothing with the sweep but the facts and the arithmetic of working time (reliability B6): it believes no row
of a clock or an alarm, and opening hours changed later move nothing, for the fact of a clock's start carries the hours
of that moment. So it proves that every alarm the recorded promises call for was recorded as raised, and when. It does
not prove that the promise itself was the right one, nor the arithmetic (the minute walk of the tests does).

It reads each entry once, in the order of ids, as far as no lower id is in flight, and keeps only what it still expects:
a round costs what is new and what is open, however long the history and however long a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Window

from clubassist.core.action import action
from clubassist.core.actor import SYSTEM
from clubassist.core.journal import record
from clubassist.core.models import Entry
from clubassist.core.seal import settled_entry
from clubassist.domain.cases.facts import AlarmsCameLate
from clubassist.domain.cases.models import AuditMark, ExpectedAlarm
from clubassist.pure.worktime import Calendar, Interval, add_worktime

LATE: Final = timedelta(seconds=60)
SHOWN_LATE: Final = timedelta(hours=1)
BATCH: Final = 5_000
NAMED: Final = 10
STARTING: Final = (
    "CaseOpened",
    "CaseResolved",
    "CaseReopened",
    "TaskSent",
    "OfferAccepted",
    "OfferWithdrawn",
    "ClockResumed",
    "ComplexityDecided",
    "CaseMerged",
    "CaseUnmerged",
    "CaseReclassified",
    "CaseReplanned",
)
"""The facts with which clocks start or go on (`clocks`)."""
ENDING: Final = [
    "CaseReplied",
    "CaseResolved",
    "CaseClosed",
    "CaseReopened",
    "FindingWritten",
    "FollowUpTried",
    "FollowUpEnded",
    "RoutesTold",
    "OfferSent",
    "ReportWritten",
    "TaskAcknowledged",
    "TaskDone",
    "TaskSkipped",
    "ClockPaused",
    "ComplexityDecided",
    "CaseMerged",
    "CaseUnmerged",
    "CaseReclassified",
    "CaseReplanned",
]
"""The facts with which clocks end, kept (`met`) or not (`stopped`), or stand still."""
AGAIN: Final = ("CaseReopened", "OfferWithdrawn")
"""The facts with which a clock that had ended may go on: what came before one is taken in before it."""
TURNS: Final = ("ClockPaused", "ClockResumed", "CaseMerged", "CaseUnmerged", *AGAIN)
"""The facts after which the same clock may go on: what follows one is taken in after it."""

_ENDED: Final = """
delete from cases_expectedalarm expected
using core_entry entry,
    jsonb_array_elements(
        coalesce(entry.data -> 'met', '[]') || coalesce(entry.data -> 'stopped', '[]')
    ) as ended (clock_id)
where entry.id > %s and entry.id <= %s and entry.fact = any(%s)
    and expected.clock = ended.clock_id::bigint and expected.due_at > entry.at
"""
_RAISED: Final = """
update cases_expectedalarm expected
set raised_at = entry.at
from core_entry entry, jsonb_array_elements(entry.data -> 'alarms') as alarm (pair)
where entry.id > %s and entry.id <= %s and entry.fact = 'AlarmsRaised'
    and expected.clock = (alarm.pair ->> 0)::bigint and expected.level = (alarm.pair ->> 1)::int
returning expected.clock, expected.level, entry.at - expected.due_at
"""


@dataclass(frozen=True, slots=True)
class Alarms:
    """How many alarms, and the clocks of the first ten by due time."""

    count: int
    clocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Alarms that should have been raised by now and were not, and those raised too late within the last hour."""

    missing: Alarms
    late: Alarms


def audit(at: datetime) -> Findings | None:
    """Read what is new in the journal, then return what is missing or was late; None when the journal was too busy.

    Records AlarmsCameLate once for what it finds raised more than 60 s after it was due.
    """
    newest = settled_entry()
    if newest is None:
        return None
    while not _read_on(newest, at=at):
        pass
    overdue = ExpectedAlarm.objects.filter(due_at__lte=at - LATE)
    return Findings(
        _counted(overdue.filter(raised_at__isnull=True)), _counted(overdue.filter(raised_at__isnull=False))
    )


def _counted(alarms: QuerySet[ExpectedAlarm]) -> Alarms:
    """Count them all and fetch ten. One statement, however many there are after a worker was away."""
    found = list(alarms.order_by("due_at", "pk").values_list("clock", Window(Count("*")))[:NAMED])
    return Alarms(found[0][1] if found else 0, tuple(clock for clock, _count in found))


def last_read() -> datetime | None:
    """Return when the auditor last came up to date with the journal."""
    return AuditMark.objects.values_list("read_at", flat=True).first()


@action
def _read_on(newest: int, *, at: datetime) -> bool:
    """Take in one batch of entries up to `newest` in one commit; tell whether that was the last."""
    AuditMark.objects.get_or_create(pk=1, defaults={"last_entry": 0, "read_at": at})
    mark = AuditMark.objects.select_for_update().get(pk=1)  # a round's lease may run out: a twin waits here
    after = mark.last_entry
    if after > newest:
        return True
    upto = min(newest, after + BATCH)
    turns = Entry.objects.filter(pk__gt=after, pk__lte=upto, fact__in=TURNS).order_by("pk")
    ends = [
        end for pk, fact in turns.values_list("pk", "fact") for end in ((pk - 1,) * (fact in AGAIN) + (pk,))
    ]
    late: list[tuple[int, int, int]] = []
    for end in dict.fromkeys([*ends, upto]):
        late += _take_in(after, end)
        after = end
    _forget(at)
    if late:
        record(AlarmsCameLate(alarms=tuple(late)), actor=SYSTEM, at=at, scope=None)
    mark.last_entry, mark.read_at = upto, at
    mark.save()
    return upto >= newest


def _take_in(after: int, upto: int) -> list[tuple[int, int, int]]:
    """Take in entries, none of which lets a clock go on that ended among them; return the alarms raised late."""
    expected = [alarm for clock, at in _started(after, upto) for alarm in _alarms_of(clock, at)]
    ExpectedAlarm.objects.bulk_create(expected, batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, [after, upto, ENDING])
        cursor.execute(_RAISED, [after, upto])
        return [
            (clock, level, int(behind.total_seconds()))
            for clock, level, behind in cursor.fetchall()
            if behind > LATE
        ]


def _started(after: int, upto: int) -> Iterator[tuple[dict[str, Any], datetime]]:
    starting = Entry.objects.filter(pk__gt=after, pk__lte=upto, fact__in=STARTING)
    for data, at in starting.values_list("data", "at").iterator(chunk_size=2000):
        for clock in data.get("clocks", ()):
            yield clock, at


def _alarms_of(clock: dict[str, Any], at: datetime) -> Iterator[ExpectedAlarm]:
    """Yield the alarms of a clock that runs from `at` on; what it passed before is no longer expected."""
    calendar = Calendar.from_document(clock["hours"]) if clock.get("hours") else Calendar.always("UTC")
    started, target = datetime.fromisoformat(clock["started_at"]), timedelta(seconds=clock["seconds"])
    pauses = [Interval(*map(datetime.fromisoformat, pause)) for pause in clock.get("pauses", ())]
    for level in clock["levels"]:
        due = add_worktime(calendar, started, target * level / 100, pauses)
        if due >= at:
            yield ExpectedAlarm(clock=clock["clock_id"], level=level, due_at=due)


def _forget(at: datetime) -> None:
    """Drop what was raised in time, and what came late and has been shown for an hour."""
    raised = ExpectedAlarm.objects.filter(raised_at__isnull=False)
    raised.filter(Q(raised_at__lte=F("due_at") + LATE) | Q(raised_at__lt=at - SHOWN_LATE)).delete()
