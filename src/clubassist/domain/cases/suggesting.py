"""What the words of a report suggest by the triage rules of its packs, and how often colleagues agree (B19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, F, Q

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Assessment
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import policy_of
from clubassist.pure.triage import Rules, Verdict, triage


@lru_cache(maxsize=64)
def rules_of(versions: tuple[int, ...]) -> Rules:
    """Return the triage rules of these pack versions; each process makes them ready once."""
    return Rules(policy_of(versions))


def suggestion(text: str, versions: tuple[int, ...]) -> Verdict:
    """Return what the rules of these pack versions propose for the words of a report. No statement when warm."""
    return triage(text, rules_of(versions))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the cases for which the rules suggested something and that a colleague judged: how many they agree on."""

    judged: int
    kind: int
    urgency: int


def agreement(*, actor: Actor, clubs: Sequence[Club], since: datetime, until: datetime) -> Agreement:
    """Return how often the kind and the urgency suggested were those chosen at `clubs`, in [since, until).

    A case counts once, by the assessment that stands, in the period of that one. One statement.
    """
    there = Assessment.objects.visible_to(actor).filter(case__club__in=clubs)
    rows = there.standing().filter(at__gte=since, at__lt=until)
    found = rows.exclude(suggested_kind="").aggregate(
        judged=Count("pk"),
        kind=Count("pk", filter=Q(kind=F("suggested_kind"))),
        urgency=Count("pk", filter=Q(urgency=F("suggested_urgency"))),
    )
    return Agreement(**found)
