"""What runs again and again: the sweep and its auditor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from clubassist.core.jobs import every
from clubassist.domain.cases.auditor import Alarms, audit, last_read
from clubassist.domain.cases.sweep import raise_due_alarms

BLIND_AFTER: Final = timedelta(minutes=3)


class AlarmsMissing(RuntimeError):
    """The auditor found alarms that should have been raised; the health check is red until they are."""


class AlarmsLate(RuntimeError):
    """The auditor found alarms raised over 60 s late; the health check is red for an hour after they came."""


class AuditorBlind(RuntimeError):
    """The auditor could not read the journal for minutes: writers never let it."""


@every(seconds=5, name="sweep")
def sweep(at: datetime) -> str:
    """Raise the alarms that are due."""
    return f"{raise_due_alarms(at)} raised"


@every(seconds=60, name="auditor")
def audit_alarms(at: datetime) -> str:
    """Recompute the alarms from the journal; raise AlarmsMissing, AlarmsLate or AuditorBlind."""
    found = audit(at)
    if found is None:
        read = last_read()
        if read is None or at - read > BLIND_AFTER:
            raise AuditorBlind("The journal could not be read for over three minutes.")
        return "busy"
    if found.missing.count:
        raise AlarmsMissing(f"{_named(found.missing)} not raised, over 60 s late")
    if found.late.count:
        raise AlarmsLate(f"{_named(found.late)} raised over 60 s late")
    return "all raised"


def _named(alarms: Alarms) -> str:
    return f"{alarms.count} alarms (clocks {', '.join(map(str, alarms.clocks))})"
