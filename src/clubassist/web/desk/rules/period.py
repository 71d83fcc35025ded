"""What the pages ask about: a month, the rules in force in it, and the reader's clubs that run by them."""

from __future__ import annotations

from collections.abc import Sequence
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
from clubassist.domain.insight.editions import Edition, Rulebook, rulebooks
from clubassist.pure.figures import month_of, month_span, months_before
from clubassist.web.desk.page import said
from clubassist.web.desk.rules.pages import club_names
from clubassist.web.shared.templatetags.sa import moment
from clubassist.web.shared.visitor import SignedRequest

MONTHS_TO_CHOOSE: Final = 13
"""How many months can be chosen: this one, back to the same month of last year."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a request asks about: a month, the rules in force in it, and the reader's clubs that run by them.

    Clubs whose rules disagree have `books` of their own; `book` is the one that is asked about.
    """

    actor: Actor
    at: datetime
    months: list[date]
    month: date
    books: list[Rulebook]
    book: Rulebook

    @property
    def clubs(self) -> Sequence[Club]:
        """The clubs that run by the book."""
        return self.book.clubs

    @property
    def code(self) -> str:
        """What names the book in an address: the code of its first club; nothing for the first book."""
        return "" if self.book is self.books[0] else self.book.clubs[0].code

    @property
    def counted(self) -> bool:
        """Whether the reader may see figures."""
        return self.actor.may_somewhere("clause.read")

    def address(self, path: str, **query: str) -> str:
        """Return `path` with what is given of the query, and with this book and month unless they are the first."""
        given = {name: value for name, value in (query | {"club": self.code}).items() if value}
        if self.month != self.months[0]:
            given.setdefault("month", f"{self.month:%Y-%m}")
        return f"{path}?{urlencode(given)}" if given else path


def period_of(request: SignedRequest, clause: str = "") -> Period:
    """Return what the request asks about: the book of its `club`, else one that has the clause. Two statements."""
    at = clock.now()
    clubs = list(Club.objects.where(request.actor, "rules.read").order_by("pk"))
    zone = clubs[0].zone if clubs else settings.TIME_ZONE
    running = month_of(at, zone)
    months = [months_before(running, count) for count in range(MONTHS_TO_CHOOSE)]
    month = next((each for each in months if f"{each:%Y-%m}" == request.GET.get("month")), running)
    last = month_span(month, zone).end - timedelta(microseconds=1)
    books = rulebooks(clubs, at=min(at, last))
    named = [book for book in books if request.GET.get("club") in {club.code for club in book.clubs}]
    having = [book for book in books if clause in book.policy.clauses]
    return Period(request.actor, at, months, month, books, (*named, *having, *books)[0])


def frame_of(period: Period, clause: str = "") -> dict[str, Any]:
    """Return what the pages show of the period, of a clause with the rules that have it."""
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
        **books_of(period, clause),
    }


def books_of(period: Period, clause: str = "") -> dict[str, Any]:
    """Return the choice between rules that disagree, by the names of the clubs; nothing where all agree."""
    books = [book for book in period.books if not clause or clause in book.policy.clauses]
    return {
        "rules_of": period.code,
        "counted_at": club_names(period.clubs) if len(period.books) > 1 else "",
        "rulebooks": [
            (book.clubs[0].code, club_names(book.clubs), book is period.book)
            for book in books
            if len(books) > 1
        ],
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
