"""The rows behind a figure, for the page and for a table to take along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clubassist.domain.insight.behind import CaseBehind
from clubassist.domain.insight.tallies import ATTAINMENT, NET
from clubassist.pure.figures import CaseLife, Turn, stood_still
from clubassist.pure.policy import Policy
from clubassist.web.desk.page import chinese
from clubassist.web.desk.rows import kind_title
from clubassist.web.desk.rules.figure_words import MINUTE, Words
from clubassist.web.shared.templatetags.sa import moment, span


class Column(NamedTuple):
    """One time or number of a case behind a figure."""

    title: Words
    read: Callable[[CaseBehind], datetime | int | None]


def _of_life(
    read: Callable[[CaseLife], datetime | int | None],
) -> Callable[[CaseBehind], datetime | int | None]:
    return lambda case: read(case.lived.life) if case.lived is not None else None


OF_CLOCKS: Final = (
    Column(gettext_lazy("Due"), lambda case: case.due_at),
    Column(
        gettext_lazy("Due without pauses"),
        lambda case: case.gross_due_at if case.gross_due_at != case.due_at else None,
    ),
    Column(gettext_lazy("Ended"), lambda case: case.met_at or case.stopped_at),
)
OF_LIVES: Final = (
    Column(gettext_lazy("First answer"), _of_life(lambda life: life.responded_at)),
    Column(gettext_lazy("First solution"), _of_life(lambda life: life.proposed_at)),
    Column(gettext_lazy("Solved"), _of_life(lambda life: life.ending[0] if life.ending else None)),
    Column(
        gettext_lazy("Times opened again"),
        _of_life(lambda life: sum(turn is Turn.REOPENED for _, turn in life.turns)),
    ),
    Column(
        gettext_lazy("Score"),
        lambda case: case.lived.answers[-1].score if case.lived and case.lived.answers else None,
    ),
)


PAUSED: Final = Column(
    gettext_lazy("Minutes paused"),
    lambda case: stood_still(case.lived.life, case.at) // MINUTE if case.lived else None,
)


def columns(formula: str) -> tuple[Column, ...]:
    """Return what the rows behind a figure of this formula tell."""
    if formula == ATTAINMENT:
        return OF_CLOCKS
    return (*OF_LIVES, PAUSED) if formula == NET else OF_LIVES


def shown(case: CaseBehind, formula: str, policy: Policy, now: datetime, *, clubs: int) -> dict[str, Any]:
    """Return a row as the page shows it, in its club's time."""
    ended = case.met_at or case.stopped_at or case.at
    late = case.due_at is not None and case.due_at < ended and not case.stands_still
    with timezone.override(case.zone):
        cells = [(str(column.title), _cell(column.read(case), now)) for column in columns(formula)]
        received = moment(case.received_at, now)
    return {
        "number": case.number,
        "title": case.title,
        "kind": kind_title(policy, case.kind),
        "club": club_name(case) if clubs > 1 else "",
        "received": received,
        "cells": cells,
        "broken": case.strictness == "breach",
        "late": span(case.due_at - ended, "short") if late and case.due_at is not None else "",
    }


def _cell(value: datetime | int | None, now: datetime) -> str:
    if value is None:
        return ""
    return moment(value, now) if isinstance(value, datetime) else str(value)


def club_name(case: CaseBehind) -> str:
    """Return the name of a row's club in the reader's language."""
    return case.club if chinese() else case.club_en


def table_head(formula: str) -> list[str]:
    """Return the head of the table to take along."""
    first = [_("Case"), _("Club"), _("Kind"), _("Counts as"), _("As at"), _("Received")]
    return [*first, *(str(column.title) for column in columns(formula))]


def table_row(case: CaseBehind, formula: str, part: str, policy: Policy) -> list[str]:
    """Return a row of that table: times to the second, of the club's clock; no word of what was told."""
    zone = ZoneInfo(case.zone)

    def written(value: datetime | int | None) -> str:
        if value is None:
            return ""
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)

    first = [case.number, club_name(case), kind_title(policy, case.kind), part]
    times = [case.at, case.received_at, *(column.read(case) for column in columns(formula))]
    return [*first, *map(written, times)]
