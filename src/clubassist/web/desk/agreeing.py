"""What a case's page shows of finding out what is true and of agreeing on a remedy."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet

from clubassist.core.actor import Actor
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.answering import routes_text
from clubassist.domain.cases.actions.holding import in_yuan
from clubassist.domain.cases.matters import finding_of
from clubassist.domain.cases.models import Attachment, Case, Evidence, Finding, Offer, OfferState, Option
from clubassist.domain.cases.queries import Timeline
from clubassist.domain.cases.steps import planned_stages, stage_with
from clubassist.domain.people.models import Account
from clubassist.pure.policy import Gate, Policy
from clubassist.web.desk import offer_forms
from clubassist.web.desk.forms import DeskForm
from clubassist.web.desk.page import said
from clubassist.web.desk.precedents import precedents
from clubassist.web.desk.rows import CHANNELS
from clubassist.web.shared.templatetags.sa import moment


class Signature(NamedTuple):
    """A line for one signature: who gave it and when, or whether the reader may give it now."""

    side: str
    by: str
    at: str
    may_sign: bool


class Round(NamedTuple):
    """An offer as the desk reads it; `may` are the deeds open to the reader now."""

    pk: int
    number: int
    state: str
    options: list[dict[str, Any]]
    line: str
    words: str
    may: frozenset[str]


def agreeing(case: Case, spoken: Timeline, *, policy: Policy, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return evidence, findings and offers of a case as its page shows them, with the forms. At most ten statements.

    Nothing for a kind whose playbook knows no offers.
    """
    if stage_with(case, Gate.OFFER_SENT) is None:
        return {"agreeing": False, "agree_forms": {}, "unstarted": False}
    open_still = not rules.is_finished(case) and case.resolved_at is None
    finding, offers = None, []
    merged = spoken.may_hold("CaseMerged")
    if merged or case.stage != planned_stages(case)[0].id:
        finding = finding_of(case)
        offers = _offers(case)
    current = next((offer for offer in offers if not offer.answer), None)
    may_offer = open_still and rules.may(actor, "offer.make", case)
    may_sign = open_still and rules.may(actor, "case.sign", case)
    verify = stage_with(case, Gate.SIGNED_BY_SERVICE)
    here = _offers_here(case)
    return {
        "agreeing": True,
        "verifying": verify is not None and case.stage == verify.id,
        "evidence": _evidence(case, actor, at) if merged or spoken.may_hold("EvidenceAdded") else [],
        "finding": finding_shown(finding, case, policy=policy, actor=actor, at=at) if finding else None,
        "offers": [_round(offer, case, policy=policy, actor=actor, at=at) for offer in offers],
        "may_evidence": open_still and rules.may(actor, "case.note", case),
        "may_write_finding": may_sign,
        "may_offer": may_offer and current is None and here,
        "precedents": precedents(case, policy=policy, actor=actor, at=at) if may_offer and here else None,
        "may_tell_routes": may_offer
        and case.routes_told_at is None
        and any(offer.answer == "declined" for offer in offers),
        "routes": routes_text(case),
        "routes_told": moment(case.routes_told_at, at) if case.routes_told_at else "",
        "unstarted": case.offers.agreed_without_tasks().exists() if offers and open_still else False,
        "agree_forms": _forms(case, finding, current),
    }


def _offers(case: Case) -> list[Offer]:
    rows = Offer.objects.filter(case__in=Case.objects.of_matter(case)).prefetch_related("options")
    return list(rows.select_related("made_by", "approved_by", "answered_by").order_by("-pk"))


def _offers_here(case: Case) -> bool:
    stage = stage_with(case, Gate.OFFER_SENT)
    return stage is not None and case.stage == stage.id


def _forms(case: Case, finding: Finding | None, current: Offer | None) -> dict[str, DeskForm]:
    initial = (
        {"conclusion": finding.conclusion, "summary": finding.summary, "department": finding.department}
        if finding
        else {}
    )
    forms: dict[str, DeskForm] = {
        "evidence": offer_forms.EvidenceForm(auto_id="evidence_%s"),
        "finding": offer_forms.FindingForm(initial=initial, auto_id="finding_%s", case=case),
        "offer": offer_forms.OfferForm(auto_id="offer_%s", case=case),
        "withdraw": offer_forms.ReasonForm(auto_id="withdraw_%s"),
    }
    if current is not None and current.state == OfferState.SENT:
        forms["answer"] = offer_forms.AnswerForm(auto_id="answer_%s", offer=current)
    return forms


def _evidence(case: Case, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "kind": offer_forms.EVIDENCE_WORDS[row.kind],
            "words": row.words,
            "by": row.by.name if row.by else "",
            "at": moment(row.at, at),
            "files": row.attachments.all(),
        }
        for row in evidence_of(case, actor)
    ]


def evidence_of(case: Case, actor: Actor) -> QuerySet[Evidence]:
    """Return the evidence of a matter, the oldest first, with the files that the reader may open. Two statements."""
    files = Prefetch("attachments", Attachment.objects.visible_to(actor))
    rows = Evidence.objects.filter(case__in=Case.objects.of_matter(case)).select_related("by")
    return rows.prefetch_related(files).order_by("pk")


def finding_shown(row: Finding, case: Case, *, policy: Policy, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return a finding as a page shows it, with its two signatures, and whether it is the case's own."""
    department = policy.departments.get(row.department)
    return {
        "pk": row.pk,
        "own": row.case_id == case.pk,
        "conclusion": offer_forms.CONCLUSION_WORDS[row.conclusion],
        "summary": row.summary,
        "department": said(department) if department else row.department,
        "signatures": [
            _signature(row, "department", row.department_by, row.department_at, case, actor, at),
            _signature(row, "service", row.service_by, row.service_at, case, actor, at),
        ],
    }


def _signature(
    row: Finding,
    side: str,
    by: Account | None,
    signed_at: datetime | None,
    case: Case,
    actor: Actor,
    at: datetime,
) -> Signature:
    fresh = (
        signed_at is None
        and row.case_id == case.pk
        and actor.account not in (row.department_by_id, row.service_by_id)
    )
    may = fresh and row.voided_at is None and rules.may_sign(actor, row, side, case)
    return Signature(side, by.name if by else "", moment(signed_at, at) if signed_at else "", may)


def _round(offer: Offer, case: Case, *, policy: Policy, actor: Actor, at: datetime) -> Round:
    may = set()
    if not rules.is_finished(case) and not offer.answer:
        makes = rules.may(actor, "offer.make", case)
        if offer.state == OfferState.AWAITING and rules.may(actor, "offer.approve", case):
            may |= {"approve"} if offer.made_by_id != actor.account else set()
        if makes and offer.state == OfferState.DRAFT:
            may.add("send")
        if makes and offer.state == OfferState.SENT:
            may.add("answer")
        if makes:
            may.add("withdraw")
    channel = CHANNELS.get(offer.answer_channel)
    parts = (
        offer.made_by.name,
        moment(offer.answered_at or offer.sent_at or offer.made_at, at),
        str(channel[1]) if channel else "",
        offer.answered_by.name if offer.answered_by else "",
    )
    return Round(
        pk=offer.pk,
        number=offer.round,
        state=offer.state,
        options=[option_shown(option, policy, club=case.club.code) for option in in_order(offer)],
        line=" · ".join(part for part in parts if part),
        words=offer.answer_words,
        may=frozenset(may),
    )


def in_order(offer: Offer) -> list[Option]:
    """Return the options of an offer in the order in which they are read."""
    return sorted(offer.options.all(), key=lambda option: option.position)


def option_shown(option: Option, policy: Policy, *, club: str) -> dict[str, Any]:
    """Return an option as a page shows it: words, remedy, cost in yuan, clause, who carries it out.

    `club` is the code of the club in whose book the clause stands.
    """
    remedy = policy.remedies.get(option.remedy)
    known = option.department in policy.departments
    return {
        "words": option.words,
        "remedy": said(remedy.title) if remedy else option.remedy,
        "cost": in_yuan(option.cost) if option.cost else "",
        "clause": option.clause,
        "club": club,
        "department": said(policy.departments[option.department]) if known else "",
        "chosen": option.chosen,
    }
