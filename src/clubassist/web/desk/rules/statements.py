"""What a clause says, what carries it out and which limits that sets, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clubassist.domain.insight.limits import LimitRow, limits
from clubassist.pure.policy import Carrier, Deadline, Policy, Statement, Text, Urgency, statement_words
from clubassist.pure.policy.terms import Complexity
from clubassist.web.desk.page import said
from clubassist.web.desk.rows import PROMISES, kind_title
from clubassist.web.desk.rules.figure_words import goal
from clubassist.web.desk.rules.words import MECHANISMS, told_words

URGENCIES: Final = {
    Urgency.NORMAL: pgettext_lazy("urgency", "Normal"),
    Urgency.URGENT: gettext_lazy("Urgent"),
    Urgency.EMERGENCY: pgettext_lazy("urgency", "Emergency"),
}
COMPLEXITIES: Final = {
    Complexity.ORDINARY: gettext_lazy("Ordinary"),
    Complexity.COMPLEX: gettext_lazy("Complex"),
}
CALENDARS: Final = {
    "always": gettext_lazy("around the clock"),
    "opening": gettext_lazy("opening hours only"),
}
EVENTS: Final = {
    "case.opened": gettext_lazy("When a case is opened"),
    "case.stage": gettext_lazy("When a case moves to the next stage"),
    "clock.moved": gettext_lazy("When a promised time changes"),
    "case.resolved": gettext_lazy("When a case is solved"),
    "offer.sent": gettext_lazy("When an offer is sent"),
    "offer.declined": gettext_lazy("When the member declines an offer"),
    "offer.declined_manager": gettext_lazy("When the member declines and a manager takes the next round"),
    "offer.withdrawn": gettext_lazy("When an offer is withdrawn"),
    "case.not_agreed": gettext_lazy("When a case ends without agreement"),
    "case.reopened": gettext_lazy("When a case is opened again"),
    "case.closed": gettext_lazy("When a case is closed"),
}


def stated(statement: Statement, terms: Mapping[str, Text]) -> str:
    """Return what the text itself says: `Complaints · Solution (complex): at most 72 hours`."""
    return said(statement_words(statement, lambda code: terms.get(code) or Text(zh=code, en=code)))


def deadline_words(deadline: Deadline) -> str:
    """Return a limit as the matrix shows it: `24 hours · around the clock`, a goal marked as one."""
    words = [said(deadline.target.words), str(CALENDARS[deadline.calendar])]
    if deadline.strictness == "target":
        words.append(_("a goal"))
    return " · ".join(words)


class Carried(NamedTuple):
    """One thing that carries a clause out, with its number or its place."""

    mechanism: str
    title: str
    detail: str


def carried(carrier: Carrier, policy: Policy) -> Carried:
    """Return what carries a clause out in words."""
    return Carried(str(MECHANISMS[carrier.mechanism]), said(carrier.title), _detail(carrier, policy))


def _detail(carrier: Carrier, policy: Policy) -> str:
    match carrier.mechanism:
        case "deadline":
            return next(deadline_words(row) for row in policy.deadlines if row.id == carrier.id)
        case "measure":
            bound = next(goal(row) for row in policy.measures if row.id == carrier.id)
            return _("goal {goal}").format(goal=bound)
        case "task" | "stage":
            return _place(carrier.id, policy)
        case "limit":
            return told_words(carrier.id, policy)
        case "notice":
            return str(EVENTS[carrier.id.split()[0]])
        case _:
            return ""


def _place(path: str, policy: Policy) -> str:
    """Return where in a playbook a stage or task is; `path` is `playbook/stage` or `playbook/stage/task`."""
    book, stage, *task = path.split("/")
    playbook = next(row for row in policy.playbooks if row.id == book)
    places = [said(playbook.title)]
    if task:
        places.append(said(next(row.title for row in playbook.stages if row.id == stage)))
    return " › ".join(places)


class Limit(NamedTuple):
    """A row of the matrix: which cases, and for each promise its title and limit."""

    cases: str
    sort: str
    cells: list[tuple[str, str]]


class Matrix(NamedTuple):
    """Limits by kind and urgency; `promises` are the columns."""

    promises: list[str]
    rows: list[Limit]


def matrix(carriers: tuple[Carrier, ...], policy: Policy) -> Matrix:
    """Return the limits of the cases that a clause's deadlines are for; without rows when it has none (F13)."""
    rows = limits(policy, {carrier.id for carrier in carriers if carrier.mechanism == "deadline"})
    deadlines = {deadline.id: deadline for deadline in policy.deadlines}
    promises = dict.fromkeys(deadlines[id].promise for row in rows for id in row.deadlines)
    columns = {promise: str(PROMISES.get(promise, promise)) for promise in promises}
    return Matrix(list(columns.values()), [_limit(row, policy, deadlines, columns) for row in rows])


def _limit(row: LimitRow, policy: Policy, deadlines: dict[str, Deadline], columns: dict[str, str]) -> Limit:
    words = {deadlines[id].promise: deadline_words(deadlines[id]) for id in row.deadlines}
    sorts = []
    if len(row.urgencies) < len(Urgency):
        sorts.append(_(" or ").join(str(URGENCIES[urgency]) for urgency in row.urgencies))
    if len(row.complexities) < len(Complexity):
        sorts.append(_(" or ").join(str(COMPLEXITIES[complexity]) for complexity in row.complexities))
    cells = [(title, words.get(promise, "")) for promise, title in columns.items()]
    kinds = _(", ").join(kind_title(policy, code) for code in row.kinds)
    return Limit(kinds, _(", ").join(sorts) or _("All"), cells)
