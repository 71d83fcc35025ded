"""Alarms: raised once at each level, told to the ladder, and audited from the journal."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.domain.cases.actions import reply
from clubassist.domain.cases.auditor import missing_alarms
from clubassist.domain.cases.jobs import AlarmsMissing, audit_alarms
from clubassist.domain.cases.models import Alarm, Clock
from clubassist.domain.cases.sweep import BATCH, raise_batch, raise_due_alarms
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.models import Club
from tests.makers.cases import make_case


def levels(clock: Clock) -> list[int]:
    return list(clock.alarms.order_by("level").values_list("level", flat=True))


@pytest.mark.req("F49")
def test_sweep_raises_each_level_once(club: Club, at: datetime) -> None:
    clock = make_case(club, at=at).clocks.get(promise="first_response")
    for hours, expected in [
        (11.9, []),
        (12, [50]),
        (18, [50, 75]),
        (24, [50, 75, 100]),
        (36, [50, 75, 100, 150]),
    ]:
        raise_due_alarms(at + timedelta(hours=hours))
        raise_due_alarms(at + timedelta(hours=hours))
        assert levels(clock) == expected


def test_sweep_leaves_met_clocks_alone(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    reply(case=case, text="在看。", actor=bo, at=at + timedelta(hours=1))
    raise_due_alarms(at + timedelta(hours=40))
    assert levels(case.clocks.get(promise="first_response")) == []


def test_sweep_takes_at_most_one_batch_at_a_time(club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    clock = case.clocks.get(promise="solution")
    clocks = [
        Clock(**{f.attname: getattr(clock, f.attname) for f in Clock._meta.fields if f.attname != "id"})
        for _ in range(BATCH + 20)
    ]
    for number, one in enumerate(clocks):
        one.promise = f"promise-{number}"
    Clock.objects.bulk_create(clocks)
    late = at + timedelta(hours=12)
    assert raise_batch(late) == BATCH
    raise_due_alarms(late)
    assert Alarm.objects.count() == BATCH + 22
    assert (
        max(
            len(data["alarms"])
            for data in Entry.objects.filter(fact="AlarmsRaised").values_list("data", flat=True)
        )
        <= BATCH
    )


def test_the_ladder_is_told_once(club: Club, bo: Actor, cy: Actor, dee: Actor, at: datetime) -> None:
    make_case(club, at=at, actor=bo)
    raise_due_alarms(at + timedelta(hours=24))
    jobs.drain(at=at + timedelta(hours=24))
    jobs.drain(at=at + timedelta(hours=24))
    told = StaffNotice.objects.filter(code="alarm-100")
    assert set(told.values_list("account_id", flat=True)) == {cy.account}
    assert StaffNotice.objects.filter(account=bo.account, code="alarm-50").count() == 2
    assert not StaffNotice.objects.filter(account=dee.account).exists()


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
    assert [(alarm.clock_id, alarm.level, alarm.due_at) for alarm in found] == [(clock.pk, 50, on_time)]
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
    assert levels(case.clocks.get()) == [50, 75, 100]
    assert missing_alarms(back) == []


def test_an_alarm_finds_the_next_rung_when_nobody_holds_the_first(
    club: Club, cy: Actor, at: datetime
) -> None:
    make_case(club, at=at)
    raise_due_alarms(at + timedelta(hours=12))
    jobs.drain(at=at + timedelta(hours=12))
    assert set(StaffNotice.objects.values_list("account_id", flat=True)) == {cy.account}
