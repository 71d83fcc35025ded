"""Letting open cases go over to the rules of today: first what would change, then the button (F13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clubassist.core import clock
from clubassist.domain.cases.actions import Plan, digest_of, preview_replan, replan
from clubassist.domain.cases.actions.replanning import AT_ONCE, LOOKED_AT
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import packs_run
from clubassist.web.desk.rows import PROMISES
from clubassist.web.desk.rules.forms import ReplanForm
from clubassist.web.desk.rules.pages import club_name, club_with, rules_page
from clubassist.web.desk.worklists import in_club_time
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest


@staff("case.replan")
def preview(request: SignedRequest, club: str) -> HttpResponse:
    """Show what would change for open cases by the rules of today, or by those planned for a later date."""
    return _show(request, club_with(request.actor, "case.replan", club), at=clock.now())


@staff("case.replan", methods=("POST",))
def run(request: SignedRequest, club: str) -> HttpResponse:
    """Let the cases of the preview go over."""
    at, here, form = clock.now(), club_with(request.actor, "case.replan", club), ReplanForm(request.POST)
    after = _after(request, here, request.POST.get("after", ""))
    moved = form.attempt(
        lambda: replan(here, seen=form.cleaned_data["seen"], after=after, actor=request.actor, at=at)
    )
    if moved is None:
        return _show(request, here, at=at, form=form)
    words = ngettext("{count} case runs by the new rules", "{count} cases run by the new rules", len(moved))
    messages.success(request, words.format(count=len(moved)))
    return redirect("desk_replan", club)


def _show(
    request: SignedRequest, club: Club, *, at: datetime, form: ReplanForm | None = None
) -> HttpResponse:
    later = _planned(club, at)
    by = next((moment for key, moment, _words in later if key == request.GET.get("by")), None)
    after = _after(request, club, request.POST.get("after") or request.GET.get("after", ""))
    plans = preview_replan(club, actor=request.actor, at=at, by=by, after=after)
    going = sum(plan.fits for plan in plans)
    rows = [row for plan in plans for row in _rows(plan, at)]
    counts = Counter(row["mark"][2] for row in rows)
    context = {
        "form": form,
        "club": club_name(club),
        "code": club.code,
        "planned": [(key, words, moment == by) for key, moment, words in later],
        "by": by,
        "seen": digest_of(plans),
        "rows": rows,
        "counts": list(counts.items()),
        "going": going,
        "still": sum(plan.fits and not plan.moves for plan in plans),
        "unfit": [plan.case for plan in plans if not plan.fits],
        "more": going == AT_ONCE,
        "after": after.number if after else "",
        "next": plans[-1].case.number if len(plans) == LOOKED_AT or going == AT_ONCE else "",
        "now_by": request.GET.get("by") if by else "",
    }
    status = form.status if form else 200
    return rules_page(request, "desk/rules/replan.html", context, here="desk_in_force", at=at, status=status)


def _after(request: SignedRequest, club: Club, number: str) -> Case | None:
    """Return the case behind which the page begins; None for the first page."""
    return Case.objects.visible_to(request.actor).filter(club=club, number=number[:20]).first()


def _planned(club: Club, at: datetime) -> list[tuple[str, datetime, str]]:
    """Return the changes of the rules that are planned: a key for the address, when, and in words."""
    runs = packs_run([club], at=at)[club.pk]
    planned = sorted((each for run in runs for each in run.planned), key=lambda each: each.effective_from)
    return [
        (
            str(each.pk),
            each.effective_from,
            _("{version}, from {time}").format(
                version=each.pack_version, time=in_club_time(each.effective_from, club.zone, at)
            ),
        )
        for each in planned
    ]


def _rows(plan: Plan, at: datetime) -> Iterable[dict[str, Any]]:
    for move in plan.moves if plan.fits else ():
        yield {
            "number": plan.case.number,
            "title": plan.case.title,
            "promise": PROMISES.get(move.clock.promise, move.clock.promise),
            "was": in_club_time(move.clock.due_at, plan.case.club.zone, at),
            "becomes": in_club_time(move.due_at, plan.case.club.zone, at),
            "mark": _mark(move.clock.due_at, move.due_at, at),
        }


def _mark(was: datetime, becomes: datetime, at: datetime) -> tuple[str, str, str]:
    """Return how a time moves, as a tag: tone, icon and word."""
    if becomes <= at:
        return "breach", "alert-octagon", _("late at once")
    if becomes < was:
        return "warn", "arrow-left", _("earlier")
    if becomes > was:
        return "info", "arrow-right", _("later")
    return "", "minus", _("same time")
