"""The list of all clauses with their live figures."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from clubassist.domain.insight.queries import ClauseRow, clause_board
from clubassist.domain.insight.rules import State
from clubassist.web.desk.page import desk_page, said
from clubassist.web.desk.rules.marks import STATE_WORDS
from clubassist.web.desk.rules.period import Period, edition_words, frame_of, period_of
from clubassist.web.desk.rules.releases import releases
from clubassist.web.desk.rules.words import board_row, left_out
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest


@staff("rules.read")
def board(request: SignedRequest) -> HttpResponse:
    """Show every clause in force, by regulation and section, with its figures and its state."""
    period = period_of(request)
    book = period.book
    rows = clause_board(book=book, clubs=period.clubs, month=period.month, actor=period.actor, at=period.at)
    packs = list(dict.fromkeys(edition.name for edition in book.edition_of.values()))
    pack = request.GET.get("pack", "")
    pack = pack if pack in packs else ""
    state = request.GET.get("state", "")
    state = state if state in set(State) else ""
    rows = [row for row in rows if not pack or book.edition_of[row.clause.id].name == pack]
    tally = Counter(row.state for row in rows)
    context: dict[str, Any] = frame_of(period) | {
        "tally": [
            {
                "state": one,
                "mark": (
                    tone,
                    icon,
                    _("Carried out") if one is State.CARRIED and not period.counted else word,
                ),
                "count": tally[one],
                "url": period.address("", pack=pack, state="" if one == state else one) or "?",
                "current": one == state,
            }
            for one, (tone, icon, word) in STATE_WORDS.items()
            if (period.counted and (tally[one] or one is not State.WITHHELD))
            or one in (State.CARRIED, State.GAP)
        ],
        "packs": [
            (edition.name, said(edition.title), edition.name == pack)
            for edition in book.editions
            if edition.name in packs
        ],
        "state": state,
        "all": len(rows),
        "releases": releases((version for row in rows for version in row.versions), period.clubs, period.at),
        "query": period.address(""),
        **left_out(rows, period),
        "books": _books([row for row in rows if not state or row.state == state], period),
    }
    return desk_page(request, "desk/rules/board.html", context)


def _books(rows: list[ClauseRow], period: Period) -> list[dict[str, Any]]:
    """Return the clauses by regulation and, within, by section, in the order of the regulation."""
    edition_of, policy = period.book.edition_of, period.book.policy
    books = []
    for name, of_pack in groupby(rows, key=lambda row: edition_of[row.clause.id].name):
        edition = next(each for each in period.book.editions if each.name == name)
        sections = [
            (title, [board_row(row, policy, counted=period.counted) for row in of_section])
            for title, of_section in groupby(of_pack, key=lambda row: said(row.clause.section))
        ]
        books.append({"edition": edition_words(edition, period.at), "sections": sections})
    return books
