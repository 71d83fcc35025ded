"""What a month's cases and clocks count as, counted by everything that a figure asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.cases.models.case import CaseQuerySet
from clubassist.domain.cases.models.clock import ClockQuerySet
from clubassist.domain.club.models import Club
from clubassist.domain.insight.lives import Lived, lives
from clubassist.pure.figures import (
    Cohort,
    Marks,
    Outcome,
    Split,
    Spread,
    Wait,
    first_response,
    handling_rate,
    month_span,
    reopen_rate,
    resolution_rate,
    resolution_time,
    satisfied,
    stood_still,
)
from clubassist.pure.policy import Measure, Policy

ATTAINMENT: Final = "attainment"
COUNTED, REST, LEFT_OUT = "counted", "rest", "left_out"
"""The parts of a share over cases; of promises they are the outcomes."""
GROSS: Final = {"gross_late": Outcome.LATE, "gross_met": Outcome.MET}
"""What decides attainment had no clock ever stood still (A06, B90): parts that overlap with the outcomes."""
_GROSS_MARKS: Final = ("kept", "gross_in_time", "gross_dropped", "gross_past_due")
ENDED, OPEN = "ended", "still_open"
"""The parts of a mean time."""
KEPT: Final = (Outcome.MET, COUNTED)
DECIDED: Final = (*KEPT, Outcome.LATE, REST)

_SHARES: Final[dict[str, Callable[[Cohort], Split]]] = {
    "handling": handling_rate,
    "resolution": resolution_rate,
    "reopening": reopen_rate,
}
NET: Final = "resolution_time"
"""The one formula for which pauses count."""
_TIMES: Final[dict[str, Callable[[Cohort], tuple[Wait, ...]]]] = {
    "response_time": lambda cohort: first_response(cohort).waits,
    NET: lambda cohort: resolution_time(cohort).net.waits,
}
SATISFACTION: Final = "satisfaction"
OF_CASES: Final = (*_SHARES, *_TIMES, SATISFACTION)
"""The formulas over cases; `attainment` alone is over clocks."""


def parts(formula: str) -> tuple[str, ...]:
    """Return into what a formula parts the cases, or clocks, that it looks at."""
    if formula == ATTAINMENT:
        return (*map(str, Outcome), *GROSS)
    return (ENDED, OPEN) if formula in _TIMES else (COUNTED, REST, LEFT_OUT)


class Sort(NamedTuple):
    """Everything by which a figure chooses what it counts.

    `part` is what it counts as, `gross` what a clock would count as if no pause moved its due time. `promise`,
    `strictness` and `gross` are empty but for clocks.
    """

    club: int
    formula: str
    promise: str
    kind: str
    urgency: str
    complexity: str
    strictness: str
    part: str
    gross: str


class Tally(NamedTuple):
    """How many cases, or clocks, of one sort there are, and how long they waited if that is what the formula counts.

    `ids` are theirs where they were asked for, newest first.
    """

    sort: Sort
    sensitive: bool
    rows: int
    spread: Spread = Spread()
    ids: tuple[int, ...] = ()


class Mark(NamedTuple):
    """What one case counts as by one formula."""

    lived: Lived
    sort: Sort
    wait: Wait | None = None
    paused: timedelta = timedelta()


def counts(measure: Measure, clubs: Collection[int], sort: Sort) -> bool:
    """Tell whether a measure of a clause that these clubs run by counts such cases or clocks."""
    same = sort.formula == measure.formula and sort.promise == (measure.promise or "")
    return same and sort.club in clubs and measure.applies.covers(sort.kind, sort.urgency, sort.complexity)


def without_sensitive(clubs: Sequence[Club], actor: Actor) -> list[Club]:
    """Return the clubs whose rows the actor may open, but not those of sensitive cases.

    Its figures leave these cases out there, also those that it handles just now: a count is what lies behind it.
    """
    return [
        club
        for club in clubs
        if actor.may("clause.rows", club.pk) and not actor.may("case.read_sensitive", club.pk)
    ]


def cohort_cases(policy: Policy, clubs: Sequence[Club], month: date) -> CaseQuerySet:
    """Return the cases that these clubs received in the month, each in its own zone.

    Left out are kinds that nothing counts, and cases merged into another: one matter counts once.
    """
    if not clubs:
        return Case.objects.none()
    return Case.objects.filter(_in_cohort(policy, clubs, month, ""))


def cohort_clocks(policy: Policy, clubs: Sequence[Club], month: date, at: datetime) -> ClockQuerySet:
    """Return the clocks of these cases that had begun by `at`, but not those that were replaced."""
    if not clubs:
        return Clock.objects.none()
    begun = Clock.objects.filter(started_at__lte=at, replaced_by__isnull=True)
    return begun.filter(_in_cohort(policy, clubs, month, "case__"))


def _in_cohort(policy: Policy, clubs: Sequence[Club], month: date, case: str) -> Q:
    by_zone: defaultdict[str, list[int]] = defaultdict(list)
    for club in clubs:
        by_zone[club.zone].append(club.pk)
    received = Q()
    for zone, ids in by_zone.items():
        start, end = month_span(month, zone)
        of_zone = {"club__in": ids, "received_at__gte": start, "received_at__lt": end}
        received |= Q(**{f"{case}{name}": value for name, value in of_zone.items()})
    uncounted = [kind.code for kind in policy.kinds if not kind.counted]
    return received & Q(**{f"{case}merged_into__isnull": True}) & ~Q(**{f"{case}kind__in": uncounted})


def marked(clocks: ClockQuerySet, at: datetime) -> ClockQuerySet:
    """Compare the times of these clocks as `Marks` names it; one that stands still is not past due.

    With `gross_` before the name they are compared as if it had never stood still.
    """

    def mark(when: Q) -> ExpressionWrapper[Q]:
        return ExpressionWrapper(when, output_field=BooleanField())

    stopped = Q(stopped_at__isnull=False)
    return clocks.annotate(
        kept=mark(Q(met_at__isnull=False, met_at__lte=at)),
        in_time=mark(Q(met_at__isnull=False, met_at__lte=F("due_at"))),
        dropped=mark(stopped & Q(stopped_at__lte=F("due_at")) & Q(stopped_at__lte=at)),
        past_due=mark(Q(paused_at__isnull=True, due_at__lt=at)),
        gross_in_time=mark(Q(met_at__isnull=False, met_at__lte=F("gross_due_at"))),
        gross_dropped=mark(stopped & Q(stopped_at__lte=F("gross_due_at")) & Q(stopped_at__lte=at)),
        gross_past_due=mark(Q(gross_due_at__lt=at)),
    )


def with_outcome(part: str) -> Q:
    """Return how clocks that are `marked` stand as this part of an attainment says."""
    names = _GROSS_MARKS if part in GROSS else Marks._fields
    chosen = Q(pk__in=[])
    for marks in Marks.every():
        if marks.outcome == GROSS.get(part, part):
            chosen |= Q(**dict(zip(names, marks, strict=True)))
    return chosen


def clock_tallies(
    clocks: ClockQuerySet, promises: Collection[str], at: datetime, *, ids: bool = False
) -> Iterator[Tally]:
    """Count clocks of these promises by sort, by what their cases were when they started. One statement."""
    known = ("case__club", "promise", "kind", "urgency", "complexity", "strictness")
    found: QuerySet[Clock, Any] = marked(clocks.filter(promise__in=promises), at).order_by()
    keyed = found.values_list(*known, "case__sensitive", *Marks._fields, *_GROSS_MARKS[1:])
    added = keyed.annotate(count=Count("pk"))
    if ids:
        added = added.annotate(ids=ArrayAgg("pk", order_by="-pk"))
    merged: dict[tuple[Sort, bool], tuple[int, tuple[int, ...]]] = {}
    for club, promise, kind, urgency, complexity, strictness, sensitive, *rest in added:
        net, gross, (count, *keys) = rest[:4], (rest[0], *rest[4:7]), rest[7:]
        stands = (str(Marks(*marks).outcome) for marks in (net, gross))
        sort = Sort(club, ATTAINMENT, promise, kind, urgency, complexity, strictness, *stands)
        before, listed = merged.get((sort, sensitive), (0, ()))
        merged[sort, sensitive] = before + count, (*listed, *(keys[0] if ids else ()))
    for (sort, sensitive), (count, listed) in merged.items():
        yield Tally(sort, sensitive, count, ids=tuple(sorted(listed, reverse=True)))


def case_tallies(marks: Iterable[Mark], *, ids: bool = False) -> Iterator[Tally]:
    """Count marks by sort."""
    grouped: defaultdict[tuple[Sort, bool], list[Mark]] = defaultdict(list)
    for mark in marks:
        grouped[mark.sort, mark.lived.sensitive].append(mark)
    for (sort, sensitive), group in grouped.items():
        paused = sum((mark.paused for mark in group), timedelta())
        spread = Spread.of((mark.wait for mark in group if mark.wait is not None), paused)
        listed = tuple(sorted((mark.lived.case for mark in group), reverse=True)) if ids else ()
        yield Tally(sort, sensitive, len(group), spread, listed)


def marks_of(
    found: Sequence[Lived], clubs: Sequence[Club], month: date, at: datetime, formulas: Collection[str]
) -> Iterator[Mark]:
    """Tell what each case of the month counts as by each of these formulas, as at `at`.

    The clubs of one zone are one cohort: a chain costs no more than a single club with as many cases.
    """
    zones = {club.pk: club.zone for club in clubs}
    by_zone: defaultdict[str, list[Lived]] = defaultdict(list)
    for lived in found:
        by_zone[zones[lived.club]].append(lived)
    for zone, own in by_zone.items():
        by_number = {lived.life.number: lived for lived in own}
        cohort = Cohort.of((lived.life.taken_back(at) for lived in own), month_span(month, zone), at)
        still = {life.number: stood_still(life, at) for life in cohort.lives if life.pauses}
        for formula in formulas:
            if formula in _TIMES:
                for wait in _TIMES[formula](cohort):
                    lived = by_number[wait.number]
                    sort = _sort(lived, formula, ENDED if wait.ended else OPEN)
                    paused = still.get(wait.number, timedelta()) if formula == NET else timedelta()
                    yield Mark(lived, sort, wait, paused)
                continue
            split = (
                satisfied(cohort, (answer for lived in own for answer in lived.answers))
                if formula == SATISFACTION
                else _SHARES[formula](cohort)
            )
            parts = ((COUNTED, split.counted), (REST, split.rest), (LEFT_OUT, split.left_out))
            for part, numbers in parts:
                for number in numbers:
                    yield Mark(by_number[number], _sort(by_number[number], formula, part))


def _sort(lived: Lived, formula: str, part: str) -> Sort:
    return Sort(lived.club, formula, "", lived.kind, lived.urgency, lived.complexity, "", part, "")


def live_tallies(
    measures: Iterable[Measure],
    policy: Policy,
    clubs: Sequence[Club],
    month: date,
    actor: Actor,
    at: datetime,
) -> list[Tally]:
    """Count what these measures ask for from the rows as they are, as figures for the actor count it.

    That is without sensitive cases at clubs `without_sensitive`. Up to four statements.
    """
    wanted = list(measures)
    promises = {measure.promise for measure in wanted if measure.promise}
    formulas = [formula for formula in OF_CASES if any(each.formula == formula for each in wanted)]
    hidden = without_sensitive(clubs, actor)
    found: list[Tally] = []
    if clubs and promises:
        clocks = cohort_clocks(policy, clubs, month, at).exclude(case__sensitive=True, case__club__in=hidden)
        found += clock_tallies(clocks, promises, at)
    if clubs and formulas:
        cases = cohort_cases(policy, clubs, month).exclude(sensitive=True, club__in=hidden)
        found += case_tallies(marks_of(lives(cases), clubs, month, at, formulas))
    return found
