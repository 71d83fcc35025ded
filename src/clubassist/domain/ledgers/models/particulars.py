"""What an entry or a hold is for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is posted or held: its kind ("compensation", "earned"), the reason in words, the clause it rests on.

    `cause` is the (kind, id) of what it is for: ("case", "1187").
    The reason is kept for good and read by the desk: never what somebody said about health or how to reach them.
    """

    kind: str
    reason: str
    clause: str
    cause: tuple[str, str] | None = None

    def columns(self) -> dict[str, str]:
        """Return the values of the columns that a row keeps them in."""
        kind, identity = self.cause or ("", "")
        return {
            "kind": self.kind,
            "reason": self.reason,
            "clause": self.clause,
            "cause_kind": kind,
            "cause_id": identity,
        }


class WithParticulars(models.Model):
    """A row that says what it is for. No key points to the cause: it lives in a room above."""

    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=200)
    clause = models.CharField(max_length=10)
    cause_kind = models.CharField(max_length=30, blank=True)
    cause_id = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(cause_kind="", cause_id="") | (~Q(cause_kind="") & ~Q(cause_id="")),
                name="%(class)s_cause_whole",
            ),
        ]

    @property
    def particulars(self) -> Particulars:
        """What the row is for, to compare or to repeat."""
        cause = (self.cause_kind, self.cause_id) if self.cause_kind else None
        return Particulars(kind=self.kind, reason=self.reason, clause=self.clause, cause=cause)
