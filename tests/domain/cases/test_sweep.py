"""Alarms: raised once at each level, told to the ladder."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.domain.cases.actions import reply
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
    assert Alarm.objects.exclude(clock__promise="judged").count() == BATCH + 22
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
    assert not StaffNotice.objects.filter(kind="case", account=dee.account).exists()


def test_an_alarm_finds_the_next_rung_when_nobody_holds_the_first(
    club: Club, cy: Actor, at: datetime
) -> None:
    make_case(club, at=at)
    raise_due_alarms(at + timedelta(hours=12))
    jobs.drain(at=at + timedelta(hours=12))
    assert set(StaffNotice.objects.values_list("account_id", flat=True)) == {cy.account}
