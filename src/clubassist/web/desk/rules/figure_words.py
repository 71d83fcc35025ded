"""Figures in words: what they say, what they rest on, and what their parts are called."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clubassist.domain.insight.queries import MeasureFigure
from clubassist.domain.insight.rules import NEAR_POINTS, State
from clubassist.domain.insight.tallies import (
    ATTAINMENT,
    COUNTED,
    ENDED,
    GROSS,
    LEFT_OUT,
    OPEN,
    REST,
    SATISFACTION,
)
from clubassist.pure.figures import ENOUGH, Figure, Outcome
from clubassist.pure.policy import Measure
from clubassist.web.desk.page import said
from clubassist.web.desk.rules.marks import STATE_WORDS, Mark, state_mark

MINUTE: Final = timedelta(minutes=1)
Words = str | Promise

PARTS: Final[dict[str, dict[str, Words]]] = {
    ATTAINMENT: {
        Outcome.LATE: gettext_lazy("Late"),
        Outcome.MET: gettext_lazy("In time"),
        Outcome.PENDING: gettext_lazy("Not due yet (not counted)"),
        Outcome.STOPPED: gettext_lazy("Closed before due (not counted)"),
        "gross_late": gettext_lazy("Late, pauses counted as waiting"),
        "gross_met": gettext_lazy("In time, pauses counted as waiting"),
    },
    "handling": {
        REST: gettext_lazy("No solution yet"),
        COUNTED: gettext_lazy("With a solution"),
    },
    "resolution": {
        REST: gettext_lazy("Not resolved"),
        COUNTED: gettext_lazy("Resolved"),
        LEFT_OUT: gettext_lazy("Younger than 72 hours (not counted)"),
    },
    "reopening": {
        COUNTED: gettext_lazy("Opened again"),
        REST: gettext_lazy("Solved for good so far"),
        LEFT_OUT: gettext_lazy("Never solved (not counted)"),
    },
    SATISFACTION: {
        REST: gettext_lazy("Score of 1 to 3"),
        COUNTED: gettext_lazy("Score of 4 or 5"),
        LEFT_OUT: gettext_lazy("No score (not counted)"),
    },
    "response_time": {
        OPEN: gettext_lazy("Still waiting"),
        ENDED: gettext_lazy("Answered"),
    },
    "resolution_time": {
        OPEN: gettext_lazy("Not solved"),
        ENDED: gettext_lazy("Solved"),
    },
}
"""What the parts of each formula are called, the most telling first."""

HOW: Final[dict[str, Words]] = {
    ATTAINMENT: gettext_lazy(
        "Kept in time ÷ (kept in time + late). Open and past due counts as late; due exactly on time counts as kept;"
        " not due yet is left out."
    ),
    "handling": gettext_lazy("Cases with a first real solution ÷ all received."),
    "resolution": gettext_lazy(
        "Solved and accepted ÷ all that are at least 72 hours old. Accepted means that the member confirmed it, or said"
        " nothing for 7 days after two calls. Closed without agreement counts as not resolved."
    ),
    "reopening": gettext_lazy("Opened again ÷ all that were ever solved."),
    SATISFACTION: gettext_lazy(
        "Scores of 4 and 5 ÷ all scores, one for each case, the latest. A 3 is not satisfied."
    ),
    "response_time": gettext_lazy(
        "From receipt to the first answer by a person, around the clock. A case without an answer counts with the time"
        " it has waited so far."
    ),
    "resolution_time": gettext_lazy(
        "From receipt to the latest solution, without the pauses that the rules allow. An open case counts with its"
        " time so far."
    ),
}


def percent(figure: Figure) -> str:
    """Return a figure's share to one decimal; 100% and 0% only where it is exactly so. Empty without a sample."""
    value = figure.value
    if value is None:
        return ""
    rounded = round(value, 1)
    if 0 < figure.numerator < figure.denominator:
        rounded = min(max(rounded, 0.1), 99.9)
    return f"{rounded:g}%"


def hours(length: timedelta) -> str:
    """Return a mean time in hours and minutes, rounded up, so that it never looks kept when it is not: `12:01 h`."""
    minutes = -(-length // MINUTE)
    return _("{hours}:{minutes:02} h").format(hours=minutes // 60, minutes=minutes % 60)


def goal(measure: Measure) -> str:
    """Return a measure's goal: `≥ 98%`, `≤ 12 h`."""
    bounds = (("≥", measure.at_least), ("≤", measure.at_most))
    words = _("{sign} {bound} h") if measure.takes_time else "{sign} {bound}%"
    said_bounds = [words.format(sign=sign, bound=f"{bound:g}") for sign, bound in bounds if bound is not None]
    return _(", ").join(said_bounds)


def value(figure: MeasureFigure) -> str:
    """Return what a figure says, or that it is withheld; a mean is "at least" while a case is open. Empty without."""
    if figure.withheld:
        return str(STATE_WORDS[State.WITHHELD][2])
    if figure.waits is None:
        return percent(figure.figure)
    mean = figure.waits.mean
    if mean is None:
        return ""
    return f"≥ {hours(mean)}" if figure.waits.open else hours(mean)


def sample(figure: MeasureFigure, words: str) -> str:
    """Return what a figure rests on, a share in these words; empty when it is withheld."""
    if figure.withheld:
        return ""
    if figure.waits is not None:
        count = figure.waits.n
        return ngettext("{count} case", "{count} cases", count).format(count=count)
    kept = figure.figure
    return words.format(kept=kept.numerator, decided=kept.denominator)


def pending_words(figure: MeasureFigure) -> str:
    """Return how many are still in time or open; empty when it is withheld."""
    if figure.withheld:
        return ""
    if figure.waits is not None:
        count = figure.waits.open
        words = ngettext("{count} still open", "{count} still open", count)
    else:
        count = figure.counts[Outcome.PENDING]
        words = ngettext("{count} still in time", "{count} still in time", count)
    return words.format(count=count) if count else ""


def gross_words(figure: MeasureFigure) -> str:
    """Return what a figure would be had nothing stood still (A06, B90); empty where pauses have no part in it."""
    if figure.gross_value is None:
        return ""
    if figure.waits is not None and figure.waits.gross_mean is not None:
        return _("Pauses counted as waiting: {mean}").format(mean=hours(figure.waits.gross_mean))
    gross = figure.gross_figure
    words = _("Pauses counted as waiting: {share} ({kept}/{decided})")
    return words.format(share=percent(gross), kept=gross.numerator, decided=gross.denominator)


def gross_if_other(figure: MeasureFigure) -> str:
    """Return the same words only where pauses make a difference."""
    return gross_words(figure) if figure.gross_value != figure.value else ""


class FigureLine(NamedTuple):
    """A figure in a list of clauses; `title` only where a clause has several, `gross` only where pauses matter."""

    title: str
    share: str
    of: str
    goal: str
    pending: str
    gross: str


def figure_line(figure: MeasureFigure, *, titled: bool) -> FigureLine:
    """Return a figure as the list shows it."""
    return FigureLine(
        title=said(figure.measure.title) if titled else "",
        share=value(figure),
        of=sample(figure, "{kept}/{decided}"),
        goal=goal(figure.measure),
        pending=pending_words(figure),
        gross=gross_if_other(figure),
    )


def aloud(figure: MeasureFigure) -> str:
    """Return a figure as one sentence for those who hear the page: value, what it rests on, goal and state."""
    mark = state_mark(figure.state, broken=figure.broken)
    if figure.withheld or figure.state is State.NO_SAMPLE:
        return _("{state}, goal {goal}").format(state=mark.word, goal=goal(figure.measure))
    return _("{share} ({sample}), goal {goal}, {state}").format(
        share=value(figure),
        sample=sample(figure, "{kept}/{decided}"),
        goal=goal(figure.measure),
        state=mark.word,
    )


class Figured(NamedTuple):
    """A figure on its clause's page: the value with everything it rests on."""

    id: str
    title: str
    aloud: str
    share: str
    of: str
    notes: list[str]
    goal: str
    mark: Mark
    how: str
    before: str
    tabs: list[tuple[str, str, int]]


def figured(figure: MeasureFigure) -> Figured:
    """Return a figure for its clause's page, with a count for each part that occurs."""
    words = (
        _("{kept} of {decided} kept") if figure.measure.formula == ATTAINMENT else _("{kept} of {decided}")
    )
    return Figured(
        id=figure.measure.id,
        title=said(figure.measure.title),
        aloud=aloud(figure),
        share=value(figure),
        of=sample(figure, words),
        notes=_notes(figure),
        goal=goal(figure.measure),
        mark=state_mark(figure.state, broken=figure.broken),
        how=str(HOW[figure.measure.formula]),
        before=_before(figure),
        tabs=[
            (part, str(word), figure.count_of(part))
            for part, word in PARTS[figure.measure.formula].items()
            if figure.count_of(part) and (part not in GROSS or figure.gross != figure.counts)
        ],
    )


def _notes(figure: MeasureFigure) -> list[str]:
    notes = []
    interval = figure.figure.interval
    if interval is not None:
        words = _("{level} interval {interval} (Wilson)")
        notes.append(words.format(level="95%", interval=f"{interval.low:.1f}–{interval.high:.1f}%"))
    gross = gross_words(figure)
    if gross:
        notes.append(gross)
    if figure.waits is not None and figure.waits.n:
        quantiles = [
            hours(each) if each is not None else _("not reached")
            for each in (figure.waits.median, figure.waits.p90)
        ]
        words = _("Median {median}, P90 {p90} (Kaplan–Meier)")
        notes.append(words.format(median=quantiles[0], p90=quantiles[1]))
        if figure.waits.open:
            count = figure.waits.open
            words = ngettext(
                "{count} is still open, so the mean is at least this.",
                "{count} are still open, so the mean is at least this.",
                count,
            )
            notes.append(words.format(count=count))
    if figure.state is State.NEAR:
        notes.append(_("“Near” means at most {points} points short.").format(points=NEAR_POINTS))
    if figure.measure.formula == SATISFACTION and 0 < figure.figure.denominator < ENOUGH:
        notes.append(_("Fewer than {count} scores: too few to rely on.").format(count=ENOUGH))
    return notes


def _before(figure: MeasureFigure) -> str:
    """Return what the figure was before its month was restated; empty when it is the same."""
    if figure.before is None:
        return ""
    shown = sample(figure.before, "{kept}/{decided}")
    return _("Before it was restated: {share} ({sample})").format(
        share=value(figure.before) or "—", sample=shown
    )
