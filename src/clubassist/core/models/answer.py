"""Answers already given to a write with an `Idempotency-Key`, so that a retry gets the same one."""

from __future__ import annotations

from django.db import models


class Answer(models.Model):
    """The answer to one key of one caller; `request` is the hash of the method, path and body.

    The answer may hold a code that opens a case, so it is kept sealed.
    """

    caller = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    request = models.BinaryField()
    status = models.SmallIntegerField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="answer_once")]
        indexes = [models.Index(fields=["at"], name="answer_at")]
