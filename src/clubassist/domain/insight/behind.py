"""The rows behind a figure: exactly those that it counts, as far as the reader may open them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Q

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.club.models import Club
from clubassist.domain.insight.editions import Rulebook
from clubassist.domain.insight.freezing import over
from clubassist.domain.insight.lives import Lived, lives
from clubassist.domain.insight.models import FrozenMonth, FrozenTally
from clubassist.domain.insight.tallies import (
    ATTAINMENT,
    GROSS,
    cohort_cases,
    cohort_clocks,
    marked,
    marks_of,
    with_outcome,
    without_sensitive,
)
from clubassist.pure.policy import Measure

PAGE: Final = 50
AT_ONCE: Final = 1_000

_KEPT: Final = """
select row.id from insight_frozentally tally, unnest(tally.ids) row(id)
where tally.id = any(%s::bigint[]) and (%s::bigint is null or row.id < %s) order by row.id desc limit %s
"""


class CaseBehind(NamedTuple):
    """A case behind a figure: with the clock of the promise that the figure counts, or with its life.

    What happened after `at`, the data date of the figure, has not happened. `row` is the clock's id, or the case's.
    """

    row: int
    number: str
    title: str
    kind: str
    urgency: str
    club: str
    club_en: str
    zone: str
    received_at: datetime
    at: datetime
    strictness: str = ""
    due_at: datetime | None = None
    gross_due_at: datetime | None = None
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    stands_still: bool = False
    lived: Lived | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows are asked for: those of one part of a clause's measure, in a month, as `actor` may open them."""

    clause: str
    measure: Measure
    part: str
    book: Rulebook
    clubs: Sequence[Club]
    month: date
    actor: Actor
    at: datetime


def clause_cases(
    asked: Question, *, after: int | None = None, most: int = PAGE
) -> tuple[list[CaseBehind], int | None]:
    """Return the cases behind one count of a clause's measure, the latest first, and the row after which more follow.

    Exactly the rows that the figure counts at clubs where `actor` holds clause.rows, as far as the cases are visible to
    it; of a frozen month those that were counted then. At most twelve statements.
    """
    ids, rows_of = _chosen(asked, Page(after, most + 1))
    return rows_of(ids[:most]), ids[most - 1] if len(ids) > most else None


def all_cases(asked: Question) -> Iterator[CaseBehind]:
    """Yield all of these cases, a thousand at a time."""
    ids, rows_of = _chosen(asked, Page())
    for begin in range(0, len(ids), AT_ONCE):
        yield from rows_of(ids[begin : begin + AT_ONCE])


class Page(NamedTuple):
    """At most so many rows, of lower ids than `after`."""

    after: int | None = None
    most: int | None = None


def _chosen(asked: Question, page: Page) -> tuple[list[int], Callable[[Sequence[int]], list[CaseBehind]]]:
    """Return the ids of the rows, and what reads the rows of such ids."""
    runs = asked.book.edition_of[asked.clause].clubs
    open_to = [club for club in asked.clubs if club.pk in runs and asked.actor.may("clause.rows", club.pk)]
    frozen = _latest(over(open_to, asked.month, asked.at), asked.month)
    live = [club for club in open_to if club.pk not in frozen]
    hidden = without_sensitive(open_to, asked.actor)
    ids = _live(asked, live, hidden, page) if live else []
    ids += _kept(asked, frozen.values(), hidden, page) if frozen else []
    as_at = {club: version.at for club, version in frozen.items()}
    found = _clocks if asked.measure.formula == ATTAINMENT else _cases
    return sorted(ids, reverse=True)[: page.most], lambda chosen: found(chosen, asked, as_at)


def _latest(clubs: Sequence[Club], month: date) -> dict[int, FrozenMonth]:
    """Return the version of the month that stands at each of these clubs. One statement, none without clubs."""
    rows = FrozenMonth.objects.filter(club__in=clubs, month=month).order_by("version")
    return {row.club_id: row for row in rows}


def _live(asked: Question, clubs: Sequence[Club], hidden: Sequence[Club], page: Page) -> list[int]:
    """Return the rows that count so now. One statement for clocks, up to three for cases."""
    measure, policy = asked.measure, asked.book.policy
    if measure.formula == ATTAINMENT:
        begun = cohort_clocks(policy, clubs, asked.month, asked.at)
        own = begun.exclude(case__sensitive=True, case__club__in=hidden)
        clocks = own.filter(_covered(measure), promise=measure.promise).visible_to(asked.actor)
        chosen = marked(clocks, asked.at).filter(with_outcome(asked.part))
        if page.after is not None:
            chosen = chosen.filter(pk__lt=page.after)
        return list(chosen.order_by("-pk").values_list("pk", flat=True)[: page.most])
    cases = cohort_cases(policy, clubs, asked.month).exclude(sensitive=True, club__in=hidden)
    seen = cases.filter(_covered(measure)).visible_to(asked.actor)
    marks = marks_of(lives(seen), clubs, asked.month, asked.at, [measure.formula])
    ids = (mark.lived.case for mark in marks if mark.sort.part == asked.part)
    return [row for row in ids if page.after is None or row < page.after]


def _kept(asked: Question, frozen: Iterable[FrozenMonth], hidden: Sequence[Club], page: Page) -> list[int]:
    """Return the rows that count so in frozen months. Two statements."""
    measure = asked.measure
    tallies = FrozenTally.objects.filter(
        _covered(measure),
        frozen__in=frozen,
        formula=measure.formula,
        promise=measure.promise or "",
        **({"gross": GROSS[asked.part]} if asked.part in GROSS else {"part": asked.part}),
    )
    chosen = tallies.exclude(sensitive=True, frozen__club__in=hidden).values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [list(chosen), page.after, page.after, page.most])
        return [row for (row,) in cursor.fetchall()]


def _covered(measure: Measure) -> Q:
    """Return what `Applies.covers` says, as a condition on what has these columns."""
    kinds = Q()
    for pattern in measure.applies.kinds:
        if pattern == "*":
            kinds |= ~Q(kind="")
        elif pattern.endswith(".*"):
            kinds |= Q(kind__startswith=pattern[:-1])
        else:
            kinds |= Q(kind=pattern)
    applies = measure.applies
    return kinds & Q(urgency__in=list(applies.urgency), complexity__in=list(applies.complexity))


def _clocks(ids: Sequence[int], asked: Question, as_at: Mapping[int, datetime]) -> list[CaseBehind]:
    """Return these clocks with their cases, as at the data date of their clubs. One statement."""
    clocks = Clock.objects.filter(pk__in=ids).visible_to(asked.actor).select_related("case__club")
    found = []
    for clock in clocks.order_by("-pk"):
        known = as_at.get(clock.case.club_id, asked.at)
        met, stopped, paused = (
            moment if moment is not None and moment <= known else None
            for moment in (clock.met_at, clock.stopped_at, clock.paused_at)
        )
        found.append(
            _behind(
                clock.pk,
                clock.case,
                known,
                strictness=clock.strictness,
                due_at=clock.due_at,
                gross_due_at=clock.gross_due_at,
                met_at=met,
                stopped_at=stopped,
                stands_still=paused is not None,
            )
        )
    return found


def _cases(ids: Sequence[int], asked: Question, as_at: Mapping[int, datetime]) -> list[CaseBehind]:
    """Return these cases with their lives, as at the data date of their clubs. Up to four statements."""
    cases = Case.objects.filter(pk__in=ids).visible_to(asked.actor)
    rows = cases.select_related("club").in_bulk()
    found = []
    for lived in sorted(lives(cases), key=lambda each: -each.case):
        case = rows[lived.case]
        known = as_at.get(case.club_id, asked.at)
        life = lived.life.taken_back(known).as_at(known)
        answers = tuple(answer for answer in lived.answers if answer.at <= known)
        found.append(_behind(case.pk, case, known, lived=lived._replace(life=life, answers=answers)))
    return found


def _behind(row: int, case: Case, at: datetime, **more: Any) -> CaseBehind:
    return CaseBehind(
        row=row,
        number=case.number,
        title=case.title,
        kind=case.kind,
        urgency=case.urgency,
        club=case.club.name,
        club_en=case.club.name_en,
        zone=case.club.zone,
        received_at=case.received_at,
        at=at,
        **more,
    )
