"""After a case was solved: its closing report, the superior's receipt, the follow-up calls."""

from __future__ import annotations

from clubassist.core.refusal import Missing
from clubassist.domain.cases import actions
from clubassist.domain.cases.models import Case, Report
from clubassist.web.api.answers import Written
from clubassist.web.api.bodies import FollowUpBody, Number, ReportBody, ReportReadBody, Row
from clubassist.web.api.cases import case_of
from clubassist.web.api.operations import READS_CASES, Call, get, post
from clubassist.web.api.shapes import moment, moment_or_none, written
from clubassist.web.api.solution_answers import FollowUps, Reports


@get("/cases/{number}/reports", scope=READS_CASES, answer=Reports, tag="after solving")
def list_reports(request: Call, number: Number) -> Reports:
    """List the closing reports of a case, the newest first."""
    matter = Case.objects.of_matter(case_of(number, request))
    rows = Report.objects.filter(case__in=matter).select_related("written_by", "read_by")
    return {
        "reports": [
            {
                "id": row.pk,
                "cause": row.cause,
                "text": row.text,
                "written_by": row.written_by.name if row.written_by else None,
                "written_at": moment(row.written_at),
                "read_by": row.read_by.name if row.read_by else None,
                "read_at": moment_or_none(row.read_at),
            }
            for row in rows.order_by("-pk")
        ]
    }


@post("/cases/{number}/report", scope="case.resolve", answer=Written, tag="after solving", status=200)
def report_case(request: Call, number: Number, body: ReportBody) -> Written:
    """Write the closing report of a solved case; it may be written anew until a superior has read it."""
    case = case_of(number, request)
    actions.write_report(case=case, actor=request.actor, at=request.at, **body.model_dump())
    return written(Case.objects.get(pk=case.pk))


@post("/reports/{report}/read", scope="report.read", answer=Written, tag="after solving", status=200)
def acknowledge_report(request: Call, report: Row, body: ReportReadBody) -> Written:
    """Give the superior's receipt, as a person, for a closing report that somebody else wrote.

    409 when it was written anew since it was read.
    """
    row = Report.objects.visible_to(request.actor).select_related("case").filter(pk=report).first()
    if row is None:
        raise Missing
    actions.read_report(report=row, written_at=body.written_at, actor=request.actor, at=request.at)
    return written(Case.objects.get(pk=row.case_id))


@get("/cases/{number}/follow-ups", scope=READS_CASES, answer=FollowUps, tag="after solving")
def list_follow_ups(request: Call, number: Number) -> FollowUps:
    """List the follow-up calls of a case, the oldest first."""
    rows = case_of(number, request).follow_ups.prefetch_related("tries").order_by("opens_at", "pk")
    return {
        "follow_ups": [
            {
                "id": row.pk,
                "promise": row.promise,
                "opens_at": moment(row.opens_at),
                "tries": len(row.tries.all()),
                "outcome": row.outcome,
                "score": row.score,
                "ended_at": moment_or_none(row.ended_at),
            }
            for row in rows
        ]
    }


@post("/cases/{number}/follow-ups", scope="case.reply", answer=Written, tag="after solving", status=200)
def follow_up_case(request: Call, number: Number, body: FollowUpBody) -> Written:
    """Keep a follow-up call that is owed. “not_solved” opens the case again; 404 when no such call is owed."""
    case = case_of(number, request)
    owed = case.follow_ups.open().filter(promise=body.promise).first()
    if owed is None:
        raise Missing
    actions.log_follow_up(
        follow_up=owed,
        outcome=body.outcome,
        score=body.score,
        text=body.text,
        actor=request.actor,
        at=request.at,
    )
    return written(Case.objects.get(pk=case.pk))
