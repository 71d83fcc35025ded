"""Signs of life of the rounds (sweep, auditor, sealer, reaper); `/healthz` reads them."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """The last time that a round ended, and whether it found everything in order; `busy_until` while one runs."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    ok = models.BooleanField()
    detail = models.CharField(max_length=300, blank=True)
    busy_until = models.DateTimeField(null=True)
