"""Conversations: one thread about one matter with one party, and its messages."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q

from clubassist.core.actor import Actor, Everywhere, Scopes
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account

ATTEMPTS: Final = ("not_reached", "left_message")
"""Calls that did not reach the member."""
INTERNAL: Final = ("note", *ATTEMPTS)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Conversations as an actor may see them; the case above decides for coaches, technicians, links
    and whoever handles a sensitive one."""

    def visible_to(self, actor: Actor) -> ConversationQuerySet:
        """Return conversations of clubs where the actor reads cases, sensitive ones where they read those, and the
        actor's own.
        """
        own = Q(person=actor.person) if actor.person else Q(pk__in=[])
        open_to = Q(sensitive=False) | _at(actor.scopes("case.read_sensitive"))
        return self.filter(_at(actor.scopes("case.read")) & open_to | own)


def _at(scopes: Scopes) -> Q:
    return Q(club__isnull=False) if isinstance(scopes, Everywhere) else Q(club__in=scopes)


class Conversation(models.Model):
    """A thread about one matter; `person` is empty for somebody who did not say who they are.

    `sensitive` is what the matter's kind says.
    """

    club = models.ForeignKey(Club, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="conversations")
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=10, default="zh-hans")
    sensitive = models.BooleanField(default=False)
    started_at = models.DateTimeField()

    objects = ConversationQuerySet.as_manager()


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages; seen with their conversation."""

    def visible_to(self, actor: Actor) -> MessageQuerySet:
        """Return messages of the conversations the actor may see, notes only for staff."""
        mine = self.filter(conversation__in=Conversation.objects.visible_to(actor))
        return mine if actor.may_somewhere("case.read") else mine.public()

    def public(self) -> MessageQuerySet:
        """Return what the member reads: everything but internal notes and calls that did not reach them."""
        return self.exclude(direction__in=INTERNAL)


class Message(models.Model):
    """One message. `direction`: in (from the member), out (to the member), call (said on the phone), note (internal).

    A call that did not reach the member is internal too: not_reached (nobody answered; its body may be empty) or
    left_message. `automatic` messages come from a template of the pack or from a machine's API token and never count
    as a response (A07).
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    direction = models.CharField(max_length=12)
    channel = models.CharField(max_length=10)
    author = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    automatic = models.BooleanField(default=False)
    body = models.TextField()
    at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["conversation", "at", "id"], name="message_thread")]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=["in", "out", "call", *INTERNAL]), name="message_direction_known"
            ),
            models.CheckConstraint(
                condition=~Q(body="") | Q(direction="not_reached"), name="message_has_body"
            ),
        ]
