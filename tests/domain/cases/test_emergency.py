"""An emergency is told to everybody who works at the club, at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.domain.cases.models import Clock
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case
from tests.makers.people import make_account


@pytest.mark.parametrize("kind", ["emergency.injury", "emergency.illness"])
def test_everybody_at_the_club_is_told_at_once(
    club: Club, bo_account: Account, cy_account: Account, dee_account: Account, at: datetime, kind: str
) -> None:
    coach = make_account("coco", "coach", club)
    case = make_case(club, at=at, kind=kind)
    assert (case.urgency, Clock.objects.get(case=case).due_at) == ("emergency", at + timedelta(minutes=3))
    assert raise_due_alarms(at) == 1
    jobs.drain(at=at)
    told = StaffNotice.objects.filter(code="alarm-0", subject=case.number)
    assert set(told.values_list("account", flat=True)) == {bo_account.pk, cy_account.pk, coach.pk}


def test_who_reports_an_earlier_injury_wakes_nobody(club: Club, bo_account: Account, at: datetime) -> None:
    case = make_case(club, at=at, kind="emergency.injury", urgency="urgent")
    assert Clock.objects.get(case=case).due_at == at + timedelta(hours=4)
    assert raise_due_alarms(at) == 0
