"""Who looked at a member's contacts: the access log, told to the person it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Q

from clubassist.core.actor import Actor
from clubassist.core.models import Access
from clubassist.domain.members.models import Contact
from clubassist.pure.policy import Policy
from clubassist.web.portal.words import role_titles

SHOWN: Final = 50
STAFF: Final = "staff:"


class Look(NamedTuple):
    """One look: when, by which role, for what reason."""

    at: datetime
    role: str
    reason: str


def looks_at(actor: Actor, policy: Policy) -> list[Look]:
    """Return the last 50 looks of colleagues at the full contacts of a member, newest first. Three statements."""
    contacts = [
        str(pk)
        for pk in Contact.objects.visible_to(actor).filter(person=actor.person).values_list("pk", flat=True)
    ]
    theirs = Q(kind="contact", subject__in=contacts) | Q(kind="person", subject=str(actor.person))
    rows = (
        Access.objects.filter(theirs, actor__startswith=STAFF).exclude(deed="denied").order_by("-at")[:SHOWN]
    )
    seen = [(row, int(row.actor.removeprefix(STAFF))) for row in rows]
    titles = role_titles((account for _row, account in seen), policy)
    return [Look(row.at, titles.get(account, ""), row.reason) for row, account in seen]
