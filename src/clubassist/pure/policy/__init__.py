"""Regulations as data: packs are loaded, checked and merged into the policy in force at a club."""

from clubassist.pure.policy.carriers import Carrier
from clubassist.pure.policy.changes import Fate, KeyChange, RowChange, changes
from clubassist.pure.policy.check import check, check_run
from clubassist.pure.policy.chinese import in_chinese
from clubassist.pure.policy.coverage import coverage
from clubassist.pure.policy.goal_rows import Aim, Goal
from clubassist.pure.policy.lines import lines_of
from clubassist.pure.policy.lint import Finding, Severity, lint
from clubassist.pure.policy.load import load_pack, read_pack, shipped_names, shipped_pack
from clubassist.pure.policy.merge import merge
from clubassist.pure.policy.policy import Policy, UnknownKind
from clubassist.pure.policy.problems import PackError, Problem
from clubassist.pure.policy.raci import Responsible, measures_owned, responsibilities
from clubassist.pure.policy.schema import (
    Clause,
    Deadline,
    Kind,
    Measure,
    Pack,
    Playbook,
    Stage,
    Statement,
    Subclass,
    Task,
)
from clubassist.pure.policy.spoken_rows import Notice, Phrase
from clubassist.pure.policy.terms import Department, Duration, Gate, Quantity, Role, Text, Urgency
from clubassist.pure.policy.triage_rows import Emotion, TriageRule, Vocabulary
from clubassist.pure.policy.wording import statement_words
from clubassist.pure.policy.write import pack_text

__all__ = [
    "Aim",
    "Carrier",
    "Clause",
    "Deadline",
    "Department",
    "Duration",
    "Emotion",
    "Fate",
    "Finding",
    "Gate",
    "Goal",
    "KeyChange",
    "Kind",
    "Measure",
    "Notice",
    "Pack",
    "PackError",
    "Phrase",
    "Playbook",
    "Policy",
    "Problem",
    "Quantity",
    "Responsible",
    "Role",
    "RowChange",
    "Severity",
    "Stage",
    "Statement",
    "Subclass",
    "Task",
    "Text",
    "TriageRule",
    "UnknownKind",
    "Urgency",
    "Vocabulary",
    "changes",
    "check",
    "check_run",
    "coverage",
    "in_chinese",
    "lines_of",
    "lint",
    "load_pack",
    "measures_owned",
    "merge",
    "pack_text",
    "read_pack",
    "responsibilities",
    "shipped_names",
    "shipped_pack",
    "statement_words",
]
