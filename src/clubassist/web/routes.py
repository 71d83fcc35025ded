"""Every address the product answers, with its methods and who may enter; the role matrix tests each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from clubassist.web.shared.doors import Door


class Route(NamedTuple):
    """One method on one path; `permission` as in `Door`, for the API a scope ("a|b": one of them) or "token"."""

    method: str
    path: str
    permission: str


OTHERS = {
    "healthz": (Door("public", ("GET",)),),
    "readyz": (Door("public", ("GET",)),),
}


def all_routes() -> list[Route]:
    """Return all routes, sorted by path and method. Raises LookupError for a view without a door."""
    return sorted(_walk(get_resolver().url_patterns, ""), key=lambda route: (route.path, route.method))


def _walk(patterns: list[Any], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield from _routes_of(pattern, "/" + re.sub(r"[\^$]", "", path))


def _routes_of(pattern: URLPattern, path: str) -> Iterator[Route]:
    doors: tuple[Door, ...] | None = getattr(pattern.callback, "doors", OTHERS.get(pattern.name or ""))
    if doors is None:
        raise LookupError(f"{path} has no door: decorate its view with staff(), member() or public().")
    for door in doors:
        for method in door.methods:
            yield Route(method, path, door.permission)
