"""The page of one clause: what it says, what carries it out, its figures and the cases behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from clubassist.domain.insight.queries import CaseBehind, ClauseRow, MeasureFigure, clause_cases, clause_row
from clubassist.pure.figures import Outcome
from clubassist.pure.policy import Policy
from clubassist.web.desk.page import chinese, desk_page, said
from clubassist.web.desk.queue import LARGEST_KEY
from clubassist.web.desk.rows import kind_title
from clubassist.web.desk.rules.period import Period, edition_words, frame_of, period_of
from clubassist.web.desk.rules.statements import carried, matrix, stated
from clubassist.web.desk.rules.words import OUTCOMES, figured, left_out, owner_words, row_mark
from clubassist.web.shared.doors import staff
from clubassist.web.shared.templatetags.sa import moment, span
from clubassist.web.shared.visitor import SignedRequest


@staff("rules.read")
def clause(request: SignedRequest, clause: str) -> HttpResponse:
    """Show one clause: what it says, what carries it out, its figures and the cases behind them."""
    period = period_of(request)
    policy = period.book.policy
    row = clause_row(
        clause, book=period.book, clubs=period.clubs, month=period.month, actor=period.actor, at=period.at
    )
    one = row.clause
    context: dict[str, Any] = frame_of(period) | {
        "clause": one,
        "title": said(one.title),
        "text": said(one.text),
        "reading": said(one.reading) if one.reading else "",
        "note": said(one.note) if one.note else "",
        "section_title": said(one.section),
        "owner": owner_words(one, policy),
        "points_to": one.points_to,
        "statements": [stated(each, policy.terms) for each in one.states],
        "carriers": [carried(each, policy) for each in row.carriers],
        "matrix": matrix(row.carriers, policy),
        "mark": row_mark(row, counted=period.counted),
        "edition": edition_words(period.book.edition_of[clause], period.at),
        "back_url": period.address("../"),
        "figures": [_figure_card(each, period) for each in row.figures],
        **left_out([row], period),
        "may_rows": period.actor.may_somewhere("clause.rows"),
        **_behind(request, row, period),
    }
    return desk_page(request, "desk/rules/clause.html", context)


def _figure_card(figure: MeasureFigure, period: Period) -> dict[str, Any]:
    shown = figured(figure)
    links = [
        (period.address("", measure=shown.id, outcome=outcome), outcome, word, count)
        for outcome, word, count in shown.tabs
    ]
    return {"shown": shown, "links": links}


def _behind(request: SignedRequest, row: ClauseRow, period: Period) -> dict[str, Any]:
    """Return the cases behind the count that the reader chose, or behind the most telling one. One statement."""
    chosen = _chosen(request, row)
    if chosen is None or not period.actor.may_somewhere("clause.rows"):
        return {"cases": [], "measure": "", "outcome": ""}
    figure, outcome = chosen
    found, more = clause_cases(
        row.clause.id,
        figure.measure,
        outcome,
        book=period.book,
        clubs=period.clubs,
        month=period.month,
        actor=period.actor,
        at=period.at,
        after=_position(request.GET.get("after", "")),
    )
    query = {"measure": figure.measure.id, "outcome": str(outcome)}
    after = f"{more[0].isoformat()},{more[1]}" if more else ""
    return {
        "cases": [_case(each, period.book.policy, period.at, clubs=len(period.clubs)) for each in found],
        "measure": figure.measure.id,
        "outcome": outcome,
        "cases_title": f"{said(figure.measure.title)} · {OUTCOMES[outcome]}",
        "earlier": period.address("", **query, after=after) if more else "",
        "later": period.address("", **query) if request.GET.get("after") else "",
    }


def _chosen(request: SignedRequest, row: ClauseRow) -> tuple[MeasureFigure, Outcome] | None:
    """Return the count that `measure` and `outcome` name, else the first with rows: late ones before all others."""
    counts = [
        (figure, outcome)
        for outcome in (Outcome.LATE, Outcome.PENDING, Outcome.MET, Outcome.STOPPED)
        for figure in row.figures
        if figure.counts[outcome]
    ]
    asked = (request.GET.get("measure"), request.GET.get("outcome"))
    return next(
        (each for each in counts if (each[0].measure.id, each[1]) == asked), counts[0] if counts else None
    )


def _case(case: CaseBehind, policy: Policy, at: datetime, *, clubs: int) -> dict[str, Any]:
    ended = case.met_at or case.stopped_at
    with timezone.override(case.zone):
        times = {
            "received": moment(case.received_at, at),
            "due": moment(case.due_at, at),
            "kept": moment(ended, at) if ended else "",
        }
    return {
        **times,
        "number": case.number,
        "title": case.title,
        "kind": kind_title(policy, case.kind),
        "club": (case.club if chinese() else case.club_en) if clubs > 1 else "",
        "broken": case.strictness == "breach",
        "late": span(case.due_at - (ended or at), "short") if case.due_at < (ended or at) else "",
    }


def _position(text: str) -> tuple[datetime, int] | None:
    """Return the place in the list that `after` names; None, the beginning, when it names none."""
    received, _comma, clock_id = text.partition(",")
    try:
        position = datetime.fromisoformat(received), int(clock_id)
    except ValueError:
        return None
    return position if position[0].tzinfo is not None and 0 <= position[1] <= LARGEST_KEY else None
