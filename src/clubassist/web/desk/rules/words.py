"""Clauses and what carries them out in words, for the list of clauses and the page of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clubassist.domain.insight.queries import ClauseRow
from clubassist.domain.insight.rules import State
from clubassist.domain.insight.tallies import without_sensitive
from clubassist.pure.policy import Carrier, Clause, Policy
from clubassist.web.desk.page import said
from clubassist.web.desk.rules.figure_words import FigureLine, figure_line
from clubassist.web.desk.rules.marks import Mark, state_mark
from clubassist.web.desk.rules.period import Period

MECHANISMS: Final = {
    "switch": gettext_lazy("Choice of reading"),
    "kind": gettext_lazy("Kind of case"),
    "deadline": gettext_lazy("Time limit"),
    "stage": gettext_lazy("Playbook step"),
    "task": gettext_lazy("Playbook step"),
    "measure": gettext_lazy("Figure"),
    "goal": gettext_lazy("Goal"),
    "notice": gettext_lazy("Notice"),
    "triage": gettext_lazy("Triage rule"),
    "limit": gettext_lazy("Limit of an offer"),
    "route": gettext_lazy("Help outside the club"),
    "phrase": gettext_lazy("Phrase for an answer"),
}

RECIPIENTS: Final = {
    "owner": gettext_lazy("Owner of the case"),
    "department_head": gettext_lazy("Head of the department"),
    "everybody": gettext_lazy("Everybody at the club"),
}


def row_mark(row: ClauseRow, *, counted: bool) -> Mark:
    """Return a clause's tag; a reader without figures (`counted` is false) sees only whether it is carried out."""
    if row.state is State.CARRIED and not counted:
        return Mark("", "list-check", _("Carried out"))
    return state_mark(row.state, broken=row.broken)


def owner_words(clause: Clause, policy: Policy) -> str:
    """Return the department that answers for a clause; a dash where none is named."""
    return department_words(clause.owner, policy) if clause.owner else "—"


def department_words(code: str, policy: Policy) -> str:
    """Return what a department is called; the code itself where the rules do not name it."""
    return said(policy.departments[code]) if code in policy.departments else code


def told_words(recipient: str, policy: Policy) -> str:
    """Return whom a ladder or a limit means: a role, or somebody by their part in the case."""
    if recipient in RECIPIENTS:
        return str(RECIPIENTS[recipient])
    titles = {str(role): title for role, title in policy.roles.items()}
    return said(titles[recipient]) if recipient in titles else recipient


def left_out(rows: Iterable[ClauseRow], period: Period) -> dict[str, bool]:
    """Return what the figures of these clauses do not show the reader: some at all, and sensitive cases."""
    return {
        "withheld": any(figure.withheld for row in rows for figure in row.figures),
        "no_sensitive": bool(without_sensitive(period.clubs, period.actor)),
    }


def chips(carriers: Iterable[Carrier]) -> list[str]:
    """Return what carries a clause out, by mechanism: `Time limit 2`."""
    found = Counter(str(MECHANISMS[carrier.mechanism]) for carrier in carriers)
    return [f"{word} {count}" for word, count in found.items()]


class BoardRow(NamedTuple):
    """A clause in the list."""

    id: str
    ref: str
    title: str
    text: str
    owner: str
    chips: list[str]
    figures: list[FigureLine]
    mark: Mark


def board_row(row: ClauseRow, policy: Policy, *, counted: bool) -> BoardRow:
    """Return a clause as the list shows it."""
    clause = row.clause
    several = len(row.figures) > 1
    return BoardRow(
        id=clause.id,
        ref=clause.ref,
        title=said(clause.title),
        text=said(clause.text),
        owner=owner_words(clause, policy),
        chips=chips(row.carriers),
        figures=[figure_line(each, titled=several) for each in row.figures],
        mark=row_mark(row, counted=counted),
    )
