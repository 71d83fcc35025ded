"""Cases, their clocks and alarms, stages and tasks, findings, offers, closing reports and follow-up calls."""

from clubassist.domain.cases.models.audit import AuditMark, ExpectedAlarm
from clubassist.domain.cases.models.case import EMOTIONS, NO_CLOCK, SILENT_AFTER, Case, State
from clubassist.domain.cases.models.clock import Alarm, Clock
from clubassist.domain.cases.models.finding import Evidence, Finding
from clubassist.domain.cases.models.follow_up import FollowUp, Try
from clubassist.domain.cases.models.offer import Offer, OfferState, Option
from clubassist.domain.cases.models.report import Report
from clubassist.domain.cases.models.stage import Stage, Task

__all__ = [
    "EMOTIONS",
    "NO_CLOCK",
    "SILENT_AFTER",
    "Alarm",
    "AuditMark",
    "Case",
    "Clock",
    "Evidence",
    "ExpectedAlarm",
    "Finding",
    "FollowUp",
    "Offer",
    "OfferState",
    "Option",
    "Report",
    "Stage",
    "State",
    "Task",
    "Try",
]
