"""The words by which a search finds a case."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from clubassist.core.actor import Actor
from clubassist.domain.cases.models.case import Case


class CaseWordsQuerySet(models.QuerySet["CaseWords"]):
    """Words of cases; seen with their case."""

    def visible_to(self, actor: Actor) -> CaseWordsQuerySet:
        """Return the words of the cases the actor may read."""
        return self.filter(case__in=Case.objects.visible_to(actor))


class CaseWords(models.Model):
    """The words of one case: its number, names (of weight A), and what was written and said on it if that is `told`.

    A row of its own: the case's row changes often, and each change would write the index anew.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="words")
    words = SearchVectorField(editable=False)
    told = models.BooleanField()

    objects = CaseWordsQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="case_words")]
