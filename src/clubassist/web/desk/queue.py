"""The queue: open cases by their nearest clock, emergencies first, in six views, for one club or all."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.domain.cases import queries
from clubassist.domain.cases.queries import Position
from clubassist.domain.club.models import Club
from clubassist.web.desk.page import WORKS_ON_CASES, capped, chinese, desk_page
from clubassist.web.desk.rows import grouped
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest

VIEW_TITLES: Final = {
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Unassigned"),
    "club": gettext_lazy("All"),
    "awaiting": gettext_lazy("Awaiting us"),
    "complex": gettext_lazy("Complex"),
    "silent": gettext_lazy("Silent for 48 h"),
}
LARGEST_KEY: Final = 2**63 - 1


class Tab(NamedTuple):
    """One view of the queue, with its count."""

    view: str
    title: str
    held: str
    url: str


def tabs(actor: Actor, counts: dict[str, int], club: str = "") -> list[Tab]:
    """Return the views that the actor's role knows: those who see only their own cases have no other."""
    views = VIEW_TITLES if actor.may_somewhere("case.read") else {"club": VIEW_TITLES["mine"]}
    return [
        Tab(view, str(title), capped(counts[view]) or "0", queue_url(view=view, club=club))
        for view, title in views.items()
    ]


def queue_url(**query: str) -> str:
    """Return the queue's address with what is given of `view`, `club` and `after`."""
    given = {name: value for name, value in query.items() if value}
    return f"{reverse('desk_queue')}?{urlencode(given)}" if given else reverse("desk_queue")


@staff(WORKS_ON_CASES)
def queue(request: SignedRequest) -> HttpResponse:
    """Show a page of the queue."""
    at = clock.now()
    actor = request.actor
    clubs = list(Club.objects.where(actor, "case.read").order_by("pk"))
    club = next((one for one in clubs if one.code == request.GET.get("club")), None)
    view = request.GET.get("view", "")
    view = view if view in VIEW_TITLES else "club"
    after = _position(request.GET.get("after", ""))
    rows, more = queries.queue_page(view, actor=actor, at=at, club=club, after=after)
    counts = queries.counters(actor=actor, at=at, club=club)
    code = club.code if club else ""
    context: dict[str, Any] = {
        "now": at,
        "follows": True,
        "groups": grouped(rows, at, with_club=len(clubs) > 1 and club is None),
        "whole": after is None and more is None,
        "tabs": tabs(actor, counts, code),
        "view": view,
        "clubs": [(one.code, one.name if chinese() else one.name_en) for one in clubs]
        if len(clubs) > 1
        else [],
        "club": code,
        "more_url": queue_url(view=view, club=code, after=_written(more)) if more else "",
        "first_url": queue_url(view=view, club=code) if after else "",
    }
    return desk_page(request, "desk/queue.html", context, counts=counts)


def _written(position: Position) -> str:
    rank, due, pk = position
    return f"{rank},{due.isoformat()},{pk}"


def _position(text: str) -> Position | None:
    """Return the place in the queue that `after` names; None, the beginning, when it names none."""
    try:
        rank, due, pk = text.split(",")
        position = int(rank), datetime.fromisoformat(due), int(pk)
    except ValueError:
        return None
    stands = position[1].tzinfo is not None and position[0] in (0, 1) and 0 <= position[2] <= LARGEST_KEY
    return position if stands else None
