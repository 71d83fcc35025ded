"""Hiring, roles and API tokens."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.journal import Fact, record
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import policy_in_force
from clubassist.domain.people import rules
from clubassist.domain.people.facts import (
    AccountDeactivated,
    AccountReactivated,
    PasswordSet,
    RoleEnded,
    RoleGranted,
    RulesConfirmed,
    TokenIssued,
    TokenRevoked,
)
from clubassist.domain.people.models import Account, Acknowledgement, ApiToken, Grant
from clubassist.domain.people.queries import digest_of, rules_run
from clubassist.domain.people.roles import ROLES
from clubassist.pure.policy import Department


@action
def hire(
    *,
    username: str,
    name: str,
    password: str | None,
    role: str,
    club: Club | None,
    department: str = "",
    heads: bool = False,
    actor: Actor,
    at: datetime,
) -> Account:
    """Create a staff account that holds `role` at `club` (None: everywhere), in a department or none (B20).

    Records RoleGranted.

    Raises Refused for a name that is taken, a password that is easily guessed, and as `grant_role` does.
    """
    if Account.objects.filter(username=username.strip().lower()).exists():
        raise Refused(
            "username-taken", field="username", mend=_("This sign-in name is taken. Choose another one.")
        )
    if password is not None:
        _refuse_weak(password, Account(username=username, name=name))
    account = Account.objects.create_user(username, password, name=name, is_staff=True, created_at=at)
    grant_role(account=account, role=role, club=club, department=department, heads=heads, actor=actor, at=at)
    return account


@action
def grant_role(
    *,
    account: Account,
    role: str,
    club: Club | None,
    department: str = "",
    heads: bool = False,
    until: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Grant:
    """Give `account` a role, in a department or none; `heads` when they answer for it. A role held already is kept.

    It runs out by itself at `until`, as an auditor's should, also one that is held. Records RoleGranted unless nothing
    changed. Raises Refused for an unknown role or
    department, a time that has passed, or without the right.
    """
    if not rules.may_grant(actor):
        raise Refused(
            "not-allowed", mend=_("Roles are given at the command line: clubassist people grant."), status=403
        )
    if role not in ROLES:
        raise Refused("role-unknown", field="role", mend=_("Choose one of: %s.") % ", ".join(ROLES))
    _refuse_department(department, heads=heads, club=club, at=at)
    if until is not None and until <= at:
        raise Refused("until-passed", field="until", mend=_("Choose a day that has not passed."))
    held = Grant.objects.filter(account=account, role=role, club=club, ended_at=None)
    held.filter(ends_at__lte=at).update(ended_at=F("ends_at"))
    grant, created = held.get_or_create(
        account=account,
        role=role,
        club=club,
        ended_at=None,
        defaults={"granted_at": at, "ends_at": until, "department": department, "heads": heads},
    )
    if created or grant.ends_at != until:
        grant.ends_at = until
        grant.save(update_fields=["ends_at"])
        fact = RoleGranted(
            account_id=account.pk,
            role=role,
            club_id=club.pk if club else None,
            department=grant.department,
            heads=grant.heads,
            until=until,
        )
        record(fact, actor=actor, at=at, scope=club.pk if club else None)
    return grant


def _refuse_department(department: str, *, heads: bool, club: Club | None, at: datetime) -> None:
    """Refuse a department that neither every club has nor the rules in force name, here or anywhere."""
    if heads and not department:
        raise Refused("department-missing", field="department", mend=_("Name the department that is headed."))
    known = dict.fromkeys(["", *Department])
    if department not in known:
        for one in [club] if club else Club.objects.visible_to(SYSTEM):
            known |= dict.fromkeys(policy_in_force(one, at=at).policy.departments)
    if department not in known:
        mend = _("Choose one of: %s.") % ", ".join(filter(None, known))
        raise Refused("department-unknown", field="department", mend=mend)


@action
def end_role(*, grant: Grant, actor: Actor, at: datetime) -> None:
    """End a grant; the next request of its holder feels it. Records RoleEnded."""
    if not rules.may_grant(actor):
        raise Refused(
            "not-allowed", mend=_("Roles are given at the command line: clubassist people grant."), status=403
        )
    if Grant.objects.filter(pk=grant.pk, ended_at__isnull=True).update(ended_at=at):
        fact = RoleEnded(account_id=grant.account_id, role=grant.role, club_id=grant.club_id)
        record(fact, actor=actor, at=at, scope=grant.club_id)


@action
def confirm_rules(*, version: int, actor: Actor, at: datetime) -> None:
    """Note that the actor has read a version (id) of the rules that is or comes into force where they work (B01).

    A second time changes nothing. Records RulesConfirmed. Raises Missing for a version by which none of
    the actor's clubs runs or will run, Refused for a machine.
    """
    if actor.account is None or actor.machine:
        raise Refused(
            "not-allowed", mend=_("Whoever works by the rules confirms them in person."), status=403
        )
    if version not in rules_run(actor, at=at):
        raise Missing
    _confirmed, created = Acknowledgement.objects.get_or_create(
        account_id=actor.account, version_id=version, defaults={"at": at}
    )
    if created:
        record(RulesConfirmed(account_id=actor.account, version_id=version), actor=actor, at=at, scope=None)


@action
def set_password(*, account: Account, password: str, actor: Actor, at: datetime) -> None:
    """Give an account another password: one's own, or a colleague's by the operator. Its other sessions end.

    Records PasswordSet. Raises Refused for somebody else's account and for a password that is easily guessed.
    """
    if not rules.may_grant(actor) and actor.account != account.pk:
        raise Refused("not-allowed", mend=_("You can change your own password only."), status=403)
    _refuse_weak(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    record(PasswordSet(account_id=account.pk), actor=actor, at=at, scope=None)


def _refuse_weak(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused("password-weak", field="password", mend=" ".join(error.messages)) from error


@action
def deactivate(*, account: Account, actor: Actor, at: datetime) -> None:
    """Lock an account out: its next request, by session or token, is nobody's (E6). Records AccountDeactivated."""
    _switch(account, active=False, fact=AccountDeactivated(account_id=account.pk), actor=actor, at=at)


@action
def reactivate(*, account: Account, actor: Actor, at: datetime) -> None:
    """Let an account sign in again. Records AccountReactivated."""
    _switch(account, active=True, fact=AccountReactivated(account_id=account.pk), actor=actor, at=at)


def _switch(account: Account, *, active: bool, fact: Fact, actor: Actor, at: datetime) -> None:
    if not rules.may_grant(actor):
        raise Refused(
            "not-allowed",
            mend=_("Accounts are locked at the command line: clubassist people deactivate."),
            status=403,
        )
    if Account.objects.filter(pk=account.pk, is_active=not active).update(is_active=active):
        record(fact, actor=actor, at=at, scope=None)


@action
def revoke_token(*, token: ApiToken, actor: Actor, at: datetime) -> None:
    """End a token; its next call is refused. Records TokenRevoked. Raises Refused for somebody else's."""
    if not rules.may_grant(actor) and actor.account != token.account_id:
        raise Refused("not-allowed", mend=_("You can end tokens of your own account only."), status=403)
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
        fact = TokenRevoked(account_id=token.account_id, token_id=token.pk)
        record(fact, actor=actor, at=at, scope=None)


@action
def issue_token(
    *,
    account: Account,
    label: str,
    scopes: frozenset[str],
    actor: Actor,
    at: datetime,
    expires_at: datetime | None = None,
    integration: bool = False,
) -> str:
    """Make an API token for the actor's own account; the text is returned once and never stored.

    Say `integration` when no person stands behind each of its calls: its words to members are automatic (A07).
    Records TokenIssued. Raises Refused for someone else's account or an unknown scope.
    """
    if not rules.may_grant(actor) and actor.account != account.pk:
        raise Refused("not-allowed", mend=_("You can make tokens for your own account only."), status=403)
    if unknown := rules.unknown_scopes(scopes):
        raise Refused("scope-unknown", field="scopes", mend=_("Unknown: %s.") % ", ".join(sorted(unknown)))
    if expires_at is not None and expires_at <= at:
        raise Refused("expired", field="expires_at", mend=_("Choose a day that has not passed."))
    text = f"ca_{secrets.token_urlsafe(24)}"
    token = ApiToken.objects.create(
        account=account,
        label=label,
        digest=digest_of(text),
        scopes=sorted(scopes),
        integration=integration,
        created_at=at,
        expires_at=expires_at,
    )
    fact = TokenIssued(account_id=account.pk, token_id=token.pk, scopes=tuple(sorted(scopes)))
    record(fact, actor=actor, at=at, scope=None)
    return text
