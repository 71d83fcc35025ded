"""People who are not staff: members, guests, prospects."""

from __future__ import annotations

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from clubassist.core.actor import Actor, Everywhere
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account


class PersonQuerySet(models.QuerySet["Person"]):
    """People as an actor may see them."""

    def visible_to(self, actor: Actor) -> PersonQuerySet:
        """Return people of the clubs where the actor may look people up, and the actor's own file."""
        scopes = actor.scopes("member.find")
        if isinstance(scopes, Everywhere):
            return self.all()
        return self.filter(Q(club__in=scopes) | Q(pk=actor.person))


class Person(models.Model):
    """Somebody the club serves. A name is all that is readable here; how to reach them is in the vault.

    `standing` is member, guest or prospect; `account` exists once a member has signed in. `words` is what a search
    finds them by; it follows the name within seconds, and is empty till then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    club = models.ForeignKey(Club, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(max_length=10)
    name = models.CharField(max_length=60, blank=True)
    member_number = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    account = models.OneToOneField(Account, on_delete=models.PROTECT, null=True, related_name="person")
    known_since = models.DateTimeField()
    words = SearchVectorField(null=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="person_words"),
            models.Index(fields=["name"], condition=Q(words__isnull=True), name="person_without_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=["member", "guest", "prospect"]), name="person_standing_known"
            ),
            models.UniqueConstraint(
                fields=["club", "member_number"], condition=~Q(member_number=""), name="member_number_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
