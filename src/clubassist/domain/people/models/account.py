"""Accounts: the only login row, for staff and members alike."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from clubassist.core.actor import Actor, Everywhere


def in_force(path: str = "") -> Q:
    """Return the condition under which a grant, reached by `path`, holds: neither ended nor run out by now.

    Now is the database's, as for a session: what somebody may do is never a matter of the moment that is told of.
    """
    lasts = Q(**{f"{path}ends_at__isnull": True}) | Q(**{f"{path}ends_at__gt": Now()})
    return Q(**{f"{path}ended_at__isnull": True}) & lasts


class AccountQuerySet(models.QuerySet["Account"]):
    """Accounts as an actor may see them."""

    def visible_to(self, actor: Actor) -> AccountQuerySet:
        """Return colleagues in the clubs where the actor may read people, and always the actor's own row."""
        scopes = actor.scopes("people.read")
        own = Q(pk=actor.account) if actor.account else Q(pk__in=[])
        if isinstance(scopes, Everywhere):
            return self.filter(Q(is_staff=True) | own)
        granted = Q(grants__club__in=scopes) & in_force("grants__")
        return self.filter(own | (Q(is_staff=True) & granted)).distinct()

    def assignable_in(self, club_id: int) -> AccountQuerySet:
        """Return active staff whose role at `club_id` (or everywhere) works on cases."""
        return self._at(club_id, Q(grants__role__in=WORKING_ROLES))

    def takers_at(self, club_id: int, department: str) -> AccountQuerySet:
        """Return active staff to whom a task sent to the department may be given: those, and who works in it."""
        works_there = Q(grants__department=department) & ~Q(grants__department="")
        return self._at(club_id, Q(grants__role__in=WORKING_ROLES) | works_there)

    def _at(self, club_id: int, which: Q) -> AccountQuerySet:
        there = Q(grants__club=club_id) | Q(grants__club__isnull=True)
        return self.filter(which & there & in_force("grants__"), is_active=True).distinct()


WORKING_ROLES = ("agent", "service_manager", "coach", "technician")


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; names are stored as typed and compared without case."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """Create an account; without a password it can sign in by code only."""
        account = self.model(username=username.strip().lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account of a sign-in name, whatever its case."""
        return self.get(username=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """Somebody who can sign in. `is_staff` tells colleagues from members; what they may do comes from grants."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()

    objects = AccountManager.from_queryset(AccountQuerySet)()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return self.name
