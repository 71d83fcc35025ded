"""API tokens: an account's key for machines, narrowed to the permissions written on it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clubassist.core.actor import Actor
from clubassist.domain.people.models.account import Account


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens; everybody manages their own."""

    def visible_to(self, actor: Actor) -> ApiTokenQuerySet:
        """Return the actor's own tokens."""
        return self.filter(account=actor.account) if actor.account else self.none()

    def valid(self, at: datetime) -> ApiTokenQuerySet:
        """Return tokens that are neither revoked nor expired."""
        unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
        return self.filter(unexpired, revoked_at__isnull=True)


class ApiToken(models.Model):
    """A bearer token, stored as its SHA-256; it can never do more than its account and its `scopes` say.

    Every token has an account, which tells whose rights it uses, not who acts. One issued for an `integration` acts
    without a person: what it says to a member is automatic and answers nothing (A07). Any other is its owner's own.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=60)
    digest = models.BinaryField(unique=True)
    scopes = ArrayField(models.CharField(max_length=30))
    integration = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()
