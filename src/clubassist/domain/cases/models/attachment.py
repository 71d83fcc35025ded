"""Files on a case: what a member sent with their words, what colleagues keep with a note or as evidence."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from clubassist.core.actor import Actor, ActorKind
from clubassist.core.models.file import KeptFile
from clubassist.domain.cases.models.case import Case
from clubassist.domain.cases.models.finding import Evidence, Finding
from clubassist.domain.channels.models import Message
from clubassist.domain.channels.models.conversation import INTERNAL
from clubassist.domain.people.models import Account


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files; seen with what they belong to."""

    def visible_to(self, actor: Actor) -> AttachmentQuerySet:
        """Return the files of the cases the actor may read, and of those merged into them: a member's and a guest's
        only what was sent with words that they read too.

        Who heads the department of a standing finding sees the files of the evidence that it rests on.
        """
        cases = Case.objects.visible_to(actor).values("pk")
        seen = Q(case__in=cases) | Q(case__merged_into__in=cases)
        if actor.kind in (ActorKind.MEMBER, ActorKind.GUEST):
            return self.filter(seen, message__isnull=False).exclude(message__direction__in=INTERNAL)
        judged = Finding.objects.visible_to(actor).standing().values("case")
        return self.filter(seen | Q(evidence__isnull=False, case__in=judged))

    def on(self, case: Case) -> AttachmentQuerySet:
        """Return the files of a case and of those merged into it."""
        return self.filter(case__in=Case.objects.of_matter(case))


class Attachment(KeptFile):
    """A file that came with a message of the case, or belongs to a piece of its evidence (B18, B23)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="attachments")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, null=True, related_name="attachments")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(message__isnull=True, evidence__isnull=False)
                | Q(message__isnull=False, evidence__isnull=True),
                name="attachment_of_one_thing",
            )
        ]
