"""Everything that can be done with a case; each function is one write with its facts."""

from clubassist.domain.cases.actions.assigning import assign, promise_contact
from clubassist.domain.cases.actions.complexity import ask_complex, decide_complex
from clubassist.domain.cases.actions.ending import close, resolve
from clubassist.domain.cases.actions.linking import link_cases, unlink_cases
from clubassist.domain.cases.actions.merging import merge_cases, unmerge_cases
from clubassist.domain.cases.actions.opening import Opened, Report, complete_facts, open_case
from clubassist.domain.cases.actions.pausing import pause_clock, resume_clock
from clubassist.domain.cases.actions.replanning import preview_replan, replan, replan_case
from clubassist.domain.cases.actions.stages import complete_task
from clubassist.domain.cases.actions.talking import add_note, log_call, member_writes, reply

__all__ = [
    "Opened",
    "Report",
    "add_note",
    "ask_complex",
    "assign",
    "close",
    "complete_facts",
    "complete_task",
    "decide_complex",
    "link_cases",
    "log_call",
    "member_writes",
    "merge_cases",
    "open_case",
    "pause_clock",
    "preview_replan",
    "promise_contact",
    "replan",
    "replan_case",
    "reply",
    "resolve",
    "resume_clock",
    "unlink_cases",
    "unmerge_cases",
]
