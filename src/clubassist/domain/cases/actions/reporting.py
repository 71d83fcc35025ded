"""The closing report: what was done and why it came about, and the superior's receipt (B28, B29)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases.actions.access import locked, locked_report
from clubassist.domain.cases.actions.departments import ask, send
from clubassist.domain.cases.actions.stages import complete_gate
from clubassist.domain.cases.actions.state import keep
from clubassist.domain.cases.actions.words import LONG_TEXT, SHORT_TEXT, checked_words
from clubassist.domain.cases.clocks import meet
from clubassist.domain.cases.facts import ReportRead, ReportWritten
from clubassist.domain.cases.models import Case, Report, Task
from clubassist.domain.cases.steps import stage_with
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Gate


@action
def write_report(
    *,
    case: Case,
    text: str,
    cause: str,
    prevention: str = "",
    department: str = "",
    actor: Actor,
    at: datetime,
    seen: int | None = None,
) -> Report:
    """Write the closing report of a solved case and file its root cause, a code of the pack (B28, B29).

    Keeps the promise to report within 48 hours of the solution. Until a superior has read it, it may be written anew.
    `prevention` is what shall keep it from happening again: the `department` gets it as its task, and sees nothing
    else of the case. Records ReportWritten, and TaskSent. Raises Missing, Refused naming the field, and Conflict once
    it was read, or for another prevention once the department has its task.
    """
    text = checked_words(text, LONG_TEXT, needed=_("Write the report."))
    prevention = checked_words(
        prevention,
        SHORT_TEXT,
        field="prevention",
        needed=_("Say what shall be done, or choose no department.") if department else "",
    )
    case = locked(case, actor=actor, permission="case.resolve", seen=seen)
    if case.resolved_at is None:
        raise Refused("not-resolved", mend=_("Solve the case and tell the member first, then report it."))
    causes = policy_of(tuple(case.pack_versions)).causes
    if cause not in causes:
        mend = _("Choose one of: %s.") % ", ".join(causes)
        raise Refused("cause-unknown", field="cause", mend=mend)
    report = Report.objects.filter(case=case, resolved_at=case.resolved_at).first()
    if report is None:
        report = Report(case=case, resolved_at=case.resolved_at)
    if report.read_at is not None:
        raise Conflict("report-read", mend=_("The report has been read already; leave a note instead."))
    asks = _asks_anew(report, case, prevention, department)
    report.text, report.cause = text, cause
    report.prevention, report.department = prevention, department if prevention else ""
    report.written_at, report.written_by_id = at, actor.account
    report.save()
    case.cause = cause
    met = meet(case, ("closing_report",), at=at)
    fact = ReportWritten(case_id=case.pk, report_id=report.pk, cause=cause, met=met)
    record(fact, actor=actor, at=at, scope=case.club_id)
    if asks:
        _ask_to_prevent(case, report, actor=actor, at=at)
    complete_gate(case, Gate.CLOSING_REPORT, actor=actor, at=at)
    keep(case)
    return report


def _asks_anew(report: Report, case: Case, prevention: str, department: str) -> bool:
    """Tell whether a department is to be asked. Raises Refused without one, Conflict where one was asked already."""
    known = policy_of(tuple(case.pack_versions)).departments
    if prevention and department not in known:
        who = _("Choose who sees to it: one of %s.") % ", ".join(known)
        raise Refused("department-unknown", field="department", mend=who)
    if not report.prevention:
        return bool(prevention)
    if (prevention, department) != (report.prevention, report.department):
        mend = _("The department has its task already. Ask it for something more on the case instead.")
        raise Conflict("prevention-sent", mend=mend)
    return False


def _ask_to_prevent(case: Case, report: Report, *, actor: Actor, at: datetime) -> None:
    """Send the step beside the report that no fact completes to the department; without one, a task of its own."""
    planned = stage_with(case, Gate.CLOSING_REPORT)
    codes = [task.id for task in planned.tasks if not task.gate] if planned else []
    steps = Task.objects.open().filter(
        case=case, stage__left_at__isnull=True, code__in=codes, sent_at__isnull=True
    )
    step = steps.order_by("pk").first()
    if step is None:
        ask(case, report.department, report.prevention, actor=actor, at=at)
    else:
        send(case, step, report.department, report.prevention, actor=actor, at=at)


@action
def read_report(*, report: Report, written_at: datetime | None = None, actor: Actor, at: datetime) -> Report:
    """Give the superior's receipt: somebody with the right, and never who wrote it (B28). Records ReportRead.

    `written_at` is that of the words that were read. Raises Missing for a report out of sight, Refused (403) without
    the right, Refused for its author, Conflict when it was read already or written anew since.
    """
    case, row = locked_report(report, actor=actor)
    if actor.machine:
        raise Refused("not-allowed", mend=_("A person reads the report."), status=403)
    if row.written_by_id == actor.account:
        raise Refused("own-report", mend=_("Somebody else reads your report."), status=403)
    if row.read_at is not None:
        raise Conflict("report-read", mend=_("This report was read already."))
    if written_at is not None and row.written_at != written_at:
        mend = _("The report was written anew a moment ago. Read it as it is now.")
        raise Conflict("report-rewritten", mend=mend)
    row.read_at, row.read_by_id = at, actor.account
    row.save(update_fields=["read_at", "read_by"])
    record(ReportRead(case_id=case.pk, report_id=row.pk), actor=actor, at=at, scope=case.club_id)
    return row
