"""Figures: the goals, the measures of a clause, and exactly the cases that each count is made of (F01, F63)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Annotated, Final

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from clubassist.core.refusal import Missing, Refused
from clubassist.domain.club.models import Club
from clubassist.domain.insight.behind import CaseBehind, Question, clause_cases
from clubassist.domain.insight.editions import Rulebook, rulebooks
from clubassist.domain.insight.freezing import INSTANT
from clubassist.domain.insight.goals import GoalFigure, goal_board
from clubassist.domain.insight.queries import MeasureFigure, clause_row, measures_of
from clubassist.domain.insight.tallies import parts
from clubassist.pure.figures import Turn, month_of, month_span, release_of, solved_at, stood_still
from clubassist.web.api.bodies import ClubCode, Row
from clubassist.web.api.cases import Limit
from clubassist.web.api.figure_answers import (
    BehindPage,
    BehindRow,
    FigureRow,
    Figures,
    GoalFigureRow,
    Goals,
    PointRow,
)
from clubassist.web.api.operations import Call, get
from clubassist.web.api.shapes import both, moment, moment_or_none

HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A month: 2026-11."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
"""A clause, a measure of it or a part of its figure."""


@get("/goals", scope="clause.read", answer=Goals, tag="figures")
def list_goals(request: Call, month: Month | None = None, club: ClubCode | None = None) -> Goals:
    """List the goals of the regulation with their figures over six months, and what nothing measures yet.

    Several clubs are counted together; where their rules disagree, ask for one at a time.
    """
    book, first = _asked(request, month, club)
    rows = goal_board(book=book, month=first, actor=request.actor, at=request.at)
    return {
        "month": f"{first:%Y-%m}",
        "release": _release(book, first, request.at),
        "clubs": [each.code for each in book.clubs],
        "goals": [
            {
                "code": row.goal.code,
                "title": both(row.goal.title),
                "figures": [_goal_figure(one, one.now) for one in row.figures if one.now is not None],
                "gaps": [
                    {
                        "clause": aim.clause,
                        "title": both(aim.title),
                        "target": both(aim.target) if aim.target else None,
                    }
                    for aim in row.gaps
                ],
            }
            for row in rows
        ],
    }


@get("/clauses/{clause}/figures", scope="clause.read", answer=Figures, tag="figures")
def list_figures(
    request: Call, clause: Name, month: Month | None = None, club: ClubCode | None = None
) -> Figures:
    """List the figures of a clause over the cases received in a month, by default the running one.

    Several clubs are counted together; where their rules disagree, ask for one at a time.
    """
    book, first = _asked(request, month, club)
    row = clause_row(clause, book=book, clubs=book.clubs, month=first, actor=request.actor, at=request.at)
    runs = book.edition_of[clause].clubs
    return {
        "clause": clause,
        "month": f"{first:%Y-%m}",
        "release": _release(book, first, request.at),
        "clubs": [each.code for each in book.clubs if each.pk in runs],
        "state": row.state,
        "figures": [_figure(figure, clause) for figure in row.figures],
    }


@get("/clauses/{clause}/figures/{measure}/{part}", scope="clause.rows", answer=BehindPage, tag="figures")
def list_rows(
    request: Call,
    clause: Name,
    measure: Name,
    part: Name,
    month: Month | None = None,
    club: ClubCode | None = None,
    after: Row | None = None,
    limit: Limit = 50,
) -> BehindPage:
    """List exactly the cases that one part of a figure counts, as far as the token's holder may open them."""
    book, first = _asked(request, month, club)
    if clause not in book.policy.clauses:
        raise Missing
    found = next((each for each in measures_of(clause, book) if each.id == measure), None)
    if found is None or part not in parts(found.formula):
        raise Missing
    asked = Question(clause, found, part, book, book.clubs, first, request.actor, request.at)
    rows, more = clause_cases(asked, after=after, most=limit)
    return {"cases": [_behind(each) for each in rows], "next": more}


def _asked(request: Call, month: str | None, club: str | None) -> tuple[Rulebook, date]:
    """Return the rules in force at the clubs asked about when the month ended, and the first day of the month.

    Raises Refused for a club out of sight, and for clubs whose rules disagree.
    """
    readable = list(Club.objects.where(request.actor, "clause.read").order_by("pk"))
    clubs = [each for each in readable if club in (None, each.code)]
    if not clubs:
        mend = _("There is no such club. GET /clubs lists them all.")
        raise Refused("club-unknown", field="club", mend=mend)
    zone = clubs[0].zone
    first = date.fromisoformat(f"{month}-01") if month else month_of(request.at, zone)
    books = rulebooks(clubs, at=min(request.at, month_span(first, zone).end - INSTANT))
    if len(books) > 1:
        mend = _("The rules of these clubs disagree. Ask for one club at a time.")
        raise Refused("rules-disagree", field="club", mend=mend)
    return books[0], first


def _release(book: Rulebook, month: date, at: datetime) -> str:
    return release_of(month, at, book.clubs[0].zone)


def _goal_figure(one: GoalFigure, now: MeasureFigure) -> GoalFigureRow:
    trend: list[PointRow] = [
        {
            "month": f"{point.month:%Y-%m}",
            "value": _number(point.figure.value) if point.figure else None,
            "at_least": point.figure.measure.at_least if point.figure else None,
            "at_most": point.figure.measure.at_most if point.figure else None,
            "state": point.figure.state if point.figure else None,
        }
        for point in one.trend
    ]
    return {**_figure(now, one.clause), "trend": trend}


def _figure(figure: MeasureFigure, clause: str) -> FigureRow:
    measure, waits = figure.measure, figure.waits
    interval = figure.figure.interval
    return {
        "measure": measure.id,
        "title": both(measure.title),
        "clause": clause,
        "formula": measure.formula,
        "unit": measure.unit,
        "at_least": measure.at_least,
        "at_most": measure.at_most,
        "value": _number(figure.value),
        "interval": {"low": round(interval.low, 4), "high": round(interval.high, 4)} if interval else None,
        "median": _hours(waits.median) if waits else None,
        "p90": _hours(waits.p90) if waits else None,
        "open": waits.open if waits else 0,
        "gross_value": _number(figure.gross_value),
        "parts": {part: figure.count_of(part) for part in parts(measure.formula)},
        "state": figure.state,
        "broken": figure.broken,
        "withheld": figure.withheld,
        "before": _number(figure.before.value) if figure.before else None,
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 4)


def _hours(length: timedelta | None) -> float | None:
    return None if length is None else round(length / HOUR, 4)


def _behind(row: CaseBehind) -> BehindRow:
    life = row.lived.life if row.lived else None
    return {
        "id": row.row,
        "case": row.number,
        "title": row.title,
        "kind": row.kind,
        "urgency": row.urgency,
        "received_at": moment(row.received_at),
        "as_at": moment(row.at),
        "due_at": moment_or_none(row.due_at),
        "gross_due_at": moment_or_none(row.gross_due_at),
        "met_at": moment_or_none(row.met_at),
        "stopped_at": moment_or_none(row.stopped_at),
        "answered_at": moment_or_none(life.responded_at) if life else None,
        "proposed_at": moment_or_none(life.proposed_at) if life else None,
        "solved_at": moment_or_none(solved_at(life)) if life else None,
        "paused_minutes": stood_still(life, row.at) // MINUTE if life else None,
        "reopened": sum(turn is Turn.REOPENED for _at, turn in life.turns) if life else None,
        "score": row.lived.answers[-1].score if row.lived and row.lived.answers else None,
    }
