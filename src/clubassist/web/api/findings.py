"""Finding out what is true: evidence, the finding, its two signatures."""

from __future__ import annotations

from datetime import datetime

from clubassist.core.refusal import Missing
from clubassist.domain.cases import actions
from clubassist.domain.cases.matters import finding_of
from clubassist.domain.cases.models import Case, Evidence, Finding
from clubassist.domain.people.models import Account
from clubassist.domain.people.roles import DEPARTMENT_TASKS
from clubassist.web.api.answers import Written
from clubassist.web.api.bodies import EvidenceBody, FindingBody, Number, Row, SignBody
from clubassist.web.api.cases import case_of
from clubassist.web.api.operations import READS_CASES, Call, get, post
from clubassist.web.api.shapes import made, moment, written
from clubassist.web.api.solution_answers import EvidenceList, FindingAnswer, FindingRow, Made, SignatureRow


@get("/cases/{number}/evidence", scope=READS_CASES, answer=EvidenceList, tag="findings")
def list_evidence(request: Call, number: Number) -> EvidenceList:
    """List the evidence of a case, the oldest first."""
    matter = Case.objects.of_matter(case_of(number, request))
    rows = Evidence.objects.filter(case__in=matter).select_related("by")
    return {
        "evidence": [
            {
                "id": row.pk,
                "kind": row.kind,
                "words": row.words,
                "by": row.by.name if row.by else None,
                "at": moment(row.at),
                "files": len(row.attachments.all()),
            }
            for row in rows.prefetch_related("attachments").order_by("pk")
        ]
    }


@post("/cases/{number}/evidence", scope="case.note", answer=Made, tag="findings")
def write_evidence(request: Call, number: Number, body: EvidenceBody) -> Made:
    """Keep a piece of evidence in words; the first one completes the step that asks for it."""
    case = case_of(number, request)
    row = actions.add_evidence(
        case=case, kind=body.kind, words=body.words, actor=request.actor, at=request.at
    )
    return made(Case.objects.get(pk=case.pk), row.pk)


@get("/cases/{number}/finding", scope=READS_CASES, answer=FindingAnswer, tag="findings")
def read_finding(request: Call, number: Number) -> FindingAnswer:
    """Read the finding that stands."""
    row = finding_of(case_of(number, request))
    return {"finding": _finding_row(row) if row else None}


@post("/cases/{number}/finding", scope="case.sign", answer=Made, tag="findings")
def write_finding(request: Call, number: Number, body: FindingBody) -> Made:
    """Write down what is held to be true; what stood there is replaced, with the signatures under it."""
    case = case_of(number, request)
    row = actions.write_finding(
        case=case,
        conclusion=body.conclusion,
        summary=body.summary,
        department=body.department,
        seen=body.seen,
        actor=request.actor,
        at=request.at,
    )
    return made(Case.objects.get(pk=case.pk), row.pk)


@post("/findings/{finding}/sign", scope=DEPARTMENT_TASKS, answer=Written, tag="findings", status=200)
def sign_finding(request: Call, finding: Row, body: SignBody) -> Written:
    """Sign a finding, as a person: for customer service, or as the head of the department in question."""
    row = Finding.objects.visible_to(request.actor).filter(pk=finding).first()
    if row is None:
        raise Missing
    actions.sign_finding(finding=row, side=body.side, actor=request.actor, at=request.at)
    return written(Case.objects.get(pk=row.case_id))


def _finding_row(row: Finding) -> FindingRow:
    return {
        "id": row.pk,
        "conclusion": row.conclusion,
        "summary": row.summary,
        "department": row.department,
        "written_by": row.written_by.name if row.written_by else None,
        "written_at": moment(row.written_at),
        "signed_by_department": _signature(row.department_by, row.department_at),
        "signed_by_service": _signature(row.service_by, row.service_at),
    }


def _signature(by: Account | None, at: datetime | None) -> SignatureRow | None:
    return {"by": by.name, "at": moment(at)} if by is not None and at is not None else None
