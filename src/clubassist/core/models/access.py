"""The access log: who looked at, revealed or exported what. Kept apart from the journal; partitioned by month."""

from __future__ import annotations

from django.db import models


class Access(models.Model):
    """One look worth knowing. `deed` is read, reveal, export or denied; `reason` is the reader's own."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    deed = models.CharField(max_length=20)
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=60)
    scope = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "subject", "-at"], name="access_subject"),
            models.Index(fields=["actor", "-at"], name="access_actor"),
        ]
