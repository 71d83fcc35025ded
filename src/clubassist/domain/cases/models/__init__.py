"""Cases, their judgement, clocks and alarms, stages and tasks, findings, offers, reports and follow-up calls."""

from clubassist.domain.cases.models.assessment import Assessment
from clubassist.domain.cases.models.attachment import Attachment
from clubassist.domain.cases.models.audit import AuditMark, ExpectedAlarm
from clubassist.domain.cases.models.case import EMOTIONS, NO_CLOCK, SILENT_AFTER, Case, State
from clubassist.domain.cases.models.case_words import CaseWords
from clubassist.domain.cases.models.clock import Alarm, Clock
from clubassist.domain.cases.models.complexity import ComplexityRequest
from clubassist.domain.cases.models.finding import Evidence, Finding
from clubassist.domain.cases.models.follow_up import FollowUp, Try
from clubassist.domain.cases.models.link import Link, LinkKind, Merge
from clubassist.domain.cases.models.offer import Offer, OfferState, Option
from clubassist.domain.cases.models.pause import Pause
from clubassist.domain.cases.models.report import Report
from clubassist.domain.cases.models.stage import Stage, Task

__all__ = [
    "EMOTIONS",
    "NO_CLOCK",
    "SILENT_AFTER",
    "Alarm",
    "Assessment",
    "Attachment",
    "AuditMark",
    "Case",
    "CaseWords",
    "Clock",
    "ComplexityRequest",
    "Evidence",
    "ExpectedAlarm",
    "Finding",
    "FollowUp",
    "Link",
    "LinkKind",
    "Merge",
    "Offer",
    "OfferState",
    "Option",
    "Pause",
    "Report",
    "Stage",
    "State",
    "Task",
    "Try",
]
