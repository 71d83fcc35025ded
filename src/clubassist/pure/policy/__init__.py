"""Regulations as data: packs are loaded, checked and merged into the policy in force at a club."""

from clubassist.pure.policy.carriers import Carrier
from clubassist.pure.policy.check import check
from clubassist.pure.policy.coverage import coverage
from clubassist.pure.policy.lint import Finding, Severity, lint
from clubassist.pure.policy.load import load_pack, pack_hash, shipped_names, shipped_pack
from clubassist.pure.policy.merge import merge
from clubassist.pure.policy.policy import Policy, UnknownKind
from clubassist.pure.policy.problems import PackError, Problem
from clubassist.pure.policy.schema import (
    Clause,
    Deadline,
    Kind,
    Measure,
    Notice,
    Pack,
    Playbook,
    Stage,
    Statement,
    Task,
)
from clubassist.pure.policy.terms import Department, Duration, Gate, Quantity, Role, Text, Urgency
from clubassist.pure.policy.triage_rows import Emotion, TriageRule, Vocabulary
from clubassist.pure.policy.wording import statement_words

__all__ = [
    "Carrier",
    "Clause",
    "Deadline",
    "Department",
    "Duration",
    "Emotion",
    "Finding",
    "Gate",
    "Kind",
    "Measure",
    "Notice",
    "Pack",
    "PackError",
    "Playbook",
    "Policy",
    "Problem",
    "Quantity",
    "Role",
    "Severity",
    "Stage",
    "Statement",
    "Task",
    "Text",
    "TriageRule",
    "UnknownKind",
    "Urgency",
    "Vocabulary",
    "check",
    "coverage",
    "lint",
    "load_pack",
    "merge",
    "pack_hash",
    "shipped_names",
    "shipped_pack",
    "statement_words",
]
