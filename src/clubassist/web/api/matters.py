"""One matter: merges taken back, links, more time for what is complex, and who else can help."""

from __future__ import annotations

from typing_extensions import TypedDict

from clubassist.core.refusal import Missing
from clubassist.domain.cases import actions
from clubassist.domain.cases.models import Case, ComplexityRequest, Link, Merge
from clubassist.web.api.answers import Written
from clubassist.web.api.bodies import ComplexBody, DecideBody, LinkBody, Number, Row, SeenBody
from clubassist.web.api.cases import case_of
from clubassist.web.api.operations import READS_CASES, Call, get, post
from clubassist.web.api.shapes import made, moment, written
from clubassist.web.api.solution_answers import Made


class LinkRow(TypedDict):
    """What `other` is to `case`: its parent, its cause, or related."""

    id: int
    case: str
    kind: str
    other: str


class MergeRow(TypedDict):
    """The case that goes on as this one."""

    id: int
    merged: str
    at: str


class ComplexRow(TypedDict):
    """A request for more time; `approved` is null while a manager has not decided."""

    id: int
    reason: str
    asked_at: str
    approved: bool | None
    remark: str


class Matter(TypedDict):
    """How a case belongs to others, and what was asked of a manager."""

    links: list[LinkRow]
    merges: list[MergeRow]
    complex: list[ComplexRow]


@get("/cases/{number}/matter", scope=READS_CASES, answer=Matter, tag="matters")
def read_matter(request: Call, number: Number) -> Matter:
    """List the links and merges of a case, and its requests for more time, the oldest first."""
    case = case_of(number, request)
    links = Link.objects.visible_to(request.actor).select_related("case", "other")
    merges = Merge.objects.visible_to(request.actor).standing().filter(kept=case).select_related("merged")
    return {
        "links": [
            {"id": row.pk, "case": row.case.number, "kind": row.kind, "other": row.other.number}
            for row in (links.filter(case=case) | links.filter(other=case)).order_by("pk")
        ],
        "merges": [
            {"id": row.pk, "merged": row.merged.number, "at": moment(row.at)} for row in merges.order_by("pk")
        ],
        "complex": [
            {
                "id": row.pk,
                "reason": row.reason,
                "asked_at": moment(row.asked_at),
                "approved": row.approved,
                "remark": row.remark,
            }
            for row in ComplexityRequest.objects.filter(case__in=Case.objects.of_matter(case)).order_by("pk")
        ],
    }


@post("/cases/{number}/links", scope="case.link", answer=Made, tag="matters")
def link_case(request: Call, number: Number, body: LinkBody) -> Made:
    """Say what another case is to this one; a new parent takes the child over."""
    case, other = case_of(number, request), case_of(body.other, request)
    link = actions.link_cases(
        case=case, other=other, kind=body.kind, seen=body.seen, actor=request.actor, at=request.at
    )
    return made(Case.objects.get(pk=case.pk), link.pk)


@post("/cases/{number}/links/{link}/remove", scope="case.link", answer=Written, tag="matters", status=200)
def unlink_case(request: Call, number: Number, link: Row) -> Written:
    """Take a link away."""
    case = case_of(number, request)
    row = Link.objects.visible_to(request.actor).select_related("case").filter(pk=link).first()
    if row is None or case.pk not in (row.case_id, row.other_id):
        raise Missing
    actions.unlink_cases(link=row, actor=request.actor, at=request.at)
    return written(Case.objects.get(pk=case.pk))


@post("/cases/{number}/merges/{merge}/undo", scope="case.link", answer=Written, tag="matters", status=200)
def unmerge_case(request: Call, number: Number, merge: Row, body: SeenBody | None = None) -> Written:
    """Take a merge back: both cases stand alone again. The body may be left out."""
    case = case_of(number, request)
    row = Merge.objects.filter(kept=case, pk=merge).first()
    if row is None:
        raise Missing
    seen = body.seen if body else None
    actions.unmerge_cases(merge=row, seen=seen, actor=request.actor, at=request.at)
    return written(Case.objects.get(pk=case.pk))


@post("/cases/{number}/complex", scope="case.ask_complex", answer=Made, tag="matters")
def ask_complex(request: Call, number: Number, body: ComplexBody) -> Made:
    """Ask a manager for the longer limit of a complex matter; nothing moves until it is approved."""
    case = case_of(number, request)
    asked = actions.ask_complex(
        case=case, reason=body.reason, seen=body.seen, actor=request.actor, at=request.at
    )
    return made(Case.objects.get(pk=case.pk), asked.pk)


@post(
    "/cases/{number}/complex/{asked}/decide",
    scope="case.approve_complex",
    answer=Written,
    tag="matters",
    status=200,
)
def decide_complex(request: Call, number: Number, asked: Row, body: DecideBody) -> Written:
    """Give more time or not, as a manager who did not ask for it."""
    case = case_of(number, request)
    row = ComplexityRequest.objects.filter(case=case, pk=asked).first()
    if row is None:
        raise Missing
    actions.decide_complex(
        request=row,
        approve=body.approve,
        remark=body.remark,
        seen=body.seen,
        actor=request.actor,
        at=request.at,
    )
    return written(Case.objects.get(pk=case.pk))


@post("/cases/{number}/routes", scope="offer.make", answer=Written, tag="matters", status=200)
def tell_routes(request: Call, number: Number) -> Written:
    """Tell the member who outside the club can help, once they declined an offer; a colleague's token only."""
    case = case_of(number, request)
    return written(actions.tell_routes(case=case, actor=request.actor, at=request.at))
