"""The state of every clause from live rows, and the rows behind each figure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import models
from django.db.models import Count, F, Q, Value, When

from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing
from clubassist.domain.cases.models import Clock
from clubassist.domain.cases.models.clock import ClockQuerySet
from clubassist.domain.club.models import Club
from clubassist.domain.insight.editions import Rulebook
from clubassist.domain.insight.rules import WORST_FIRST, State, judge, veiled
from clubassist.pure.figures import Figure, Outcome, attainment, month_span, telling
from clubassist.pure.policy import Carrier, Clause, Measure, Policy

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class MeasureFigure:
    """A measure over one month's cohort: how many promises had each outcome, and how it stands against its goal.

    `broken` tells that it is missed and a late one was a firm promise; the others only missed a goal (A01: amber, not
    breach). When it is `withheld`, it has no share, and the counts are of clubs whose cases the reader may open.
    """

    measure: Measure
    counts: Counter[Outcome]
    state: State
    broken: bool
    withheld: bool

    @property
    def figure(self) -> Figure:
        """Kept ÷ (kept + late); promises still in time, or dropped before they were due, are excluded."""
        return attainment(0, 0) if self.withheld else _kept(self.counts)


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause with what carries it out and its figures; without the right to figures there are none."""

    clause: Clause
    carriers: tuple[Carrier, ...]
    figures: tuple[MeasureFigure, ...]

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


class CaseBehind(NamedTuple):
    """A case behind a figure, with the clock of the promise that the figure counts."""

    clock: int
    number: str
    title: str
    kind: str
    urgency: str
    club: str
    club_en: str
    zone: str
    strictness: str
    received_at: datetime
    due_at: datetime
    met_at: datetime | None
    stopped_at: datetime | None


Asked = tuple[str, frozenset[int]]
"""What a figure counts: a measure's id and the clubs (ids) that run by the clause."""


class Tally(NamedTuple):
    """How many clocks of these sorts had one outcome."""

    club: int
    promise: str
    kind: str
    urgency: str
    complexity: str
    strictness: str
    outcome: str
    clocks: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A month's clocks by everything a figure asks for.

    At clubs that are `closed` the reader may not open the cases; figures that are `withheld` would tell of them.
    """

    tallies: list[Tally]
    closed: frozenset[int]
    withheld: frozenset[Asked]


def clause_board(
    *, book: Rulebook, clubs: Sequence[Club], month: date, actor: Actor, at: datetime
) -> list[ClauseRow]:
    """Return every clause of the book with its figures over the cases that `clubs` received in `month`.

    `month` is a first day, in each club's own zone. A clause is counted at the clubs that run by its pack and where
    `actor` holds clause.read; their rows are pooled, not their shares averaged (part C). One statement.

    Where `actor` may open the rows, a figure counts exactly those, so no sensitive case that is closed to it. Elsewhere
    it counts all, but is withheld if it or several figures together give a count from 1 to 4 away (F25). This has
    limits: it counts clocks, not people, so that five may all be one member's; it takes promises to turn out
    independently of each other; a withheld figure may still say whether its goal is met; and who looks every day sees
    what a day has changed.
    """
    counted = _counted(book, clubs=clubs, month=month, actor=actor, at=at)
    return [_row(clause, book, counted) for clause in book.policy.clauses]


def clause_row(
    clause: str, *, book: Rulebook, clubs: Sequence[Club], month: date, actor: Actor, at: datetime
) -> ClauseRow:
    """Return one clause as `clause_board` does. One statement. Raises Missing for a clause that is not in force."""
    if clause not in book.policy.clauses:
        raise Missing
    return _row(clause, book, _counted(book, clubs=clubs, month=month, actor=actor, at=at))


def clause_cases(
    clause: str,
    measure: Measure,
    outcome: Outcome,
    *,
    book: Rulebook,
    clubs: Sequence[Club],
    month: date,
    actor: Actor,
    at: datetime,
    after: tuple[datetime, int] | None = None,
    most: int = PAGE,
) -> tuple[list[CaseBehind], tuple[datetime, int] | None]:
    """Return the cases behind one count of a clause's measure, newest first, and the position after which more follow.

    Exactly the rows that the figure counts at clubs where `actor` holds clause.rows, as far as the cases are visible to
    it. One statement.
    """
    runs = book.edition_of[clause].clubs
    open_to = [club for club in clubs if club.pk in runs and actor.may("clause.rows", club.pk)]
    counted = _cohort(book.policy, open_to, month, actor).filter(_counted_by(measure)).visible_to(actor)
    clocks = counted.annotate(outcome=_outcome(at)).filter(outcome=outcome)
    if after is not None:
        received, clock = after
        same_time = Q(case__received_at=received, pk__lt=clock)
        clocks = clocks.filter(Q(case__received_at__lt=received) | same_time)
    found = clocks.order_by("-case__received_at", "-pk").values_list(
        "pk",
        "case__number",
        "case__title",
        "case__kind",
        "case__urgency",
        "case__club__name",
        "case__club__name_en",
        "case__club__zone",
        "strictness",
        "case__received_at",
        "due_at",
        "met_at",
        "stopped_at",
    )
    rows = [CaseBehind(*row) for row in found[: most + 1]]
    if len(rows) <= most:
        return rows, None
    last = rows[most - 1]
    return rows[:most], (last.received_at, last.clock)


def _counted(
    book: Rulebook, *, clubs: Sequence[Club], month: date, actor: Actor, at: datetime
) -> Counted | None:
    """Return the month's clocks as the actor may have them counted; None without the right. One statement."""
    readable = [club for club in clubs if actor.may("clause.read", club.pk)]
    if not readable:
        return None
    # Management and auditors read counts of cases that they may not open, so there is no visible_to here.
    clocks = _cohort(book.policy, readable, month, actor).annotate(outcome=_outcome(at)).order_by()
    case = ("case__club", "promise", "case__kind", "case__urgency", "case__complexity")
    found = clocks.values_list(*case, "strictness", "outcome").annotate(Count("pk"))
    tallies = [Tally(*row) for row in found]
    # Who may open the rows behind a figure can count them; small counts tell news only of the other clubs.
    closed = frozenset(club.pk for club in readable if not actor.may("clause.rows", club.pk))
    return Counted(tallies, closed, _withheld(book, [tally for tally in tallies if tally.club in closed]))


def _withheld(book: Rulebook, tallies: list[Tally]) -> frozenset[Asked]:
    """Return which figures of the book to withhold, so that all others together give no small count away.

    Of the whole book, even for the page of one clause: a reader can hold the pages against each other.
    """
    return telling(
        {
            (measure.id, book.edition_of[clause].clubs): _told(
                [tally for tally in tallies if _counts(measure, book.edition_of[clause].clubs, tally)]
            )
            for clause in book.policy.clauses
            for measure in _measures(clause, book)
        }
    )


def _told(tallies: list[Tally]) -> tuple[Counter[Hashable], ...]:
    """Return the counts that a figure tells: one for each outcome, and all of them.

    The cells of the last know no promise, for the same cases lie behind the figures of every promise.
    """
    counts: dict[str, Counter[Hashable]] = {outcome: Counter() for outcome in Outcome}
    total: Counter[Hashable] = Counter()
    for tally in tallies:
        counts[tally.outcome][tally] += tally.clocks
        total[tally.club, tally.kind, tally.urgency, tally.complexity] += tally.clocks
    return *counts.values(), total


def _row(clause: str, book: Rulebook, counted: Counted | None) -> ClauseRow:
    figures: tuple[MeasureFigure, ...] = ()
    if counted is not None:
        clubs = book.edition_of[clause].clubs
        figures = tuple(_figure(measure, clubs, counted) for measure in _measures(clause, book))
    return ClauseRow(book.policy.clauses[clause], book.policy.carriers(clause), figures)


def _measures(clause: str, book: Rulebook) -> list[Measure]:
    """Return the measures among what carries a clause out."""
    measured = {each.id for each in book.policy.carriers(clause) if each.mechanism == "measure"}
    return [measure for measure in book.policy.measures if measure.id in measured]


def _figure(measure: Measure, clubs: frozenset[int], counted: Counted) -> MeasureFigure:
    tallies = [tally for tally in counted.tallies if _counts(measure, clubs, tally)]
    counts = _sum(tallies)
    state = judge(_kept(counts), measure)
    withheld = (measure.id, clubs) in counted.withheld
    if withheld:
        closed = _sum([tally for tally in tallies if tally.club in counted.closed])
        state, counts = veiled(state, closed), counts - closed
    firm = any(tally.outcome == Outcome.LATE and tally.strictness == "breach" for tally in tallies)
    return MeasureFigure(measure, counts, state, firm and state is State.MISSED, withheld)


def _sum(tallies: list[Tally]) -> Counter[Outcome]:
    counts: Counter[Outcome] = Counter()
    for tally in tallies:
        counts[Outcome(tally.outcome)] += tally.clocks
    return counts


def _kept(counts: Counter[Outcome]) -> Figure:
    return attainment(counts[Outcome.MET], counts[Outcome.LATE])


def _counts(measure: Measure, clubs: frozenset[int], tally: Tally) -> bool:
    """Tell whether a measure of a clause that these clubs run by counts such clocks."""
    sort = measure.applies.covers(tally.kind, tally.urgency, tally.complexity)
    return tally.club in clubs and tally.promise == measure.promise and sort


def without_sensitive(clubs: Sequence[Club], actor: Actor) -> list[Club]:
    """Return the clubs whose rows the actor may open, but not those of sensitive cases.

    Its figures leave these cases out there, also those that it handles just now: a count is what lies behind it.
    """
    return [
        club
        for club in clubs
        if actor.may("clause.rows", club.pk) and not actor.may("case.read_sensitive", club.pk)
    ]


def _cohort(policy: Policy, clubs: Sequence[Club], month: date, actor: Actor) -> ClockQuerySet:
    """Return the clocks of the cases that these clubs received in the month, as figures for the actor count them.

    Left out are kinds that nothing counts, clocks that were replaced and cases merged into another (one matter counts
    once), and sensitive cases `without_sensitive`.
    """
    if not clubs:
        return Clock.objects.none()
    by_zone: defaultdict[str, list[int]] = defaultdict(list)
    for club in clubs:
        by_zone[club.zone].append(club.pk)
    received = Q()
    for zone, ids in by_zone.items():
        start, end = month_span(month, zone)
        received |= Q(case__club__in=ids, case__received_at__gte=start, case__received_at__lt=end)
    uncounted = [kind.code for kind in policy.kinds if not kind.counted]
    clocks = Clock.objects.filter(received, replaced_by__isnull=True, case__merged_into__isnull=True)
    clocks = clocks.exclude(case__kind__in=uncounted)
    return clocks.exclude(case__sensitive=True, case__club__in=without_sensitive(clubs, actor))


def _outcome(at: datetime) -> models.Case:
    """Return how a clock stands at `at`. Met exactly when due is met; past due is late, unless it is paused."""
    return models.Case(
        When(paused_at__isnull=False, then=Value(Outcome.PENDING)),
        When(met_at__lte=F("due_at"), then=Value(Outcome.MET)),
        When(met_at__isnull=False, then=Value(Outcome.LATE)),
        When(stopped_at__lte=F("due_at"), then=Value(Outcome.STOPPED)),
        When(due_at__lt=at, then=Value(Outcome.LATE)),
        default=Value(Outcome.PENDING),
        output_field=models.CharField(),
    )


def _counted_by(measure: Measure) -> Q:
    """Return what `Applies.covers` says, as a condition on clocks."""
    kinds = Q()
    for pattern in measure.applies.kinds:
        if pattern == "*":
            kinds |= ~Q(case__kind="")
        elif pattern.endswith(".*"):
            kinds |= Q(case__kind__startswith=pattern[:-1])
        else:
            kinds |= Q(case__kind=pattern)
    return kinds & Q(
        promise=measure.promise,
        case__urgency__in=list(measure.applies.urgency),
        case__complexity__in=list(measure.applies.complexity),
    )
