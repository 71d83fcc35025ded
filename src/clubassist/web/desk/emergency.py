"""The red button: one tap opens an emergency and alarms everybody on shift; the words follow on the case (B18)."""

from __future__ import annotations

from datetime import datetime

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


@staff(EMERGENCY_START, methods=("GET", "POST"))
def emergency(request: SignedRequest) -> HttpResponse:
    """Open an emergency at the club that was tapped, once for each form; ask which club when none was."""
    at = clock.now()
    clubs = list(Club.objects.where(request.actor, EMERGENCY_START).order_by("pk"))
    club = next((one for one in clubs if one.code == request.POST.get("club")), None)
    if club is None:
        context = {
            "clubs": [(one.code, one.name if chinese() else one.name_en) for one in clubs],
            "unclear": request.method == "POST",
        }
        status = 422 if request.method == "POST" else 200
        return desk_page(request, "desk/emergency.html", context, status=status)
    pk = once(request, lambda: _opened(request, club, at), form=request.actor.key, at=at)
    number = Case.objects.values_list("number", flat=True).get(pk=pk)
    messages.success(request, _("Emergency %s: everybody on shift is being told.") % number)
    return redirect("desk_case", number) if in_sight(request, number) else redirect("desk_today")


def _opened(request: SignedRequest, club: Club, at: datetime) -> int:
    """Open a case of the club's first kind of emergency; whoever knows more files it anew."""
    kinds = policy_in_force(club, at=at).policy.kinds
    kind = next((kind.code for kind in kinds if is_emergency(kind)), "")
    report = Report(kind=kind, narrative="", channel="desk")
    return open_case(report=report, club=club, actor=request.actor, at=at).case.pk
