"""The auditor: what the journal calls for against what it says was raised, whatever the rows say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.domain.cases import auditor
from clubassist.domain.cases.actions import reply
from clubassist.domain.cases.auditor import LATE, Alarms, audit
from clubassist.domain.cases.jobs import AlarmsLate, AlarmsMissing, AuditorBlind, audit_alarms
from clubassist.domain.cases.models import AuditMark, Clock, ExpectedAlarm
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.club.models import Club, OpeningWindow
from tests.core.ringing import Elsewhere
from tests.makers.cases import make_case
from tests.makers.clubs import by_opening_hours

pytestmark = pytest.mark.req("F49")
HOUR = timedelta(hours=1)


def missing_alarms(at: datetime) -> list[ExpectedAlarm]:
    """Return what the auditor misses at `at`."""
    found = audit(at)
    assert found is not None
    missing = ExpectedAlarm.objects.filter(due_at__lte=at - LATE, raised_at__isnull=True)
    alarms = list(missing.order_by("due_at", "pk"))
    assert found.missing == Alarms(len(alarms), tuple(alarm.clock for alarm in alarms[:10]))
    return alarms


def test_the_auditor_is_content_when_the_sweep_works(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    for hour in range(40):
        if hour == 13:
            reply(case=case, text="在看。", actor=bo, at=at + timedelta(hours=hour))
        raise_due_alarms(at + timedelta(hours=hour))
    assert missing_alarms(at + timedelta(hours=40)) == []


def test_the_auditor_finds_an_alarm_that_was_never_raised(club: Club, at: datetime) -> None:
    clock = make_case(club, at=at, kind="inquiry").clocks.get()
    on_time = at + timedelta(hours=12)
    assert missing_alarms(on_time + timedelta(seconds=59)) == []
    found = missing_alarms(on_time + timedelta(seconds=61))
    assert [(alarm.clock, alarm.level, alarm.due_at) for alarm in found] == [(clock.pk, 50, on_time)]
    with pytest.raises(AlarmsMissing):
        audit_alarms(on_time + timedelta(seconds=61))


def test_the_auditor_does_not_believe_the_clock_rows(club: Club, at: datetime) -> None:
    """A clock whose row was tampered with is still recomputed from what was recorded when it started."""
    clock = make_case(club, at=at, kind="inquiry").clocks.get()
    Clock.objects.filter(pk=clock.pk).update(next_alarm_at=None)
    raise_due_alarms(at + timedelta(hours=30))
    assert {alarm.level for alarm in missing_alarms(at + timedelta(hours=30))} == {50, 75, 100}


def test_a_clock_that_ended_late_still_raises_what_it_passed(club: Club, bo: Actor, at: datetime) -> None:
    """The worker was away: the reply came after 100 %, the alarms before it are raised when the worker is back."""
    case = make_case(club, at=at, kind="inquiry")
    reply(case=case, text="在看。", actor=bo, at=at + timedelta(hours=25))
    back = at + timedelta(hours=60)
    assert {alarm.level for alarm in missing_alarms(back)} == {50, 75, 100}
    raise_due_alarms(back)
    assert list(case.clocks.get().alarms.order_by("level").values_list("level", flat=True)) == [50, 75, 100]
    assert missing_alarms(back) == []


@pytest.mark.parametrize("hours", [(0, 1440), (480, 540)], ids=["longer", "shorter"])
def test_hours_changed_after_a_start_move_nothing(club: Club, at: datetime, hours: tuple[int, int]) -> None:
    """The hours of the start count: each alarm is missed from its own minute on, not sooner and not later."""
    by_opening_hours(club, target="8 h", at=at)
    clock = make_case(club, at=at, kind="inquiry").clocks.get()
    OpeningWindow.objects.filter(club=club).update(opens=hours[0], closes=hours[1])
    for alarm in clock.alarms_at:
        assert clock.pk not in {each.clock for each in missing_alarms(alarm + timedelta(seconds=59))}
        assert {each.due_at for each in missing_alarms(alarm + timedelta(seconds=60))} == {alarm}
        raise_due_alarms(alarm + timedelta(seconds=60))


def test_an_alarm_raised_late_is_red_for_an_hour_and_kept_for_good(club: Club, at: datetime) -> None:
    clock = make_case(club, at=at, kind="inquiry").clocks.get()
    came = at + 12 * HOUR + timedelta(seconds=61)
    raise_due_alarms(came)
    for later in (timedelta(0), HOUR):
        with pytest.raises(AlarmsLate):
            audit_alarms(came + later)
    assert audit_alarms(came + HOUR + timedelta(seconds=1)) == "all raised"
    entries = Entry.objects.filter(fact="AlarmsCameLate").values_list("data", flat=True)
    assert list(entries) == [{"alarms": [[clock.pk, 50, 61]]}]


def test_an_alarm_raised_in_time_is_not_late(club: Club, at: datetime) -> None:
    make_case(club, at=at, kind="inquiry")
    raise_due_alarms(at + 12 * HOUR + timedelta(seconds=60))
    assert audit_alarms(at + 12 * HOUR + timedelta(seconds=60)) == "all raised"


def test_a_promise_of_months_is_watched_to_its_end(club: Club, at: datetime) -> None:
    by_opening_hours(club, target="60 d", at=at)
    clock = make_case(club, at=at, kind="inquiry").clocks.get()
    for alarm in clock.alarms_at:
        assert missing_alarms(alarm) == []
        assert [each.level for each in missing_alarms(alarm + timedelta(seconds=60))] == [
            clock.levels[clock.alarms_at.index(alarm)]
        ]
        raise_due_alarms(alarm + timedelta(seconds=60))


def test_many_missing_alarms_are_counted_and_ten_of_them_fetched(club: Club, at: datetime) -> None:
    clocks = [make_case(club, at=at, kind="inquiry").clocks.get().pk for _ in range(12)]
    audit(at)
    with CaptureQueriesContext(connection) as asked, pytest.raises(AlarmsMissing) as found:
        audit_alarms(at + 13 * HOUR)
    first = ", ".join(map(str, clocks[:10]))
    assert str(found.value) == f"12 alarms (clocks {first}) not raised, over 60 s late"
    reads = [query["sql"] for query in asked if query["sql"].startswith('SELECT "cases_expectedalarm"')]
    assert len(reads) == 2
    assert all("LIMIT 10" in sql for sql in reads)


def test_raised_alarms_are_found_without_reading_those_to_come(club: Club, at: datetime) -> None:
    ahead = (ExpectedAlarm(clock=number, level=50, due_at=at + HOUR) for number in range(-20_000, 0))
    ExpectedAlarm.objects.bulk_create(ahead)
    with connection.cursor() as cursor:
        cursor.execute("analyze cases_expectedalarm")
        with CaptureQueriesContext(connection) as asked:
            auditor._forget(at)
        (delete,) = (query["sql"] for query in asked)
        cursor.execute(f"explain {delete}")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "expected_alarm_raised" in plan


def test_each_entry_is_read_once(club: Club, at: datetime) -> None:
    make_case(club, at=at)
    audit(at)
    read = AuditMark.objects.get().last_entry
    assert read == Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    make_case(club, at=at)
    audit(at)
    assert ExpectedAlarm.objects.values("clock").distinct().count() == Clock.objects.running().count()


def test_what_is_settled_is_forgotten(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, kind="inquiry")
    raise_due_alarms(at + 12 * HOUR)
    reply(case=case, text="在看。", actor=bo, at=at + 13 * HOUR)
    assert missing_alarms(at + 100 * HOUR) == []
    assert not ExpectedAlarm.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_journal_that_cannot_be_read_turns_it_red_after_three_minutes(at: datetime) -> None:
    assert audit_alarms(at) == "all raised"
    with psycopg.connect(**connection.get_connection_params()) as writer:
        writer.execute("lock table core_entry in row exclusive mode")
        assert audit_alarms(at + timedelta(minutes=3)) == "busy"
        with pytest.raises(AuditorBlind):
            audit_alarms(at + timedelta(minutes=3, seconds=1))


def test_an_answer_on_one_case_hides_nothing_of_another(club: Club, bo: Actor, at: datetime) -> None:
    silent, answered = (make_case(club, at=at, kind="inquiry") for _ in range(2))
    assert missing_alarms(at) == []
    reply(case=answered, text="在看。", actor=bo, at=at + HOUR)
    found = missing_alarms(at + timedelta(hours=13))
    assert {alarm.clock for alarm in found} == {silent.clocks.get().pk}


@pytest.mark.usefixtures("transactional_db")
def test_two_auditors_at_once_read_each_entry_once(
    club: Club, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit(at)  # the mark is there: inserting it would make the twin wait
    for _ in range(3):
        make_case(club, at=at, kind="inquiry")
    both, read = threading.Barrier(2), auditor._started

    def together(after: int, upto: int) -> Iterator[tuple[dict[str, Any], datetime]]:
        with suppress(threading.BrokenBarrierError):  # one waits for the other's commit and never gets here
            both.wait(1)
        return read(after, upto)

    monkeypatch.setattr(auditor, "_started", together)
    twins = [Elsewhere(lambda: audit(at)) for _ in range(2)]
    assert [twin.result() is not None for twin in twins] == [True, True]
    assert ExpectedAlarm.objects.count() == sum(len(clock.levels) for clock in Clock.objects.all())
