"""A case and whatever hangs on it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Case(models.Model):
    """A case as a list shows it."""

    club = models.IntegerField(default=1)
    title = models.CharField(max_length=80)
    narrative = models.TextField()
    state = models.SmallIntegerField(default=0)
    urgency = models.SmallIntegerField(default=1)
    owner = models.CharField(max_length=40, default="")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Case]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["club", "id"], condition=models.Q(state=0), name="bare_queue")]


class Row(models.Model):
    """One of the four rows that an intake writes beside the case: two clocks, an audit entry, an outbox message."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[Row]] = models.Manager()
