"""Reads about accounts that compute: what an account may do, whom a ladder level means."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q

from clubassist.core import rows
from clubassist.core.actor import EVERYWHERE, Actor, ActorKind, Everywhere, Scopes
from clubassist.domain.people.models import Account, Acknowledgement, Grant
from clubassist.domain.people.roles import OWN, permissions_of

_HELD: Final = """people_grant where account_id = people_account.id and ended_at is null
    and (ends_at is null or ends_at > statement_timestamp()) order by id"""
# Every API call begins with this; composed by the ORM it took a fifth of an intake's time.
_HOLDER: Final = """
select {account}, token.scopes, token.integration,
    array(select role from {held}),
    array(select club_id from {held}),
    array(select department from {held}),
    array(select heads from {held})
from people_apitoken token
join people_account on people_account.id = token.account_id
where token.digest = %s and token.revoked_at is null and (token.expires_at is null or token.expires_at > %s)
    and people_account.is_active
"""

# The versions in force at each club, and those that come; an older adoption of the same pack no longer counts.
_RUN: Final = """
select adoption.club_id, version.id
from club_adoption adoption join club_packversion version on version.id = adoption.pack_version_id
where (%s or adoption.club_id = any(%s)) and not exists (
    select 1 from club_adoption later join club_packversion other on other.id = later.pack_version_id
    where later.club_id = adoption.club_id and other.name = version.name and later.effective_from <= %s
        and (later.effective_from, later.id) > (adoption.effective_from, adoption.id))
"""


def staff_actor(account: Account) -> Actor:
    """Return the account as an actor with the permissions of its running grants. One statement."""
    grants = (
        Grant.objects.running().filter(account=account).values_list("role", "club_id", "department", "heads")
    )
    return _actor(account, list(grants))


def _actor(account: Account, grants: list[tuple[str, int | None, str, bool]]) -> Actor:
    clubs: dict[str, set[int]] = defaultdict(set)
    everywhere: set[str] = set()
    for role, club, department, heads in grants:
        for permission in permissions_of(role, department, heads=heads):
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
    actor has no `person` yet: the room above knows whose account it is. A colleague's token that was issued for an
    integration gives a `machine`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLDER.format(account=rows.columns(Account), held=_HELD), [digest_of(token), at])
        row = cursor.fetchone()
    if row is None:
        return None
    *values, scopes, integration, roles, clubs, departments, heads = row
    account = rows.read(Account, values)
    if account.is_staff:
        grants = list(zip(roles, clubs, departments, heads, strict=True))
        actor = _actor(account, grants).only(frozenset(scopes))
        return account, replace(actor, machine=integration)
    own: dict[str, Scopes] = dict.fromkeys(OWN, EVERYWHERE)
    member = Actor(kind=ActorKind.MEMBER, account=account.pk, name=account.name, permissions=own)
    return account, member.only(frozenset(scopes))


def workers_at(department: str, club_id: int) -> list[int]:
    """Return ids of active accounts that work in the department at the club or everywhere."""
    return _in_department(club_id, department=department)


def heads_at(department: str, club_id: int) -> list[int]:
    """Return ids of active accounts that head the department at the club or everywhere."""
    return _in_department(club_id, department=department, heads=True)


def _in_department(club_id: int, **which: str | bool) -> list[int]:
    there = Q(club=club_id) | Q(club__isnull=True)
    grants = Grant.objects.running().filter(there, account__is_active=True, **which)
    return sorted(set(grants.values_list("account_id", flat=True)))


def colleagues_at(club_id: int) -> list[int]:
    """Return ids of active accounts that work at the club itself, in whatever role."""
    rows = Grant.objects.running().filter(club=club_id, account__is_active=True)
    return sorted(set(rows.values_list("account_id", flat=True)))


def holders(role: str, club_id: int) -> list[int]:
    """Return ids of active accounts that hold `role` at the club or everywhere; an alarm's ladder names roles."""
    there = Q(club=club_id) | Q(club__isnull=True)
    rows = Grant.objects.running().filter(there, role=role, account__is_active=True)
    return sorted(set(rows.values_list("account_id", flat=True)))


def rules_run(actor: Actor, *, at: datetime) -> dict[int, list[int]]:
    """Return the versions of rules (ids) by which the clubs (ids) where the actor works run or will run.

    One statement.
    """
    scopes = actor.scopes("rules.read")
    asked = (True, []) if isinstance(scopes, Everywhere) else (False, sorted(scopes))
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_RUN, [*asked, at])
        for club, version in cursor.fetchall():
            found[version].append(club)
    return dict(found)


def waiting_readers(run: dict[int, list[int]], *, actor: Actor) -> dict[int, dict[int | None, list[str]]]:
    """Return who works by a version (id) and has not confirmed it, by club (id) and name, where the actor reads people
    (B01).

    `run` gives the clubs of each version. Whoever works everywhere stands under None, for who reads people everywhere.
    Two statements.
    """
    reads = actor.scopes("people.read")
    works: dict[int | None, dict[int, str]] = defaultdict(dict)
    grants = Grant.objects.visible_to(actor).running().filter(account__is_active=True)
    for club, account, name in grants.values_list("club_id", "account_id", "account__name"):
        if isinstance(reads, Everywhere) or club in reads:
            works[club][account] = name
    confirmed = set(Acknowledgement.objects.filter(version__in=run).values_list("version_id", "account_id"))
    return {
        version: {
            club: sorted(name for account, name in works[club].items() if (version, account) not in confirmed)
            for club in (None, *clubs)
        }
        for version, clubs in run.items()
    }
