"""Today: what runs out next, who waits in silence, what colleagues are told; and the bell's notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from clubassist.core import clock
from clubassist.domain.cases import queries
from clubassist.domain.channels.models import StaffNotice
from clubassist.web.desk.forms import ReadForm
from clubassist.web.desk.page import WORKS_ON_CASES, desk_page, way_back
from clubassist.web.desk.queue import tabs
from clubassist.web.desk.rows import items
from clubassist.web.shared.doors import staff
from clubassist.web.shared.templatetags.sa import moment
from clubassist.web.shared.visitor import SignedRequest

FEW: Final = 5
NOTICES: Final = 10
NOTICE_WORDS: Final = {
    "alarm-0": ("ambulance", gettext_lazy("Emergency: somebody needs help now")),
    "alarm-50": ("clock", gettext_lazy("Half of the promised time is used")),
    "alarm-75": ("alert-triangle", gettext_lazy("Three quarters of the promised time are used")),
    "alarm-100": ("alert-octagon", gettext_lazy("A promise is past due")),
    "alarm-150": ("alert-octagon", gettext_lazy("A promise is past due by half its time")),
    "assigned": ("user-check", gettext_lazy("Assigned to you")),
    "task-sent": ("checklist", gettext_lazy("A task for your department")),
    "task-assigned": ("user-check", gettext_lazy("A task for you")),
    "offer-awaits": ("scale", gettext_lazy("An offer waits for approval")),
    "offer-approved": ("circle-check", gettext_lazy("Your offer was approved; tell the member")),
    "offer-withdrawn": ("circle-x", gettext_lazy("Your offer was taken back; the reason is on the case")),
    "offer-accepted": ("circle-check", gettext_lazy("The member agrees to the offer")),
    "offer-declined": ("circle-x", gettext_lazy("The member does not agree to the offer")),
    "manager-round": (
        "alert-triangle",
        gettext_lazy("The next offer is a service manager’s to make or approve"),
    ),
    "report-written": ("file-text", gettext_lazy("A closing report waits to be read")),
    "manager-needed": (
        "alert-triangle",
        gettext_lazy("Only a second service manager may do this here: give somebody the role"),
    ),
    "reopened": ("refresh", gettext_lazy("Opened again: the member says that it is not solved")),
    "complex-asked": ("help-circle", gettext_lazy("Asked to be treated as complex")),
    "complex-approved": ("circle-check", gettext_lazy("Approved as complex")),
    "complex-refused": ("info-circle", gettext_lazy("Not approved as complex")),
    "rules-adopted": ("book-2", gettext_lazy("New rules: read and confirm them")),
    "member-wrote": ("message-circle", gettext_lazy("The member wrote")),
}
LISTS: Final = {
    "task": "desk_tasks",
    "offer": "desk_approvals",
    "report": "desk_reports",
    "rules": "desk_confirming",
    "role": "desk_roles",
}
"""Where a notice leads whose reader may not see the case behind it."""


@staff()
def today(request: SignedRequest) -> HttpResponse:
    """Show what the reader has to look at now; roles without cases see the way to the rules."""
    at = clock.now()
    actor = request.actor
    counts = queries.counters(actor=actor, at=at)
    works = actor.may_somewhere(WORKS_ON_CASES)
    context: dict[str, Any] = {"now": at, "follows": True, "notices": _notices(request, at), "works": works}
    if works:
        context |= {
            "clocks": items(queries.next_up(actor=actor, at=at, most=FEW), at, with_club=False),
            "contacts": items(queries.contacts_due(actor=actor, at=at, most=FEW), at, with_club=False),
            "silent": items(queries.silent_longest(actor=actor, at=at, most=FEW), at, with_club=False),
            "figures": queries.day_figures(actor=actor, since=_midnight(at)),
            "tabs": tabs(actor, counts),
        }
    return desk_page(request, "desk/today.html", context, counts=counts)


def _midnight(at: datetime) -> datetime:
    return localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _notices(request: SignedRequest, at: datetime) -> list[dict[str, Any]]:
    """Return the newest unread notices. One statement."""
    unread = StaffNotice.objects.visible_to(request.actor).filter(read_at__isnull=True).order_by("-at", "-pk")
    return [
        {
            "pk": notice.pk,
            "icon": NOTICE_WORDS.get(notice.code, ("bell", ""))[0],
            "words": NOTICE_WORDS.get(notice.code, ("", notice.code))[1],
            "number": notice.subject,
            "url": reverse(LISTS[notice.kind])
            if notice.kind in LISTS
            else reverse("desk_case", args=[notice.subject]),
            "at": moment(notice.at, at),
        }
        for notice in unread[:NOTICES]
    ]


@staff(methods=("POST",))
def read_notices(request: SignedRequest) -> HttpResponse:
    """Mark the notices that the page showed as read, and those before them."""
    at = clock.now()
    mine = StaffNotice.objects.visible_to(request.actor)
    form = ReadForm(request.POST, mine=mine)
    if form.is_valid():
        newest: StaffNotice = form.cleaned_data["until"]
        mine.filter(pk__lte=newest.pk, read_at__isnull=True).update(read_at=at)
    return redirect(way_back(request, reverse("desk_today")))
