"""What is done with the steps of a case: skip one, send one to a department, report, call back. See `case_deeds`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.refusal import Missing
from clubassist.domain.cases import actions
from clubassist.domain.cases.models import FollowUp, Report, Task
from clubassist.web.desk import step_forms
from clubassist.web.desk.case_deeds import do
from clubassist.web.desk.case_page import in_sight, visible
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest


def visible_task(request: SignedRequest, pk: int) -> Task:
    """Return the task if the reader may see it. Raises Missing."""
    task = Task.objects.visible_to(request.actor).select_related("case__club").filter(pk=pk).first()
    if task is None:
        raise Missing
    return task


@staff("case.skip", methods=("POST",))
def task_skip(request: SignedRequest, pk: int) -> HttpResponse:
    """Leave a step of the playbook out."""
    task, form = visible_task(request, pk), step_forms.SkipForm(request.POST, auto_id="left_out_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.skip_task(task=task, reason=given["reason"], actor=request.actor, at=at)

    return do(request, task.case, "skip", form, act, _("Step left out"))


@staff("case.assign", methods=("POST",))
def task_send(request: SignedRequest, pk: int) -> HttpResponse:
    """Send a step of the playbook to a department."""
    task = visible_task(request, pk)
    form = step_forms.SendForm(request.POST, auto_id="sent_%s", case=task.case)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.send_task(task=task, actor=request.actor, at=at, **given)

    return do(request, task.case, "sent", form, act, _("Sent to the department"))


@staff("case.assign", methods=("POST",))
def ask(request: SignedRequest, number: str) -> HttpResponse:
    """Ask a department for something that the playbook does not know."""
    case = visible(request, number)
    form = step_forms.AskForm(request.POST, auto_id="ask_%s", case=case)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.ask_department(case=case, actor=request.actor, at=at, **given)

    return do(request, case, "ask", form, act, _("Sent to the department"))


@staff("case.resolve", methods=("POST",))
def report(request: SignedRequest, number: str) -> HttpResponse:
    """Write the closing report."""
    case = visible(request, number)
    form = step_forms.ReportForm(request.POST, auto_id="report_%s", case=case)

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.write_report(case=case, actor=request.actor, at=at, **given)

    return do(request, case, "report", form, act, _("Report saved; your superior is told"))


@staff("report.read", methods=("POST",))
def report_read(request: SignedRequest, pk: int) -> HttpResponse:
    """Give the receipt for a closing report."""
    row = Report.objects.visible_to(request.actor).select_related("case__club").filter(pk=pk).first()
    if row is None:
        raise Missing

    form = step_forms.ReadReportForm(request.POST)
    if not in_sight(request, row.case.number):
        written_at = form.cleaned_data["written_at"] if form.is_valid() else None
        actions.read_report(report=row, written_at=written_at, actor=request.actor, at=clock.now())
        messages.success(request, _("Marked as read"))
        return redirect("desk_reports")

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.read_report(report=row, actor=request.actor, at=at, **given)

    return do(request, row.case, "read", form, act, _("Marked as read"))


@staff("case.reply", methods=("POST",))
def follow_up(request: SignedRequest, pk: int) -> HttpResponse:
    """Keep a follow-up call."""
    row = FollowUp.objects.visible_to(request.actor).select_related("case__club").filter(pk=pk).first()
    if row is None:
        raise Missing
    form = step_forms.FollowUpForm(request.POST, auto_id=f"follow_up{pk}_%s")

    def act(given: dict[str, Any], at: datetime) -> object:
        return actions.log_follow_up(follow_up=row, actor=request.actor, at=at, **given)

    return do(request, row.case, f"follow_up-{pk}", form, act, _("Follow-up call saved"))
