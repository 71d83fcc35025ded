"""Deeds on the matter as a whole: its kind, the longer limit, merging, links. Each address is one action."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases import actions
from clubassist.domain.cases.models import Case, ComplexityRequest, Link, Merge
from clubassist.domain.cases.queries import case_by_number
from clubassist.web.desk import forms
from clubassist.web.desk.case_deeds import do
from clubassist.web.desk.case_page import visible
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest


@staff("case.assign", methods=("POST",))
def assess(request: SignedRequest, number: str) -> HttpResponse:
    """Confirm that the case is filed rightly."""
    case, form = visible(request, number), forms.SeenForm(request.POST)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.assess(case=case, seen=given["seen"], actor=request.actor, at=at)

    return do(request, case, "assess", form, act, _("Kind and urgency confirmed"))


@staff("case.ask_complex", methods=("POST",))
def ask_complex(request: SignedRequest, number: str) -> HttpResponse:
    """Ask a manager for the longer limit."""
    case, form = visible(request, number), forms.AskComplexForm(request.POST, auto_id="complex_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.ask_complex(
            case=case, reason=given["reason"], seen=given["seen"], actor=request.actor, at=at
        )

    return do(request, case, "complex", form, act, _("Asked; the managers are told"))


@staff("case.approve_complex", methods=("POST",))
def decide_complex(request: SignedRequest, number: str, pk: int) -> HttpResponse:
    """Approve the longer limit or refuse it."""
    case, form = visible(request, number), forms.DecideComplexForm(request.POST, auto_id="decide_%s")
    asked = ComplexityRequest.objects.filter(case=case, pk=pk).first()
    if asked is None:
        raise Missing

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.decide_complex(
            request=asked,
            approve=given["approve"],
            remark=given["remark"],
            seen=given["seen"],
            actor=request.actor,
            at=at,
        )

    return do(request, case, "decide", form, act, _("Decided"))


def _named(request: SignedRequest, number: str, field: str) -> Case:
    """Return the case that somebody named on a form. Raises Refused at the field for one out of sight."""
    found = case_by_number(number, actor=request.actor)
    if found is None:
        raise Refused("case-unknown", field=field, mend=_("You see no case with this number. Check it."))
    return found


@staff("case.link", methods=("POST",))
def merge(request: SignedRequest, number: str) -> HttpResponse:
    """Let another case go on with this matter."""
    case, form = visible(request, number), forms.MergeForm(request.POST, auto_id="merge_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        into = _named(request, given["into"], "into")
        return actions.merge_cases(case=case, into=into, seen=given["seen"], actor=request.actor, at=at)

    return do(request, case, "merge", form, act, _("Merged: both numbers open this case"))


@staff("case.link", methods=("POST",))
def unmerge(request: SignedRequest, number: str, pk: int) -> HttpResponse:
    """Take a merge back."""
    case, form = visible(request, number), forms.SeenForm(request.POST)
    merged = Merge.objects.filter(kept=case, pk=pk).first()
    if merged is None:
        raise Missing

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.unmerge_cases(merge=merged, seen=given["seen"], actor=request.actor, at=at)

    return do(request, case, "unmerge", form, act, _("Both cases stand alone again"))


@staff("case.link", methods=("POST",))
def link(request: SignedRequest, number: str) -> HttpResponse:
    """Say how another case belongs to this one."""
    case, form = visible(request, number), forms.LinkForm(request.POST, auto_id="link_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        other = _named(request, given["other"], "other")
        return actions.link_cases(
            case=case, other=other, kind=given["kind"], seen=given["seen"], actor=request.actor, at=at
        )

    return do(request, case, "link", form, act, _("Linked"))


@staff("case.link", methods=("POST",))
def unlink(request: SignedRequest, number: str, pk: int) -> HttpResponse:
    """Take a link away."""
    case, form = visible(request, number), forms.DeskForm(request.POST)
    found = Link.objects.visible_to(request.actor).select_related("case").filter(pk=pk).first()
    if found is None or case.pk not in (found.case_id, found.other_id):
        raise Missing

    def act(_given: dict[str, Any], at: datetime) -> object:
        return actions.unlink_cases(link=found, actor=request.actor, at=at)

    return do(request, case, "unlink", form, act, _("Link removed"))
