"""Answers already given to a write with an `Idempotency-Key`, so that a retry gets the same one."""

from __future__ import annotations

from django.db import models


class Answer(models.Model):
    """The answer to one key of one caller; `request` is the hash of the method, path and body."""

    caller = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    request = models.BinaryField()
    status = models.SmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="answer_once")]
        indexes = [models.Index(fields=["at"], name="answer_at")]
