"""Files that people sent: what every room's row about one has in common."""

from __future__ import annotations

import uuid

from django.db import models


class KeptFile(models.Model):
    """A file in the files' folder; its name there is the row's id, which is also the vault's owner of its key.

    `digest` is the SHA-256 of what lies there, sealed; `sent_digest` of what was sent. The sender's name for it is not
    kept. Whoever deletes the row deletes the file: the round `files` destroys its key and removes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    digest = models.BinaryField()
    sent_digest = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        abstract = True
