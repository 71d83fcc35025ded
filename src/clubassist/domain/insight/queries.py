"""The state of every clause from live rows, and the rows behind each figure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
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
from clubassist.domain.insight.rules import WORST_FIRST, Outcome, State, judge
from clubassist.pure.figures import Figure, attainment, month_span
from clubassist.pure.policy import Carrier, Clause, Measure, Policy

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class MeasureFigure:
    """A measure over one month's cohort: how many promises had each outcome.

    `broken` are the late ones that were firm promises; the others only missed a goal (A01: amber, not breach).
    """

    measure: Measure
    counts: Counter[Outcome]
    broken: int

    @property
    def figure(self) -> Figure:
        """Kept ÷ (kept + late); promises still in time, or dropped before they were due, are excluded."""
        return attainment(self.counts[Outcome.MET], self.counts[Outcome.LATE])

    @property
    def state(self) -> State:
        """How the figure stands against the measure's goal."""
        return judge(self.figure, self.measure)


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
        return any(each.broken for each in self.figures if each.state is State.MISSED)


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


def clause_board(
    *, book: Rulebook, clubs: Sequence[Club], month: date, actor: Actor, at: datetime
) -> list[ClauseRow]:
    """Return every clause of the book with its figures over the cases that `clubs` received in `month`.

    `month` is a first day, in each club's own zone. A clause is counted at the clubs that run by its pack and where
    `actor` holds clause.read; their rows are pooled, not their shares averaged (part C). One statement.
    """
    tallies = _tallies(book, clubs=clubs, month=month, actor=actor, at=at)
    return [_row(clause, book, tallies) for clause in book.policy.clauses]


def clause_row(
    clause: str, *, book: Rulebook, clubs: Sequence[Club], month: date, actor: Actor, at: datetime
) -> ClauseRow:
    """Return one clause as `clause_board` does. One statement. Raises Missing for a clause that is not in force."""
    if clause not in book.policy.clauses:
        raise Missing
    return _row(clause, book, _tallies(book, clubs=clubs, month=month, actor=actor, at=at))


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

    Exactly the rows that the figure counts, as far as `actor` may see them: in clubs where it holds clause.rows, and
    only cases visible to it. One statement.
    """
    runs = book.edition_of[clause].clubs
    open_to = [club for club in clubs if club.pk in runs and actor.may("clause.rows", club.pk)]
    counted = _cohort(book.policy, open_to, month).filter(_counted_by(measure)).visible_to(actor)
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


def _tallies(
    book: Rulebook, *, clubs: Sequence[Club], month: date, actor: Actor, at: datetime
) -> list[Tally] | None:
    """Return the month's clocks counted by everything a figure asks for; None without the right. One statement."""
    readable = [club for club in clubs if actor.may("clause.read", club.pk)]
    if not readable:
        return None
    # Management and auditors read counts of cases that they may not open, so there is no visible_to here.
    clocks = _cohort(book.policy, readable, month).annotate(outcome=_outcome(at)).order_by()
    case = ("case__club", "promise", "case__kind", "case__urgency", "case__complexity")
    return [Tally(*row) for row in clocks.values_list(*case, "strictness", "outcome").annotate(Count("pk"))]


def _row(clause: str, book: Rulebook, tallies: list[Tally] | None) -> ClauseRow:
    carriers = book.policy.carriers(clause)
    figures: tuple[MeasureFigure, ...] = ()
    if tallies is not None:
        measured = {carrier.id for carrier in carriers if carrier.mechanism == "measure"}
        there = [tally for tally in tallies if tally.club in book.edition_of[clause].clubs]
        figures = tuple(_figure(each, there) for each in book.policy.measures if each.id in measured)
    return ClauseRow(book.policy.clauses[clause], carriers, figures)


def _figure(measure: Measure, tallies: list[Tally]) -> MeasureFigure:
    counts: Counter[Outcome] = Counter()
    broken = 0
    for tally in tallies:
        if tally.promise == measure.promise and measure.applies.covers(
            tally.kind, tally.urgency, tally.complexity
        ):
            counts[Outcome(tally.outcome)] += tally.clocks
            broken += tally.clocks * (tally.outcome == Outcome.LATE and tally.strictness == "breach")
    return MeasureFigure(measure, counts, broken)


def _cohort(policy: Policy, clubs: Sequence[Club], month: date) -> ClockQuerySet:
    """Return the clocks of the cases that these clubs received in the month, without kinds that nothing counts.

    Clocks that were replaced and cases that were merged into another are left out: one matter counts once.
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
    counted = Clock.objects.filter(received, replaced_by__isnull=True, case__merged_into__isnull=True)
    return counted.exclude(case__kind__in=uncounted)


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
