"""The journal: one append-only record of every fact; audit, timeline and outbox at once."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import models
from django.db.models.functions import Now

APPEND_ONLY: Final = (
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="never_emptied",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'Cannot empty table %', TG_TABLE_NAME;",
    ),
)
"""Refused by the database itself, whoever asks."""


class Entry(models.Model):
    """One fact: what happened (`fact`, `data`), who did it and when (`at`), in which scope (a club's id).

    Rows are never changed or removed; the database itself refuses (reliability, MLPS audit).
    """

    fact = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    scope = models.BigIntegerField(null=True)
    data = models.JSONField()
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["fact", "id"], name="entry_fact")]
        triggers = [*APPEND_ONLY]


class EntrySubject(models.Model):
    """What an entry concerns, by kind and id: one fact may concern a case, a member and a machine."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="subjects")
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["kind", "subject", "entry"], name="entry_subject")]
        triggers = [*APPEND_ONLY]


class Delivery(models.Model):
    """Marks that one subscriber has dealt with one entry, in the transaction of its work: idempotency."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "subscriber"], name="delivery_once")]


class Seal(models.Model):
    """One link of the hash chain: the digest of all entries up to `last_entry` since the seal before."""

    last_entry = models.BigIntegerField(unique=True)
    entries = models.IntegerField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        triggers = [*APPEND_ONLY]
