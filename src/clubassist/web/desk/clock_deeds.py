"""Letting a clock of a case stand still and go on, from its page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from clubassist.core.refusal import Missing
from clubassist.domain.cases import actions
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.club.queries import policy_of
from clubassist.web.desk import forms
from clubassist.web.desk.case_deeds import do
from clubassist.web.desk.case_page import visible
from clubassist.web.desk.page import said
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest


def _clock(case: Case, pk: int) -> Clock:
    clock = case.clocks.filter(pk=pk).first()
    if clock is None:
        raise Missing
    return clock


@staff("case.pause", methods=("POST",))
def pause(request: SignedRequest, number: str, pk: int) -> HttpResponse:
    """Let a clock stand still."""
    case = visible(request, number)
    clock = _clock(case, pk)
    deadline = policy_of(tuple(case.pack_versions)).deadline(clock.deadline)
    reasons = [(row.code, said(row.title)) for row in deadline.pauses] if deadline else []
    form = forms.PauseForm(request.POST, auto_id=f"pause_{pk}_%s", reasons=reasons)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.pause_clock(
            clock=clock,
            reason=given["reason"],
            evidence=given["evidence"],
            seen=given["seen"],
            actor=request.actor,
            at=at,
        )

    return do(request, case, f"pause-{pk}", form, act, _("The clock stands still"))


@staff("case.pause", methods=("POST",))
def resume(request: SignedRequest, number: str, pk: int) -> HttpResponse:
    """Let a clock go on."""
    case, form = visible(request, number), forms.SeenForm(request.POST)
    clock = _clock(case, pk)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.resume_clock(clock=clock, seen=given["seen"], actor=request.actor, at=at)

    return do(request, case, "resume", form, act, _("The clock goes on; the member is told the new time"))
