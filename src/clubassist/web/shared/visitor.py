"""Who a request comes from, as an actor."""

from __future__ import annotations

from django.http import HttpRequest

from clubassist.core.actor import ANONYMOUS, Actor
from clubassist.domain.members.queries import member_actor
from clubassist.domain.people.queries import staff_actor


class SignedRequest(HttpRequest):
    """A request with the actor that the middleware attached; views take this type."""

    actor: Actor


def actor_of(request: HttpRequest) -> Actor:
    """Return the signed-in person as an actor, or ANONYMOUS. At most two statements beyond the session's."""
    if not request.user.is_authenticated:
        return ANONYMOUS
    account = request.user
    return staff_actor(account) if account.is_staff else member_actor(account)
