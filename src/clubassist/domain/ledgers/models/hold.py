"""Holds: amounts set aside until somebody decides."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clubassist.core.actor import Actor
from clubassist.domain.ledgers.models.account import Account, seen_by
from clubassist.domain.ledgers.models.kept import KEPT
from clubassist.domain.ledgers.models.particulars import WithParticulars
from clubassist.domain.members.models import Person


class HoldState(models.TextChoices):
    """Where a hold stands. It leaves `held` once."""

    HELD = "held"
    COMMITTED = "committed"
    RELEASED = "released"


class HoldQuerySet(models.QuerySet["Hold"]):
    """Holds as an actor may see them."""

    def visible_to(self, actor: Actor) -> HoldQuerySet:
        """Return the holds of the clubs where the actor reads, takes or approves them, and those on the actor's own
        accounts: what a club sets aside for a member is told by its offer.
        """
        return self.filter(
            seen_by(actor, "account__", permissions=("ledger.read", "ledger.hold", "ledger.approve"))
        )

    def open(self) -> HoldQuerySet:
        """Return holds that nobody has decided."""
        return self.filter(state=HoldState.HELD)

    def given(self, account: Account, cause: tuple[str, str]) -> HoldQuerySet:
        """Return what is set aside or has gone out on an account for one matter."""
        kind, identity = cause
        held = self.filter(account=account, cause_kind=kind, cause_id=identity)
        return held.exclude(state=HoldState.RELEASED)

    def awaiting_approval(self) -> HoldQuerySet:
        """Return open holds above the limit of who asked, without approval yet."""
        return self.open().filter(needs_approval=True, approved_at__isnull=True)


DECIDED: Final = ["state", "ended_at", "ended_by", "ended_reason", "approved_by", "approved_at"]
"""All that may change on a hold."""

SET_ASIDE: Final = pgtrigger.Trigger(
    name="set_aside",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        UPDATE ledgers_account
        SET held = held + CASE NEW.state WHEN 'held' THEN NEW.amount ELSE 0 END
            - CASE TG_OP WHEN 'UPDATE' THEN OLD.amount ELSE 0 END
        WHERE id = NEW.account_id;
        IF NEW.state <> 'held' THEN
            UPDATE ledgers_lot lot SET reserved = lot.reserved - draw.amount
            FROM ledgers_draw draw WHERE draw.hold_id = NEW.id AND draw.lot_id = lot.id;
        END IF;
        RETURN NULL;
    """,
)


class Hold(WithParticulars):
    """An amount set aside for `person` (empty: for nobody in particular), committed as an entry or released, once.

    Above the limit of who asked, or for who asked, it `needs_approval` by somebody else before it can be committed
    (B06). Of holds with one `choice` at most one is committed: each is an amount for the same decision.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holds", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField()
    key = models.CharField(max_length=60)
    choice = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=HoldState.choices, default=HoldState.HELD)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    needs_approval = models.BooleanField()
    approved_by = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "id"], condition=Q(state="held"), name="hold_open"),
            models.Index(
                fields=["cause_kind", "cause_id"], condition=~Q(cause_kind=""), name="hold_for_its_cause"
            ),
        ]
        constraints = [
            *WithParticulars.Meta.constraints,
            models.UniqueConstraint(fields=["account", "key"], name="hold_once_for_its_key"),
            models.UniqueConstraint(
                fields=["account", "choice"],
                condition=Q(state="committed") & ~Q(choice=""),
                name="hold_one_of_a_choice",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="hold_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=HoldState.values), name="hold_state_known"),
            models.CheckConstraint(
                condition=Q(state="held", ended_at__isnull=True)
                | (~Q(state="held") & Q(ended_at__isnull=False)),
                name="hold_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at__isnull=True)
                | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="hold_approved_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("asked_by")), name="hold_not_approved_by_asker"
            ),
            models.CheckConstraint(
                condition=~Q(state="committed") | Q(needs_approval=False) | Q(approved_at__isnull=False),
                name="hold_committed_is_approved",
            ),
        ]
        triggers = [
            SET_ASIDE,
            pgtrigger.ReadOnly(name="decided_only", exclude=DECIDED),
            pgtrigger.Protect(
                name="ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state <> 'held'"),
            ),
            *KEPT,
        ]
