"""Lists across cases: tasks sent to departments, calls to make, reports to read."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet, Value
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.domain.cases import actions, rules
from clubassist.domain.cases.models import Finding, FollowUp, Report, Task
from clubassist.domain.cases.steps import planned_task
from clubassist.domain.club.queries import policy_of
from clubassist.domain.people.models import Account
from clubassist.domain.people.roles import DEPARTMENT_TASKS
from clubassist.pure.policy import Gate
from clubassist.web.desk import step_forms
from clubassist.web.desk.page import FOLLOW_UP, desk_page, said, worklists
from clubassist.web.desk.reading import deadline_title
from clubassist.web.desk.rows import cause_title
from clubassist.web.desk.step_deeds import visible_task
from clubassist.web.shared.doors import staff
from clubassist.web.shared.templatetags.sa import moment
from clubassist.web.shared.visitor import SignedRequest

MOST: Final = 50
M = TypeVar("M", bound=Model)


class SentTask(NamedTuple):
    """A task as its department reads it: the words it was sent with, and how far it is; `case_url` for who may look."""

    pk: int
    number: str
    opens: bool
    department: str
    title: str
    words: str
    sent: str
    due: str
    late: bool
    taken: str
    assignee: str
    may_take: bool
    may_finish: bool
    finding: int | None
    colleagues: list[tuple[int, str]]

    @property
    def more(self) -> bool:
        """Tell whether there is more to do with it than the one button that its row shows."""
        return bool(self.colleagues) or (self.may_take and (self.may_finish or self.finding is not None))


def paged(request: SignedRequest, rows: QuerySet[M]) -> tuple[list[M], dict[str, Any]]:
    """Return the rows of the page asked for by `?page=`, MOST each, and the ways to the pages beside it.

    As many statements as one page takes, whatever the list holds.
    """
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 else 1
    start = max(number - 1, 0) * MOST
    found = list(rows[start : start + MOST + 1])
    pages = {
        "page": max(number, 1),
        "before": f"?page={number - 1}" if number > 1 else "",
        "after": f"?page={number + 1}" if len(found) > MOST else "",
    }
    return found[:MOST], {"pages": pages}


def listed(request: SignedRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show the list `name` of those behind "Follow-up", with the way to the others."""
    lists = [(reverse(each), words, each == f"desk_{name}") for each, words in worklists(request.actor)]
    shown = context | {"lists": lists, "section": FOLLOW_UP}
    return desk_page(request, f"desk/{name}.html", shown, status=status)


@staff(DEPARTMENT_TASKS)
def tasks(request: SignedRequest) -> HttpResponse:
    """List the tasks sent to departments that are not done: one's own departments', or all of one's cases."""
    at = clock.now()
    rows = Task.objects.visible_to(request.actor).sent().unfinished()
    found = rows.select_related("case__club", "assignee", "acknowledged_by").prefetch_related("clocks")
    page, pages = paged(request, found.order_by("sent_at", "pk"))
    beside = _Beside(_findings_of(page), _colleagues_of(page, request.actor))
    shown = [_sent(task, beside, request.actor, at) for task in page]
    return listed(request, "tasks", {"now": at, "tasks": shown, **pages})


class _Beside(NamedTuple):
    """What the rows of a page need besides: the finding of each case, who takes tasks of a club's department."""

    findings: dict[int, int]
    colleagues: dict[tuple[int, str], list[tuple[int, str]]]


def _findings_of(tasks: list[Task]) -> dict[int, int]:
    """Return case id → the finding that stands, of tasks that ask for a signature. One statement."""
    cases = {task.case_id for task in tasks if task.gate == Gate.SIGNED_BY_DEPARTMENT}
    return dict(Finding.objects.standing().filter(case__in=cases).values_list("case_id", "pk"))


def _colleagues_of(tasks: list[Task], actor: Actor) -> dict[tuple[int, str], list[tuple[int, str]]]:
    """Return club id and department → colleagues to whom the actor may hand these tasks. One statement."""
    handed = {(task.case.club_id, task.department) for task in tasks if _may_hand(task, actor)}
    parts = [
        Account.objects.takers_at(club, department)
        .annotate(club=Value(club), department=Value(department))
        .values_list("club", "department", "pk", "name")
        for club, department in sorted(handed)
    ]
    found: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    if parts:
        for club, department, pk, name in parts[0].union(*parts[1:]).order_by("name", "pk"):
            found[club, department].append((pk, name))
    return found


def _may_hand(task: Task, actor: Actor) -> bool:
    return rules.heads(actor, task) or rules.may(actor, "case.assign", task.case)


def _sent(task: Task, beside: _Beside, actor: Actor, at: datetime) -> SentTask:
    case = task.case
    policy = policy_of(tuple(case.pack_versions))
    plan = planned_task(case, task.code)
    due = min((one.due_at for one in task.clocks.all()), default=None)
    works = rules.works_on(actor, task)
    with timezone.override(case.club.zone):
        return SentTask(
            pk=task.pk,
            number=case.number,
            opens=actor.may("case.read", case.club_id) or task.assignee_id == actor.account,
            department=said(policy.departments[task.department]),
            title=said(plan.title) if plan else "",
            words=task.words,
            sent=moment(task.sent_at, at) if task.sent_at else "",
            due=moment(due, at) if due else "",
            late=due is not None and due < (task.acknowledged_at or at),
            taken=moment(task.acknowledged_at, at) if task.acknowledged_at else "",
            assignee=task.assignee.name if task.assignee else "",
            may_take=works and task.acknowledged_at is None,
            may_finish=works and not task.gate,
            finding=_to_sign(task, beside) if rules.heads(actor, task) else None,
            colleagues=beside.colleagues[case.club_id, task.department] if _may_hand(task, actor) else [],
        )


def _to_sign(task: Task, beside: _Beside) -> int | None:
    """Return the finding that this task asks a head of department to sign."""
    return beside.findings.get(task.case_id) if task.gate == Gate.SIGNED_BY_DEPARTMENT else None


@staff(DEPARTMENT_TASKS, methods=("POST",))
def take_on(request: SignedRequest, pk: int) -> HttpResponse:
    """Take a task on for one's department."""
    actions.acknowledge_task(task=visible_task(request, pk), actor=request.actor, at=clock.now())
    messages.success(request, _("Taken on"))
    return redirect("desk_tasks")


@staff(DEPARTMENT_TASKS, methods=("POST",))
def finish(request: SignedRequest, pk: int) -> HttpResponse:
    """Say that a task of one's department is done."""
    actions.complete_task(task=visible_task(request, pk), actor=request.actor, at=clock.now())
    messages.success(request, _("Step done"))
    return redirect("desk_tasks")


@staff(DEPARTMENT_TASKS, methods=("POST",))
def hand(request: SignedRequest, pk: int) -> HttpResponse:
    """Give a task to a colleague."""
    task = visible_task(request, pk)
    form = step_forms.HandForm(request.POST, task=task)
    at = clock.now()

    def act() -> Task:
        who = form.cleaned_data["assignee"]
        return actions.assign_task(task=task, assignee=who, actor=request.actor, at=at)

    if form.attempt(act) is not None:
        messages.success(request, _("Given to a colleague"))
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    return redirect("desk_tasks")


class DueCall(NamedTuple):
    """A follow-up call to make."""

    number: str
    title: str
    promise: str
    opens: str
    tries: int
    owner: str


@staff("case.reply")
def calls(request: SignedRequest) -> HttpResponse:
    """List the follow-up calls whose day has come, the oldest first (F52)."""
    at = clock.now()
    due = FollowUp.objects.visible_to(request.actor).to_call(at)
    rows, pages = paged(request, due.select_related("case__club", "case__owner").prefetch_related("tries"))
    shown = [
        DueCall(
            number=row.case.number,
            title=row.case.title,
            promise=deadline_title(policy_of(tuple(row.case.pack_versions)), row.promise),
            opens=in_club_time(row.opens_at, row.case.club.zone, at),
            tries=len(row.tries.all()),
            owner=row.case.owner.name if row.case.owner else "",
        )
        for row in rows
    ]
    return listed(request, "calls", {"now": at, "calls": shown, **pages})


@staff("report.read")
def reports(request: SignedRequest) -> HttpResponse:
    """List the closing reports that no superior has read, the oldest first (B28); whole for who sees no case."""
    at, actor = clock.now(), request.actor
    unread = Report.objects.visible_to(actor).unread().order_by("written_at", "pk")
    rows, pages = paged(request, unread.select_related("case__club", "written_by"))
    shown: list[dict[str, Any]] = [
        {
            "row": row,
            "written_at": row.written_at.isoformat(),
            "opens": actor.may("case.read", row.case.club_id),
            "number": row.case.number,
            "title": row.case.title,
            "author": row.written_by.name if row.written_by else "",
            "written": in_club_time(row.written_at, row.case.club.zone, at),
            "cause": cause_title(policy_of(tuple(row.case.pack_versions)), row.cause),
        }
        for row in rows
    ]
    return listed(request, "reports", {"now": at, "reports": shown, **pages})


def in_club_time(when: datetime, zone: str, at: datetime) -> str:
    """Say when something was, in the zone of its club."""
    with timezone.override(zone):
        return moment(when, at)
