"""Lists of offers across cases, and the finding that the head of a department signs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.domain.cases.actions import withdraw_offer
from clubassist.domain.cases.models import Offer
from clubassist.domain.club.queries import policy_of
from clubassist.domain.people.roles import DEPARTMENT_TASKS
from clubassist.web.desk.agreeing import evidence_of, finding_shown, in_order, option_shown
from clubassist.web.desk.offer_deeds import visible_finding, visible_offer
from clubassist.web.desk.offer_forms import ReasonForm
from clubassist.web.desk.page import desk_page
from clubassist.web.desk.rows import kind_title
from clubassist.web.desk.worklists import in_club_time, listed, paged
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest


@staff("offer.approve")
def approvals(request: SignedRequest) -> HttpResponse:
    """List the offers that wait for approval, the oldest first, without what their cases say (B06)."""
    return _approvals(request)


@staff("offer.approve", methods=("POST",))
def refuse(request: SignedRequest, pk: int) -> HttpResponse:
    """Send an offer back that waits for approval."""
    row, at, form = visible_offer(request, pk), clock.now(), ReasonForm(request.POST, auto_id="refuse_%s")
    done = form.attempt(
        lambda: withdraw_offer(offer=row, reason=form.cleaned_data["reason"], actor=request.actor, at=at)
    )
    if done is None:
        return _approvals(request, refused=form)
    messages.success(request, _("Sent back"))
    return redirect("desk_approvals")


def _approvals(request: SignedRequest, *, refused: ReasonForm | None = None) -> HttpResponse:
    """Show the list; `refused` is what somebody typed to send an offer back and could not."""
    at, actor = clock.now(), request.actor
    waiting = Offer.objects.visible_to(actor).awaiting_approval()
    rows, pages = paged(request, waiting.select_related("case__club", "made_by").prefetch_related("options"))
    shown = []
    for row in rows:
        policy = policy_of(tuple(row.case.pack_versions))
        shown.append(
            {
                "pk": row.pk,
                "number": row.case.number,
                "opens": actor.may("case.read", row.case.club_id),
                "kind": kind_title(policy, row.case.kind),
                "round": row.round,
                "maker": row.made_by.name,
                "made": in_club_time(row.made_at, row.case.club.zone, at),
                "options": [
                    option_shown(option, policy, club=row.case.club.code) for option in in_order(row)
                ],
                "own": row.made_by_id == actor.account,
            }
        )
    context = {"now": at, "offers": shown, "kept": refused, **pages}
    return listed(request, "approvals", context, status=refused.status if refused else 200)


@staff("offer.make")
def unstarted(request: SignedRequest) -> HttpResponse:
    """List agreed offers for which nobody has been asked to do anything, the oldest first (B26)."""
    at = clock.now()
    found = Offer.objects.visible_to(request.actor).agreed_without_tasks()
    rows, pages = paged(
        request, found.select_related("case__club", "case__owner").prefetch_related("options")
    )
    shown = [
        {
            "number": row.case.number,
            "title": row.case.title,
            "agreed": in_club_time(row.answered_at, row.case.club.zone, at) if row.answered_at else "",
            "words": next((option.words for option in row.options.all() if option.chosen), ""),
            "owner": row.case.owner.name if row.case.owner else "",
        }
        for row in rows
    ]
    return listed(request, "unstarted", {"now": at, "offers": shown, **pages})


@staff(DEPARTMENT_TASKS)
def finding(request: SignedRequest, pk: int) -> HttpResponse:
    """Show a finding with its evidence to whoever signs it, not the case behind it (B23)."""
    at, row = clock.now(), visible_finding(request, pk)
    policy = policy_of(tuple(row.case.pack_versions))
    with timezone.override(row.case.club.zone):
        shown = finding_shown(row, row.case, policy=policy, actor=request.actor, at=at)
    context = {
        "now": at,
        "number": row.case.number,
        "kind": kind_title(policy, row.case.kind),
        "finding": shown,
        "evidence": evidence_of(row.case, request.actor),
    }
    return desk_page(request, "desk/finding.html", context)
