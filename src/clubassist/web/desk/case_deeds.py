"""What is done on a case: each address is one action. A refusal shows the case again with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.refusal import Missing
from clubassist.domain.cases import actions
from clubassist.domain.cases.models import Case, Task
from clubassist.web.desk import forms
from clubassist.web.desk.case_page import back_to, show, visible
from clubassist.web.desk.page import WORKS_ON_CASES
from clubassist.web.desk.phrases import with_phrase
from clubassist.web.shared.doors import staff
from clubassist.web.shared.once import once
from clubassist.web.shared.visitor import SignedRequest

Act = Callable[[dict[str, Any], datetime], object]


def do(
    request: SignedRequest, case: Case, name: str, form: forms.DeskForm, act: Act, done: str
) -> HttpResponse:
    """Let `act` happen with what the form holds; go back to the case and say so, or show what was refused.

    A form with a one-time key acts once, however often it is sent. Times are typed in the club's zone, as the case's
    page shows them.
    """
    at = clock.now()

    def run() -> int:
        act(form.cleaned_data, at)
        return case.pk

    with timezone.override(case.club.zone):
        result = form.attempt(
            lambda: once(request, run, form=name, at=at) if "once" in request.POST else run()
        )
    if result is None:
        return show(request, visible(request, case.number), at=at, failed=(name, form))
    messages.success(request, done)
    return back_to(request, case.number)


@staff("case.reply", methods=("POST",))
def reply(request: SignedRequest, number: str) -> HttpResponse:
    """Answer the member in writing; or put a phrase into the answer, which then is not sent yet (B22)."""
    case, form = visible(request, number), forms.ReplyForm(request.POST, auto_id="reply_%s")
    if "phrase" in request.POST:
        text = with_phrase(case, request.POST.get("text", ""), request.POST["phrase"])
        begun = forms.ReplyForm(initial={"text": text}, auto_id="reply_%s")
        return show(request, case, at=clock.now(), failed=("reply", begun))

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.reply(case=case, text=given["text"], seen=given["seen"], actor=request.actor, at=at)

    return do(request, case, "reply", form, act, _("Reply sent"))


@staff(WORKS_ON_CASES, methods=("POST",))
def note(request: SignedRequest, number: str) -> HttpResponse:
    """Leave an internal note."""
    case = visible(request, number)
    form = forms.NoteForm(request.POST, request.FILES, auto_id="note_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.add_note(
            case=case, text=given["text"], files=given["uploads"], actor=request.actor, at=at
        )

    return do(request, case, "note", form, act, _("Note saved"))


@staff("case.reply", methods=("POST",))
def call(request: SignedRequest, number: str) -> HttpResponse:
    """Keep a call to the member, whether it reached them or not."""
    case, form = visible(request, number), forms.CallForm(request.POST, auto_id="call_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.log_call(
            case=case,
            text=given["text"],
            outcome=given["outcome"],
            seen=given["seen"],
            actor=request.actor,
            at=at,
        )

    return do(request, case, "call", form, act, _("Call saved"))


@staff("case.assign", methods=("POST",))
def assign(request: SignedRequest, number: str) -> HttpResponse:
    """Give the case to a colleague."""
    case = visible(request, number)
    form = forms.AssignForm(request.POST, auto_id="assign_%s", club_id=case.club_id)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.assign(case=case, actor=request.actor, at=at, **given)

    return do(request, case, "assign", form, act, _("Owner changed"))


@staff("case.reply", methods=("POST",))
def contact(request: SignedRequest, number: str) -> HttpResponse:
    """Promise when the member hears from us next."""
    case, form = visible(request, number), forms.ContactForm(request.POST, auto_id="contact_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.promise_contact(
            case=case, contact_at=given["contact_at"], seen=given["seen"], actor=request.actor, at=at
        )

    return do(request, case, "contact", form, act, _("Next contact noted"))


@staff(WORKS_ON_CASES, methods=("POST",))
def facts(request: SignedRequest, number: str) -> HttpResponse:
    """Fill in what intake lacked, or put a fact right."""
    case = visible(request, number)
    form = forms.FactsForm(request.POST, auto_id="facts_%s", case=case)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.complete_facts(case=case, actor=request.actor, at=at, **given)

    return do(request, case, "facts", form, act, _("Facts saved"))


@staff("case.assign", methods=("POST",))
def reclassify(request: SignedRequest, number: str) -> HttpResponse:
    """Give the case another kind or urgency."""
    case = visible(request, number)
    form = forms.ClassForm(request.POST, auto_id="class_%s", case=case, actor=request.actor)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.reclassify(case=case, actor=request.actor, at=at, **given)

    return do(request, case, "class", form, act, _("Kind and urgency changed"))


@staff("case.resolve", methods=("POST",))
def resolve(request: SignedRequest, number: str) -> HttpResponse:
    """Tell the member the result."""
    case, form = visible(request, number), forms.ResolveForm(request.POST, auto_id="resolve_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.resolve(
            case=case,
            resolution=given["resolution"],
            text=given["text"],
            reason=given["reason"],
            seen=given["seen"],
            actor=request.actor,
            at=at,
        )

    return do(request, case, "resolve", form, act, _("Case solved, the member is told"))


@staff("case.close", methods=("POST",))
def close(request: SignedRequest, number: str) -> HttpResponse:
    """Finish a solved case."""
    case, form = visible(request, number), forms.SeenForm(request.POST)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.close(case=case, seen=given["seen"], actor=request.actor, at=at)

    return do(request, case, "close", form, act, _("Case closed"))


@staff("case.task", methods=("POST",))
def task_done(request: SignedRequest, pk: int) -> HttpResponse:
    """Tick a step of the playbook."""
    task = Task.objects.visible_to(request.actor).select_related("case__club").filter(pk=pk).first()
    if task is None:
        raise Missing

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.complete_task(task=task, actor=request.actor, at=at)

    return do(request, task.case, "task", forms.DeskForm(request.POST), act, _("Step done"))
