"""Reading the rules and confirming it: each colleague for themselves; their manager sees who has not (B01)."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.refusal import Missing
from clubassist.domain.club.models import Club, PackVersion
from clubassist.domain.club.queries import packs_of
from clubassist.domain.people.actions import confirm_rules
from clubassist.domain.people.models import Acknowledgement
from clubassist.domain.people.queries import rules_run, waiting_readers
from clubassist.pure.policy import pack_text
from clubassist.web.desk.page import said
from clubassist.web.desk.rules.pages import club_name, club_names, rules_page
from clubassist.web.desk.rules.statements import deadline_words
from clubassist.web.shared.doors import staff
from clubassist.web.shared.templatetags.sa import moment
from clubassist.web.shared.visitor import SignedRequest

MOST_CLUBS: Final = 20
"""How many clubs are listed with who has not confirmed there."""


@staff("rules.read")
def confirming(request: SignedRequest) -> HttpResponse:
    """Show each version in force where the reader works: confirmed or not, and who has not. Seven statements."""
    at, actor = clock.now(), request.actor
    run = rules_run(actor, at=at)
    mine = dict(Acknowledgement.objects.visible_to(actor).values_list("version_id", "at"))
    waiting = waiting_readers(run, actor=actor)
    clubs = {club.pk: club for club in Club.objects.where(actor, "rules.read")}
    versions = (
        PackVersion.objects.visible_to(actor).filter(pk__in=run).defer("document").order_by("name", "-pk")
    )
    rows = [
        {
            "pk": version.pk,
            "title": said(packs_of((version.pk,))[0].title),
            "version": version,
            "clubs": club_names([clubs[club] for club in sorted(run[version.pk]) if club in clubs]),
            "confirmed": moment(mine[version.pk], at) if version.pk in mine else "",
            **_waiting(waiting[version.pk], clubs),
        }
        for version in versions
    ]
    context = {"rows": rows, "reads_people": actor.may_somewhere("people.read")}
    return rules_page(request, "desk/rules/confirming.html", context, here="desk_confirming", at=at)


def _waiting(names: dict[int | None, list[str]], clubs: dict[int, Club]) -> dict[str, Any]:
    """Return how many have not confirmed, their names by club, and how many more clubs there are."""
    lines = [
        (club_name(clubs[club]) if club in clubs else _("All clubs"), _(", ").join(names[club]))
        for club in sorted(names, key=lambda club: club or 0)
        if names[club]
    ]
    return {
        "waiting": lines[:MOST_CLUBS],
        "more": max(len(lines) - MOST_CLUBS, 0),
        "count": sum(map(len, names.values())),
    }


@staff("rules.read")
def version(request: SignedRequest, pk: int) -> HttpResponse:
    """Show what a version of the rules says that is or comes into force where the reader works. Raises Missing."""
    at, actor = clock.now(), request.actor
    if pk not in rules_run(actor, at=at):
        raise Missing
    (pack,) = packs_of((pk,))
    context = {
        "pk": pk,
        "title": said(pack.title),
        "name": f"{pack.name} {pack.version}",
        "confirmed": Acknowledgement.objects.filter(account=actor.account, version=pk).exists(),
        "clauses": [
            {
                "id": clause.id,
                "title": said(clause.title),
                "text": said(clause.text),
                "reading": said(clause.reading) if clause.reading else "",
            }
            for clause in pack.clauses
        ],
        "limits": [
            {
                "title": said(row.title),
                "limit": deadline_words(row),
                "clauses": _(", ").join(row.clauses),
            }
            for row in pack.deadlines
        ],
        "text": pack_text(pack),
    }
    return rules_page(request, "desk/rules/version.html", context, here="desk_confirming", at=at)


class ConfirmForm(forms.Form):
    """Which version was read."""

    version = forms.IntegerField(min_value=1, max_value=2**63 - 1)


@staff("rules.read", methods=("POST",))
def confirm(request: SignedRequest) -> HttpResponse:
    """Note that the reader has read a version."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        raise Missing
    confirm_rules(version=form.cleaned_data["version"], actor=request.actor, at=clock.now())
    messages.success(request, _("Thank you. It is noted that you have read these rules."))
    return redirect("desk_confirming")
