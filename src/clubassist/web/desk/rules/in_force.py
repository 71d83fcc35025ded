"""Which packs each club runs by, since when and what comes; putting a version into force (F13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.domain.club.actions import adopt_pack, adopt_shipped
from clubassist.domain.club.models import Adoption, Club, Draft, PackVersion
from clubassist.domain.club.queries import PackRun, packs_run
from clubassist.pure.policy import shipped_names, shipped_pack
from clubassist.web.desk.page import said
from clubassist.web.desk.rules.forms import AdoptForm, BeginForm
from clubassist.web.desk.rules.pages import Names, club_name, club_with, rules_page
from clubassist.web.desk.worklists import in_club_time
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest

SHIPPED: Final = "shipped:"
"""Stands before the name of a pack that comes with the product and is not stored here yet."""


@staff("rules.read")
def in_force(request: SignedRequest) -> HttpResponse:
    """Show for each club of the reader which packs it runs by, what is planned, and what is being drafted."""
    return show(request, at=clock.now())


@staff("policy.adopt", methods=("POST",))
def adopt(request: SignedRequest, club: str) -> HttpResponse:
    """Put a stored or shipped version into force at a club, now or from a date on."""
    at, here = clock.now(), club_with(request.actor, "policy.adopt", club)
    form = adopt_form(here, versions(request.actor), request.POST)

    def act() -> Adoption:
        since = form.cleaned_data["effective_from"] or at
        chosen = form.cleaned_data["version"]
        actor = request.actor
        if chosen.startswith(SHIPPED):
            name = chosen.removeprefix(SHIPPED)
            return adopt_shipped(club=here, name=name, effective_from=since, actor=actor, at=at)
        version = PackVersion.objects.get(pk=chosen)
        return adopt_pack(club=here, version=version, effective_from=since, actor=actor, at=at)

    with timezone.override(here.zone):
        adoption = form.attempt(act)
    if adoption is None:
        return show(request, at=at, failed=(here, form), status=form.status)
    messages.success(request, adopted_words(adoption, at))
    return redirect("desk_in_force")


def adopted_words(adoption: Adoption, at: datetime) -> str:
    """Return that a version is in force now, or from when on."""
    version = str(adoption.pack_version)
    if adoption.effective_from <= at:
        return _("{version} is in force; open cases keep their rules").format(version=version)
    since = in_club_time(adoption.effective_from, adoption.club.zone, at)
    return _("{version} comes into force: {time}").format(version=version, time=since)


def show(
    request: SignedRequest,
    *,
    at: datetime,
    failed: tuple[Club, AdoptForm | BeginForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page, with what was typed into a form of a club that was refused. Up to eight statements."""
    actor = request.actor
    clubs = list(Club.objects.where(actor, "rules.read").order_by("pk"))
    runs = packs_run(clubs, at=at)
    drafts = list(Draft.objects.visible_to(actor).open().defer("text").select_related("base"))
    stored = versions(actor) if actor.may_somewhere("policy.adopt") else []
    keys = [draft.author for draft in drafts]
    keys += [each.adopted_by for one in runs.values() for run in one for each in _adoptions(run)]
    names = Names(keys)
    shown = []
    for club in clubs:
        may = actor.may("policy.adopt", club.pk)
        forms = _forms(club, runs[club.pk], stored, failed) if may else {}
        ours = [draft for draft in drafts if draft.club_id == club.pk]
        shown.append(
            {
                "code": club.code,
                "name": club_name(club),
                "runs": [_run(run, club, names, at) for run in runs[club.pk]],
                "drafts": [_draft(draft, club, names, at) for draft in ours],
                "may_replan": actor.may("case.replan", club.pk),
                **forms,
            }
        )
    context = {"clubs": shown, "form": failed[1] if failed else None}
    return rules_page(
        request, "desk/rules/in_force.html", context, here="desk_in_force", at=at, status=status
    )


def versions(actor: Actor) -> list[tuple[str, str]]:
    """Return what a club may adopt: stored versions, newest first in each pack, then shipped ones. One statement."""
    rows = PackVersion.objects.visible_to(actor).order_by("name", "-stored_at", "-pk")
    stored = list(rows.values_list("pk", "name", "version"))
    offered = [(str(pk), f"{name} {version}") for pk, name, version in stored]
    there = {(name, version) for _pk, name, version in stored}
    shipped = [shipped_pack(name) for name in shipped_names()]
    return offered + [
        (f"{SHIPPED}{pack.name}", f"{pack.name} {pack.version}")
        for pack in shipped
        if (pack.name, pack.version) not in there
    ]


def adopt_form(club: Club, offered: list[tuple[str, str]], given: Any = None) -> AdoptForm:
    """Return the form in which a club adopts a version."""
    return AdoptForm(given, auto_id=f"adopt_{club.code}_%s", versions=offered)


def begin_form(runs: Sequence[PackRun], club: Club, given: Any = None, files: Any = None) -> BeginForm:
    """Return the form in which a draft begins, from a version in force or from a file."""
    bases = [(str(run.now.pack_version_id), said(run.pack.title)) for run in runs if run.now]
    return BeginForm(given, files, auto_id=f"begin_{club.code}_%s", bases=bases)


def _forms(
    club: Club,
    runs: Sequence[PackRun],
    stored: list[tuple[str, str]],
    failed: tuple[Club, AdoptForm | BeginForm] | None,
) -> dict[str, AdoptForm | BeginForm]:
    forms: dict[str, AdoptForm | BeginForm] = {
        "adopt": adopt_form(club, stored),
        "begin": begin_form(runs, club),
    }
    if failed is not None and failed[0] == club:
        forms["adopt" if isinstance(failed[1], AdoptForm) else "begin"] = failed[1]
    return forms


def _adoptions(run: PackRun) -> list[Adoption]:
    return [each for each in (run.now, *run.planned) if each is not None]


def _run(run: PackRun, club: Club, names: Names, at: datetime) -> dict[str, Any]:
    def told(adoption: Adoption) -> dict[str, str]:
        return {
            "version": adoption.pack_version.version,
            "since": in_club_time(adoption.effective_from, club.zone, at),
            "by": names.of(adoption.adopted_by),
        }

    return {
        "title": said(run.pack.title),
        "name": run.pack.name,
        "now": told(run.now) if run.now else None,
        "planned": [told(each) for each in run.planned],
    }


def _draft(draft: Draft, club: Club, names: Names, at: datetime) -> dict[str, Any]:
    return {
        "pk": draft.pk,
        "base": str(draft.base) if draft.base else _("a file"),
        "author": names.of(draft.author),
        "changed": in_club_time(draft.changed_at, club.zone, at),
    }
