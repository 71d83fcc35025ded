"""The access log: who looked at, revealed or was refused what (F25)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clubassist.core import clock
from clubassist.core.actor import Actor, Everywhere
from clubassist.core.models import Access
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.web.desk.page import chinese, desk_page
from clubassist.web.shared.doors import staff
from clubassist.web.shared.templatetags.sa import moment
from clubassist.web.shared.visitor import SignedRequest

PAGE: Final = 50
FEW: Final = 10
DEEDS: Final = {
    "read": ("eye", "", gettext_lazy("Read")),
    "reveal": ("lock-open", "warn", gettext_lazy("Saw in full")),
    "export": ("download", "warn", gettext_lazy("Exported")),
    "denied": ("lock", "breach", gettext_lazy("Refused")),
}
KINDS: Final = {
    "contact": gettext_lazy("Contact"),
    "page": gettext_lazy("Page"),
    "api": gettext_lazy("API"),
    "case": gettext_lazy("Case"),
    "file": gettext_lazy("File"),
}
MEMBERS: Final = {"member": gettext_lazy("A member"), "guest": gettext_lazy("A guest")}


@staff("access.read")
def access_log(request: SignedRequest) -> HttpResponse:
    """Show the access log, newest first: of the reader's clubs, or all of it for those who may read everywhere."""
    at = clock.now()
    before = request.GET.get("before", "")
    rows = _readable(request.actor).order_by("-pk")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    context = {
        "now": at,
        "rows": _in_words(found[:PAGE], at),
        "may_roles": request.actor.may_somewhere("people.read"),
        "earlier": f"{reverse('desk_access')}?before={more}" if more else "",
    }
    return desk_page(request, "desk/access_log.html", context)


def looks_at(
    contacts: Iterable[UUID], *, actor: Actor, club: int, at: datetime
) -> list[dict[str, Any]] | None:
    """Return the latest looks at these contacts; None for those who may not read the log. Up to three statements."""
    if not actor.may("access.read", club):
        return None
    rows = _readable(actor).filter(kind="contact", subject__in=[str(pk) for pk in contacts])
    return _in_words(list(rows.order_by("-at", "-pk")[:FEW]), at)


def _readable(actor: Actor) -> QuerySet[Access]:
    scopes = actor.scopes("access.read")
    return Access.objects.all() if isinstance(scopes, Everywhere) else Access.objects.filter(scope__in=scopes)


def _in_words(rows: list[Access], at: datetime) -> list[dict[str, Any]]:
    """Return rows as shown, with names of colleagues and clubs. Two statements."""
    keys = [row.actor.partition(":") for row in rows]
    staff_ids = {int(key) for kind, _colon, key in keys if kind == "staff" and key}
    names = dict(Account.objects.filter(pk__in=staff_ids).values_list("pk", "name"))
    clubs = Club.objects.in_bulk({row.scope for row in rows if row.scope is not None})
    shown = []
    for row in rows:
        kind, _colon, key = row.actor.partition(":")
        icon, tone, deed = DEEDS.get(row.deed, ("eye", "", row.deed))
        club = clubs.get(row.scope or 0)
        shown.append(
            {
                "at": moment(row.at, at),
                "who": names.get(int(key), key)
                if kind == "staff" and key
                else MEMBERS.get(kind, _("The system")),
                "icon": icon,
                "tone": tone,
                "deed": deed,
                "what": KINDS.get(row.kind, row.kind),
                "subject": row.subject if row.kind in ("page", "api", "case") else row.subject[:8],
                "club": (club.name if chinese() else club.name_en) if club else "",
                "reason": row.reason,
            }
        )
    return shown
