"""The figures of months that are over, as they are kept and read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import FilteredRelation, OuterRef, Q, Subquery

from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import policy_in_force
from clubassist.domain.insight.lives import lives
from clubassist.domain.insight.models import FrozenMonth, FrozenTally
from clubassist.domain.insight.models.frozen import MONTH_OVER
from clubassist.domain.insight.tallies import (
    OF_CASES,
    Sort,
    Tally,
    case_tallies,
    clock_tallies,
    cohort_cases,
    cohort_clocks,
    marks_of,
)
from clubassist.pure.figures import Release, Spread, month_span, release_of

INSTANT: Final = timedelta(microseconds=1)


class Version(NamedTuple):
    """One version of a club's month: what it is, and since when and why it stands."""

    club: int
    version: int
    release: str
    reason: str
    at: datetime
    frozen_at: datetime
    tallies: list[Tally]

    @property
    def restates(self) -> bool:
        """Whether another version stood before for the same data date."""
        return self.reason != MONTH_OVER


def tallies_as_at(club: Club, month: date, at: datetime) -> list[Tally]:
    """Count all that figures of the club's month can ask for, by what was known at `at`, with the ids of the rows.

    By the rules in force when the month ended. A solution that has not held since is taken back (part C).
    """
    policy = policy_in_force(club, at=month_span(month, club.zone).end - INSTANT).policy
    promises = {deadline.promise for deadline in policy.deadlines}
    marks = marks_of(lives(cohort_cases(policy, [club], month)), [club], month, at, OF_CASES)
    clocks = cohort_clocks(policy, [club], month, at)
    return sorted([*clock_tallies(clocks, promises, at, ids=True), *case_tallies(marks, ids=True)], key=_key)


def _key(tally: Tally) -> tuple[Sort, bool]:
    return tally.sort, tally.sensitive


def over(clubs: Iterable[Club], month: date, at: datetime) -> list[Club]:
    """Return the clubs at which the month has been over for long enough to be frozen."""
    return [club for club in clubs if release_of(month, at, club.zone) is not Release.RUNNING]


def versions(clubs: Iterable[Club], month: date, *, formulas: Collection[str]) -> list[Version]:
    """Return what was frozen of the month at these clubs, the first version first. One statement, none without clubs.

    Of each club the version that stands and the one before it, with the tallies of these formulas.
    """
    newest = FrozenMonth.objects.filter(club=OuterRef("club"), month=month).order_by("-version")
    rows = FrozenMonth.objects.filter(
        club__in=[club.pk for club in clubs],
        month=month,
        version__gte=Subquery(newest.values("version")[:1]) - 1,
    ).annotate(told=FilteredRelation("tallies", condition=Q(tallies__formula__in=list(formulas))))
    about = ("club", "version", "release", "reason", "at", "frozen_at")
    columns = (*Sort._fields[1:], "sensitive", "rows", "waited", "ended", "still_open", "paused")
    told = rows.order_by("version", "pk").values_list("pk", *about, *(f"told__{name}" for name in columns))
    found: dict[int, Version] = {}
    for pk, *row in told:
        club, number, release, reason, at, made = row[: len(about)]
        version = found.setdefault(pk, Version(club, number, release, reason, at, made, []))
        formula, *sort, sensitive, count, waited, ended, still_open, paused = row[len(about) :]
        if formula is not None:
            spread = Spread(waited, _minutes(ended), _minutes(still_open), paused)
            version.tallies.append(Tally(Sort(version.club, formula, *sort), sensitive, count, spread))
    return list(found.values())


def latest(found: Iterable[Version]) -> dict[int, Version]:
    """Return the version that stands for each club."""
    return {version.club: version for version in sorted(found, key=lambda each: each.version)}


def _minutes(kept: dict[str, int]) -> Counter[int]:
    return Counter({int(minutes): count for minutes, count in kept.items()})


def kept_of(frozen: FrozenMonth) -> list[Tally]:
    """Return all that one version keeps, as `tallies_as_at` gives it. One statement."""
    tallies = []
    for row in FrozenTally.objects.filter(frozen=frozen):
        sort = Sort(frozen.club_id, **{name: getattr(row, name) for name in Sort._fields[1:]})
        spread = Spread(row.waited, _minutes(row.ended), _minutes(row.still_open), row.paused)
        tallies.append(Tally(sort, row.sensitive, row.rows, spread, tuple(row.ids)))
    return sorted(tallies, key=_key)


def rows_of(frozen: FrozenMonth, tallies: Iterable[Tally]) -> list[FrozenTally]:
    """Return the unsaved rows that keep these tallies."""
    return [
        FrozenTally(
            frozen=frozen,
            **{name: value for name, value in tally.sort._asdict().items() if name != "club"},
            sensitive=tally.sensitive,
            rows=tally.rows,
            waited=tally.spread.total,
            ended=dict(tally.spread.ended),
            still_open=dict(tally.spread.still_open),
            paused=tally.spread.paused,
            ids=list(tally.ids),
        )
        for tally in tallies
    ]
