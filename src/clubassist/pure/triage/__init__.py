"""What a message seems to be about and how soon somebody must look: a proposal by rule, with its reasons."""

from clubassist.pure.triage.rules import Rules
from clubassist.pure.triage.triage import triage
from clubassist.pure.triage.verdict import Found, Reason, Verdict

__all__ = ["Found", "Reason", "Rules", "Verdict", "triage"]
