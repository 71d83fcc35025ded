"""The red button: one tap opens an emergency and alarms everybody on shift; the words follow on the case (B18)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.domain.cases.actions import Report, open_case
from clubassist.domain.cases.models import Case
from clubassist.domain.cases.rules import is_emergency
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import policy_in_force
from clubassist.domain.people.roles import EMERGENCY_START
from clubassist.web.desk.case_page import in_sight
from clubassist.web.desk.page import chinese, desk_page
from clubassist.web.shared.doors import staff
from clubassist.web.shared.once import once
from clubassist.web.shared.visitor import SignedRequest

MOST_BUTTONS: Final = 20
"""How many clubs have a button; of more one looks for the right one."""
TWIN: Final = timedelta(minutes=1)
"""How long a second tap on one page is the first one's twin; later it is another emergency."""


@staff(EMERGENCY_START, methods=("GET", "POST"))
def emergency(request: SignedRequest) -> HttpResponse:
    """Open an emergency at the club that was tapped, once for a double tap; ask which club when none was."""
    at = clock.now()
    clubs = list(Club.objects.where(request.actor, EMERGENCY_START).order_by("pk"))
    club = next((one for one in clubs if one.code == request.POST.get("club")), None)
    if club is None:
        query = request.GET.get("q", "").strip()
        found = [one for one in clubs if query.casefold() in f"{one.name} {one.name_en}".casefold()]
        context = {
            "clubs": [(one.code, one.name if chinese() else one.name_en) for one in found[:MOST_BUTTONS]],
            "more": max(len(found) - MOST_BUTTONS, 0),
            "many": len(clubs) > MOST_BUTTONS,
            "query": query,
            "unclear": request.method == "POST",
        }
        status = 422 if request.method == "POST" else 200
        return desk_page(request, "desk/emergency.html", context, status=status)
    number = _alarmed(request, club, at)
    messages.success(request, _("Emergency %s: everybody on shift is being told.") % number)
    return redirect("desk_case", number) if in_sight(request, number) else redirect("desk_today")


def _alarmed(request: SignedRequest, club: Club, at: datetime) -> str:
    """Open an emergency unless this very tap did so within the last minute, as a double tap; return its number."""
    form = f"{request.actor.key} {club.pk}"
    while True:
        pk = once(request, lambda: _opened(request, club, at), form=form, at=at)
        number, received_at = Case.objects.values_list("number", "received_at").get(pk=pk)
        if at - received_at < TWIN:
            return number
        form = f"{request.actor.key} after {pk}"


def _opened(request: SignedRequest, club: Club, at: datetime) -> int:
    """Open a case of the club's first kind of emergency; whoever knows more files it anew."""
    kinds = policy_in_force(club, at=at).policy.kinds
    kind = next((kind.code for kind in kinds if is_emergency(kind)), "")
    report = Report(kind=kind, narrative="", channel="desk")
    return open_case(report=report, club=club, actor=request.actor, at=at).case.pk
