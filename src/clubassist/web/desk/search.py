"""One search for everything the reader may see: people, and cases by what was written and said on them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Case
from clubassist.domain.cases.searching import Hit, search_cases
from clubassist.domain.members.rules import shown_name
from clubassist.pure.text import Sought
from clubassist.web.desk.forms import SearchForm
from clubassist.web.desk.page import WORKS_ON_CASES, desk_page
from clubassist.web.desk.people import people_rows
from clubassist.web.desk.queue import LARGEST_KEY
from clubassist.web.desk.rows import case_row
from clubassist.web.shared.doors import staff
from clubassist.web.shared.templatetags.sa import moment
from clubassist.web.shared.visitor import SignedRequest

NUMBER: Final = re.compile(r"[A-Z]{1,3}-\d+")
STATE_TABS: Final = {
    "": gettext_lazy("All"),
    "open": gettext_lazy("In progress"),
    "resolved": gettext_lazy("Solved"),
    "closed": gettext_lazy("Closed"),
}


@staff(WORKS_ON_CASES)
def search(request: SignedRequest) -> HttpResponse:
    """Look for people and cases; a case number leads to its case."""
    at, actor = clock.now(), request.actor
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    if NUMBER.fullmatch(words.upper()):
        case = Case.objects.visible_to(actor).filter(number=words.upper()).first()
        if case is not None:
            return redirect("desk_case", case.number)
    state = request.GET.get("state", "")
    state = state if state in STATE_TABS else ""
    before = _key(request.GET.get("before", ""))
    hits, more = search_cases(Sought.of(words), actor=actor, state=state, before=before)
    context: dict[str, Any] = {
        "now": at,
        "section": "desk_queue",
        "form": form,
        "query": words,
        "people": _people(words, actor=actor) if before is None and not state else [],
        "hits": [_row(hit, actor, at) for hit in hits],
        "states": [
            (code, title, _url(q=words, state=code), code == state) for code, title in STATE_TABS.items()
        ],
        "more_url": _url(q=words, state=state, before=str(more)) if more else "",
        "first_url": _url(q=words, state=state) if before else "",
    }
    return desk_page(request, "desk/search.html", context, status=200 if form.is_valid() else 422)


def _people(words: str, *, actor: Actor) -> list[tuple[Any, ...]]:
    if not actor.may_somewhere("member.find"):
        return []
    return people_rows(words, actor=actor)


def _row(hit: Hit, actor: Actor, at: datetime) -> dict[str, Any]:
    case = hit.case
    with timezone.override(case.club.zone):
        said = moment(hit.at, at)
    name = case.subject.name if case.subject else ""
    other = case.reporter if case.reporter_id != case.subject_id else None
    shown = {
        "person": shown_name(name, club_id=case.club_id, actor=actor),
        "reporter": shown_name(other.name if other else "", club_id=case.club_id, actor=actor),
    }
    return case_row(case, at) | shown | {"excerpt": hit.excerpt, "said": said}


def _url(**query: str) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"{reverse('desk_search')}?{urlencode(given)}"


def _key(text: str) -> int | None:
    """Return the case after which older ones follow; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and int(text) <= LARGEST_KEY else None
