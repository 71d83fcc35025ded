"""How to reach a person: sealed in the vault, found by blind index (F26)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from clubassist.core import vault
from clubassist.core.actor import Actor, Everywhere
from clubassist.domain.members.models.person import Person

PLACE = "members.contact.value"


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts as an actor may see them (masked; the full value only through `reveal_contact`)."""

    def visible_to(self, actor: Actor) -> ContactQuerySet:
        """Return contacts of people in the clubs where the actor may look people up, and the actor's own."""
        scopes = actor.scopes("member.find")
        if isinstance(scopes, Everywhere):
            return self.all()
        return self.filter(Q(person__club__in=scopes) | Q(person=actor.person))


class Contact(models.Model):
    """One phone number or mail address. `sealed` opens with the person's own key only.

    `whole` and `tail` are blind indexes of the normal form and of a phone's last four digits.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10)
    sealed = models.BinaryField()
    whole = models.BinaryField()
    tail = models.BinaryField(null=True)
    verified_at = models.DateTimeField(null=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["whole"], name="contact_whole"),
            models.Index(fields=["tail"], name="contact_tail"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["phone", "mail"]), name="contact_kind_known"),
        ]

    def opened(self) -> str:
        """Return the full value. Callers log the look; pages show `masked()`."""
        return vault.open_sealed(bytes(self.sealed), place=PLACE, row=str(self.pk))

    def masked(self) -> str:
        """Return what a page may show: 138****5678, z***@qq.com."""
        mask = vault.mask_phone if self.kind == "phone" else vault.mask_mail
        return mask(self.opened())
