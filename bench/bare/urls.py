"""Two views."""

from __future__ import annotations

import json

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from bench.bare.models import Case, Row

KINDS = ("first_response", "solution", "entry", "outbox")


@csrf_exempt
def intake(request: HttpRequest) -> HttpResponse:
    """Write the five rows of an intake in one commit: no account, no check, no rules."""
    body = json.loads(request.body)
    now = timezone.now()  # noqa: TID251 - this app has no other clock
    with transaction.atomic():
        case = Case.objects.create(
            title=body["narrative"][:40], narrative=body["narrative"], received_at=now, due_at=now
        )
        Row.objects.bulk_create(Row(case=case, kind=kind, at=now, data={"by": "api"}) for kind in KINDS)
    return JsonResponse({"id": case.pk}, status=201)


def queue(request: HttpRequest) -> HttpResponse:
    """Show fifty open cases to whoever is signed in."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    after = int(request.GET.get("after", 0))
    rows = list(Case.objects.filter(club=1, state=0, pk__gt=after).order_by("pk")[:50])
    return render(request, "bare_queue.html", {"rows": rows, "last": rows[-1].pk if rows else 0})


def ping(request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse("ok")


urlpatterns = [path("intake", intake), path("queue", queue), path("ping", ping)]
