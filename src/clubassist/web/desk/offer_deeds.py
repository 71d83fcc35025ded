"""What is done to find out what is true and to agree on a remedy. See `case_deeds`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases import actions
from clubassist.domain.cases.models import Finding, Offer
from clubassist.domain.people.roles import DEPARTMENT_TASKS
from clubassist.web.desk import forms, offer_forms
from clubassist.web.desk.case_deeds import do
from clubassist.web.desk.case_page import in_sight, visible
from clubassist.web.desk.page import WORKS_ON_CASES
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest


def visible_offer(request: SignedRequest, pk: int) -> Offer:
    """Return the offer if the reader may see it. Raises Missing."""
    offer = Offer.objects.visible_to(request.actor).select_related("case__club").filter(pk=pk).first()
    if offer is None:
        raise Missing
    return offer


def visible_finding(request: SignedRequest, pk: int) -> Finding:
    """Return the finding if the reader may see it. Raises Missing."""
    rows = Finding.objects.visible_to(request.actor).select_related(
        "case__club", "department_by", "service_by"
    )
    finding = rows.filter(pk=pk).first()
    if finding is None:
        raise Missing
    return finding


@staff(WORKS_ON_CASES, methods=("POST",))
def evidence(request: SignedRequest, number: str) -> HttpResponse:
    """Keep a piece of evidence."""
    case = visible(request, number)
    form = offer_forms.EvidenceForm(request.POST, auto_id="evidence_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.add_evidence(case=case, actor=request.actor, at=at, **given)

    return do(request, case, "evidence", form, act, _("Evidence saved"))


@staff("case.sign", methods=("POST",))
def finding(request: SignedRequest, number: str) -> HttpResponse:
    """Write the finding."""
    case = visible(request, number)
    form = offer_forms.FindingForm(request.POST, auto_id="finding_%s", case=case)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.write_finding(case=case, actor=request.actor, at=at, **given)

    return do(request, case, "finding", form, act, _("Finding saved; now two people sign it"))


@staff(DEPARTMENT_TASKS, methods=("POST",))
def sign(request: SignedRequest, pk: int, side: str) -> HttpResponse:
    """Sign a finding; who heads the department in question signs without seeing the case."""
    row, at = visible_finding(request, pk), clock.now()
    there = ("desk_case", row.case.number) if in_sight(request, row.case.number) else ("desk_finding", pk)
    return _told(
        request,
        lambda: actions.sign_finding(finding=row, side=side, actor=request.actor, at=at),
        _("Signed"),
        *there,
    )


@staff("offer.make", methods=("POST",))
def offer(request: SignedRequest, number: str) -> HttpResponse:
    """Draw up an offer."""
    case = visible(request, number)
    form = offer_forms.OfferForm(request.POST, auto_id="offer_%s", case=case)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.make_offer(case=case, actor=request.actor, at=at, **given)

    return do(request, case, "offer", form, act, _("Offer drawn up; its costs are set aside"))


@staff("offer.make", methods=("POST",))
def send(request: SignedRequest, pk: int) -> HttpResponse:
    """Tell the member of an offer."""
    row = visible_offer(request, pk)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.send_offer(offer=row, actor=request.actor, at=at)

    return do(request, row.case, "send", forms.DeskForm(request.POST), act, _("The member is told"))


@staff("offer.make", methods=("POST",))
def answer(request: SignedRequest, pk: int) -> HttpResponse:
    """Write down what the member said to an offer on the phone or at the desk."""
    row = visible_offer(request, pk)
    form = offer_forms.AnswerForm(request.POST, auto_id="answer_%s", offer=row)

    def act(given: dict[str, Any], at: datetime) -> object:
        heard = {"channel": given["channel"], "words": given["text"], "actor": request.actor, "at": at}
        if given["answer"] == offer_forms.NO:
            return actions.decline_offer(offer=row, **heard)
        option = row.options.get(pk=given["answer"])
        return actions.accept_offer(offer=row, option=option, **heard)

    return do(request, row.case, "answer", form, act, _("Answer saved"))


@staff("offer.make", methods=("POST",))
def withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take an offer back."""
    row = visible_offer(request, pk)
    form = offer_forms.ReasonForm(request.POST, auto_id="withdraw_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.withdraw_offer(offer=row, actor=request.actor, at=at, **given)

    return do(request, row.case, "withdraw", form, act, _("Offer withdrawn"))


@staff("offer.approve", methods=("POST",))
def approve(request: SignedRequest, pk: int) -> HttpResponse:
    """Approve an offer above its maker's limit."""
    row, at = visible_offer(request, pk), clock.now()
    return _told(
        request,
        lambda: actions.approve_offer(offer=row, actor=request.actor, at=at),
        _("Approved"),
        "desk_approvals",
    )


@staff("offer.make", methods=("POST",))
def routes(request: SignedRequest, number: str) -> HttpResponse:
    """Tell the member who outside the club can help."""
    case = visible(request, number)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.tell_routes(case=case, actor=request.actor, at=at)

    return do(request, case, "routes", forms.DeskForm(request.POST), act, _("The member is told"))


def _told(
    request: SignedRequest, act: Callable[[], object], done: str, name: str, *args: Any
) -> HttpResponse:
    """Let `act` happen and say so, or what was refused, on the page where the reader was.

    Lets pass what the reader has no right to.
    """
    try:
        act()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal.mend))
    else:
        messages.success(request, done)
    return redirect(name, *args)
