"""Everything that can be done with a case; each function is one write with its facts."""

from clubassist.domain.cases.actions.answering import accept_offer, decline_offer, tell_routes
from clubassist.domain.cases.actions.assessing import assess
from clubassist.domain.cases.actions.assigning import assign, promise_contact
from clubassist.domain.cases.actions.attaching import open_file
from clubassist.domain.cases.actions.complexity import ask_complex, decide_complex
from clubassist.domain.cases.actions.departments import (
    acknowledge_task,
    ask_department,
    assign_task,
    send_task,
)
from clubassist.domain.cases.actions.ending import close, resolve
from clubassist.domain.cases.actions.following_up import log_follow_up, member_confirms, member_objects
from clubassist.domain.cases.actions.linking import link_cases, unlink_cases
from clubassist.domain.cases.actions.looking import look_up
from clubassist.domain.cases.actions.merging import merge_cases
from clubassist.domain.cases.actions.offering import (
    Choice,
    approve_offer,
    make_offer,
    send_offer,
    withdraw_offer,
)
from clubassist.domain.cases.actions.opening import Opened, Report, complete_facts, open_case
from clubassist.domain.cases.actions.pausing import pause_clock, resume_clock
from clubassist.domain.cases.actions.reclassifying import reclassify
from clubassist.domain.cases.actions.replanning import Plan, digest_of, preview_replan, replan, replan_case
from clubassist.domain.cases.actions.reporting import read_report, write_report
from clubassist.domain.cases.actions.stages import complete_task, skip_task
from clubassist.domain.cases.actions.talking import add_note, log_call, member_writes, reply
from clubassist.domain.cases.actions.unmerging import unmerge_cases
from clubassist.domain.cases.actions.verifying import add_evidence, sign_finding, write_finding

__all__ = [
    "Choice",
    "Opened",
    "Plan",
    "Report",
    "accept_offer",
    "acknowledge_task",
    "add_evidence",
    "add_note",
    "approve_offer",
    "ask_complex",
    "ask_department",
    "assess",
    "assign",
    "assign_task",
    "close",
    "complete_facts",
    "complete_task",
    "decide_complex",
    "decline_offer",
    "digest_of",
    "link_cases",
    "log_call",
    "log_follow_up",
    "look_up",
    "make_offer",
    "member_confirms",
    "member_objects",
    "member_writes",
    "merge_cases",
    "open_case",
    "open_file",
    "pause_clock",
    "preview_replan",
    "promise_contact",
    "read_report",
    "reclassify",
    "replan",
    "replan_case",
    "reply",
    "resolve",
    "resume_clock",
    "send_offer",
    "send_task",
    "sign_finding",
    "skip_task",
    "tell_routes",
    "unlink_cases",
    "unmerge_cases",
    "withdraw_offer",
    "write_finding",
    "write_report",
]
