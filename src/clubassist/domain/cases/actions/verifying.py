"""Finding out what is true: evidence, the finding, and the two signatures under it (B23)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.files import Received
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked, locked_by_pk
from clubassist.domain.cases.actions.attaching import attach
from clubassist.domain.cases.actions.departments import send
from clubassist.domain.cases.actions.stages import complete_gate, enter
from clubassist.domain.cases.actions.state import keep
from clubassist.domain.cases.actions.words import checked_words
from clubassist.domain.cases.clocks import stop
from clubassist.domain.cases.facts import EvidenceAdded, FindingSigned, FindingWritten
from clubassist.domain.cases.models import Case, Clock, Evidence, Finding, Task
from clubassist.domain.cases.models.finding import CONCLUSIONS, EVIDENCE
from clubassist.domain.cases.steps import stage_with
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Gate

LONGEST_EVIDENCE: Final = 500
LONGEST_SUMMARY: Final = 4_000
NOT_YOURS: Final = {
    "department": _("The head of the department signs this."),
    "service": _("Customer service signs this."),
}
SIDES: Final = {"department": Gate.SIGNED_BY_DEPARTMENT, "service": Gate.SIGNED_BY_SERVICE}


@action
def add_evidence(
    *, case: Case, kind: str, words: str, files: Sequence[Received] = (), actor: Actor, at: datetime
) -> Evidence:
    """Keep a piece of evidence, with files or without; the first one completes the step that asks for it (B23).

    Records EvidenceAdded, behind FileAttached for each file. Raises Missing, Refused naming the field.
    """
    if kind not in EVIDENCE:
        raise Refused("kind-unknown", field="kind", mend=_("Choose one of: %s.") % ", ".join(EVIDENCE))
    words = checked_words(words, LONGEST_EVIDENCE, field="words", needed=_("Say what it shows."))
    case = locked(case, actor=actor, permission="case.note")
    row = Evidence.objects.create(case=case, kind=kind, words=words, by_id=actor.account, at=at)
    attach(case, files, evidence=row, actor=actor, at=at)
    fact = EvidenceAdded(case_id=case.pk, evidence_id=row.pk, kind=kind)
    record(fact, actor=actor, at=at, scope=case.club_id)
    complete_gate(case, Gate.EVIDENCE, actor=actor, at=at)
    keep(case)
    return row


@action
def write_finding(
    *,
    case: Case,
    conclusion: str,
    summary: str,
    department: str,
    actor: Actor,
    at: datetime,
    seen: int | None = None,
) -> Finding:
    """Write down what we hold to be true and which department it concerns; its head is asked to sign (B23).

    What stood there before is replaced. With it go the signatures under it, and the case goes back to be verified
    where it had moved on. Records FindingWritten, and TaskSent where the department had not been asked or had signed
    what stood there. Raises Missing, Refused naming the field, without evidence, and while an offer rests on the
    finding, Conflict by `seen`.
    """
    if conclusion not in CONCLUSIONS:
        mend = _("Choose one of: %s.") % ", ".join(CONCLUSIONS)
        raise Refused("conclusion-unknown", field="conclusion", mend=mend)
    needed = _("Say what was found out.")
    summary = checked_words(summary, LONGEST_SUMMARY, field="summary", needed=needed)
    case = locked(case, actor=actor, permission="case.sign", seen=seen)
    _check_time(case, department)
    voided, stopped = _replace(case, department, actor=actor, at=at)
    row = Finding.objects.create(
        case=case,
        conclusion=conclusion,
        summary=summary,
        department=department,
        written_by_id=actor.account,
        written_at=at,
    )
    fact = FindingWritten(
        case_id=case.pk,
        finding_id=row.pk,
        conclusion=conclusion,
        department=department,
        voided=voided,
        stopped=stopped,
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    asked = Task.objects.open().filter(
        case=case, stage__left_at__isnull=True, gate=Gate.SIGNED_BY_DEPARTMENT, sent_at__isnull=True
    )
    for task in asked:
        send(case, task, department, "", actor=actor, at=at)
    keep(case)
    return row


def _check_time(case: Case, department: str) -> None:
    """Raise Refused where a finding has no place, or nothing to rest on."""
    policy = policy_of(tuple(case.pack_versions))
    if department not in policy.departments:
        mend = _("Choose one of: %s.") % ", ".join(policy.departments)
        raise Refused("department-unknown", field="department", mend=mend)
    stages = [stage.id for stage in policy.playbook(case.kind).stages]
    verify = stage_with(case, Gate.SIGNED_BY_SERVICE)
    if verify is None or stages.index(case.stage) < stages.index(verify.id):
        raise Refused("not-verifying", mend=_("The steps before are still to be taken."))
    if not Evidence.objects.filter(case__in=Case.objects.of_matter(case)).exists():
        raise Refused(
            "evidence-missing", mend=_("Add what it rests on first: a photo, a record, an account.")
        )
    decide = stage_with(case, Gate.OFFER_ACCEPTED)
    agreed = decide is not None and stages.index(case.stage) > stages.index(decide.id)
    resting = ("", "accepted") if agreed else ("",)
    if case.resolved_at is not None or case.offers.filter(answer__in=resting).exists():
        raise Refused("finding-used", mend=_("An offer rests on this finding. Withdraw the offer first."))


def _replace(case: Case, department: str, *, actor: Actor, at: datetime) -> tuple[int, tuple[int, ...]]:
    """Void what stood there; return how many signatures go with it, and the clocks of a department asked in vain.

    The steps of signing are open again: in the present stage, or in that stage entered anew. The caller saves the case.
    """
    old = Finding.objects.standing().filter(case=case).first()
    if old is None:
        return 0, ()
    old.voided_at = at
    old.save(update_fields=["voided_at"])
    voided = (old.department_at is not None) + (old.service_at is not None)
    verify = stage_with(case, Gate.SIGNED_BY_SERVICE)
    if verify is not None and case.stage != verify.id:
        enter(case, verify, actor=actor, at=at)
        return voided, ()
    signing = Task.objects.filter(case=case, stage__left_at__isnull=True, gate__in=SIDES.values())
    signing.update(done_at=None, done_by=None)
    stopped: tuple[int, ...] = ()
    if department != old.department or old.department_at is not None:
        asked = signing.filter(gate=Gate.SIGNED_BY_DEPARTMENT)
        stopped = tuple(Clock.objects.running().filter(task__in=asked).values_list("pk", flat=True))
        stop(stopped, at=at)
        asked.update(sent_at=None, acknowledged_at=None, acknowledged_by=None, assignee=None)
    return voided, stopped


@action
def sign_finding(*, finding: Finding, side: str, actor: Actor, at: datetime) -> Finding:
    """Sign a finding for customer service, or as the head of the department in question (B23). Records FindingSigned.

    With both signatures, of two people, the case is verified. Raises Missing for a finding out of sight, Refused
    without the right, or for a second signature of one person, Conflict for one signed or replaced.
    """
    if side not in SIDES:
        raise Refused("side-unknown", field="side", mend=_("Choose one of: %s.") % ", ".join(SIDES))
    if not Finding.objects.visible_to(actor).filter(pk=finding.pk).exists():
        raise Missing
    case = locked_by_pk(finding.case_id)
    row = Finding.objects.get(pk=finding.pk)
    _check_signing(case, row, side, actor)
    setattr(row, f"{side}_by_id", actor.account)
    setattr(row, f"{side}_at", at)
    row.save(update_fields=[f"{side}_by", f"{side}_at"])
    fact = FindingSigned(case_id=case.pk, finding_id=row.pk, side=side)
    record(fact, actor=actor, at=at, scope=case.club_id)
    complete_gate(case, SIDES[side], actor=actor, at=at)
    keep(case)
    return row


def _check_signing(case: Case, row: Finding, side: str, actor: Actor) -> None:
    if actor.machine or not rules.may_sign(actor, row, side, case):
        raise Refused("not-allowed", mend=NOT_YOURS[side], status=403)
    if row.voided_at is not None:
        raise Conflict(
            "finding-replaced", mend=_("The finding was changed meanwhile. Read it and sign the new one.")
        )
    if getattr(row, f"{side}_at") is not None:
        raise Conflict("finding-signed", mend=_("This was signed already."))
    if actor.account in (row.department_by_id, row.service_by_id):
        mend = _("Two different people sign. Ask a colleague for the second signature.")
        raise Refused("signed-by-you", mend=mend)
