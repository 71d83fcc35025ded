"""What both pages ask about: the reader's clubs, a month, the rules in force in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.domain.club.models import Club
from clubassist.domain.insight.editions import Edition, Rulebook, rulebook
from clubassist.pure.figures import month_of, month_span, months_before
from clubassist.web.desk.page import said
from clubassist.web.shared.templatetags.sa import moment
from clubassist.web.shared.visitor import SignedRequest

MONTHS: Final = 13
"""How many months can be chosen: this one, back to the same month of last year."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a request asks about: the reader's clubs, a month, the rules in force in it."""

    actor: Actor
    at: datetime
    clubs: list[Club]
    months: list[date]
    month: date
    book: Rulebook

    @property
    def counted(self) -> bool:
        """Whether the reader may see figures."""
        return self.actor.may_somewhere("clause.read")

    def address(self, path: str, **query: str) -> str:
        """Return `path` with this month, unless it is the running one, and what is given of the query."""
        given = {name: value for name, value in query.items() if value}
        if self.month != self.months[0]:
            given["month"] = f"{self.month:%Y-%m}"
        return f"{path}?{urlencode(given)}" if given else path


def period_of(request: SignedRequest) -> Period:
    """Return what the request asks about. Two statements."""
    at = clock.now()
    clubs = list(Club.objects.where(request.actor, "rules.read").order_by("pk"))
    zone = clubs[0].zone if clubs else settings.TIME_ZONE
    running = month_of(at, zone)
    months = [months_before(running, count) for count in range(MONTHS)]
    month = next((each for each in months if f"{each:%Y-%m}" == request.GET.get("month")), running)
    last = month_span(month, zone).end - timedelta(microseconds=1)
    return Period(request.actor, at, clubs, months, month, rulebook(clubs, at=min(at, last)))


def frame_of(period: Period) -> dict[str, Any]:
    """Return what both pages show of the period."""
    # Translators: a date pattern of Django's `date` filter: a month.
    pattern = _("F Y")
    return {
        "now": period.at,
        "section": "desk_rules",
        "month": format_date(period.month, pattern),
        "running": period.month == period.months[0],
        "months": [
            (f"{each:%Y-%m}", format_date(each, pattern), each == period.month) for each in period.months
        ],
        "counted": period.counted,
    }


def edition_words(edition: Edition, at: datetime) -> dict[str, Any]:
    """Return which version of a pack is in force, and since when (F13)."""
    return {
        "name": edition.name,
        "title": said(edition.title),
        "version": edition.version,
        "since": moment(edition.since, at),
        "elsewhere": edition.elsewhere,
    }
