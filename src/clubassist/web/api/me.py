"""A member's own matters, with a token of the member's own account."""

from __future__ import annotations

from django.db.models import QuerySet

from clubassist.core.refusal import Missing
from clubassist.domain.cases.actions import member_confirms, member_objects, member_writes
from clubassist.domain.cases.matters import said_on
from clubassist.domain.cases.models import Case, Offer
from clubassist.domain.cases.queries import clocks_of
from clubassist.web.api.answers import MyCasePage, MyCaseRow, MyWritten
from clubassist.web.api.bodies import MyAnswerBody, Number, Row, ScoreBody, TextBody
from clubassist.web.api.cases import Limit, case_of
from clubassist.web.api.offers import answered
from clubassist.web.api.operations import Call, get, post
from clubassist.web.api.shapes import (
    OPTIONS,
    both,
    deadlines_of,
    my_case_row,
    my_message,
    my_offer,
    my_promise,
    policy_of_case,
)
from clubassist.web.api.solution_answers import MyCase, MyOffer


@get("/me/cases", scope="me.read", answer=MyCasePage, tag="me")
def list_my_cases(request: Call, after: Row | None = None, limit: Limit = 50) -> MyCasePage:
    """List the member's own cases, the newest first."""
    cases = Case.objects.visible_to(request.actor)
    if after:
        cases = cases.filter(pk__lt=after)
    rows = list(cases.order_by("-pk")[: limit + 1])
    return {
        "cases": [my_case_row(case) for case in rows[:limit]],
        "next": rows[limit - 1].pk if len(rows) > limit else None,
    }


@get("/me/cases/{number}", scope="me.read", answer=MyCase, tag="me")
def read_my_case(request: Call, number: Number) -> MyCase:
    """Read one of the member's own cases: its steps, promises and what was said."""
    case = case_of(number, request)
    deadlines = deadlines_of(case)
    return {
        **my_case_row(case),
        "steps": [both(step) for step in policy_of_case(case).playbook(case.kind).member_steps],
        "promises": [
            my_promise(reading, deadlines)
            for reading in clocks_of(case, at=request.at)
            if deadlines[reading.clock.deadline].member_promise
        ],
        "messages": [my_message(message) for message in said_on(case, public=True)],
        "offers": [my_offer(offer) for offer in _offers(case)],
    }


def _offers(case: Case) -> QuerySet[Offer]:
    return (
        Offer.objects.filter(case__in=Case.objects.of_matter(case))
        .told()
        .prefetch_related(OPTIONS)
        .order_by("-pk")
    )


@post("/me/cases/{number}/offers/{offer}/answer", scope="me.write", answer=MyOffer, tag="me", status=200)
def answer_my_offer(request: Call, number: Number, offer: Row, body: MyAnswerBody) -> MyOffer:
    """Say yes to one option of what the member is offered, or no with what does not suit them."""
    case = case_of(number, request)
    row = _offers(case).filter(pk=offer).first()
    if row is None:
        raise Missing
    row.case = case
    answered(row, body, "web", request)
    return my_offer(_offers(case).get(pk=offer))


@post("/me/cases/{number}/messages", scope="me.write", answer=MyWritten, tag="me")
def write_on_my_case(request: Call, number: Number, body: TextBody) -> MyWritten:
    """Add something to one of the member's own cases; it then awaits an answer."""
    case = case_of(number, request)
    message = member_writes(case=case, text=body.text, actor=request.actor, at=request.at)
    return {"number": case.number, "state": case.state, "message": message.pk}


@post("/me/cases/{number}/solved", scope="me.write", answer=MyCaseRow, tag="me", status=200)
def confirm_my_case(request: Call, number: Number, body: ScoreBody | None = None) -> MyCaseRow:
    """Say that one of the member's own cases is solved, with a score or without. The body may be left out."""
    case = case_of(number, request)
    score = body.score if body else None
    return my_case_row(member_confirms(case=case, score=score, actor=request.actor, at=request.at))


@post("/me/cases/{number}/not-solved", scope="me.write", answer=MyCaseRow, tag="me", status=200)
def object_to_my_case(request: Call, number: Number, body: TextBody) -> MyCaseRow:
    """Say that one of the member's own cases is not solved; it is opened again."""
    case = case_of(number, request)
    return my_case_row(member_objects(case=case, text=body.text, actor=request.actor, at=request.at))
