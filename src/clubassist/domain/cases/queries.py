"""Reads about cases that join or aggregate: the queue and its counters, the day's figures, one case's whole page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.domain.cases.clocks import used_of
from clubassist.domain.cases.matters import happened_on, newest_with_files, said_on
from clubassist.domain.cases.models import Attachment, Case, Clock, Offer, Pause, Stage, State, Task
from clubassist.domain.cases.models.case import CaseQuerySet
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.members.rules import shown_name
from clubassist.domain.people.models import Account

VIEWS: Final = ("mine", "unassigned", "club", "awaiting", "complex", "silent")
PAGE: Final = 50
COUNT_TO: Final = 100
MOST_FACTS: Final = 500
Position = tuple[int, datetime, int]
"""A place in the queue: rank, nearest clock and key of the case that stands there."""
TOLD: Final = (
    "CaseOpened",
    "CaseAssessed",
    "CaseAssigned",
    "StageEntered",
    "ContactPromised",
    "FactsCompleted",
    "FactsCorrected",
    "CaseReclassified",
    "TaskSkipped",
    "TaskSent",
    "TaskAcknowledged",
    "EvidenceAdded",
    "FindingWritten",
    "FindingSigned",
    "OfferMade",
    "OfferApproved",
    "OfferSent",
    "OfferAccepted",
    "OfferDeclined",
    "OfferWithdrawn",
    "RoutesTold",
    "CaseResolved",
    "ReportWritten",
    "ReportRead",
    "FollowUpEnded",
    "CaseReopened",
    "CaseClosed",
    "ClockPaused",
    "ClockResumed",
    "ComplexityAsked",
    "ComplexityDecided",
    "CaseMerged",
    "CaseUnmerged",
    "CaseLinked",
    "CaseUnlinked",
    "CaseReplanned",
)
"""The facts that a case's timeline tells."""


class QueueRow(NamedTuple):
    """One case as a list shows it; `nearest` is its nearest running clock, if one runs.

    `person` is whom it is about or who reported it, by as much of the name as the reader may see; empty for nobody.
    `zone` is the club's, in which its times are read.
    """

    pk: int
    number: str
    title: str
    kind: str
    urgency: str
    state: str
    channel: str
    pack_versions: list[int]
    club: str
    club_en: str
    club_code: str
    zone: str
    area: str | None
    area_en: str | None
    place: str
    person: str
    owner: str | None
    awaits_reply: bool
    told_at: datetime
    next_contact_at: datetime | None
    rank: int
    due_at: datetime
    nearest: dict[str, Any] | None


_COLUMNS: Final = (
    "pk",
    "number",
    "title",
    "kind",
    "urgency",
    "state",
    "channel",
    "pack_versions",
    "club__name",
    "club__name_en",
    "club__code",
    "club__zone",
    "area__name",
    "area__name_en",
    "place",
    "subject__name",
    "owner__name",
    "awaits_reply",
    "told_at",
    "next_contact_at",
    "rank",
    "next_due_at",
)


def view_of(view: str, *, actor: Actor, at: datetime, club: Club | None = None) -> CaseQuerySet:
    """Return the unfinished cases that `actor` sees in one of the VIEWS, of one club or of all."""
    return _narrowed(view, _seen(actor, club), actor=actor, at=at)


def _seen(actor: Actor, club: Club | None) -> CaseQuerySet:
    cases = Case.objects.visible_to(actor).unfinished()
    return cases if club is None else cases.filter(club=club)


def _narrowed(view: str, cases: CaseQuerySet, *, actor: Actor, at: datetime) -> CaseQuerySet:
    match view:
        case "mine":
            return cases.filter(owner=actor.account)
        case "unassigned":
            return cases.filter(owner__isnull=True)
        case "awaiting":
            return cases.filter(awaits_reply=True)
        case "complex":
            return cases.filter(complex=True)
        case "silent":
            return cases.silent(at)
    return cases


def rows_of(cases: CaseQuerySet, most: int, *, actor: Actor) -> list[QueueRow]:
    """Return at most `most` cases as rows for `actor`, in the order given. One statement."""
    ticking = Clock.objects.ticking().filter(case=OuterRef("pk"), due_at=OuterRef("next_due_at"))
    nearest = ticking.order_by("pk")
    clock = JSONObject(deadline="deadline", promise="promise", strictness="strictness", clauses="clauses")
    found = cases.annotate(nearest=Subquery(nearest.values(found=clock)[:1]))
    rows = []
    for club_id, reporter, *values in found.values_list("club_id", "reporter__name", *_COLUMNS, "nearest")[
        :most
    ]:
        row = QueueRow(*values)
        name = row.person or reporter or ""
        rows.append(row._replace(person=shown_name(name, club_id=club_id, actor=actor)))
    return rows


def queue_page(
    view: str,
    *,
    actor: Actor,
    at: datetime,
    club: Club | None = None,
    after: Position | None = None,
    most: int = PAGE,
) -> tuple[list[QueueRow], Position | None]:
    """Return a page of the queue, emergencies first, then the nearest clock (B05), and where more follows.

    One statement.
    """
    cases = view_of(view, actor=actor, at=at, club=club).nearest_first()
    if after is not None:
        cases = cases.after(*after)
    rows = rows_of(cases, most + 1, actor=actor)
    if len(rows) <= most:
        return rows, None
    last = rows[most - 1]
    return rows[:most], (last.rank, last.due_at, last.pk)


def next_up(*, actor: Actor, at: datetime, most: int) -> list[QueueRow]:
    """Return emergencies, then the nearest clocks, of cases that are the actor's own or nobody's. One statement."""
    cases = view_of("club", actor=actor, at=at).filter(Q(owner=actor.account) | Q(owner__isnull=True))
    return rows_of(cases.filter(state=State.OPEN).nearest_first(), most, actor=actor)


def contacts_due(*, actor: Actor, at: datetime, most: int) -> list[QueueRow]:
    """Return cases whose next promised contact has come, the longest overdue first (B03). One statement."""
    cases = Case.objects.visible_to(actor).contact_due(at).order_by("next_contact_at", "pk")
    return rows_of(cases, most, actor=actor)


def silent_longest(*, actor: Actor, at: datetime, most: int) -> list[QueueRow]:
    """Return the cases whose member has heard nothing for the longest time beyond 48 hours (B03). One statement."""
    cases = Case.objects.visible_to(actor).silent(at).order_by("told_at", "pk")
    return rows_of(cases, most, actor=actor)


_COUNT: Final = "(select count(*) from (ROWS) capped)"


def _first_of(rows: QuerySet[Any], order: str) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL that counts a query's rows up to COUNT_TO, and its values; no count ever reads more than that."""
    try:
        rows_sql, values = rows.order_by(order).values(order.lstrip("-"))[:COUNT_TO].query.sql_with_params()
    except EmptyResultSet:  # nothing is in the actor's sight
        return "0", ()
    return _COUNT.replace("ROWS", rows_sql), values


def counters(*, actor: Actor, at: datetime, club: Club | None = None) -> dict[str, int]:
    """Return how many cases each view holds and how many notices are unread ("notices"), each at most COUNT_TO.

    One statement; a view out of the actor's sight counts 0. Put together here, because the ORM takes as long to nest
    these queries as it takes to list the cases.
    """
    seen = _seen(actor, club)
    views: dict[str, QuerySet[Any]] = {view: _narrowed(view, seen, actor=actor, at=at) for view in VIEWS}
    views["notices"] = StaffNotice.objects.visible_to(actor).filter(read_at__isnull=True)
    # In an index's order, else the planner reads the table until it has met enough rows.
    orders = {"silent": "told_at", "notices": "-at"}
    counts = [_first_of(rows, orders.get(name, "rank")) for name, rows in views.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {', '.join(sql for sql, _values in counts)}",
            [value for _sql, values in counts for value in values],
        )
        return dict(zip(views, cursor.fetchone(), strict=True))


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Cases received since a moment, and of these: with a kept first response, solved, and without any clock for it.

    What ended without agreement is not solved (B27).
    """

    received: int
    answered: int
    solved: int
    untimed: int

    @property
    def timed(self) -> int:
        """Return how many were promised a first response in time: what `answered` is out of."""
        return self.received - self.untimed


def day_figures(*, actor: Actor, since: datetime) -> DayFigures:
    """Return how the cases received since `since` stand, one matter once. One statement."""
    first = Clock.objects.filter(case=OuterRef("pk"), promise="first_response")
    cases = Case.objects.visible_to(actor).filter(received_at__gte=since, merged_into__isnull=True)
    found = cases.annotate(timed=Exists(first), met=Exists(first.filter(met_at__isnull=False))).aggregate(
        received=Count("pk", distinct=True),
        answered=Count("pk", filter=Q(met=True), distinct=True),
        solved=Count("pk", filter=Q(resolved_at__isnull=False) & ~Q(resolution="not_agreed"), distinct=True),
        untimed=Count("pk", filter=Q(timed=False), distinct=True),
    )
    return DayFigures(**found)


def case_by_number(number: str, *, actor: Actor) -> Case | None:
    """Return the case with everything its page names, or None for one out of sight. One statement.

    The number of a case that was merged opens the one that goes on (F20); that takes a second statement.
    """
    named = ("club", "area", "owner", "subject", "reporter", "conversation")
    cases = Case.objects.visible_to(actor).select_related(*named)
    case = cases.filter(number=number).first()
    return (
        case if case is None or case.merged_into_id is None else cases.filter(pk=case.merged_into_id).first()
    )


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A clock as its case shows it: the share of the promised time used by now, without pauses (0 to 1 and beyond).

    `pause` is the one in which it stands still now.
    """

    clock: Clock
    used: float
    pause: Pause | None


def clocks_of(case: Case, *, at: datetime) -> list[ClockReading]:
    """Return all clocks of a case with their pauses, ticking ones first, those replaced left out. Two statements."""
    clocks = case.clocks.filter(replaced_by__isnull=True)
    readings = []
    for clock in clocks.prefetch_related(Prefetch("pauses", Pause.objects.select_related("author"))):
        clock.case = case
        pause = next((pause for pause in clock.pauses.all() if pause.resumed_at is None), None)
        used = used_of(clock, at=at).net / clock.target
        readings.append(ClockReading(clock, used, pause if clock.running else None))
    return sorted(
        readings,
        key=lambda one: (not one.clock.running, one.clock.paused_at is not None, one.clock.due_at),
    )


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was said and what happened, oldest first; `files` by message, `names` of the accounts that entries name.

    `numbers` are those of the cases merged into this one that entries are about, by their keys. `before` is the message
    before which more was said, None when this is the beginning. `whole` tells that no fact of the case is missing.
    """

    messages: list[Message]
    files: dict[int, list[Attachment]]
    entries: list[Entry]
    names: dict[int, str]
    numbers: dict[int, str]
    before: int | None
    whole: bool

    def may_hold(self, fact: str) -> bool:
        """Tell whether this fact may have happened to the case: what a whole timeline lacks has not."""
        return not self.whole or any(entry.fact == fact for entry in self.entries)


def timeline(case: Case, *, before: int | None = None, most: int = 100) -> Timeline:
    """Return the newest messages of a case (those before the message `before`), with files, and the facts between.

    What happened to a case that was merged into it is told too, but its steps. Three statements, one more where
    somebody sent a file, and one where something was merged.
    """
    said = said_on(case, public=False)
    if before is not None:
        said = said.filter(pk__lt=before)
    newest = newest_with_files(said, most + 1)
    messages, entries = [message for message, _files in newest[:most][::-1]], happened_on(case, TOLD)
    if len(newest) > most:
        entries = entries.filter(at__gte=messages[0].at)
    if before is not None and messages:
        entries = entries.filter(at__lte=messages[-1].at)
    told = list(entries.order_by("at", "pk")[:MOST_FACTS])
    named = {int(entry.data["owner_id"]) for entry in told if "owner_id" in entry.data}
    actors = (entry.actor.partition(":") for entry in told)
    named |= {int(key) for kind, _, key in actors if kind == "staff" and key}
    names = dict(Account.objects.filter(pk__in=named).values_list("pk", "name"))
    whole = before is None and len(newest) <= most and len(told) < MOST_FACTS
    files = {message.pk: sent for message, sent in newest if sent}
    others = {entry.data["case_id"] for entry in told} - {case.pk}
    numbers = dict(Case.objects.filter(pk__in=others).values_list("pk", "number")) if others else {}
    return Timeline(
        messages, files, told, names, numbers, messages[0].pk if len(newest) > most else None, whole
    )


def next_round(case: Case) -> int:
    """Return the number of the next offer's round, over the whole matter without what was withdrawn, and never one that
    the case had: offers keep their numbers when a merge is undone. One statement.
    """
    offers = Offer.objects.filter(case__in=Case.objects.of_matter(case)).exclude(answer="withdrawn")
    made = offers.aggregate(count=Count("pk"), last=Max("round", filter=Q(case=case), default=0))
    return int(max(made.values())) + 1


def steps_of(case: Case) -> tuple[list[Stage], list[Task]]:
    """Return the stages that a case entered and their tasks, in order. Two statements."""
    tasks = case.tasks.select_related("done_by", "stage").order_by("stage_id", "pk")
    return list(case.stages.order_by("entered_at", "pk")), list(tasks)


def open_cases_of(people: Iterable[UUID], *, actor: Actor, apart_from: int = 0) -> dict[UUID, list[Case]]:
    """Return the unfinished cases of each of these people, the newest first. One statement."""
    wanted = set(people)
    cases = Case.objects.visible_to(actor).unfinished().filter(Q(subject__in=wanted) | Q(reporter__in=wanted))
    found: dict[UUID, list[Case]] = defaultdict(list)
    for case in cases.exclude(pk=apart_from).order_by("-received_at", "-pk")[:200]:
        for person in {case.subject_id, case.reporter_id} & wanted:
            if person is not None:
                found[person].append(case)
    return dict(found)
