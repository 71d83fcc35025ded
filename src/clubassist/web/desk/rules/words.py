"""States, figures and carriers in words, for the list of clauses and the page of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clubassist.domain.insight.queries import ClauseRow, MeasureFigure, without_sensitive
from clubassist.domain.insight.rules import NEAR_POINTS, State
from clubassist.pure.figures import Figure, Outcome
from clubassist.pure.policy import Carrier, Clause, Measure, Policy
from clubassist.web.desk.page import said
from clubassist.web.desk.rules.period import Period

STATE_WORDS: Final = {
    State.MET: ("ok", "circle-check", gettext_lazy("Met")),
    State.NEAR: ("warn", "alert-triangle", gettext_lazy("Near")),
    State.MISSED: ("breach", "alert-octagon", gettext_lazy("Not met")),
    State.WITHHELD: ("", "eye-off", gettext_lazy("Withheld")),
    State.NO_SAMPLE: ("", "minus", gettext_lazy("No sample this month")),
    State.CARRIED: ("", "list-check", gettext_lazy("Carried out, not measured")),
    State.GAP: ("wait", "help-circle", gettext_lazy("Nothing carries it out yet")),
}
MECHANISMS: Final = {
    "switch": gettext_lazy("Choice of reading"),
    "kind": gettext_lazy("Kind of case"),
    "deadline": gettext_lazy("Time limit"),
    "stage": gettext_lazy("Playbook step"),
    "task": gettext_lazy("Playbook step"),
    "measure": gettext_lazy("Figure"),
    "notice": gettext_lazy("Notice"),
    "triage": gettext_lazy("Triage rule"),
    "limit": gettext_lazy("Limit of an offer"),
    "route": gettext_lazy("Help outside the club"),
}

RECIPIENTS: Final = {
    "owner": gettext_lazy("Owner of the case"),
    "department_head": gettext_lazy("Head of the department"),
    "everybody": gettext_lazy("Everybody at the club"),
}


class Mark(NamedTuple):
    """A state as a tag: never its colour alone."""

    tone: str
    icon: str
    word: str


def state_mark(state: State, *, broken: bool) -> Mark:
    """Return a state's tag; a missed goal is amber, only a broken promise red (A01)."""
    tone, icon, word = STATE_WORDS[state]
    if state is State.MISSED and not broken:
        return Mark("warn", "alert-triangle", _("Goal not reached"))
    return Mark(tone, icon, str(word))


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


def percent(figure: Figure) -> str:
    """Return a figure's share to one decimal; 100% and 0% only where it is exactly so. Empty without a sample."""
    value = figure.value
    if value is None:
        return ""
    rounded = round(value, 1)
    if 0 < figure.numerator < figure.denominator:
        rounded = min(max(rounded, 0.1), 99.9)
    return f"{rounded:g}%"


def goal(measure: Measure) -> str:
    """Return a measure's goal: `≥ 98%`."""
    bounds = (("≥", measure.at_least), ("≤", measure.at_most))
    return _(", ").join(f"{sign} {bound:g}{measure.unit}" for sign, bound in bounds if bound is not None)


def pending_words(figure: MeasureFigure) -> str:
    """Return how many promises are still in time and so no part of the figure; empty when it is withheld."""
    if figure.withheld:
        return ""
    count = figure.counts[Outcome.PENDING]
    words = ngettext("{count} still in time", "{count} still in time", count)
    return words.format(count=count) if count else ""


def left_out(rows: Iterable[ClauseRow], period: Period) -> dict[str, bool]:
    """Return what the figures of these clauses do not show the reader: some at all, and sensitive cases."""
    return {
        "withheld": any(figure.withheld for row in rows for figure in row.figures),
        "no_sensitive": bool(without_sensitive(period.clubs, period.actor)),
    }


def share(figure: MeasureFigure) -> str:
    """Return a figure's share, or that it is withheld; empty without a sample."""
    return str(STATE_WORDS[State.WITHHELD][2]) if figure.withheld else percent(figure.figure)


def sample(figure: MeasureFigure, words: str) -> str:
    """Return what a share rests on, in these words; empty when it is withheld."""
    kept = figure.figure
    if figure.withheld:
        return ""
    return words.format(kept=kept.numerator, decided=kept.denominator)


class FigureLine(NamedTuple):
    """A figure in a list of clauses; `title` only where a clause has several."""

    title: str
    share: str
    of: str
    goal: str
    pending: str


def figure_line(figure: MeasureFigure, *, titled: bool) -> FigureLine:
    """Return a figure as the list shows it."""
    return FigureLine(
        title=said(figure.measure.title) if titled else "",
        share=share(figure),
        of=sample(figure, "{kept}/{decided}"),
        goal=goal(figure.measure),
        pending=pending_words(figure),
    )


def aloud(figure: MeasureFigure) -> str:
    """Return a figure as one sentence for those who hear the page: share, what it rests on, goal and state."""
    mark = state_mark(figure.state, broken=figure.broken)
    if figure.withheld or figure.state is State.NO_SAMPLE:
        return _("{state}, goal {goal}").format(state=mark.word, goal=goal(figure.measure))
    kept = figure.figure
    return _("{share} ({kept}/{decided}), goal {goal}, {state}").format(
        share=percent(kept),
        kept=kept.numerator,
        decided=kept.denominator,
        goal=goal(figure.measure),
        state=mark.word,
    )


class Figured(NamedTuple):
    """A figure on its clause's page: the share with everything it rests on."""

    id: str
    title: str
    aloud: str
    share: str
    of: str
    interval: str
    goal: str
    mark: Mark
    near: str
    tabs: list[tuple[Outcome, str, int]]


OUTCOMES: Final = {
    Outcome.LATE: gettext_lazy("Late"),
    Outcome.MET: gettext_lazy("In time"),
    Outcome.PENDING: gettext_lazy("Not due yet (not counted)"),
    Outcome.STOPPED: gettext_lazy("Closed before due (not counted)"),
}


def figured(figure: MeasureFigure) -> Figured:
    """Return a figure for its clause's page, with a count for each outcome that occurs."""
    interval = figure.figure.interval
    return Figured(
        id=figure.measure.id,
        title=said(figure.measure.title),
        aloud=aloud(figure),
        share=share(figure),
        of=sample(figure, _("{kept} of {decided} kept")),
        interval=f"{interval.low:.1f}–{interval.high:.1f}%" if interval else "",
        goal=goal(figure.measure),
        mark=state_mark(figure.state, broken=figure.broken),
        near=_("“Near” means at most {points} points short.").format(points=NEAR_POINTS)
        if figure.state is State.NEAR
        else "",
        tabs=[
            (outcome, str(word), figure.counts[outcome])
            for outcome, word in OUTCOMES.items()
            if figure.counts[outcome]
        ],
    )


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
