"""Saying things in the reader's language: names of places, texts of the policy, who handles a matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from django.utils.translation import get_language

from clubassist.core import vault
from clubassist.domain.people.models import Grant
from clubassist.domain.people.models.account import WORKING_ROLES
from clubassist.pure.policy import Policy, Text
from clubassist.pure.policy.terms import Role


class Named(Protocol):
    """What has a Chinese and an English name: clubs, venues, areas."""

    name: str
    name_en: str


def lang() -> Literal["zh", "en"]:
    """Return the reader's language by its short code."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def said(text: Text) -> str:
    """Return a text of the policy in the reader's language."""
    return text.zh if lang() == "zh" else text.en


def named(row: Named) -> str:
    """Return the name of a club or place in the reader's language."""
    return row.name if lang() == "zh" else row.name_en


def listed(items: Iterable[str]) -> str:
    """Return the items as one enumeration: 甲、乙 or A, B."""
    return ("、" if lang() == "zh" else ", ").join(items)


def role_titles(accounts: Iterable[int], policy: Policy) -> dict[int, str]:
    """Return account id → title of its role, the one that works on cases first. One statement."""
    grants = Grant.objects.running().filter(account__in=set(accounts)).values_list("account_id", "role")
    rank = {role: position for position, role in enumerate(WORKING_ROLES)}
    titles: dict[int, str] = {}
    for account, role in sorted(grants, key=lambda grant: rank.get(grant[1], len(rank))):
        titles.setdefault(account, said(policy.roles[Role(role)]))
    return titles


def surname(name: str) -> str:
    """Return the surname of a Chinese name or the first letter of another: all that members learn of a colleague."""
    return vault.mask_name(name).removesuffix("*")
