"""From rows to JSON: the functions that fill the answers' shapes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Prefetch

from clubassist.core.actor import Actor
from clubassist.domain.cases.clocks import explained
from clubassist.domain.cases.models import NO_CLOCK, Case, Clock, Offer, OfferState, Option, Task
from clubassist.domain.cases.queries import ClockReading
from clubassist.domain.cases.rules import missing_of
from clubassist.domain.channels.models import Message
from clubassist.domain.club.queries import policy_of
from clubassist.domain.members.models import Person
from clubassist.domain.members.rules import shown_name
from clubassist.pure.policy import Deadline, Policy, Text
from clubassist.web.api.answers import (
    Bilingual,
    CaseAnswer,
    CaseRow,
    ClockRow,
    MessageRow,
    MyCaseRow,
    MyMessage,
    MyPromise,
    TaskRow,
    Written,
)
from clubassist.web.api.solution_answers import Made, MyOffer

NAMED: Final = ("club", "owner", "subject", "reporter", "area")
"""What a case's answers name, for select_related."""
OPTIONS: Final = Prefetch("options", Option.objects.order_by("position"))
"""What an offer's answers list, for prefetch_related."""


def both(text: Text) -> Bilingual:
    """Return a pack's text in both languages."""
    return {"zh": text.zh, "en": text.en}


def moment(at: datetime) -> str:
    """Return a time as RFC 3339."""
    return at.isoformat()


def moment_or_none(at: datetime | None) -> str | None:
    """Return a time as RFC 3339, None for no time and for the far end of time."""
    return None if at is None or at == NO_CLOCK else at.isoformat()


def _name(person: Person | None, case: Case, actor: Actor) -> str | None:
    return shown_name(person.name, club_id=case.club_id, actor=actor) if person else None


def case_row(case: Case, actor: Actor) -> CaseRow:
    """Return a case as a list shows it; needs its NAMED rows."""
    return {
        "number": case.number,
        "version": case.version,
        "title": case.title,
        "kind": case.kind,
        "urgency": case.urgency,
        "state": case.state,
        "stage": case.stage,
        "club": case.club.code,
        "place": case.place,
        "channel": case.channel,
        "owner": case.owner.name if case.owner else None,
        "subject": _name(case.subject, case, actor),
        "received_at": moment(case.received_at),
        "told_at": moment(case.told_at),
        "next_due_at": moment_or_none(case.next_due_at),
        "next_contact_at": moment_or_none(case.next_contact_at),
        "awaits_reply": case.awaits_reply,
    }


def case_answer(case: Case, actor: Actor) -> CaseAnswer:
    """Return the whole case; needs its NAMED rows."""
    return {
        **case_row(case, actor),
        "narrative": case.narrative,
        "people": case.people,
        "area": case.area.name if case.area else None,
        "occurred_at": moment_or_none(case.occurred_at),
        "occurred_words": case.occurred_words,
        "remedy_sought": case.remedy_sought,
        "subclass": case.subclass,
        "complained_of": case.complained_of,
        "event": case.event,
        "assessed_at": moment_or_none(case.assessed_at),
        "reporter": _name(case.reporter, case, actor),
        "resolution": case.resolution,
        "resolved_at": moment_or_none(case.resolved_at),
        "closed_at": moment_or_none(case.closed_at),
        "missing": list(missing_of(case)),
    }


def written(case: Case, message: Message | None = None) -> Written:
    """Return how a case stands after a write."""
    return {
        "number": case.number,
        "state": case.state,
        "stage": case.stage,
        "version": case.version,
        "message": message.pk if message else None,
    }


def made(case: Case, pk: int) -> Made:
    """Return how a case stands after something with this id was added to it."""
    return {**written(case), "id": pk}


def message_row(message: Message) -> MessageRow:
    """Return a message; needs its author."""
    return {
        "id": message.pk,
        "direction": message.direction,
        "channel": message.channel,
        "author": message.author.name if message.author else None,
        "automatic": message.automatic,
        "body": message.body,
        "at": moment(message.at),
    }


def why(clock: Clock, deadline: Deadline, *, to_staff: bool) -> Bilingual:
    """Return in words how a clock's due time came about, its pauses too."""
    return {
        "zh": explained(clock, deadline, "zh", to_staff=to_staff),
        "en": explained(clock, deadline, "en", to_staff=to_staff),
    }


def clock_row(reading: ClockReading, deadlines: dict[str, Deadline]) -> ClockRow:
    """Return a clock with its explanation; `deadlines` are those of the case's policy by id."""
    clock = reading.clock
    return {
        "id": clock.pk,
        "promise": clock.promise,
        "title": both(deadlines[clock.deadline].title),
        "clauses": clock.clauses,
        "strictness": clock.strictness,
        "calendar": clock.calendar,
        "seconds": clock.seconds,
        "started_at": moment(clock.started_at),
        "due_at": moment(clock.due_at),
        "met_at": moment_or_none(clock.met_at),
        "stopped_at": moment_or_none(clock.stopped_at),
        "paused_at": moment_or_none(clock.paused_at),
        "used": round(reading.used, 4),
        "why": why(clock, deadlines[clock.deadline], to_staff=True),
        "pauses": [
            {
                "reason": pause.reason,
                "evidence": pause.evidence,
                "by": pause.author.name if pause.author else None,
                "paused_at": moment(pause.paused_at),
                "resumed_at": moment_or_none(pause.resumed_at),
            }
            for pause in clock.pauses.all()
        ],
    }


def policy_of_case(case: Case) -> Policy:
    """Return the rules that the case runs by to its end."""
    return policy_of(tuple(case.pack_versions))


def deadlines_of(case: Case) -> dict[str, Deadline]:
    """Return the deadlines of the case's policy by id."""
    return {deadline.id: deadline for deadline in policy_of_case(case).deadlines}


def task_row(task: Task) -> TaskRow:
    """Return a task with its title from the case's policy; needs its case, stage and assignee.

    One that colleagues asked a department for is named by its own words.
    """
    stages = policy_of_case(task.case).playbook(task.case.kind).stages
    titles = {(stage.id, step.id): step.title for stage in stages for step in stage.tasks}
    title = titles.get((task.stage.code, task.code))
    return {
        "id": task.pk,
        "case": task.case.number,
        "stage": task.stage.code,
        "code": task.code,
        "title": both(title) if title else {"zh": task.words, "en": task.words},
        "mandatory": task.mandatory,
        "gate": task.gate,
        "department": task.department,
        "words": task.words,
        "sent_at": moment_or_none(task.sent_at),
        "acknowledged_at": moment_or_none(task.acknowledged_at),
        "assignee": task.assignee.name if task.assignee else None,
        "done_at": moment_or_none(task.done_at),
    }


def my_case_row(case: Case) -> MyCaseRow:
    """Return a case as its member sees it in a list."""
    policy = policy_of_case(case)
    steps = {stage.id: stage.member_title for stage in policy.playbook(case.kind).stages}
    return {
        "number": case.number,
        "title": case.title,
        "kind": both(policy.kind(case.kind).title),
        "state": case.state,
        "step": both(steps[case.stage]),
        "received_at": moment(case.received_at),
        "next_due_at": moment_or_none(case.next_due_at),
    }


def my_promise(reading: ClockReading, deadlines: dict[str, Deadline]) -> MyPromise:
    """Return a promise as the member reads it."""
    clock = reading.clock
    return {
        "title": both(deadlines[clock.deadline].title),
        "due_at": moment(clock.due_at),
        "met_at": moment_or_none(clock.met_at),
        "paused_at": moment_or_none(clock.paused_at),
        "why": why(clock, deadlines[clock.deadline], to_staff=False),
    }


def my_offer(offer: Offer) -> MyOffer:
    """Return an offer as its member reads it; why one was withdrawn is ours to know."""
    return {
        "id": offer.pk,
        "round": offer.round,
        "state": offer.state,
        "options": [
            {"id": option.pk, "words": option.words, "chosen": option.chosen}
            for option in offer.options.all()
        ],
        "sent_at": moment_or_none(offer.sent_at),
        "answered_at": moment_or_none(offer.answered_at),
        "words": offer.answer_words if offer.state != OfferState.WITHDRAWN else "",
    }


def my_message(message: Message) -> MyMessage:
    """Return a message as the member reads it."""
    ours = "automatic" if message.automatic else "us"
    by = "you" if message.direction == "in" else ours
    return {"by": by, "body": message.body, "at": moment(message.at)}
