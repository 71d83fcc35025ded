"""A member's own matters, with a token of the member's own account."""

from __future__ import annotations

from clubassist.domain.cases.actions import member_writes
from clubassist.domain.cases.matters import said_on
from clubassist.domain.cases.models import Case
from clubassist.domain.cases.queries import clocks_of
from clubassist.web.api.answers import MyCase, MyCasePage, MyWritten
from clubassist.web.api.bodies import Number, Row, TextBody
from clubassist.web.api.cases import Limit, case_of
from clubassist.web.api.operations import Call, get, post
from clubassist.web.api.shapes import (
    both,
    deadlines_of,
    my_case_row,
    my_message,
    my_promise,
    policy_of_case,
)


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
    }


@post("/me/cases/{number}/messages", scope="me.write", answer=MyWritten, tag="me")
def write_on_my_case(request: Call, number: Number, body: TextBody) -> MyWritten:
    """Add something to one of the member's own cases; it then awaits an answer."""
    case = case_of(number, request)
    message = member_writes(case=case, text=body.text, actor=request.actor, at=request.at)
    return {"number": case.number, "state": case.state, "message": message.pk}
