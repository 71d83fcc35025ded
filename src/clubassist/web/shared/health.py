"""Health: is the web up, does the database answer, are the rounds alive and content."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from clubassist.core.clock import database_now
from clubassist.core.models import Heartbeat
from clubassist.web.shared.middleware import RETRY_AFTER_SECONDS

LATER: Final = {"Retry-After": RETRY_AFTER_SECONDS}
SILENT_AFTER: Final = {
    "sweep": timedelta(seconds=60),
    "auditor": timedelta(minutes=3),
    "sealer": timedelta(minutes=5),
    "reaper": timedelta(minutes=3),
    "failures": timedelta(minutes=3),
    "backlog": timedelta(minutes=3),
    "answers": timedelta(hours=2),
    "months": timedelta(minutes=5),
    "access": timedelta(minutes=30),
    "files": timedelta(hours=3),
}


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say 200 when this process can reach the database, else 503."""
    try:
        database_now()
    except DatabaseError:
        return JsonResponse({"ready": False}, status=503, headers=LATER)
    return JsonResponse({"ready": True})


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say 200 when database and rounds are well; 503 with the names of what is silent or failing (B6)."""
    try:
        at = database_now()
        beats = {beat.name: beat for beat in Heartbeat.objects.all()}
    except DatabaseError:
        return JsonResponse({"healthy": False, "failing": ["database"]}, status=503, headers=LATER)
    failing = [
        name
        for name, silence in SILENT_AFTER.items()
        if (beat := beats.get(name)) is None or not beat.ok or beat.at < at - silence
    ]
    return JsonResponse({"healthy": not failing, "failing": failing}, status=503 if failing else 200)
