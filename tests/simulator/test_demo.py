"""The demo is a club that works: what the auditor recomputes from its journal was all raised, and in time."""

from __future__ import annotations

import pytest

from clubassist.core import clock
from clubassist.core.models import Entry
from clubassist.core.seal import broken_seals, seal_journal
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case
from clubassist.simulator.demo import seed_demo

pytestmark = [pytest.mark.django_db, pytest.mark.req("F49")]


def test_demo_rings_every_alarm_at_its_moment() -> None:
    seed_demo()
    found = audit(clock.now())
    assert found is not None
    assert (found.missing.count, found.late.count) == (0, 0)
    assert not Entry.objects.filter(fact="AlarmsCameLate").exists()
    assert Case.objects.count() >= 30
    seal_journal(clock.now())
    assert broken_seals(at=clock.now()) == []
