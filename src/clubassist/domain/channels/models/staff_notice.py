"""Notices to colleagues: the bell on the desk."""

from __future__ import annotations

from django.db import models

from clubassist.core.actor import Actor
from clubassist.domain.people.models import Account


class StaffNoticeQuerySet(models.QuerySet["StaffNotice"]):
    """Notices; everybody reads their own."""

    def visible_to(self, actor: Actor) -> StaffNoticeQuerySet:
        """Return the actor's own notices."""
        return self.filter(account=actor.account) if actor.account else self.none()


class StaffNotice(models.Model):
    """Tells one colleague one thing about one subject, e.g. ("alarm-100", ("case", "12")); no personal data."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notices")
    code = models.CharField(max_length=30)
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=40)
    cause = models.CharField(max_length=60)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = StaffNoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["account", "-at"], condition=models.Q(read_at__isnull=True), name="notice_unread"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["account", "cause"], name="notice_once")]
