"""Reads about accounts that compute: what an account may do, whom a ladder level means."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from clubassist.core.actor import EVERYWHERE, Actor, ActorKind, Scopes
from clubassist.domain.people.models import Account, ApiToken, Grant
from clubassist.domain.people.roles import OWN, PERMISSIONS


def staff_actor(account: Account) -> Actor:
    """Return the account as an actor with the permissions of its running grants. One statement."""
    grants = Grant.objects.running().filter(account=account).values_list("role", "club_id")
    return _actor(account, list(grants))


def _actor(account: Account, grants: list[tuple[str, int | None]]) -> Actor:
    clubs: dict[str, set[int]] = defaultdict(set)
    everywhere: set[str] = set()
    for role, club in grants:
        for permission in PERMISSIONS[role]:
            if club is None:
                everywhere.add(permission)
            else:
                clubs[permission].add(club)
    permissions: dict[str, Scopes] = {name: frozenset(ids) for name, ids in clubs.items()}
    permissions |= dict.fromkeys(everywhere, EVERYWHERE)
    return Actor(kind=ActorKind.STAFF, account=account.pk, name=account.name, permissions=permissions)


def digest_of(token: str) -> bytes:
    """Return what is stored of an API token."""
    return hashlib.sha256(token.encode()).digest()


def token_holder(token: str, *, at: datetime) -> tuple[Account, Actor] | None:
    """Return the account behind a bearer token and its narrowed actor; None when the token is worth nothing.

    One statement. Expired and revoked tokens, and those of inactive accounts, are worth nothing (E6). A member's
    actor has no `person` yet: the room above knows whose account it is.
    """
    alive = Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=at))
    grants = Grant.objects.running().filter(account=OuterRef("account")).order_by("pk")
    row = (
        ApiToken.objects.filter(alive, digest=digest_of(token), account__is_active=True)
        .select_related("account")
        .annotate(roles=ArraySubquery(grants.values("role")), clubs=ArraySubquery(grants.values("club")))
        .first()
    )
    if row is None:
        return None
    account, scopes = row.account, frozenset(row.scopes)
    if account.is_staff:
        roles, clubs = row.roles, row.clubs  # type: ignore[attr-defined]  # annotated above
        return account, _actor(account, list(zip(roles, clubs, strict=True))).only(scopes)
    own: dict[str, Scopes] = dict.fromkeys(OWN, EVERYWHERE)
    member = Actor(kind=ActorKind.MEMBER, account=account.pk, name=account.name, permissions=own)
    return account, member.only(scopes)


def holders(role: str, club_id: int) -> list[int]:
    """Return ids of active accounts that hold `role` at the club or everywhere; an alarm's ladder names roles."""
    there = Q(club=club_id) | Q(club__isnull=True)
    rows = Grant.objects.running().filter(there, role=role, account__is_active=True)
    return sorted(set(rows.values_list("account_id", flat=True)))
