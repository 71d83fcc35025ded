"""The goals of the regulation with their targets, figures and trends, and what nothing measures yet (F01)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from django.http import HttpResponse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clubassist.domain.insight.goals import GoalFigure, GoalRow, Point, goal_board
from clubassist.domain.insight.queries import MeasureFigure
from clubassist.domain.insight.rules import State
from clubassist.domain.insight.tallies import without_sensitive
from clubassist.pure.figures import Release, release_of
from clubassist.pure.policy import Aim, Measure
from clubassist.web.desk.page import desk_page, said
from clubassist.web.desk.rules.figure_words import figured, goal, gross_if_other, sample, value
from clubassist.web.desk.rules.marks import state_mark
from clubassist.web.desk.rules.pages import ways
from clubassist.web.desk.rules.period import Period, frame_of, period_of
from clubassist.web.shared.charts import Step, trend
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest

RELEASES: Final = {
    Release.RUNNING: gettext_lazy("still running"),
    Release.PROVISIONAL: gettext_lazy("provisional"),
    Release.FINAL: gettext_lazy("final"),
}


@staff("rules.read")
def goals(request: SignedRequest) -> HttpResponse:
    """Show each goal of the regulation with what measures it, its trend, and its aims that nothing measures yet."""
    period = period_of(request)
    rows = goal_board(book=period.book, month=period.month, actor=period.actor, at=period.at)
    shown = [one.now for row in rows for one in row.figures if one.now is not None]
    context: dict[str, Any] = frame_of(period) | {
        "ways": ways("desk_goals"),
        "groups": [_group(row, period) for row in rows],
        "withheld": any(figure.withheld for figure in shown),
        "no_sensitive": bool(without_sensitive(period.clubs, period.actor)),
        "may_rows": period.actor.may_somewhere("clause.rows"),
    }
    return desk_page(request, "desk/rules/goals.html", context)


def _group(row: GoalRow, period: Period) -> dict[str, Any]:
    return {
        "title": said(row.goal.title),
        "figures": [_card(each, period) for each in row.figures],
        "gaps": [_gap(aim, period) for aim in row.gaps],
    }


def _gap(aim: Aim, period: Period) -> dict[str, Any]:
    return {
        "title": said(aim.title),
        "clause": aim.clause,
        "url": period.address(f"../{aim.clause}/"),
        "target": said(aim.target) if aim.target else "",
        "mark": state_mark(State.GAP, broken=False),
    }


def _card(one: GoalFigure, period: Period) -> dict[str, Any]:
    page = f"../{one.clause}/"
    card = {
        "title": said(one.measure.title),
        "clause": one.clause,
        "url": period.address(page, measure=one.measure.id) + "#figures",
        "goal": goal(one.measure),
    }
    if one.now is None:
        return card
    now = figured(one.now)
    links = [
        (period.address(page, measure=now.id, outcome=part) + "#cases", word, count)
        for part, word, count in now.tabs
    ]
    return card | {
        "shown": now,
        "links": links,
        "gross": gross_if_other(one.now),
        "months": [_month(each, one, period) for each in reversed(one.trend)],
        **_drawn(one),
    }


def _drawn(one: GoalFigure) -> dict[str, Any]:
    """Return the trend's drawing and its sentence, once there are two values to compare."""
    values = [each.figure for each in one.trend if each.figure is not None and each.figure.value is not None]
    if len(values) < 2:
        return {}
    words = _("{title}: {first} to {last} over {count} months with a figure")
    sentence = words.format(
        title=said(one.measure.title), first=value(values[0]), last=value(values[-1]), count=len(values)
    )
    return {"trend": trend([_step(each.figure) for each in one.trend]), "sentence": sentence}


def _step(figure: MeasureFigure | None) -> Step:
    if figure is None:
        return Step(None, None, good=False)
    return Step(figure.value, _target(figure.measure), good=figure.state is State.MET)


def _target(measure: Measure) -> Fraction | None:
    bound = measure.at_least if measure.at_least is not None else measure.at_most
    return None if bound is None else Fraction(bound)


def _month(point: Point, one: GoalFigure, period: Period) -> dict[str, Any]:
    """Return a row of the table beside a trend: figure, target and state of one month."""
    # Translators: a date pattern of Django's `date` filter: a month.
    month = format_date(point.month, _("F Y"))
    release = RELEASES[release_of(point.month, period.at, period.clubs[0].zone)]
    figure = point.figure
    if figure is None:
        return {"month": month, "release": release}
    return {
        "month": month,
        "release": release,
        "url": _in_month(period, point, f"../{figure.measure.clauses[0]}/", one.measure.id),
        "share": value(figure),
        "of": sample(figure, "{kept}/{decided}"),
        "goal": goal(figure.measure),
        "mark": state_mark(figure.state, broken=figure.broken),
    }


def _in_month(period: Period, point: Point, page: str, measure: str) -> str:
    """Return the address of a clause's page in a month of the trend; it is empty for months that cannot be chosen."""
    if point.month not in period.months:
        return ""
    return f"{period.address(page, month=f'{point.month:%Y-%m}', measure=measure)}#figures"
