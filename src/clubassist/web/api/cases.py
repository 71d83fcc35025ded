"""Cases: lists, the whole case, its messages and clocks, and everything staff do with it."""

from __future__ import annotations

from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases import actions
from clubassist.domain.cases.matters import said_on
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.cases.queries import clocks_of, view_of
from clubassist.domain.channels.models import Message
from clubassist.domain.people.models import Account
from clubassist.web.api.answers import CaseAnswer, CasePage, Clocks, MessagePage, Written
from clubassist.web.api.bodies import (
    AssessBody,
    AssignBody,
    CallBody,
    ClubCode,
    ContactBody,
    FactsBody,
    MergeBody,
    Number,
    PauseBody,
    ResolveBody,
    Row,
    SeenBody,
    SeenTextBody,
    TextBody,
)
from clubassist.web.api.intake import club_of
from clubassist.web.api.operations import READS_CASES, Call, get, post
from clubassist.web.api.shapes import (
    NAMED,
    case_answer,
    case_row,
    clock_row,
    deadlines_of,
    message_row,
    written,
)

Limit = Annotated[int, Field(ge=1, le=100)]
View = Literal["mine", "unassigned", "club", "awaiting", "complex", "silent"]
State = Literal["open", "resolved", "closed"]


def case_of(number: str, request: Call) -> Case:
    """Return the case if the token's holder may see it, for a merged one the case it is part of. Raises Missing."""
    return actions.look_up(number, actor=request.actor, at=request.at)


def after_writing(message: Message, case: Case) -> Written:
    """Return how the case stands after a message was written. One statement."""
    return written(Case.objects.get(pk=case.pk), message)


@get("/cases", scope=READS_CASES, answer=CasePage, tag="cases")
def list_cases(
    request: Call,
    view: View | None = None,
    state: State | None = None,
    club: ClubCode | None = None,
    after: Row | None = None,
    limit: Limit = 50,
) -> CasePage:
    """List the cases the token's holder may see, the newest first.

    `view` keeps to unfinished ones: mine, without an owner, of my clubs, awaiting an answer,
    complex, or silent for 48 hours.
    """
    there = club_of(club) if club else None
    cases = Case.objects.visible_to(request.actor)
    if view:
        cases = view_of(view, actor=request.actor, at=request.at)
    if state:
        cases = cases.filter(state=state)
    if there:
        cases = cases.filter(club=there)
    if after:
        cases = cases.filter(pk__lt=after)
    rows = list(cases.select_related(*NAMED).order_by("-pk")[: limit + 1])
    return {
        "cases": [case_row(case, request.actor) for case in rows[:limit]],
        "next": rows[limit - 1].pk if len(rows) > limit else None,
    }


@get("/cases/{number}", scope=READS_CASES, answer=CaseAnswer, tag="cases")
def read_case(request: Call, number: Number) -> CaseAnswer:
    """Read a whole case."""
    return case_answer(case_of(number, request), request.actor)


@get("/cases/{number}/messages", scope=READS_CASES, answer=MessagePage, tag="cases")
def list_messages(request: Call, number: Number, after: Row | None = None, limit: Limit = 50) -> MessagePage:
    """List what was said on a case, internal notes too, the oldest first."""
    said = said_on(case_of(number, request), public=False)
    if after:
        said = said.filter(pk__gt=after)
    rows = list(said.order_by("pk")[: limit + 1])
    return {
        "messages": [message_row(message) for message in rows[:limit]],
        "next": rows[limit - 1].pk if len(rows) > limit else None,
    }


@get("/cases/{number}/clocks", scope=READS_CASES, answer=Clocks, tag="cases")
def list_clocks(request: Call, number: Number) -> Clocks:
    """List the promises of a case, each with the reason for its due time in words."""
    case = case_of(number, request)
    deadlines = deadlines_of(case)
    return {"clocks": [clock_row(reading, deadlines) for reading in clocks_of(case, at=request.at)]}


def clock_on(case: Case, pk: int) -> Clock:
    """Return a clock of the case. Raises Missing."""
    clock = case.clocks.filter(pk=pk).first()
    if clock is None:
        raise Missing
    clock.case = case
    return clock


@post("/cases/{number}/clocks/{clock}/pause", scope="case.pause", answer=Written, tag="cases", status=200)
def pause_clock(request: Call, number: Number, clock: Row, body: PauseBody) -> Written:
    """Let a clock stand still for a reason that its deadline allows."""
    case = case_of(number, request)
    actions.pause_clock(
        clock=clock_on(case, clock),
        reason=body.reason,
        evidence=body.evidence,
        seen=body.seen,
        actor=request.actor,
        at=request.at,
    )
    return written(Case.objects.get(pk=case.pk))


@post("/cases/{number}/clocks/{clock}/resume", scope="case.pause", answer=Written, tag="cases", status=200)
def resume_clock(request: Call, number: Number, clock: Row, body: SeenBody) -> Written:
    """Let a clock go on; its due time moves by the time that it stood still, and the member is told."""
    case = case_of(number, request)
    actions.resume_clock(clock=clock_on(case, clock), seen=body.seen, actor=request.actor, at=request.at)
    return written(Case.objects.get(pk=case.pk))


@post("/cases/{number}/merge", scope="case.link", answer=Written, tag="cases", status=200)
def merge_case(request: Call, number: Number, body: MergeBody) -> Written:
    """Let another case go on with this matter; both numbers open that one from then on."""
    case, into = case_of(number, request), case_of(body.into, request)
    actions.merge_cases(case=case, into=into, seen=body.seen, actor=request.actor, at=request.at)
    return written(Case.objects.get(pk=into.pk))


@post("/cases/{number}/replies", scope="case.reply", answer=Written, tag="cases")
def write_reply(request: Call, number: Number, body: SeenTextBody) -> Written:
    """Answer the member in writing. The first answer keeps the first-response promise.

    With a token that was issued for an integration it is an automatic message and answers nothing.
    """
    case = case_of(number, request)
    message = actions.reply(case=case, text=body.text, seen=body.seen, actor=request.actor, at=request.at)
    return after_writing(message, case)


@post("/cases/{number}/calls", scope="case.reply", answer=Written, tag="cases")
def write_call(request: Call, number: Number, body: CallBody) -> Written:
    """Keep a call to the member. Only one that reached them counts as an answer."""
    case = case_of(number, request)
    message = actions.log_call(
        case=case,
        text=body.text,
        outcome=body.outcome,
        seen=body.seen,
        actor=request.actor,
        at=request.at,
    )
    return after_writing(message, case)


@post("/cases/{number}/notes", scope="case.note", answer=Written, tag="cases")
def write_note(request: Call, number: Number, body: TextBody) -> Written:
    """Leave an internal note that the member never sees."""
    case = case_of(number, request)
    message = actions.add_note(case=case, text=body.text, actor=request.actor, at=request.at)
    return after_writing(message, case)


@post("/cases/{number}/assign", scope="case.assign", answer=Written, tag="cases", status=200)
def assign_case(request: Call, number: Number, body: AssignBody) -> Written:
    """Give the case to a colleague who works at its club."""
    case = case_of(number, request)
    owner = colleague_at(case.club_id, body.owner, field="owner")
    assigned = actions.assign(
        case=case,
        owner=owner,
        reason=body.reason,
        note=body.note,
        seen=body.seen,
        actor=request.actor,
        at=request.at,
    )
    return written(assigned)


def colleague_at(club_id: int, username: str, *, field: str, department: str = "") -> Account:
    """Return the colleague of this sign-in name who may be given work at the club, or what was sent to a department.

    Raises Refused at `field`.
    """
    takers = Account.objects.takers_at(club_id, department)
    found = takers.filter(username=username.strip().lower()).first()
    if found is None:
        mend = _("Choose a colleague who works at this club.")
        raise Refused(f"{field}-elsewhere", field=field, mend=mend)
    return found


@post("/cases/{number}/contact", scope="case.reply", answer=Written, tag="cases", status=200)
def promise_contact(request: Call, number: Number, body: ContactBody) -> Written:
    """Note when the member hears from us next, within 60 days."""
    promised = actions.promise_contact(
        case=case_of(number, request),
        contact_at=body.contact_at,
        seen=body.seen,
        actor=request.actor,
        at=request.at,
    )
    return written(promised)


@post("/cases/{number}/resolve", scope="case.resolve", answer=Written, tag="cases", status=200)
def resolve_case(request: Call, number: Number, body: ResolveBody) -> Written:
    """Tell the member the result and mark the matter as solved.

    While steps before it are open, a service manager gives a `reason`, which leaves them out.
    """
    solved = actions.resolve(
        case=case_of(number, request),
        resolution=body.resolution,
        text=body.text,
        reason=body.reason,
        seen=body.seen,
        actor=request.actor,
        at=request.at,
    )
    return written(solved)


@post("/cases/{number}/facts", scope="case.note", answer=Written, tag="cases", status=200)
def complete_facts(request: Call, number: Number, body: FactsBody) -> Written:
    """Fill in what intake lacked, or put it right; with what would put it right, the step that asks for it is done."""
    case = case_of(number, request)
    filled = actions.complete_facts(case=case, actor=request.actor, at=request.at, **body.model_dump())
    return written(filled)


@post("/cases/{number}/assess", scope="case.assign", answer=Written, tag="cases", status=200)
def assess_case(request: Call, number: Number, body: AssessBody) -> Written:
    """Judge kind and urgency, as filed or, with a reason, otherwise; the step that asks for it is done."""
    case = case_of(number, request)
    if (body.kind, body.urgency) == (case.kind, case.urgency):
        actions.assess(case=case, seen=body.seen, actor=request.actor, at=request.at)
    else:
        actions.reclassify(case=case, actor=request.actor, at=request.at, **body.model_dump())
    return written(Case.objects.get(pk=case.pk))


@post("/cases/{number}/close", scope="case.close", answer=Written, tag="cases", status=200)
def close_case(request: Call, number: Number, body: SeenBody | None = None) -> Written:
    """Finish a solved case. The body may be left out."""
    seen = body.seen if body else None
    return written(
        actions.close(case=case_of(number, request), seen=seen, actor=request.actor, at=request.at)
    )
