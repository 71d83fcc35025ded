"""What a case's page shows after the case was solved: its closing report, drafted, and its follow-up calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from clubassist.core.actor import Actor
from clubassist.domain.cases import rules
from clubassist.domain.cases.models import Case, FollowUp, Report, Stage, Task
from clubassist.domain.cases.queries import ClockReading
from clubassist.domain.cases.steps import planned_stages
from clubassist.domain.channels.queries import thread
from clubassist.pure.policy import Policy
from clubassist.web.desk import step_forms
from clubassist.web.desk.forms import RESOLUTION_WORDS, DeskForm
from clubassist.web.desk.page import said
from clubassist.web.desk.reading import deadline_title
from clubassist.web.desk.rows import cause_title, kind_title
from clubassist.web.shared.templatetags.sa import moment


class Call(NamedTuple):
    """A follow-up call: when it is due or how it ended; `row` is its id while it can be kept.

    `ends` is from when on silence ends it, after two tries in vain.
    """

    title: str
    opens: str
    ended: str
    ends: str
    score: int | None
    tries: int
    row: int | None


def after_solving(
    case: Case,
    stages: list[Stage],
    tasks: list[Task],
    clocks: list[ClockReading],
    *,
    merged: bool,
    policy: Policy,
    actor: Actor,
    at: datetime,
) -> dict[str, Any]:
    """Return the reports and calls of a case as its page shows them, with the forms to write them. Four statements.

    `merged` tells that something may have been merged into it.
    """
    reports, owed = _since_solved(case, merged=merged)
    calls = [_call(row, policy, at) for row in owed]
    latest = next((row for row in reports if row.case_id == case.pk), None)
    latest = latest if latest and latest.resolved_at == case.resolved_at else None
    due = any(task.gate == "closing_report" for stage in planned_stages(case) for task in stage.tasks)
    may_write = (
        due
        and case.resolved_at is not None
        and not rules.is_finished(case)
        and rules.may(actor, "case.resolve", case)
        and (latest is None or latest.read_at is None)
    )
    until = next((row.objection_until for row in owed if row.ended_at is None), None)
    unheard = until is not None and until <= at
    forms: dict[str, DeskForm] = {
        "follow_up": step_forms.FollowUpForm(auto_id="follow_up_%s", unheard=unheard)
    }
    if may_write:
        text = latest.text if latest else draft(case, stages, tasks, clocks, policy=policy, at=at)
        given = {"text": text}
        if latest:
            given |= {name: getattr(latest, name) for name in ("cause", "prevention", "department")}
        forms["report"] = step_forms.ReportForm(initial=given, auto_id="report_%s", case=case)
    return {
        "reports": [_report(row, policy, actor, case, at) for row in reports],
        "may_report": may_write,
        "report_due": may_write and latest is None,
        "call_due": any(
            row.ended_at is None and max(row.opens_at, row.objection_until or at) <= at for row in owed
        ),
        "calls": calls,
        "may_call": rules.may(actor, "case.reply", case),
        "after_forms": forms,
    }


def _since_solved(case: Case, *, merged: bool) -> tuple[list[Report], list[FollowUp]]:
    """Return reports, the newest first, and follow-up calls. Three statements, none before a case was ever solved."""
    if case.first_resolved_at is None and not merged:
        return [], []
    reports = Report.objects.filter(case__in=Case.objects.of_matter(case))
    return list(reports.select_related("written_by", "read_by").order_by("-pk")), list(
        case.follow_ups.prefetch_related("tries").order_by("pk")
    )


def _report(row: Report, policy: Policy, actor: Actor, case: Case, at: datetime) -> dict[str, Any]:
    may_read = rules.may(actor, "report.read", case) and row.written_by_id != actor.account
    return {
        "text": row.text,
        "cause": cause_title(policy, row.cause),
        "prevention": row.prevention,
        "department": said(policy.departments[row.department])
        if row.department in policy.departments
        else "",
        "by": row.written_by.name if row.written_by else "",
        "at": moment(row.written_at, at),
        "read_by": row.read_by.name if row.read_by else "",
        "read_at": moment(row.read_at, at) if row.read_at else "",
        "row": row.pk if may_read and row.read_at is None else None,
        "written_at": row.written_at.isoformat(),
    }


def _call(row: FollowUp, policy: Policy, at: datetime) -> Call:
    words = {**step_forms.OUTCOME_WORDS, "dropped": _("No longer owed")}
    return Call(
        title=deadline_title(policy, row.promise),
        opens=moment(row.opens_at, at),
        ended=f"{words[row.outcome]} · {moment(row.ended_at, at)}" if row.ended_at else "",
        ends=moment(row.objection_until, at) if row.objection_until and not row.ended_at else "",
        score=row.score,
        tries=len(row.tries.all()),
        row=row.pk if row.ended_at is None else None,
    )


def draft(
    case: Case,
    stages: list[Stage],
    tasks: list[Task],
    clocks: list[ClockReading],
    *,
    policy: Policy,
    at: datetime,
) -> str:
    """Return a closing report from what the case holds, in the reader's language (B28). One statement."""
    titles = {stage.id: said(stage.title) for stage in planned_stages(case)}
    steps = {task.id: said(task.title) for stage in planned_stages(case) for task in stage.tasks}
    sent = thread(case.conversation, public=True).filter(direction="out", automatic=False).last()
    lines = [
        _("Matter: {number}, {kind}").format(number=case.number, kind=kind_title(policy, case.kind)),
        _("Received: {time}").format(time=moment(case.received_at, at)),
        _("What happened: {text}").format(text=case.narrative),
        _("Place: {text}").format(text=case.place) if case.place else "",
        _("Involved: {text}").format(text=case.people) if case.people else "",
        _("Event: {text}").format(text=case.event) if case.event else "",
        _("Complained of: {text}").format(text=case.complained_of) if case.complained_of else "",
        _("Wanted: {text}").format(text=case.remedy_sought) if case.remedy_sought else "",
        _("In charge: {name}").format(name=case.owner.name) if case.owner else "",
        *(
            _("{stage}: from {time}").format(
                stage=titles.get(stage.code, stage.code), time=moment(stage.entered_at, at)
            )
            for stage in stages
        ),
        *(
            _("Left out: {step} ({reason})").format(
                step=steps.get(task.code, task.words or task.code), reason=task.skipped_for
            )
            for task in tasks
            if task.skipped_at
        ),
        *(_kept(reading, policy, at) for reading in clocks if reading.clock.met_at),
        _("Opened again: {n} times").format(n=case.reopened) if case.reopened else "",
        _("Result: {result}").format(result=RESOLUTION_WORDS.get(case.resolution, case.resolution)),
        _("The member was told: {text}").format(text=sent.body) if sent else "",
    ]
    return "\n".join(line for line in lines if line)


def _kept(reading: ClockReading, policy: Policy, at: datetime) -> str:
    clock = reading.clock
    words = (
        _("{promise}: kept, {time}")
        if clock.met_at and clock.met_at <= clock.due_at
        else _("{promise}: late, {time}")
    )
    time = moment(clock.met_at, at) if clock.met_at else ""
    titles = {row.id: said(row.title) for row in policy.deadlines}
    return words.format(promise=titles.get(clock.deadline, clock.promise), time=time)
