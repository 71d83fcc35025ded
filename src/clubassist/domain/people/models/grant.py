"""Grants: an account holds a role in a club, or everywhere."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from clubassist.core.actor import Actor, Everywhere
from clubassist.domain.club.models import Club
from clubassist.domain.people.models.account import Account, in_force
from clubassist.domain.people.roles import ROLES


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants as an actor may see them."""

    def visible_to(self, actor: Actor) -> GrantQuerySet:
        """Return grants in the clubs where the actor may read people, and the actor's own."""
        scopes = actor.scopes("people.read")
        if isinstance(scopes, Everywhere):
            return self.all()
        return self.filter(Q(club__in=scopes) | Q(account=actor.account))

    def running(self) -> GrantQuerySet:
        """Return grants that have not ended and have not run out."""
        return self.filter(in_force())


class Grant(models.Model):
    """A role held since `granted_at`; `club` empty means everywhere (the centre, F47).

    `department` is where the holder works, empty for nowhere; `heads` tells that they answer for it there (B20).
    `ends_at` is when it runs out by itself, as an auditor's does; `ended_at` when somebody ended it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20)
    club = models.ForeignKey(Club, on_delete=models.PROTECT, null=True, related_name="+")
    department = models.CharField(max_length=20, blank=True)
    heads = models.BooleanField(default=False)
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=ROLES), name="grant_role_known"),
            models.CheckConstraint(
                condition=Q(heads=False) | ~Q(department=""), name="grant_heads_something"
            ),
            models.UniqueConstraint(
                fields=["account", "role", "club"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="grant_once",
            ),
        ]
