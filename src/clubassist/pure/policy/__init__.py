"""Regulations as data: packs are loaded, checked and merged into the policy in force at a club."""

from clubassist.pure.policy.check import check, coverage
from clubassist.pure.policy.load import load_pack, pack_hash, shipped_names, shipped_pack
from clubassist.pure.policy.merge import merge
from clubassist.pure.policy.policy import Carrier, Policy, UnknownKind
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

__all__ = [
    "Carrier",
    "Clause",
    "Deadline",
    "Department",
    "Duration",
    "Emotion",
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
    "load_pack",
    "merge",
    "pack_hash",
    "shipped_names",
    "shipped_pack",
]
