"""The frame of every desk page: rail, scope, bell, own menu; and the way back to where somebody came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.domain.cases.queries import COUNT_TO, counters
from clubassist.domain.people.models import Grant
from clubassist.domain.people.roles import DEPARTMENT_TASKS, EMERGENCY_START
from clubassist.pure.policy import Text
from clubassist.web.shared.once import new_key
from clubassist.web.shared.visitor import SignedRequest

WORKS_ON_CASES: Final = "case.note"
"""The right that every role has which sees any case at all, be it all of a club or only its own."""

THEMES: Final = ("light", "dark", "auto")
ROLES: Final = {
    "agent": gettext_lazy("Front desk"),
    "service_manager": gettext_lazy("Service manager"),
    "coach": gettext_lazy("Coach"),
    "technician": gettext_lazy("Technician"),
    "finance": gettext_lazy("Finance"),
    "training": gettext_lazy("Training"),
    "it_security": gettext_lazy("IT security"),
    "management": gettext_lazy("Management"),
    "auditor": gettext_lazy("Auditor"),
}
FOLLOW_UP: Final = "follow-up"
"""The section that is no page of its own: it opens the first of its lists."""
# Name of the address, icon, words, letter after G, the right it takes.
SECTIONS: Final = (
    ("desk_today", "layout-dashboard", gettext_lazy("Today"), "t", ""),
    ("desk_queue", "inbox", gettext_lazy("Cases"), "c", WORKS_ON_CASES),
    (FOLLOW_UP, "checklist", gettext_lazy("Follow-up"), "f", ""),
    ("desk_members", "users", gettext_lazy("Members"), "m", "member.find"),
    ("desk_rules", "book-2", gettext_lazy("Rules"), "r", "rules.read"),
    ("desk_access", "eye", gettext_lazy("Access"), "a", "access.read"),
)
# What lies behind "Follow-up": name of the address, words, the right it takes.
WORKLISTS: Final = (
    ("desk_calls", gettext_lazy("Calls to make"), "case.reply"),
    ("desk_tasks", gettext_lazy("Department tasks"), DEPARTMENT_TASKS),
    ("desk_reports", gettext_lazy("Reports to read"), "report.read"),
    ("desk_approvals", gettext_lazy("Offers to approve"), "offer.approve"),
    ("desk_unstarted", gettext_lazy("Agreed, not started"), "offer.make"),
)


def chinese() -> bool:
    """Tell whether this request reads Chinese."""
    return (get_language() or "zh").startswith("zh")


def said(text: Text) -> str:
    """Return a pack's text in the reader's language."""
    return text.zh if chinese() else text.en


def capped(count: int) -> str:
    """Return a counter as shown: "" for nothing, "99+" from COUNT_TO on."""
    return f"{COUNT_TO - 1}+" if count >= COUNT_TO else str(count or "")


def desk_page(
    request: SignedRequest,
    template: str,
    context: dict[str, Any],
    *,
    counts: dict[str, int] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a desk template inside its frame. `counts` spares the counters' statement when the view has them.

    Two statements at most: the actor's grants, and the counters.
    """
    actor = request.actor
    if counts is None:
        counts = counters(actor=actor, at=clock.now())
    here = request.resolver_match.url_name if request.resolver_match else ""
    frame = {
        "theme": theme_of(request),
        "nav": _rail(actor, counts, context.pop("section", here)),
        "bell": {"url": f"{reverse('desk_today')}#notices", "count": capped(counts["notices"])},
        "theme_url": reverse("desk_theme"),
        "logout_url": reverse("account_logout"),
        "call_url": reverse("desk_new") if actor.may_somewhere("case.open") else "",
        "search_url": reverse("desk_search") if actor.may_somewhere(WORKS_ON_CASES) else "",
        "other_language": _other_language(request),
        "here": _here(request),
        "live_url": live_url(clock.now(), counts["notices"], follows=context.get("follows", False))
        if request.method == "GET"
        else "",
        "quiet": bool(request.headers.get("HX-Request")),
        **_me(actor),
    }
    return render(request, template, frame | context, status=status)


def live_url(at: datetime, notices: int, *, follows: bool) -> str:
    """Return where the page asks whether it is out of date (F51).

    Every page `notices` what the reader is told of; one that `follows` shows cases, and asks for all that happened.
    """
    asked = {"since": at.isoformat()} if follows else {}
    return f"{reverse('desk_live')}?{urlencode(asked | {'notices': str(notices)})}"


def _here(request: SignedRequest) -> str:
    """Return this page's address without the choice of a language, which is remembered already."""
    query = request.GET.copy()
    query.pop("lang", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def worklists(actor: Actor) -> list[tuple[str, str]]:
    """Return name and words of the lists behind "Follow-up" that the actor may open."""
    return [(name, str(words)) for name, words, right in WORKLISTS if actor.may_somewhere(right)]


def _rail(actor: Actor, counts: dict[str, int], section: str) -> list[dict[str, Any]]:
    return [
        {
            "url": reverse(worklists(actor)[0][0] if name == FOLLOW_UP else name),
            "icon": icon,
            "label": label,
            "key": key,
            "current": name == section,
            "count": capped(counts["mine"]) if name == "desk_queue" else "",
        }
        for name, icon, label, key, right in SECTIONS
        if (worklists(actor) if name == FOLLOW_UP else not right or actor.may_somewhere(right))
    ]


def _me(actor: Actor) -> dict[str, Any]:
    """Return `me`, `scope` and `alarm`: a colleague's roles, their clubs, and the button that calls everybody there.

    The button is a form where there is one club, and leads to the choice where there are more.
    """
    running = Grant.objects.visible_to(actor).running().filter(account=actor.account)
    grants = list(running.values_list("role", "club__code", "club__name", "club__name_en"))
    roles = dict.fromkeys(str(ROLES[role]) for role, *_club in grants)
    clubs = {code: name if chinese() else name_en for _role, code, name, name_en in grants}
    everywhere = None in clubs
    alarm = {
        "url": reverse("desk_emergency"),
        "club": next(iter(clubs)) if len(clubs) == 1 and not everywhere else "",
        "once": new_key(),
    }
    scope = _("All clubs") if everywhere else _(", ").join(clubs.values())
    me = {"name": actor.name, "line": _(", ").join(roles), "url": reverse("mfa_index")}
    may_call = actor.may_somewhere(EMERGENCY_START)
    return {"me": me, "scope": {"club": scope}, "alarm": alarm if may_call else None}


def _other_language(request: SignedRequest) -> str:
    """Return this page's address in the other language; after a POST there is none."""
    if request.method != "GET":
        return ""
    query = request.GET.copy()
    query["lang"] = "en" if chinese() else "zh"
    return f"?{query.urlencode()}"


def theme_of(request: SignedRequest) -> str:
    """Return the theme that the reader chose, "auto" when none."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else "auto"


def way_back(request: SignedRequest, otherwise: str) -> str:
    """Return the page of ours named in the form's `next`, else `otherwise`."""
    wanted = request.POST.get("next", "")
    here = {request.get_host()}
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=here, require_https=request.is_secure())
    return wanted if ours else otherwise
