"""Tokens: what a link or an API call carries where nobody signs in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Token(models.Model):
    """A secret that opens one subject for one kind of use; only its SHA-256 digest is stored.

    `expires_at` empty means until used or withdrawn; `used_at` ends it.
    """

    kind = models.CharField(max_length=30)
    digest = models.BinaryField(unique=True)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="token_expires_later",
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
            )
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="token_subject")]
