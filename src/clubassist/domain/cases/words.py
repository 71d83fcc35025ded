"""The words by which a search finds a case: kept by a job soon after anything is written on it (design: search)."""

from __future__ import annotations

from clubassist.core.journal import on
from clubassist.core.models import Entry
from clubassist.domain.cases.facts import (
    CaseAssigned,
    CaseFact,
    CaseMerged,
    CaseOpened,
    CaseReclassified,
    CaseReopened,
    CaseReplanned,
    CaseReplied,
    CaseResolved,
    CaseUnmerged,
    ContactAttempted,
    FactsCompleted,
    FactsCorrected,
    FollowUpEnded,
    FollowUpTried,
    MemberWrote,
    NoteAdded,
    OfferAccepted,
    OfferDeclined,
    RoutesTold,
    TaskSkipped,
)
from clubassist.domain.cases.models import Case, CaseWords
from clubassist.domain.channels.models import Message
from clubassist.domain.club.queries import policy_of
from clubassist.pure.text import lexemes, name_lexemes, tsvector

NAMED = "A"
"""The weight of names, which not everybody may search by."""


def keep_words(case_pk: int) -> None:
    """Keep the words of a case, and of those of the same matter, as they now are. Again is harmless.

    What is told about health, or in a sensitive case, is no word on any case of the matter (F26).
    """
    case = Case.objects.get(pk=case_pk)
    root = case if case.merged_into is None else case.merged_into
    matter = list(Case.objects.of_matter(root).select_related("subject", "reporter"))
    told = all(map(_is_searched, matter))
    CaseWords.objects.bulk_create(
        [CaseWords(case=each, told=told, words=_words(each, told=told)) for each in matter],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["words", "told"],
    )


def _words(case: Case, *, told: bool) -> str:
    names = {word for person in (case.subject, case.reporter) if person for word in name_lexemes(person.name)}
    words = lexemes(case.number) | {club_word(case.club_id)}
    if told:
        said = Message.objects.filter(conversation=case.conversation_id, automatic=False)
        for text in (*told_on(case), *said.values_list("body", flat=True)):
            words |= lexemes(text)
    return f"{tsvector(names, weight=NAMED)} {tsvector(words)}"


def told_on(case: Case) -> tuple[str, ...]:
    """Return what stands on the case itself in somebody's own words."""
    return (
        case.narrative,
        case.title,
        case.place,
        case.people,
        case.occurred_words,
        case.remedy_sought,
        case.complained_of,
        case.event,
    )


def club_word(pk: int) -> str:
    """Return the word by which a case is found to be its club's; no text has it."""
    return f"@{pk}"


def _is_searched(case: Case) -> bool:
    kind = policy_of(tuple(case.pack_versions)).kind(case.kind)
    return not kind.health and not case.sensitive


def keep_findable(fact: CaseFact, entry: Entry) -> None:
    """Keep the words: something was written on the case, or what may be found of it changed."""
    keep_words(fact.case_id)
    if isinstance(fact, CaseUnmerged):
        keep_words(fact.merged_id)


for _written in (
    CaseOpened,
    CaseReplied,
    MemberWrote,
    NoteAdded,
    ContactAttempted,
    CaseAssigned,
    FactsCompleted,
    FactsCorrected,
    CaseReclassified,
    CaseReplanned,
    CaseMerged,
    CaseUnmerged,
    OfferAccepted,
    OfferDeclined,
    RoutesTold,
    TaskSkipped,
    CaseResolved,
    CaseReopened,
    FollowUpTried,
    FollowUpEnded,
):
    on(_written)(keep_findable)
