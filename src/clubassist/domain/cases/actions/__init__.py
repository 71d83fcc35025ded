"""Everything that can be done with a case; each function is one write with its facts."""

from clubassist.domain.cases.actions.assigning import assign, promise_contact
from clubassist.domain.cases.actions.departments import (
    acknowledge_task,
    ask_department,
    assign_task,
    send_task,
)
from clubassist.domain.cases.actions.ending import close, resolve
from clubassist.domain.cases.actions.following_up import log_follow_up, member_confirms, member_objects
from clubassist.domain.cases.actions.opening import Opened, Report, complete_facts, open_case
from clubassist.domain.cases.actions.reporting import read_report, write_report
from clubassist.domain.cases.actions.stages import complete_task, skip_task
from clubassist.domain.cases.actions.talking import add_note, log_call, member_writes, reply

__all__ = [
    "Opened",
    "Report",
    "acknowledge_task",
    "add_note",
    "ask_department",
    "assign",
    "assign_task",
    "close",
    "complete_facts",
    "complete_task",
    "log_call",
    "log_follow_up",
    "member_confirms",
    "member_objects",
    "member_writes",
    "open_case",
    "promise_contact",
    "read_report",
    "reply",
    "resolve",
    "send_task",
    "skip_task",
    "write_report",
]
