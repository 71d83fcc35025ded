"""One matter told several times: what looks alike, what was merged or linked, and what was said on all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Cast

from clubassist.core.actor import Actor
from clubassist.core.models import Entry, EntrySubject
from clubassist.domain.cases.models import Attachment, Case, Finding, Link, Merge
from clubassist.domain.channels.models import Message
from clubassist.domain.channels.models.conversation import MessageQuerySet
from clubassist.domain.members.models import Contact

WITHIN: Final = timedelta(days=14)
NEAR: Final = timedelta(hours=24)
ALIKE: Final = 0.3
"""The share of the shorter text's character pairs that the other has too, from which on two texts are alike."""
CANDIDATES: Final = 200
MOST: Final = 5


def said_on(case: Case, *, public: bool) -> MessageQuerySet:
    """Return the messages of a case and of those merged into it, oldest first; without internal notes if `public`."""
    told = Case.objects.of_matter(case).values("conversation")
    messages = Message.objects.filter(conversation__in=told).select_related("author").order_by("at", "id")
    return messages.public() if public else messages


def first_answer(messages: MessageQuerySet) -> datetime | None:
    """Return when a person of ours first spoke to the member among these messages. One statement."""
    ours = messages.filter(direction__in=("out", "call"), automatic=False)
    return ours.order_by("at").values_list("at", flat=True).first()


def happened_on(case: Case, facts: Collection[str]) -> QuerySet[Entry]:
    """Return such facts of a case and of those merged into it, whose steps are theirs alone."""
    matter = Case.objects.of_matter(case).annotate(key=Cast("pk", CharField())).values("key")
    about = EntrySubject.objects.filter(kind="case", subject__in=matter).values("entry")
    steps = Q(fact="StageEntered") & ~Q(data__case_id=case.pk)
    return Entry.objects.filter(pk__in=about, fact__in=facts).exclude(steps)


FOUR_FACTS: Final = ["narrative", "place", "people", "occurred_at", "occurred_words"]
"""The fields of when, where, who and what (B18)."""


def facts_known_since(case: Case) -> datetime:
    """Return when the last of a case's four facts became known. One statement."""
    filled = Entry.objects.filter(
        subjects__kind="case",
        subjects__subject=str(case.pk),
        fact="FactsCompleted",
        data__fields__has_any_keys=FOUR_FACTS,
    )
    return filled.order_by("-at").values_list("at", flat=True).first() or case.received_at


def finding_of(case: Case) -> Finding | None:
    """Return the finding that stands on a case, else on one that was merged into it. One statement."""
    standing = Finding.objects.standing().filter(case__in=Case.objects.of_matter(case))
    named = standing.select_related("written_by", "department_by", "service_by")
    return named.order_by(F("case__merged_into").asc(nulls_first=True), "-pk").first()


def newest_with_files(messages: MessageQuerySet, most: int) -> list[tuple[Message, list[Attachment]]]:
    """Return the newest messages, newest first, each with its files. One statement, two where somebody sent a file."""
    sent = Exists(Attachment.objects.filter(message=OuterRef("pk")))
    rows = list(messages.annotate(sent=sent).order_by("-at", "-id")[:most])
    if not any(vars(row)["sent"] for row in rows):
        return [(row, []) for row in rows]
    prefetch_related_objects(rows, "attachments")
    return [(row, list(row.attachments.all())) for row in rows]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A case that may be the same matter, and why: person, phone, place, time, text; `mergeable` by a strong key."""

    case: Case
    reasons: tuple[str, ...]

    @property
    def mergeable(self) -> bool:
        """Tell whether both are of one person or share a phone number; nobody is merged on less."""
        return "person" in self.reasons or "phone" in self.reasons


def people_of(case: Case) -> set[UUID]:
    """Return whom a case is about and who reported it."""
    return {person for person in (case.subject_id, case.reporter_id) if person is not None}


def sharing_a_phone(people: Iterable[UUID]) -> set[UUID]:
    """Return who has a whole phone number of these people, they themselves too. One statement, none for nobody."""
    own = list(people)
    if not own:
        return set()
    numbers = Contact.objects.filter(person__in=own, kind="phone").values("whole")
    return set(Contact.objects.filter(kind="phone", whole__in=numbers).values_list("person_id", flat=True))


def duplicates_of(case: Case, *, actor: Actor) -> list[Likeness]:
    """Return unfinished cases of the club that may be the same matter, the likeliest first: suggestions, no more (F20).

    Received within 14 days of this one, and of the same person, the same phone or the same place. Two reasons are
    needed with a person or phone, three without. What is linked already is left out. Two statements.
    """
    people = people_of(case)
    phones = sharing_a_phone(people)
    around = Q(subject__in=people | phones) | Q(reporter__in=people | phones)
    if case.area_id is not None:
        around |= Q(area=case.area_id)
    if case.place:
        around |= Q(place=case.place)
    found = (
        Case.objects.visible_to(actor)
        .unfinished()
        .filter(around, club=case.club_id)
        .filter(received_at__gte=case.received_at - WITHIN, received_at__lte=case.received_at + WITHIN)
        .exclude(pk=case.pk)
        .exclude(pk__in=Link.objects.filter(case=case).values("other"))
        .exclude(pk__in=Link.objects.filter(other=case).values("case"))
    )
    pairs = _pairs(case)
    alike = []
    for other in found.order_by("-received_at", "-pk")[:CANDIDATES]:
        overlap = _overlap(pairs, _pairs(other))
        reasons = _reasons(case, other, people, phones, overlap)
        strong = "person" in reasons or "phone" in reasons
        if len(reasons) >= (2 if strong else 3):
            alike.append((len(reasons), overlap, other.pk, Likeness(other, reasons)))
    return [likeness for *_order, likeness in sorted(alike, key=lambda row: row[:3], reverse=True)][:MOST]


def _reasons(
    case: Case, other: Case, people: set[UUID], phones: set[UUID], overlap: float
) -> tuple[str, ...]:
    theirs = people_of(other)
    same_area = case.area_id is not None and case.area_id == other.area_id
    known = {
        "person": bool(people & theirs),
        "phone": bool(phones & theirs) and not people & theirs,
        "place": same_area or (bool(case.place) and case.place == other.place),
        "time": abs(case.received_at - other.received_at) <= NEAR,
        "text": overlap >= ALIKE,
    }
    return tuple(reason for reason, holds in known.items() if holds)


def _pairs(case: Case) -> set[str]:
    """Return the pairs of neighbouring characters in what was told, without spaces and punctuation."""
    text = "".join(character for character in case.narrative.lower()[:1000] if character.isalnum())
    return {text[n : n + 2] for n in range(len(text) - 1)}


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def links_of(case: Case, *, actor: Actor) -> list[Link]:
    """Return the links from and to a case, as far as the actor may see both ends. One statement."""
    links = Link.objects.visible_to(actor).filter(Q(case=case) | Q(other=case))
    return list(links.select_related("case", "other").order_by("kind", "pk"))


def merges_of(case: Case) -> list[Merge]:
    """Return the cases merged into this one that still are. One statement."""
    return list(case.merges.standing().select_related("merged", "author").order_by("at", "pk"))
