"""What keeps an open page current: it asks every few seconds whether anything happened, and then reads itself (F51)."""

from __future__ import annotations

from datetime import datetime

from csp.decorators import csp_exempt
from django.http import HttpResponse

from clubassist.core.journal import happened
from clubassist.domain.cases.queries import COUNT_TO
from clubassist.domain.channels.models import StaffNotice
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest


@csp_exempt()
@staff()
def live(request: SignedRequest) -> HttpResponse:
    """Say 204 to a page that is up to date, else make it read itself. Two statements of its own.

    `notices` is how many unread ones it shows; only one that shows cases says `since` when.
    """
    unread = StaffNotice.objects.visible_to(request.actor).filter(read_at__isnull=True)[:COUNT_TO].count()
    since = _moment(request.GET.get("since", ""))
    if str(unread) == request.GET.get("notices") and not (since and happened(since, actor=request.actor)):
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Trigger": "sa:news"})


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
