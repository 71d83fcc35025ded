"""What runs again and again: the sweep and its auditor."""

from __future__ import annotations

from datetime import datetime

from clubassist.core.jobs import every
from clubassist.domain.cases.auditor import missing_alarms
from clubassist.domain.cases.sweep import raise_due_alarms


class AlarmsMissing(RuntimeError):
    """The auditor found alarms that should have been raised; the health check turns red."""


@every(seconds=5, name="sweep")
def sweep(at: datetime) -> str:
    """Raise the alarms that are due."""
    return f"{raise_due_alarms(at)} raised"


@every(seconds=60, name="auditor")
def audit_alarms(at: datetime) -> str:
    """Recompute the alarms from the journal; raise AlarmsMissing when one is over 60 s late."""
    missing = missing_alarms(at)
    if missing:
        clocks = ", ".join(str(alarm.clock_id) for alarm in missing[:10])
        raise AlarmsMissing(f"{len(missing)} alarms are over 60 s late (clocks {clocks})")
    return "all raised"
