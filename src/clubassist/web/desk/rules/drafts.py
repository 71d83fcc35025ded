"""Drafts of the rules: begun, written and checked by one person, reviewed and published by another (F13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.refusal import Missing
from clubassist.domain.club import actions, rules
from clubassist.domain.club.models import Adoption, Draft, PackVersion
from clubassist.domain.club.queries import packs_run
from clubassist.domain.club.reading import DraftRead, read_draft, review
from clubassist.pure.policy import lines_of
from clubassist.web.desk.page import said
from clubassist.web.desk.rules.change_words import changed_row, counted_words, judged, problem_words
from clubassist.web.desk.rules.forms import DraftForm, PublishForm
from clubassist.web.desk.rules.in_force import adopted_words, begin_form, show
from clubassist.web.desk.rules.pages import Names, club_name, club_with, rules_page
from clubassist.web.desk.worklists import in_club_time
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest

FORBIDDEN: Final = (403, 404)
"""What the pages offer nobody: it is answered by a page of its own."""
LONGEST_QUOTE: Final = 80
MOST_PROBLEMS: Final = 100
"""How many are listed; whoever mends these sees the others."""


def _visible(request: SignedRequest, pk: int) -> Draft:
    found = Draft.objects.visible_to(request.actor).select_related("club", "base", "version")
    draft = found.filter(pk=pk).first()
    if draft is None:
        raise Missing
    return draft


@staff("policy.adopt", methods=("POST",))
def begin(request: SignedRequest, club: str) -> HttpResponse:
    """Begin a draft for a club, from a version in force or from a file."""
    at, here = clock.now(), club_with(request.actor, "policy.adopt", club)
    form = begin_form(packs_run([here], at=at)[here.pk], here, request.POST, request.FILES)

    def act() -> Draft:
        chosen, text = form.cleaned_data["base"], form.cleaned_data["file"]
        base = PackVersion.objects.get(pk=chosen) if chosen else None
        return actions.begin_draft(club=here, base=base, text=text, actor=request.actor, at=at)

    draft = form.attempt(act)
    if draft is None:
        return show(request, at=at, failed=(here, form), status=form.status)
    return redirect("desk_draft", draft.pk)


@staff("policy.adopt")
def draft(request: SignedRequest, pk: int) -> HttpResponse:
    """Show a draft with everything that keeps it from being published."""
    at, row = clock.now(), _visible(request, pk)
    form = DraftForm(initial={"text": row.text, "seen": row.digest})
    return _show(request, row, form, at=at)


@staff("policy.adopt", methods=("POST",))
def save(request: SignedRequest, pk: int) -> HttpResponse:
    """Keep another text of one's draft, sound or not."""
    at, row, form = clock.now(), _visible(request, pk), DraftForm(request.POST, request.FILES)

    def act() -> Draft:
        text = form.cleaned_data["file"] or form.cleaned_data["text"]
        seen = form.cleaned_data["seen"]
        return actions.save_draft(draft=row, text=text, seen=seen, actor=request.actor, at=at)

    if form.attempt(act, let_pass=FORBIDDEN) is None:
        return _show(request, row, form, at=at)
    messages.success(request, _("Draft saved"))
    return redirect("desk_draft", pk)


@staff("policy.adopt", methods=("POST",))
def discard(request: SignedRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    actions.discard_draft(draft=_visible(request, pk), actor=request.actor, at=clock.now())
    messages.success(request, _("Draft discarded"))
    return redirect("desk_in_force")


@staff("policy.adopt", methods=("GET",))
def reviewed(request: SignedRequest, pk: int) -> HttpResponse:
    """Show what a draft would change, what the lint says of it, and the way to publish it."""
    row = _visible(request, pk)
    return _show_review(request, row, PublishForm(), at=clock.now())


@staff("policy.adopt", methods=("POST",))
def publish(request: SignedRequest, pk: int) -> HttpResponse:
    """Publish what was reviewed; the club runs by it now or from a date on."""
    at, row, form = clock.now(), _visible(request, pk), PublishForm(request.POST)

    def act() -> Adoption:
        return actions.publish_draft(
            draft=row,
            seen=form.cleaned_data["seen"],
            effective_from=form.cleaned_data["effective_from"] or at,
            actor=request.actor,
            at=at,
        )

    with timezone.override(row.club.zone):
        adoption = form.attempt(act, let_pass=FORBIDDEN)
    if adoption is None:
        return _show_review(request, row, form, at=at)
    messages.success(request, adopted_words(adoption, at))
    return redirect("desk_in_force")


def _show(request: SignedRequest, row: Draft, form: DraftForm, *, at: datetime) -> HttpResponse:
    read = read_draft(row, at=at) if row.open else DraftRead(None, ())
    told = read.problems[:MOST_PROBLEMS]
    lines, texts = lines_of(row.text, told), row.text.split("\n")
    context = _head(row, at) | {
        "form": form,
        "text": row.text,
        "may_write": row.open and rules.may_write(request.actor, row),
        "sound": row.open and not read.problems,
        "found": len(read.problems),
        "problems": [
            {
                "line": line,
                "quoted": texts[line - 1].strip()[:LONGEST_QUOTE] if line and line <= len(texts) else "",
                "place": f"{one.file}: {one.key}",
                "message": problem_words(one.message),
                "mend": problem_words(one.mend),
            }
            for line, one in zip(lines, told, strict=True)
        ],
    }
    return rules_page(
        request, "desk/rules/draft.html", context, here="desk_in_force", at=at, status=form.status
    )


def _show_review(request: SignedRequest, row: Draft, form: PublishForm, *, at: datetime) -> HttpResponse:
    if not row.open:
        return redirect("desk_draft", row.pk)
    read = read_draft(row, at=at)
    context = _head(row, at) | {
        "form": form,
        "seen": row.digest,
        "problems": len(read.problems),
        "may_publish": rules.may_publish(request.actor, row),
    }
    if read.pack is not None and not read.problems:
        found = review(row, read.pack, at=at)
        context |= {
            "title": said(read.pack.title),
            "version": read.pack.version,
            "against": found.against.version if found.against else "",
            "changes": [changed_row(one) for one in found.changes],
            "counted": counted_words(found.changes),
            "judged": judged(found.findings, read.pack),
            "lines": [(line[:1], line) for line in found.lines],
            "more": found.more,
        }
    return rules_page(
        request, "desk/rules/review.html", context, here="desk_in_force", at=at, status=form.status
    )


def _head(row: Draft, at: datetime) -> dict[str, Any]:
    """Return what both pages say of a draft: whose it is, where, and how it ended."""
    names = Names([row.author, row.published_by, row.discarded_by])
    zone = row.club.zone
    ended = row.published_at or row.discarded_at
    return {
        "draft": row,
        "club": club_name(row.club),
        "author": names.of(row.author),
        "changed": in_club_time(row.changed_at, zone, at),
        "ended": in_club_time(ended, zone, at) if ended else "",
        "ender": names.of(row.published_by or row.discarded_by) if ended else "",
        "published": str(row.version) if row.version else "",
        "back_url": reverse("desk_in_force"),
    }
