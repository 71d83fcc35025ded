"""Who answers for what: each clause and figure with its department, and those without one (F68)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from clubassist.pure.policy import Policy, Responsible, measures_owned, responsibilities
from clubassist.web.desk.page import said
from clubassist.web.desk.rules.pages import rules_page
from clubassist.web.desk.rules.period import Period, books_of, period_of
from clubassist.web.desk.rules.words import department_words, told_words
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest


@staff("rules.read")
def owners(request: SignedRequest) -> HttpResponse:
    """Show for every clause who answers for it, who carries it out and who hears of it, gaps first."""
    period = period_of(request)
    policy = period.book.policy
    rows = responsibilities(policy)
    measures = measures_owned(policy)
    books = [
        (said(edition.title), _sections(rows, edition.name, period))
        for edition in period.book.editions
        if edition.name in {each.name for each in period.book.edition_of.values()}
    ]
    context = {
        "unowned": [_row(row, policy) for row in rows if len(row.accountable) != 1],
        "measures_unowned": [
            (said(row.measure.title), _departments(row.accountable, policy), row.measure.clauses)
            for row in measures
            if len(row.accountable) != 1
        ],
        "clauses": len(rows),
        "measures": len(measures),
        "books": books,
        **books_of(period),
    }
    return rules_page(request, "desk/rules/owners.html", context, here="desk_owners", at=period.at)


def _sections(
    rows: Iterable[Responsible], pack: str, period: Period
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the clauses of a pack by section, in its order."""
    ours = (row for row in rows if period.book.edition_of[row.clause.id].name == pack)
    return [
        (title, [_row(row, period.book.policy) for row in of_section])
        for title, of_section in groupby(ours, key=lambda row: said(row.clause.section))
    ]


def _row(row: Responsible, policy: Policy) -> dict[str, Any]:
    return {
        "id": row.clause.id,
        "title": said(row.clause.title),
        "accountable": _departments(row.accountable, policy),
        "responsible": _departments(row.responsible, policy),
        "informed": _(", ").join(told_words(each, policy) for each in row.informed),
    }


def _departments(codes: tuple[str, ...], policy: Policy) -> str:
    return _(", ").join(department_words(code, policy) for code in codes)
