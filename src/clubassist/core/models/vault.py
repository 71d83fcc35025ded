"""The owners' keys: one per person, case or file, wrapped by the key file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class VaultKey(models.Model):
    """The data key of one owner, readable only with the wrapping key `kek_id` of the key file.

    Shredding empties `wrapped` for good and keeps the row, so that the owner never gets a second key.
    """

    owner = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    kek_id = models.TextField()
    created_at = models.DateTimeField()
    shredded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vault_key_shredded_is_empty",
                condition=Q(shredded_at__isnull=True) & ~Q(wrapped=b"")
                | Q(shredded_at__isnull=False) & Q(wrapped=b""),
            )
        ]
