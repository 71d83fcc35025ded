"""API tokens for tests, by the real action."""

from __future__ import annotations

from clubassist.core.actor import SYSTEM
from clubassist.domain.members.actions import give_account
from clubassist.domain.members.models import Person
from clubassist.domain.people.actions import issue_token
from clubassist.domain.people.models import Account
from clubassist.domain.people.roles import EVERY_PERMISSION, OWN
from tests.makers.clubs import LONG_AGO


def token_of(account: Account, scopes: frozenset[str] = EVERY_PERMISSION) -> str:
    """Return a fresh token of an account, by default with every scope: the roles narrow it."""
    return issue_token(account=account, label="test", scopes=scopes, actor=SYSTEM, at=LONG_AGO)


def token_of_member(person: Person) -> str:
    """Return a fresh token of a member for what is their own."""
    return token_of(give_account(person=person, actor=SYSTEM, at=LONG_AGO), OWN)
