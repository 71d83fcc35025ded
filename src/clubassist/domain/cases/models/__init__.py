"""Cases, their clocks and alarms, stages and tasks."""

from clubassist.domain.cases.models.audit import AuditMark, ExpectedAlarm
from clubassist.domain.cases.models.case import NO_CLOCK, SILENT_AFTER, Case, State
from clubassist.domain.cases.models.clock import Alarm, Clock
from clubassist.domain.cases.models.complexity import ComplexityRequest
from clubassist.domain.cases.models.link import Link, LinkKind, Merge
from clubassist.domain.cases.models.pause import Pause
from clubassist.domain.cases.models.stage import Stage, Task

__all__ = [
    "NO_CLOCK",
    "SILENT_AFTER",
    "Alarm",
    "AuditMark",
    "Case",
    "Clock",
    "ComplexityRequest",
    "ExpectedAlarm",
    "Link",
    "LinkKind",
    "Merge",
    "Pause",
    "Stage",
    "State",
    "Task",
]
