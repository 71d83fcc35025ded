"""What the words of a report suggest, as the desk shows it: kind, urgency and why; a colleague decides (B19)."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from clubassist.core.actor import Actor
from clubassist.domain.cases import rules
from clubassist.domain.cases.models import Case, State
from clubassist.domain.cases.suggesting import suggestion
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Policy, Urgency
from clubassist.pure.triage import Verdict
from clubassist.web.desk.forms import URGENCY_WORDS
from clubassist.web.desk.page import said

MOST_REASONS: Final = 2


class Proposal(NamedTuple):
    """What the rules propose; `urgency` in words is empty for a matter that waits its turn.

    `fill` are the fields of the call form that taking it sets. `emergency` is the kind to alarm everybody with, empty
    where no word speaks of danger to life.
    """

    kind: str
    title: str
    urgency: str
    urgent: str
    reasons: list[str]
    fill: dict[str, Any]
    emergency: str

    @property
    def why(self) -> str:
        """Return the reasons as a note, for whoever takes the proposal."""
        return "; ".join(self.reasons)[:300]

    @property
    def fill_json(self) -> str:
        """Return `fill` as the page's script reads it."""
        return json.dumps(self.fill)


def proposal(text: str, versions: tuple[int, ...]) -> Proposal | None:
    """Return what the rules of these pack versions propose for the words, None where they propose no kind."""
    policy, verdict = policy_of(versions), suggestion(text, versions)
    if verdict.kind is None:
        return None
    urgency = _urgency(verdict, policy)
    return Proposal(
        kind=verdict.kind,
        title=said(policy.kind(verdict.kind).title),
        urgency=urgency,
        urgent="" if urgency == Urgency.NORMAL else str(URGENCY_WORDS[urgency]),
        reasons=_reasons(verdict),
        fill=_fill(verdict, policy),
        emergency=_alarm(verdict, policy),
    )


def _urgency(verdict: Verdict, policy: Policy) -> str:
    """Return the urgency that the kind may have: danger alone makes no emergency of a broken machine."""
    usual = policy.kind(verdict.kind or "").default_urgency
    known = (Urgency.NORMAL, Urgency.URGENT, usual)
    return str(verdict.urgency if verdict.urgency in known else Urgency.URGENT)


def _reasons(verdict: Verdict) -> list[str]:
    """Return the rules that led there with their words, those for the urgency first."""
    led = [one for one in verdict.reasons if one.found and one.rule.urgency == verdict.urgency]
    led += [one for one in verdict.reasons if one.found and one.rule.kind == verdict.kind]
    return list(dict.fromkeys(said(one.said) for one in led))[:MOST_REASONS]


def _fill(verdict: Verdict, policy: Policy) -> dict[str, Any]:
    kind = policy.kind(verdict.kind or "")
    fill: dict[str, Any] = {
        "kind": kind.code,
        "urgent": verdict.urgency != Urgency.NORMAL and verdict.urgency != kind.default_urgency,
    }
    if verdict.persons:
        fill["complained_of"] = verdict.persons[0][:120]
    if verdict.emotion != "calm":
        fill["emotion"] = verdict.emotion
    return fill


def _alarm(verdict: Verdict, policy: Policy) -> str:
    if verdict.urgency != Urgency.EMERGENCY:
        return ""
    alarming = [kind.code for kind in policy.kinds if kind.default_urgency == Urgency.EMERGENCY]
    return verdict.kind if verdict.kind in alarming else next(iter(alarming), "")


def judging(case: Case, *, actor: Actor) -> dict[str, Any]:
    """Return what a case's page asks while nobody has judged it: is it filed rightly, and what the words suggest."""
    waits = case.state == State.OPEN and case.assessed_at is None and rules.may(actor, "case.assign", case)
    found = proposal(case.narrative, tuple(case.pack_versions)) if waits else None
    return {
        "judge_waits": waits,
        "proposal": found,
        "differs": found is not None and (found.kind, found.urgency) != (case.kind, case.urgency),
        "urgency": URGENCY_WORDS.get(case.urgency, case.urgency),
    }
