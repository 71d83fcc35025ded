"""What every page may show about its reader."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clubassist.core import clock


def visitor(request: HttpRequest) -> dict[str, Any]:
    """Return the actor, the moment of the page and its language's short code."""
    return {
        "actor": getattr(request, "actor", None),
        "now": clock.now(),
        "lang": "zh" if str(getattr(request, "LANGUAGE_CODE", "zh")).startswith("zh") else "en",
    }
