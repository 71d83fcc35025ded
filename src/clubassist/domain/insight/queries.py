"""The state of every clause, from live rows or from months that were frozen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing
from clubassist.domain.club.models import Club
from clubassist.domain.insight.editions import Rulebook
from clubassist.domain.insight.freezing import Version, latest, over, versions
from clubassist.domain.insight.rules import WORST_FIRST, State, judge, veiled
from clubassist.domain.insight.tallies import (
    ATTAINMENT,
    DECIDED,
    GROSS,
    KEPT,
    NET,
    Tally,
    counts,
    live_tallies,
    without_sensitive,
)
from clubassist.pure.figures import Figure, Outcome, Spread, telling
from clubassist.pure.policy import Carrier, Clause, Measure

HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MeasureFigure:
    """A measure over one month's cohort: how many cases or clocks there are of each part, and how it stands.

    `gross` counts promises as if no pause had moved a due time. `broken` tells that it is missed and a late one was a
    firm promise; the others only missed a goal (A01: amber, not breach). When it is `withheld`, it has no value, and
    the counts are of clubs whose cases the reader may open. `before` is what it was before the month was restated,
    where that differs and the reader may know.
    """

    measure: Measure
    counts: Counter[str]
    gross: Counter[str]
    spread: Spread
    state: State
    broken: bool
    withheld: bool
    before: MeasureFigure | None = None

    @property
    def figure(self) -> Figure:
        """Kept ÷ decided; promises still in time and cases not asked yet are excluded. Nothing for a mean time."""
        return Figure(0, 0) if self.withheld else _share(self.counts)

    @property
    def gross_figure(self) -> Figure:
        """The attainment had no clock ever stood still (A06, B90); nothing for any other formula."""
        return Figure(0, 0) if self.withheld else _share(self.gross)

    @property
    def gross_value(self) -> Fraction | None:
        """The figure had nothing ever stood still, exact, in percent or hours; None where pauses have no part in it."""
        if self.measure.formula == ATTAINMENT:
            return _percent(self.gross_figure)
        if self.withheld or self.measure.formula != NET:
            return None
        return _hours(self.spread.total + self.spread.paused, self.spread.n)

    def count_of(self, part: str) -> int:
        """Return how many count as this part of its formula."""
        return self.gross[GROSS[part]] if part in GROSS else self.counts[part]

    @property
    def value(self) -> Fraction | None:
        """The figure itself, exact, in percent or hours; None without a sample and when it is withheld."""
        return None if self.withheld else _value(self.measure, self.counts, self.spread)

    @property
    def waits(self) -> Spread | None:
        """The waits that a mean time rests on; None for a share, and when it is withheld."""
        return self.spread if self.measure.takes_time and not self.withheld else None


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause with what carries it out and its figures; without the right to figures there are none.

    `versions` are what was frozen of the month at the clubs it is counted at; without any it is counted live.
    """

    clause: Clause
    carriers: tuple[Carrier, ...]
    figures: tuple[MeasureFigure, ...]
    versions: tuple[Version, ...] = ()

    @property
    def state(self) -> State:
        """The worst state of its figures; CARRIED or GAP without any."""
        if not self.figures:
            return State.CARRIED if self.carriers else State.GAP
        states = {each.state for each in self.figures}
        return next(state for state in WORST_FIRST if state in states)

    @property
    def broken(self) -> bool:
        """Whether a missed figure holds a broken promise, and not only a goal that was not reached."""
        return any(each.broken for each in self.figures)


Asked = tuple[str, frozenset[int]]
"""What a figure counts: a measure's id and the clubs (ids) that run by the clause."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A month's cases and clocks by everything a figure asks for, and as they were `before` a restatement.

    At clubs that are `closed` the reader may not open the cases; figures that are `withheld` would tell of them.
    """

    tallies: list[Tally]
    before: list[Tally]
    versions: list[Version]
    closed: frozenset[int]
    withheld: frozenset[Asked]


def clause_board(
    *, book: Rulebook, clubs: Sequence[Club], month: date, actor: Actor, at: datetime
) -> list[ClauseRow]:
    """Return every clause of the book with its figures over the cases that `clubs` received in `month`.

    `month` is a first day, in each club's own zone. A clause is counted at the clubs that run by its pack and where
    `actor` holds clause.read; their rows are pooled, not their shares averaged (part C). What was frozen of the month
    is not counted again: one statement, however many cases; live it takes up to four more.

    Where `actor` may open the rows, a figure counts exactly those, so no sensitive case that is closed to it. Elsewhere
    it counts all, but is withheld if it or several figures together give a count from 1 to 4 away (F25). This has
    limits: it counts clocks, not people, so that five may all be one member's; it takes promises to turn out
    independently of each other; a withheld figure may still say whether its goal is met; and who looks every day sees
    what a day has changed.
    """
    measures = book.policy.measures
    counted = _counted(book, measures, clubs=clubs, month=month, actor=actor, at=at)
    return [_row(clause, book, counted) for clause in book.policy.clauses]


def clause_row(
    clause: str, *, book: Rulebook, clubs: Sequence[Club], month: date, actor: Actor, at: datetime
) -> ClauseRow:
    """Return one clause as `clause_board` does. Raises Missing for a clause that is not in force."""
    if clause not in book.policy.clauses:
        raise Missing
    measures = measures_of(clause, book)
    return _row(clause, book, _counted(book, measures, clubs=clubs, month=month, actor=actor, at=at))


def figures_of(
    measures: Iterable[Measure], *, book: Rulebook, month: date, actor: Actor, at: datetime
) -> dict[str, MeasureFigure]:
    """Return the figures of these measures by id, each as the page of its first clause shows it.

    Counted at the clubs of the book as `clause_board` does, in as many statements. Empty without the right to figures.
    """
    cited = [measure for measure in measures if measure.clauses]
    counted = _counted(book, cited, clubs=book.clubs, month=month, actor=actor, at=at)
    if counted is None:
        return {}
    return {
        measure.id: _figure(measure, book.edition_of[measure.clauses[0]].clubs, counted) for measure in cited
    }


def measures_of(clause: str, book: Rulebook) -> list[Measure]:
    """Return the measures among what carries a clause out."""
    measured = {each.id for each in book.policy.carriers(clause) if each.mechanism == "measure"}
    return [measure for measure in book.policy.measures if measure.id in measured]


def _counted(
    book: Rulebook,
    measures: Sequence[Measure],
    *,
    clubs: Sequence[Club],
    month: date,
    actor: Actor,
    at: datetime,
) -> Counted | None:
    """Return the month's cases and clocks as the actor may have them counted; None without the right."""
    readable = [club for club in clubs if actor.may("clause.read", club.pk)]
    if not readable:
        return None
    # Who may open the rows behind a figure can count them; small counts tell news only of the other clubs.
    closed = frozenset(club.pk for club in readable if not actor.may("clause.rows", club.pk))
    if closed:
        measures = book.policy.measures
    if not measures:
        return Counted([], [], [], closed, frozenset())
    formulas = {measure.formula for measure in measures}
    found = versions(over(readable, month, at), month, formulas=formulas)
    frozen = latest(found)
    live = [club for club in readable if club.pk not in frozen]
    # Management and auditors read counts of cases that they may not open, so there is no visible_to here.
    tallies = live_tallies(measures, book.policy, live, month, actor, at) if live else []
    hidden = {club.pk for club in without_sensitive(readable, actor)}
    kept = _open_to(hidden, frozen.values())
    restated = {club for club, version in frozen.items() if version.restates}
    earlier = latest(each for each in found if each is not frozen[each.club])
    before = (
        []
        if closed or not restated
        else _open_to(hidden, ({**frozen, **{club: earlier[club] for club in restated}}).values())
    )
    closed_tallies = [tally for tally in (*tallies, *kept) if tally.sort.club in closed]
    return Counted(
        [*tallies, *kept],
        [*tallies, *before] if before else [],
        found,
        closed,
        _withheld(book, closed_tallies),
    )


def _open_to(hidden: set[int], frozen: Iterable[Version]) -> list[Tally]:
    """Return what these versions keep, without sensitive cases at the clubs where they are `hidden`."""
    return [
        tally
        for version in frozen
        for tally in version.tallies
        if not (tally.sensitive and tally.sort.club in hidden)
    ]


def _withheld(book: Rulebook, tallies: list[Tally]) -> frozenset[Asked]:
    """Return which figures of the book to withhold, so that all others together give no small count away.

    Of the whole book, even for the page of one clause: a reader can hold the pages against each other.
    """
    if not tallies:
        return frozenset()
    return telling(
        {
            (measure.id, book.edition_of[clause].clubs): _told(
                [tally for tally in tallies if counts(measure, book.edition_of[clause].clubs, tally.sort)]
            )
            for clause in book.policy.clauses
            for measure in measures_of(clause, book)
        }
    )


def _told(tallies: list[Tally]) -> tuple[Counter[Hashable], ...]:
    """Return the counts that a figure tells: one for each part, and all of them.

    The cells of the last know no promise and no formula, for the same cases lie behind all figures.
    """
    parts: defaultdict[str, Counter[Hashable]] = defaultdict(Counter)
    total: Counter[Hashable] = Counter()
    for tally in tallies:
        sort = tally.sort
        parts[sort.part][sort] += tally.rows
        if sort.gross:
            parts[f"gross_{sort.gross}"][sort] += tally.rows
        total[sort.club, sort.kind, sort.urgency, sort.complexity] += tally.rows
    return *parts.values(), total


def _row(clause: str, book: Rulebook, counted: Counted | None) -> ClauseRow:
    figures: tuple[MeasureFigure, ...] = ()
    frozen: tuple[Version, ...] = ()
    if counted is not None:
        clubs = book.edition_of[clause].clubs
        figures = tuple(_figure(measure, clubs, counted) for measure in measures_of(clause, book))
        frozen = tuple(version for version in counted.versions if version.club in clubs)
    return ClauseRow(book.policy.clauses[clause], book.policy.carriers(clause), figures, frozen)


def _figure(measure: Measure, clubs: frozenset[int], counted: Counted) -> MeasureFigure:
    tallies = [tally for tally in counted.tallies if counts(measure, clubs, tally.sort)]
    if (measure.id, clubs) in counted.withheld:
        return _withheld_figure(measure, tallies, counted.closed)
    now = _figure_of(measure, tallies)
    if not counted.before:
        return now
    before = _figure_of(measure, [tally for tally in counted.before if counts(measure, clubs, tally.sort)])
    same = (before.counts, before.gross, before.spread) == (now.counts, now.gross, now.spread)
    return now if same else replace(now, before=before)


def _figure_of(measure: Measure, tallies: list[Tally]) -> MeasureFigure:
    parts = _parts(tallies)
    spread = sum((tally.spread for tally in tallies), Spread())
    state = judge(_value(measure, parts, spread), measure)
    broken = _firm(tallies) and state is State.MISSED
    return MeasureFigure(measure, parts, _gross(tallies), spread, state, broken, withheld=False)


def _withheld_figure(measure: Measure, tallies: list[Tally], closed: frozenset[int]) -> MeasureFigure:
    """Return a figure that tells of the clubs whose cases the reader may open, and of promises if they are kept."""
    hidden = [tally for tally in tallies if tally.sort.club in closed]
    parts, behind = _parts(tallies), _parts(hidden)
    gross = _gross(tallies) - _gross(hidden)
    state = State.WITHHELD
    if measure.formula == ATTAINMENT:
        state = veiled(judge(_value(measure, parts, Spread()), measure), behind)
    broken = _firm(tallies) and state is State.MISSED
    return MeasureFigure(measure, parts - behind, gross, Spread(), state, broken, withheld=True)


def _firm(tallies: list[Tally]) -> bool:
    return any(tally.sort.part == Outcome.LATE and tally.sort.strictness == "breach" for tally in tallies)


def _parts(tallies: Iterable[Tally]) -> Counter[str]:
    found: Counter[str] = Counter()
    for tally in tallies:
        found[tally.sort.part] += tally.rows
    return found


def _gross(tallies: Iterable[Tally]) -> Counter[str]:
    found: Counter[str] = Counter()
    for tally in tallies:
        if tally.sort.gross:
            found[tally.sort.gross] += tally.rows
    return found


def _share(parts: Counter[str]) -> Figure:
    return Figure(sum(parts[part] for part in KEPT), sum(parts[part] for part in DECIDED))


def _value(measure: Measure, parts: Counter[str], spread: Spread) -> Fraction | None:
    """Return a figure exactly, in percent or hours; None without a sample."""
    return _hours(spread.total, spread.n) if measure.takes_time else _percent(_share(parts))


def _percent(share: Figure) -> Fraction | None:
    return Fraction(share.numerator * 100, share.denominator) if share.denominator else None


def _hours(total: timedelta, count: int) -> Fraction | None:
    instant = timedelta.resolution
    return Fraction(total // instant, count * (HOUR // instant)) if count else None
