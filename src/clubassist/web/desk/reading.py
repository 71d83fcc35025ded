"""The side of a case in words: its clocks with their working, its playbook, how to reach the person."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from clubassist.core import vault
from clubassist.core.actor import Actor
from clubassist.domain.cases.clocks import explained
from clubassist.domain.cases.models import Case, Pause, Stage, Task
from clubassist.domain.cases.queries import ClockReading
from clubassist.domain.members.models import Contact, Person
from clubassist.pure.policy import Policy
from clubassist.web.desk.page import chinese, said
from clubassist.web.desk.rows import PROMISES, Left, left_until
from clubassist.web.shared.templatetags.sa import moment

NEARLY = 0.75


class Dial(NamedTuple):
    """A clock as the side panel shows it; `percent` of the promised time is used.

    `pauses` are its pauses in words with what shows them, `reasons` those for which it may stand still now.
    """

    title: str
    left: Left
    running: bool
    percent: int
    clauses: list[tuple[str, str]]
    working: str
    pk: int
    paused: bool
    pauses: list[str]
    reasons: list[tuple[str, str]]


def dial(reading: ClockReading, *, policy: Policy, at: datetime) -> Dial:
    """Return a clock with its time left or how it ended, its clauses and its working in a sentence."""
    clock = reading.clock
    deadline = policy.deadline(clock.deadline)
    reasons = {row.code: said(row.title) for row in deadline.pauses} if deadline else {}
    refs = {one: policy.clauses[one].ref if one in policy.clauses else "" for one in clock.clauses}
    return Dial(
        title=said(deadline.title) if deadline else str(PROMISES.get(clock.promise, clock.promise)),
        left=_standing(reading, reasons, at),
        running=clock.running,
        percent=min(100, int(reading.used * 100)),
        clauses=list(refs.items()),
        working=explained(clock, deadline, "zh" if chinese() else "en", to_staff=True),
        pk=clock.pk,
        paused=reading.pause is not None,
        pauses=[_paused(pause, reasons, at) for pause in clock.pauses.all()],
        reasons=list(reasons.items()) if clock.running and clock.started_at <= at < clock.due_at else [],
    )


def _paused(pause: Pause, reasons: dict[str, str], at: datetime) -> str:
    """Return a pause with its reason, what shows it and whose it is."""
    words = (
        _("{start} to {end}: {reason}. {evidence}")
        if pause.resumed_at
        else _("since {start}: {reason}. {evidence}")
    )
    told = words.format(
        start=moment(pause.paused_at, at),
        end=moment(pause.resumed_at, at) if pause.resumed_at else "",
        reason=reasons.get(pause.reason, pause.reason),
        evidence=pause.evidence,
    )
    return f"{told} ({pause.author.name})" if pause.author else told


def _standing(reading: ClockReading, reasons: dict[str, str], at: datetime) -> Left:
    clock = reading.clock
    if reading.pause is not None:
        reason = reasons.get(reading.pause.reason, reading.pause.reason)
        return Left("", "player-pause", _("Paused: {reason}").format(reason=reason), "")
    if clock.met_at is not None:
        kept = clock.met_at <= clock.due_at
        words = _("Kept {time}") if kept else _("Late, {time}")
        late = "warn" if clock.strictness == "target" else "breach"
        tone, icon = ("ok", "circle-check") if kept else (late, "alert-octagon")
        return Left(tone, icon, words.format(time=moment(clock.met_at, at)), "")
    if clock.stopped_at is not None:
        return Left("", "player-pause", _("Stopped"), "")
    left = left_until(clock.due_at, clock.strictness, at)
    return left._replace(tone="warn") if not left.tone and reading.used >= NEARLY else left


def deadline_title(policy: Policy, promise: str) -> str:
    """Return the title of the deadline that makes this promise, the promise's own word when no pack has one."""
    title = next((row.title for row in policy.deadlines if row.promise == promise), None)
    return said(title) if title else str(PROMISES.get(promise, promise))


class Step(NamedTuple):
    """A task of the playbook: `task` is its id when it can be ticked now, `open` while it is neither done nor skipped.

    `note` says why it was skipped, or where it was sent and whether it was taken on.
    """

    title: str
    done: str
    by: str
    optional: bool
    task: int | None
    open: int | None = None
    sent: bool = False
    note: str = ""


class Part(NamedTuple):
    """A stage of the playbook: done, current or ahead."""

    title: str
    state: str
    left: str
    steps: list[Step]


def playbook(
    case: Case, stages: list[Stage], tasks: list[Task], *, policy: Policy, may_tick: bool, at: datetime
) -> list[Part]:
    """Return the stages of the case's playbook: those reached with their tasks as they stand, the others as planned."""
    entered = {stage.code: stage for stage in stages}
    planned_codes = [planned.id for planned in policy.playbook(case.kind).stages]
    here = planned_codes.index(case.stage) if case.stage in planned_codes else len(planned_codes)
    laid = {(task.stage.code, task.code): task for task in tasks}
    parts = []
    for position, planned in enumerate(policy.playbook(case.kind).stages):
        stage = entered.get(planned.id) if position <= here else None
        steps = [
            _step(
                said(plan.title),
                laid.get((planned.id, plan.id)) if stage else None,
                mandatory=plan.mandatory,
                may_tick=may_tick,
                at=at,
            )
            for plan in planned.tasks
        ]
        own = [task for (code, _task), task in laid.items() if stage and code == planned.id and task.words]
        known = {plan.id for plan in planned.tasks}
        steps += [
            _step(task.words, task, mandatory=False, may_tick=may_tick, at=at)
            for task in own
            if task.code not in known
        ]
        state = "ahead" if stage is None else "current" if stage.left_at is None else "done"
        left = moment(stage.left_at, at) if stage and stage.left_at else ""
        parts.append(Part(said(planned.title), state, left, steps))
    return parts


def _step(title: str, task: Task | None, *, mandatory: bool, may_tick: bool, at: datetime) -> Step:
    if task is None:
        return Step(title, "", "", not mandatory, None)
    by = task.done_by.name if task.done_by else ""
    if task.done_at is not None:
        return Step(title, moment(task.done_at, at), by, not mandatory, None)
    if task.skipped_at is not None:
        why = _("Left out: {reason}").format(reason=task.skipped_for)
        return Step(title, moment(task.skipped_at, at), by, not mandatory, None, note=why)
    note = ""
    if task.acknowledged_at:
        note = _("Taken on {time}").format(time=moment(task.acknowledged_at, at))
    elif task.sent_at:
        note = _("Sent {time}, not taken on yet").format(time=moment(task.sent_at, at))
    ticks = task.pk if may_tick and not task.gate else None
    return Step(title, "", "", not mandatory, ticks, task.pk, task.sent_at is not None, note)


def masked_contacts(person: Person, *, actor: Actor) -> list[dict[str, Any]]:
    """Return how to reach a person, masked; empty for those who may not look people up. Two statements."""
    rows = []
    for contact in Contact.objects.visible_to(actor).filter(person=person).order_by("kind", "pk"):
        try:
            shown = contact.masked()
        except vault.Shredded:
            shown = _("Deleted")
        rows.append({"pk": contact.pk, "phone": contact.kind == "phone", "masked": shown})
    return rows
