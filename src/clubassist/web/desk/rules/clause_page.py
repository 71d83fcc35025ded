"""The page of one clause: what it says, what carries it out, its figures and the cases behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpResponse

from clubassist.core import access
from clubassist.core.refusal import Missing
from clubassist.domain.cases.suggesting import Agreement, agreement
from clubassist.domain.insight.behind import Question, all_cases, clause_cases
from clubassist.domain.insight.queries import ClauseRow, MeasureFigure, clause_row, measures_of
from clubassist.domain.insight.tallies import GROSS
from clubassist.pure.figures import month_span
from clubassist.pure.policy import Measure
from clubassist.web.desk.page import desk_page, said
from clubassist.web.desk.queue import LARGEST_KEY
from clubassist.web.desk.rules.figure_words import PARTS, figured
from clubassist.web.desk.rules.period import Period, edition_words, frame_of, period_of
from clubassist.web.desk.rules.releases import releases
from clubassist.web.desk.rules.rows import shown, table_head, table_row
from clubassist.web.desk.rules.statements import carried, matrix, stated
from clubassist.web.desk.rules.words import left_out, owner_words, row_mark
from clubassist.web.shared.doors import staff
from clubassist.web.shared.tables import csv_table
from clubassist.web.shared.visitor import SignedRequest


@staff("rules.read")
def clause(request: SignedRequest, clause: str) -> HttpResponse:
    """Show one clause: what it says, what carries it out, its figures and the cases behind them."""
    period = period_of(request, clause)
    policy = period.book.policy
    row = clause_row(
        clause, book=period.book, clubs=period.clubs, month=period.month, actor=period.actor, at=period.at
    )
    one = row.clause
    context: dict[str, Any] = frame_of(period, clause) | {
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
        "agreed": _agreed(row, period),
        "mark": row_mark(row, counted=period.counted),
        "edition": edition_words(period.book.edition_of[clause], period.at),
        "back_url": period.address("../"),
        "goals_url": period.address("../goals/")
        if any(one.mechanism == "goal" for one in row.carriers)
        else "",
        "releases": releases(row.versions, period.clubs, period.at),
        "figures": [_figure_card(each, period) for each in row.figures],
        **left_out([row], period),
        "may_rows": period.actor.may_somewhere("clause.rows"),
        **_behind(request, row, period),
    }
    return desk_page(request, "desk/rules/clause.html", context)


@staff("clause.export")
def rows(request: SignedRequest, clause: str) -> HttpResponse:
    """Give the rows behind one count of a clause's figure as a table to take along, and log it (F25).

    The rows of the page without their words, of the clubs where the reader may take them along: without a choice
    those of the first figure's most telling part. Raises Missing for a count that the clause does not have.
    """
    period = period_of(request, clause)
    if clause not in period.book.policy.clauses:
        raise Missing
    named = request.GET.get("measure")
    measures = measures_of(clause, period.book)
    measure = next((each for each in measures if named in (None, each.id)), None)
    if measure is None:
        raise Missing
    part = request.GET.get("outcome", next(iter(PARTS[measure.formula])))
    if part not in PARTS[measure.formula]:
        raise Missing
    formula, word = measure.formula, str(PARTS[measure.formula][part])
    clubs = [club for club in period.clubs if period.actor.may("clause.export", club.pk)]
    found = all_cases(replace(_question(clause, measure, part, period), clubs=clubs))
    table = [table_row(case, formula, word, period.book.policy) for case in found]
    with transaction.atomic():
        for club in clubs:
            subject = ("page", request.path[:60])
            access.looked("export", subject, actor=period.actor, at=period.at, scope=club.pk)
    name = f"{clause}-{measure.id}-{part}-{period.month:%Y-%m}"
    return csv_table(name, table_head(formula), table)


def _question(clause: str, measure: Measure, part: str, period: Period) -> Question:
    return Question(
        clause=clause,
        measure=measure,
        part=part,
        book=period.book,
        clubs=period.clubs,
        month=period.month,
        actor=period.actor,
        at=period.at,
    )


def _figure_card(figure: MeasureFigure, period: Period) -> dict[str, Any]:
    card = figured(figure)
    links = [
        (period.address("", measure=card.id, outcome=part), part, word, count)
        for part, word, count in card.tabs
    ]
    return {"shown": card, "links": links}


def _agreed(row: ClauseRow, period: Period) -> Agreement | None:
    """Return how often colleagues agreed with the triage rules that carry a clause out (B19); None without any.

    For readers of cases only. One statement for a clause that triage carries.
    """
    if not period.actor.may_somewhere("case.read") or all(one.mechanism != "triage" for one in row.carriers):
        return None
    span = month_span(period.month, period.clubs[0].zone)
    found = agreement(actor=period.actor, clubs=period.clubs, since=span.start, until=span.end)
    return found if found.judged else None


def _behind(request: SignedRequest, row: ClauseRow, period: Period) -> dict[str, Any]:
    """Return the cases behind the count that the reader chose, or behind the most telling one."""
    chosen = _chosen(request, row)
    if chosen is None or not period.actor.may_somewhere("clause.rows"):
        return {"cases": [], "measure": "", "outcome": ""}
    figure, part = chosen
    measure, policy = figure.measure, period.book.policy
    after = request.GET.get("after", "")
    position = int(after) if after.isascii() and after.isdigit() and len(after) < 20 else None
    position = position if position is None or position <= LARGEST_KEY else None
    found, more = clause_cases(_question(row.clause.id, measure, part, period), after=position)
    query = {"measure": measure.id, "outcome": part}
    may_export = period.actor.may_somewhere("clause.export")
    return {
        "cases": [shown(each, measure.formula, policy, period.at, clubs=len(period.clubs)) for each in found],
        "measure": measure.id,
        "outcome": part,
        "cases_title": f"{said(measure.title)} · {PARTS[measure.formula][part]}",
        "table_url": period.address("rows.csv", **query) if may_export else "",
        "earlier": period.address("", **query, after=str(more)) if more else "",
        "later": period.address("", **query) if position is not None else "",
    }


def _chosen(request: SignedRequest, row: ClauseRow) -> tuple[MeasureFigure, str] | None:
    """Return the count that `measure` and `outcome` name, else the most telling one with rows, such as late ones."""
    asked = (request.GET.get("measure"), request.GET.get("outcome"))
    counts = [
        (place, figure, part)
        for figure in row.figures
        for place, part in enumerate(PARTS[figure.measure.formula])
        if figure.count_of(part) and (part not in GROSS or asked == (figure.measure.id, part))
    ]
    named = next(((figure, part) for _, figure, part in counts if (figure.measure.id, part) == asked), None)
    if named is not None or not counts:
        return named
    _place, figure, part = min(counts, key=lambda each: each[0])
    return figure, part
