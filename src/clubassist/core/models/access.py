"""The access log: who looked at, revealed or exported what. Kept apart from the journal; partitioned by month."""

from __future__ import annotations

from django.db import models

from clubassist.core.models.journal import APPEND_ONLY


class Access(models.Model):
    """One look worth knowing. `deed` is read, reveal, export or denied; `reason` is the reader's own.

    Rows are never changed; they go only with their whole month (`core.access`). In the database the primary key is
    (id, at), since it must hold what the table is partitioned by; the ids come from one sequence and are unique alone.
    """

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
        triggers = [*APPEND_ONLY]
