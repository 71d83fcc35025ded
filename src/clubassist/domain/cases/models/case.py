"""The case: somebody told us something, and we promised something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact

from clubassist.core.actor import Actor, Everywhere, Scopes
from clubassist.domain.channels.models import Conversation
from clubassist.domain.club.models import Area, Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account

NO_CLOCK: Final = datetime(9999, 12, 31, tzinfo=UTC)
SILENT_AFTER: Final = timedelta(hours=48)
SENSITIVE: Final = "sensitive"
"""The confidentiality of kinds about health, children and the like."""
COMPLEX: Final = "complex"
"""The complexity of a case that was approved a longer limit (F50)."""
EMERGENCY: Final = "emergency"
"""The urgency of danger to life or health now."""

EMOTIONS: Final = ("calm", "upset", "angry")
"""How the person feels about it when they tell us (B22)."""


class State(models.TextChoices):
    """Where a case stands; derived from facts and set by one function (`actions.state`)."""

    OPEN = "open"
    RESOLVED = "resolved"
    CLOSED = "closed"


def held_cases(actor: Actor) -> list[int]:
    """Return the ids of the cases that links in the actor's hand open."""
    return [int(key) for kind, key in actor.held if kind == "case"]


_FOR_ONESELF: Final = Q(subject=F("reporter")) | Q(subject__isnull=True) | Q(reporter__isnull=True)


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases as an actor may see them, and the views of the queue."""

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """Return the cases the actor may read.

        All of a club where the role reads cases; only those they own or have a task in for coaches and technicians;
        those a member told or is the subject of, the one a link opens, and what their own matter was merged into (F20).
        A sensitive case is for who may read those there, and for who reads cases and handles this one: its owner or the
        assignee of a task, until it is closed.
        """
        reads, cleared = actor.scopes("case.read"), actor.scopes("case.read_sensitive")
        if isinstance(reads, Everywhere) and isinstance(cleared, Everywhere):
            return self.all()
        links = held_cases(actor)
        seen = Q(pk__in=links)
        if actor.person is not None:
            seen |= Q(subject=actor.person) | Q(reporter=actor.person)
        if links or actor.person is not None:
            seen |= Q(
                pk__in=Case.objects.own_of(actor).filter(merged_into__isnull=False).values("merged_into")
            )
        plain, part = Q(sensitive=False), self._part_of(actor)
        if reads:
            handled = part & Q(closed_at__isnull=True)
            seen |= _at(reads) & (plain | handled | _at(cleared))
        if involved := actor.scopes("case.read_involved"):
            seen |= _at(involved) & part & plain
        return self.filter(seen)

    def own_of(self, actor: Actor) -> CaseQuerySet:
        """Return the cases that are the actor's own matter, as a member or by a link: not what they told of another."""
        own = Q(pk__in=held_cases(actor)) & _FOR_ONESELF
        if actor.person is not None:
            own |= Q(subject=actor.person) | Q(subject__isnull=True, reporter=actor.person)
        return self.filter(own)

    @staticmethod
    def _part_of(actor: Actor) -> Q:
        if actor.account is None:
            return Q(pk__in=[])
        tasks = apps.get_model("cases", "Task").objects
        return Q(owner=actor.account) | Q(pk__in=tasks.filter(assignee=actor.account).values("case"))

    def of_matter(self, case: Case) -> CaseQuerySet:
        """Return a case and those merged into it: what belongs to any of them is read together (F20)."""
        return self.filter(Q(pk=case.pk) | Q(merged_into=case.pk))

    def unfinished(self) -> CaseQuerySet:
        """Return cases that still need work: not closed. Said by the time, which indexes can match in kept plans."""
        return self.filter(closed_at__isnull=True)

    def nearest_first(self) -> CaseQuerySet:
        """Order by the nearest running clock, open emergencies before all others (B05); cases without one come last."""
        return self.order_by("rank", "next_due_at", "pk")

    def after(self, rank: int, due: datetime, pk: int) -> CaseQuerySet:
        """Return what follows a position in the nearest-first order (keyset paging)."""
        later = Q(next_due_at=due, pk__gt=pk) | Q(next_due_at__gt=due)
        return self.filter(Q(rank=rank) & later | Q(rank__gt=rank))

    def silent(self, at: datetime) -> CaseQuerySet:
        """Return open cases whose member has heard nothing for 48 hours (B03)."""
        return self.unfinished().filter(resolved_at__isnull=True, told_at__lte=at - SILENT_AFTER)

    def contact_due(self, at: datetime) -> CaseQuerySet:
        """Return open cases whose next promised contact has come (B03)."""
        return self.filter(state=State.OPEN, next_contact_at__lte=at)


def _at(scopes: Scopes) -> Q:
    return Q(club__isnull=False) if isinstance(scopes, Everywhere) else Q(club__in=scopes)


class Case(models.Model):
    """One matter from the first word to the close.

    The four facts (B18) are `occurred_at` or `occurred_words`, `place`, `people` and `narrative`. `pack_versions`
    are the rules it runs by to its end (F13). `next_due_at` is the nearest running clock that ranks it, kept for the
    queue; `told_at` is when the member last heard from a person; `version` guards against two hands at once.
    `sensitive` and `complex` say in columns what lists ask: with a word to compare with, PostgreSQL would plan each of
    them anew. `rank` puts open emergencies before everything else in the queue, however late that is (B05). `cause` is
    the root cause of the latest closing report; `reopened` counts how often "solved" did not hold (F52).
    `subclass` says what exactly it is about, of those that its kind knows (B09). `complained_of` names the person
    complained of, `event` the match or camp it is about (B11), both in the words of whoever told us; `assessed_at` is
    when a colleague last judged kind and urgency (B19).
    `merged_into` is the case that goes on with this one's matter (F20): this one is closed then, and its number opens
    that one. `routes_told_at` is when the member was told who outside the club can help (B27).
    """

    number = models.CharField(max_length=20)
    club = models.ForeignKey(Club, on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    subclass = models.CharField(max_length=40, blank=True)
    urgency = models.CharField(max_length=10)
    complexity = models.CharField(max_length=10, default="ordinary")
    complex = models.GeneratedField(
        expression=Exact(F("complexity"), COMPLEX), output_field=models.BooleanField(), db_persist=True
    )
    confidentiality = models.CharField(max_length=10, default="internal")
    sensitive = models.GeneratedField(
        expression=Exact(F("confidentiality"), SENSITIVE), output_field=models.BooleanField(), db_persist=True
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    stage = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    narrative = models.TextField()
    place = models.CharField(max_length=120, blank=True)
    people = models.CharField(max_length=200, blank=True)
    occurred_at = models.DateTimeField(null=True)
    occurred_words = models.CharField(max_length=80, blank=True)
    remedy_sought = models.CharField(max_length=300, blank=True)
    emotion = models.CharField(max_length=10, blank=True)
    complained_of = models.CharField(max_length=120, blank=True)
    event = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=10)
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="cases")
    reporter = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="reported_cases")
    owner = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="cases", db_index=False
    )
    conversation = models.OneToOneField(Conversation, on_delete=models.PROTECT, related_name="case")
    pack_versions = ArrayField(models.BigIntegerField())
    received_at = models.DateTimeField()
    told_at = models.DateTimeField()
    next_contact_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(default=NO_CLOCK)
    rank = models.GeneratedField(
        expression=models.Case(models.When(urgency=EMERGENCY, state=State.OPEN, then=0), default=1),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    awaits_reply = models.BooleanField(default=True)
    first_resolved_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=20, blank=True)
    cause = models.CharField(max_length=40, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged", db_index=False
    )
    assessed_at = models.DateTimeField(null=True)
    routes_told_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["club", "rank", "next_due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="case_queue_club",
            ),
            models.Index(
                fields=["owner", "rank", "next_due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="case_queue_owner",
            ),
            models.Index(
                fields=["rank", "next_due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="case_queue_all",
            ),
            models.Index(
                fields=["club", "rank", "next_due_at", "id"],
                condition=Q(closed_at__isnull=True, owner__isnull=True),
                name="case_unassigned",
            ),
            models.Index(
                fields=["club", "rank", "next_due_at", "id"],
                condition=Q(closed_at__isnull=True, awaits_reply=True),
                name="case_awaiting",
            ),
            models.Index(
                fields=["club", "rank", "next_due_at", "id"],
                condition=Q(closed_at__isnull=True, complex=True),
                name="case_complex",
            ),
            models.Index(
                fields=["club", "told_at"],
                condition=Q(closed_at__isnull=True, resolved_at__isnull=True),
                name="case_silent",
            ),
            models.Index(fields=["club", "received_at"], name="case_received"),
            models.Index(
                fields=["club", "kind", "closed_at"],
                condition=Q(closed_at__isnull=False, merged_into__isnull=True),
                name="case_precedent",
            ),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="case_merged_into"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="case_number_once"),
            models.CheckConstraint(condition=Q(emotion__in=["", *EMOTIONS]), name="case_emotion_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", resolved_at__isnull=True)
                | Q(state__in=["resolved", "closed"], resolved_at__isnull=False),
                name="case_resolved_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="case_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("resolved_at")),
                name="case_close_last",
            ),
        ]

    def __str__(self) -> str:
        return self.number
