"""What we offer a member to put a matter right, and what they say to it."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from clubassist.core.actor import Actor, Everywhere
from clubassist.domain.cases.models.case import Case
from clubassist.domain.cases.models.stage import Task
from clubassist.domain.ledgers.models import Hold
from clubassist.domain.people.models import Account

ANSWERS: Final = ("accepted", "declined", "withdrawn")


class OfferState(models.TextChoices):
    """Where an offer stands; derived from what is true about it."""

    AWAITING = "awaiting"
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class OfferQuerySet(models.QuerySet["Offer"]):
    """Offers; seen with their case, and by who may approve them."""

    def visible_to(self, actor: Actor) -> OfferQuerySet:
        """Return the offers of the cases the actor may read, and those that wait where the actor approves offers.

        Who approves sees the offer, not the case behind it, and nothing of a sensitive case (F25).
        """
        seen = Q(case__in=Case.objects.visible_to(actor).values("pk"))
        if scopes := actor.scopes("offer.approve"):
            there = Q() if isinstance(scopes, Everywhere) else Q(case__club__in=scopes)
            waits = Q(answer="", needs_approval=True, approved_at__isnull=True, case__sensitive=False)
            seen |= waits & there
        return self.filter(seen)

    def open(self) -> OfferQuerySet:
        """Return offers that have no answer and were not withdrawn."""
        return self.filter(answer="")

    def told(self) -> OfferQuerySet:
        """Return offers that the member was told."""
        return self.filter(sent_at__isnull=False)

    def awaiting_approval(self) -> OfferQuerySet:
        """Return open offers that need an approval they do not have, the oldest first."""
        waiting = self.open().filter(needs_approval=True, approved_at__isnull=True)
        return waiting.order_by("made_at", "pk")

    def agreed_without_tasks(self) -> OfferQuerySet:
        """Return accepted offers of open cases for which nobody has been asked to do anything (B26)."""
        asked = Task.objects.filter(case=OuterRef("case"), gate="", sent_at__gte=OuterRef("answered_at"))
        agreed = self.filter(answer="accepted", case__resolved_at__isnull=True)
        return agreed.exclude(Exists(asked.filter(skipped_at__isnull=True))).order_by("answered_at", "pk")


class Offer(models.Model):
    """One round of negotiation: what we offer, whose word it needed, and the member's answer (B24, B25).

    An answer by phone was written down by `answered_by`; the member's own tap has nobody there.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="offers")
    round = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    needs_approval = models.BooleanField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, blank=True)
    answer_words = models.TextField(blank=True)
    answer_channel = models.CharField(max_length=10, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["made_at"],
                condition=Q(answer="", needs_approval=True, approved_at__isnull=True),
                name="offer_awaits_approval",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(answer=""), name="offer_one_open"),
            models.UniqueConstraint(
                fields=["case", "round"], condition=~Q(answer="withdrawn"), name="offer_round_once"
            ),
            models.CheckConstraint(condition=Q(answer__in=["", *ANSWERS]), name="offer_answer_known"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="offer_answer_has_time",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", "withdrawn"]) | Q(sent_at__isnull=False), name="offer_sent_first"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(needs_approval=False) | Q(approved_at__isnull=False),
                name="offer_sent_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="offer_approved_has_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("made_by")),
                name="offer_not_approved_by_maker",
            ),
        ]

    @property
    def state(self) -> OfferState:
        """Where the offer stands."""
        if self.answer:
            return OfferState(self.answer)
        if self.sent_at is not None:
            return OfferState.SENT
        waits = self.needs_approval and self.approved_at is None
        return OfferState.AWAITING if waits else OfferState.DRAFT


class OptionQuerySet(models.QuerySet["Option"]):
    """Options; seen with their offer."""

    def visible_to(self, actor: Actor) -> OptionQuerySet:
        """Return the options of the offers the actor may see."""
        return self.filter(offer__in=Offer.objects.visible_to(actor).values("pk"))


class Option(models.Model):
    """One thing a member can choose of an offer, in the words that they read.

    `cost` (fen) is set aside as a `hold` on the club's compensation account from the moment the offer is made.
    `clause` is the rule it rests on; `department` carries it out (empty: who that is remains to be said).
    """

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300)
    remedy = models.CharField(max_length=40)
    department = models.CharField(max_length=20, blank=True)
    cost = models.BigIntegerField()
    clause = models.CharField(max_length=10)
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, null=True, related_name="option")
    chosen = models.BooleanField(default=False)

    objects = OptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "position"], name="option_position_once"),
            models.UniqueConstraint(fields=["offer"], condition=Q(chosen=True), name="option_one_chosen"),
            models.CheckConstraint(
                condition=Q(cost=0, hold__isnull=True) | Q(cost__gt=0, hold__isnull=False),
                name="option_cost_is_held",
            ),
        ]
