"""Looking people up by what they say on the phone: a full number, its tail, a member number, a name."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from clubassist.core import vault
from clubassist.core.actor import Actor, ActorKind
from clubassist.core.searching import Matching
from clubassist.domain.members.models import Contact, Person
from clubassist.domain.people.models import Account
from clubassist.pure.text import Sought

MOST = 20


def find_people(words: str, *, actor: Actor) -> QuerySet[Person]:
    """Return up to 20 people that match a full phone number, its last four digits, a member number or a name.

    A name in its characters, traditional ones too, in pinyin (zhangwei) or by its initials (zw).
    """
    words = words.strip()
    people = Person.objects.visible_to(actor)
    if not words:
        return people.none()
    match = Q(member_number=words) | Q(words__isnull=True, name__startswith=words)
    if sought := Sought.of(words):
        match |= Q(words=Matching(sought.query()))
    digits = re.sub(r"\D", "", words)
    if len(digits) == 4:
        match |= Q(contacts__tail=vault.blind_index(digits, field=vault.PHONE_TAIL))
    elif len(digits) >= 7:
        try:
            whole, _tail = vault.phone_indexes(vault.normal_phone(words))
        except ValueError:
            pass
        else:
            match |= Q(contacts__whole=whole)
    return people.filter(match).distinct().order_by("name", "pk")[:MOST]


def member_by_phone(phone: str) -> Person | None:
    """Return the one member whose verified phone this is; None when nobody, or more than one (no weak merges)."""
    whole, _tail = vault.phone_indexes(phone)
    rows = Contact.objects.filter(
        kind="phone", whole=whole, verified_at__isnull=False, person__standing="member"
    ).select_related("person__account")[:2]
    return rows[0].person if len(rows) == 1 else None


def member_actor(account: Account) -> Actor:
    """Return a signed-in member as an actor: no permissions, only what is their own. One statement."""
    person = Person.objects.filter(account=account).values_list("pk", flat=True).first()
    return Actor(kind=ActorKind.MEMBER, account=account.pk, name=account.name, person=person)
