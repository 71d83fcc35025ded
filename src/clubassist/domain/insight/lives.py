"""Cases as figures see them: their lives, read from the rows that the actions wrote, and the scores given for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import Any, Final, NamedTuple

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import Aggregate, Func, Max, Min, Q
from psycopg.types.multirange import Multirange

from clubassist.core.models import Entry
from clubassist.domain.cases.facts import CaseReopened, CaseResolved
from clubassist.domain.cases.models import FollowUp
from clubassist.domain.cases.models.case import CaseQuerySet
from clubassist.domain.cases.models.follow_up import FollowUpQuerySet
from clubassist.domain.cases.rules import NOT_AGREED
from clubassist.domain.channels.models.conversation import ATTEMPTS
from clubassist.pure.figures import Answer, CaseLife, Turn
from clubassist.pure.worktime import Interval

FIRST_RESPONSE: Final = "first_response"
SOLUTION: Final = "solution"
_WORDS: Final = {"solved": Turn.CONFIRMED} | dict.fromkeys(ATTEMPTS, Turn.UNREACHED)
"""What a try at a follow-up call tells; "not_solved" opens the case again, which is a turn of its own."""

Turns = tuple[tuple[datetime, Turn], ...]
Voice = tuple[list[tuple[datetime, Turn]], list[tuple[datetime, int]]]


class Lived(NamedTuple):
    """A case by what tallies ask for, with its life and the scores (1 to 5) that were given for it."""

    case: int
    club: int
    kind: str
    urgency: str
    complexity: str
    sensitive: bool
    life: CaseLife
    answers: tuple[Answer, ...]


def lives(cases: CaseQuerySet) -> list[Lived]:
    """Return the lives of these cases, newest receipt first. Two statements, three where one was opened again.

    Cases merged into another are not to be among them: what was merged stands on the case that goes on, with the
    earliest receipt, reply and offer.
    """
    chosen = cases.order_by().values("pk")
    voices = _voices(FollowUp.objects.filter(case__in=chosen))
    rows = list(_rows(cases))
    history = _history([pk for pk, *_rest, reopened in rows if reopened])
    found = []
    for row in rows:
        (
            pk,
            number,
            *sort,
            received,
            answered,
            awaited,
            offered,
            earlier,
            stood_still,
            solved,
            how,
            _reopened,
        ) = row
        turns, answers = voices[pk]
        ends = history.get(pk) or (((solved, _end(how)),) if solved is not None else ())
        first = next((at for at, turn in ends if turn is Turn.RESOLVED), None)
        life = CaseLife(
            number,
            received,
            responded_at=_since(received, answered),
            proposed_at=_since(received, min(filter(None, (offered, earlier, first)), default=None)),
            turns=tuple(
                sorted(((max(at, received), turn) for at, turn in (*ends, *turns)), key=itemgetter(0))
            ),
            pauses=_intervals(stood_still),
            awaited=awaited is not None,
        )
        about = tuple(Answer(number, number, at, score) for at, score in answers)
        club, kind, urgency, complexity, sensitive = sort
        found.append(Lived(pk, club, kind, urgency, complexity, sensitive, life, about))
    return found


def _since(received: datetime, at: datetime | None) -> datetime | None:
    """Return `at`, or the receipt when that was later: two machines' clocks differ, and one case must not hide all."""
    return None if at is None else max(at, received)


def _rows(cases: CaseQuerySet) -> Iterable[tuple[Any, ...]]:
    own = Q(clocks__promise=FIRST_RESPONSE, clocks__replaced_by__isnull=True)
    told = cases.annotate(
        answered=Min("clocks__met_at", filter=own),
        awaited=Max("clocks__started_at", filter=own),
        offered=Min("offers__sent_at", filter=~Q(offers__answer="withdrawn")),
        offered_before=Min("merged__offers__sent_at", filter=~Q(merged__offers__answer="withdrawn")),
        stood_still=Aggregate(
            Func(
                "clocks__pauses__paused_at",
                "clocks__pauses__resumed_at",
                function="tstzrange",
                output_field=DateTimeRangeField(),
            ),
            function="range_agg",
            filter=Q(clocks__promise=SOLUTION, clocks__pauses__isnull=False),
            output_field=DateTimeRangeField(),
        ),
    )
    return told.order_by("-received_at", "-pk").values_list(
        "pk",
        "number",
        "club",
        "kind",
        "urgency",
        "complexity",
        "sensitive",
        "received_at",
        "answered",
        "awaited",
        "offered",
        "offered_before",
        "stood_still",
        "resolved_at",
        "resolution",
        "reopened",
    )


def _end(resolution: str) -> Turn:
    return Turn.NOT_AGREED if resolution == NOT_AGREED else Turn.RESOLVED


def _voices(rows: FollowUpQuerySet) -> defaultdict[int, Voice]:
    """Return for each case what its follow-up calls told, and the scores that were given."""
    found: defaultdict[int, Voice] = defaultdict(lambda: ([], []))
    seen = set()
    tried = rows.order_by("tries__pk").values_list(
        "pk", "case", "ended_at", "score", "tries__outcome", "tries__at"
    )
    for pk, case, ended, score, outcome, at in tried:
        turns, answers = found[case]
        if outcome in _WORDS:
            turns.append((at, _WORDS[outcome]))
        if score is not None and ended is not None and pk not in seen:
            seen.add(pk)
            answers.append((ended, score))
    for _turns, answers in found.values():
        answers.sort(key=lambda answer: (answer[0], -answer[1]))
    return found


def _intervals(spans: Multirange[datetime] | None) -> tuple[Interval, ...]:
    """Return when the clock of a case's solution stood still; for ever, while it still does."""
    return tuple(
        Interval(span.lower, span.upper or datetime.max.replace(tzinfo=span.lower.tzinfo))
        for span in spans or ()
        if span.lower is not None
    )


def _history(reopened: Iterable[int]) -> dict[int, Turns]:
    """Return how each of these cases was solved and opened again, from the journal: rows keep the last time only."""
    subjects = [str(pk) for pk in reopened]
    if not subjects:
        return {}
    facts = (CaseResolved.__name__, CaseReopened.__name__)
    told = Entry.objects.filter(fact__in=facts, subjects__kind="case", subjects__subject__in=subjects)
    found: defaultdict[int, Turns] = defaultdict(tuple)
    for case, fact, at, how in told.order_by("pk").values_list(
        "subjects__subject", "fact", "at", "data__resolution"
    ):
        turn = Turn.REOPENED if fact == CaseReopened.__name__ else _end(how)
        found[int(case)] += ((at, turn),)
    return dict(found)
