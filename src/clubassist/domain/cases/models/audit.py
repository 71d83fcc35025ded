"""What the auditor keeps for itself: how far it has read the journal, and the alarms that it still expects."""

from __future__ import annotations

from django.db import models

from clubassist.core.actor import Actor


class AuditMarkQuerySet(models.QuerySet["AuditMark"]):
    """The auditor's own; no page shows it."""

    def visible_to(self, actor: Actor) -> AuditMarkQuerySet:
        """Return nothing."""
        return self.none()


class AuditMark(models.Model):
    """The last entry of the journal that the auditor has read, and when it last came up to date. One row."""

    last_entry = models.BigIntegerField()
    read_at = models.DateTimeField()

    objects = AuditMarkQuerySet.as_manager()


class ExpectedAlarmQuerySet(models.QuerySet["ExpectedAlarm"]):
    """The auditor's own; no page shows them."""

    def visible_to(self, actor: Actor) -> ExpectedAlarmQuerySet:
        """Return nothing."""
        return self.none()


class ExpectedAlarm(models.Model):
    """An alarm that the journal calls for; gone once raised in time or once its clock ended before it.

    `raised_at` is set on one that came late; it stays for a while to be shown. `clock` is an id out of the journal and
    no key: nothing here hangs on the clocks' own rows.
    """

    clock = models.BigIntegerField()
    level = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField(db_index=True)
    raised_at = models.DateTimeField(null=True)

    objects = ExpectedAlarmQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "level"], name="expected_alarm_once")]
        indexes = [
            # Few were raised and are not forgotten yet; every round asks for them among all that are to come.
            models.Index(
                fields=["raised_at"],
                name="expected_alarm_raised",
                condition=models.Q(raised_at__isnull=False),
            )
        ]
