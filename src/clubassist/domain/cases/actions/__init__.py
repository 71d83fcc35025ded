"""Everything that can be done with a case; each function is one write with its facts."""

from clubassist.domain.cases.actions.assigning import assign, promise_contact
from clubassist.domain.cases.actions.complexity import ask_complex, decide_complex
from clubassist.domain.cases.actions.ending import close, resolve
from clubassist.domain.cases.actions.opening import Opened, Report, complete_facts, open_case
from clubassist.domain.cases.actions.pausing import pause_clock, resume_clock
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
    "log_call",
    "member_writes",
    "open_case",
    "pause_clock",
    "promise_contact",
    "reply",
    "resolve",
    "resume_clock",
]
