"""Steps of playbooks that somebody takes."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q

from clubassist.core.refusal import Missing
from clubassist.domain.cases import actions
from clubassist.domain.cases.models import Case, Task
from clubassist.domain.people.roles import DEPARTMENT_TASKS
from clubassist.web.api.answers import TaskPage, Written
from clubassist.web.api.bodies import AskBody, HandBody, Number, ReasonBody, Row, SendBody
from clubassist.web.api.cases import Limit, case_of, colleague_at
from clubassist.web.api.operations import READS_CASES, Call, get, post
from clubassist.web.api.shapes import made, task_row, written
from clubassist.web.api.solution_answers import Made


@get("/tasks", scope=READS_CASES, answer=TaskPage, tag="tasks")
def list_tasks(
    request: Call,
    whose: Literal["mine", "club"] = "mine",
    open: bool = True,
    case: Number | None = None,
    after: Row | None = None,
    limit: Limit = 50,
) -> TaskPage:
    """List steps, the oldest first: mine (my tasks, and those of my cases) or all that I may see.

    `open=true` keeps to those not yet done in cases that go on, `case` to those of one case.
    """
    seen = Task.objects.visible_to(request.actor)
    unfinished = seen.unfinished()
    tasks = unfinished if open else seen.exclude(pk__in=unfinished.values("pk"))
    if whose == "mine":
        tasks = tasks.filter(Q(assignee=request.actor.account) | Q(case__owner=request.actor.account))
    if case:
        tasks = tasks.filter(case__number=case)
    if after:
        tasks = tasks.filter(pk__gt=after)
    rows = list(tasks.select_related("case", "stage", "assignee").order_by("pk")[: limit + 1])
    return {
        "tasks": [task_row(task) for task in rows[:limit]],
        "next": rows[limit - 1].pk if len(rows) > limit else None,
    }


@post("/tasks/{task}/done", scope="case.task", answer=Written, tag="tasks", status=200)
def tick_task(request: Call, task: Row) -> Written:
    """Tick a step. The last mandatory one of a stage opens the next stage; 409 when it was done already."""
    step = _task(request, task)
    actions.complete_task(task=step, actor=request.actor, at=request.at)
    return written(Case.objects.get(pk=step.case_id))


@post("/tasks/{task}/skip", scope="case.skip", answer=Written, tag="tasks", status=200)
def leave_out(request: Call, task: Row, body: ReasonBody) -> Written:
    """Leave a step out, as a service manager, with a reason; 409 when it was done already."""
    step = _task(request, task)
    actions.skip_task(task=step, reason=body.reason, actor=request.actor, at=request.at)
    return written(Case.objects.get(pk=step.case_id))


@post("/cases/{number}/tasks", scope="case.assign", answer=Made, tag="tasks")
def ask_department(request: Call, number: Number, body: AskBody) -> Made:
    """Ask a department for something that the playbook does not know; its promise to take it on runs."""
    case = case_of(number, request)
    task = actions.ask_department(
        case=case, department=body.department, words=body.words, actor=request.actor, at=request.at
    )
    return made(Case.objects.get(pk=case.pk), task.pk)


@post("/tasks/{task}/send", scope="case.assign", answer=Written, tag="tasks", status=200)
def send_task(request: Call, task: Row, body: SendBody) -> Written:
    """Send a step of the playbook to the department that takes it; its promise to take it on runs."""
    step = _task(request, task)
    actions.send_task(
        task=step, department=body.department, words=body.words, actor=request.actor, at=request.at
    )
    return written(Case.objects.get(pk=step.case_id))


@post("/tasks/{task}/acknowledge", scope=DEPARTMENT_TASKS, answer=Written, tag="tasks", status=200)
def acknowledge_task(request: Call, task: Row) -> Written:
    """Take a task on, as somebody of the department that it was sent to."""
    step = _task(request, task)
    actions.acknowledge_task(task=step, actor=request.actor, at=request.at)
    return written(Case.objects.get(pk=step.case_id))


@post(
    "/tasks/{task}/assign",
    scope=f"case.assign|{DEPARTMENT_TASKS}",
    answer=Written,
    tag="tasks",
    status=200,
)
def assign_task(request: Call, task: Row, body: HandBody) -> Written:
    """Give a step to a colleague, as who hands out cases or heads the department that it was sent to."""
    step = _task(request, task)
    club, department = step.case.club_id, step.sent_to
    assignee = colleague_at(club, body.assignee, field="assignee", department=department)
    actions.assign_task(task=step, assignee=assignee, actor=request.actor, at=request.at)
    return written(Case.objects.get(pk=step.case_id))


def _task(request: Call, task: int) -> Task:
    step = Task.objects.visible_to(request.actor).select_related("case").filter(pk=task).first()
    if step is None:
        raise Missing
    return step
