"""Finding cases by what was written and said on them (design: search).

What is told about health, and all of a sensitive case, is never searched (F26): such cases are found by their number
and by names, and by names only for who may look members up (F25).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet

from clubassist.core.actor import Actor, Everywhere
from clubassist.core.searching import Matching
from clubassist.domain.cases.models import Case, CaseWords, State
from clubassist.domain.cases.models.case import CaseQuerySet
from clubassist.domain.cases.words import club_word, told_on
from clubassist.domain.channels.models import Message
from clubassist.pure.text import Sought

PAGE: Final = 20
PROBED: Final = 3000
"""So many cases with the words are sorted; of more, the newest are walked through."""
NARROWED: Final = 20
"""In so many clubs at most the index itself looks for the words of these clubs only."""


class Hit(NamedTuple):
    """A case that was found; `excerpt` is what stands around the words, as (text, found), None where a name was found.

    `at` is when that was written.
    """

    case: Case
    excerpt: list[tuple[str, bool]] | None
    at: datetime


def search_cases(
    sought: Sought, *, actor: Actor, state: str = "", before: int | None = None
) -> tuple[list[Hit], int | None]:
    """Return up to 20 cases with all that is sought, newest first, and the key after which older ones follow.

    `state` narrows to open, resolved or closed ones. Three or four statements, whatever the number of cases.
    """
    if not sought:
        return [], None
    cases = Case.objects.visible_to(actor)
    if state in State.values:
        cases = cases.filter(state=state)
    if before is not None:
        cases = cases.filter(pk__lt=before)
    weight = "" if actor.may_somewhere("member.find") else "D"
    rows = _newest(
        cases.select_related("club", "subject", "reporter", "words"), sought.query(weight) + _clubs(actor)
    )
    more = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return _hits(rows[:PAGE], sought), more


def _newest(cases: CaseQuerySet, query: str) -> list[Case]:
    """Return the newest of `cases` with the words, one more than a page.

    Words that few cases have are looked up and sorted; common ones are met soon on the way back from the newest case.
    The planner cannot tell them apart: it takes the pairs of a word for independent of each other.
    """
    found = CaseWords.objects.filter(words=Matching(query))
    keys = list(found.values_list("pk", flat=True)[: PROBED + 1])
    if len(keys) <= PROBED:
        return list(cases.filter(pk__in=keys).order_by("-pk")[: PAGE + 1])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local enable_bitmapscan = off")
        return list(cases.filter(words__words=Matching(query)).order_by("-pk")[: PAGE + 1])


def _hits(cases: Sequence[Case], sought: Sought) -> list[Hit]:
    said: dict[int, list[Message]] = defaultdict(list)
    for message in _said(case for case in cases if case.words.told):
        said[message.conversation_id].append(message)
    hits = []
    for case in cases:
        texts = [(message.body, message.at) for message in said[case.conversation_id]]
        if case.words.told:
            texts += [(text, case.received_at) for text in told_on(case)]
        excerpts = [(excerpt, at) for text, at in texts if (excerpt := sought.excerpt(text))]
        excerpt, at = max(excerpts, key=lambda one: _found(one[0]), default=(None, case.received_at))
        hits.append(Hit(case, excerpt, at))
    return hits


def _found(excerpt: list[tuple[str, bool]]) -> int:
    return len({text for text, found in excerpt if found})


def _said(cases: Iterable[Case]) -> QuerySet[Message]:
    """Return what people wrote and said on cases, the newest first: lines from a template would be on every case."""
    told = [case.conversation_id for case in cases]
    return Message.objects.filter(conversation__in=told, automatic=False).order_by("-at", "-pk")


def _clubs(actor: Actor) -> str:
    """Return what narrows a search to an actor's clubs, "" where the index need not."""
    clubs: set[int] = set()
    for permission in ("case.read", "case.read_involved"):
        scopes = actor.scopes(permission)
        if isinstance(scopes, Everywhere):
            return ""
        clubs |= scopes
    if len(clubs) > NARROWED:
        return ""
    return f" & ({' | '.join(repr(club_word(pk)) for pk in sorted(clubs))})" if clubs else ""
