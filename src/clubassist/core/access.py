"""Reads worth knowing: one row for each reveal, export, sensitive read and refused try (F25)."""

from __future__ import annotations

from datetime import datetime

from clubassist.core.actor import Actor
from clubassist.core.models import Access


def looked(
    deed: str,
    subject: tuple[str, str],
    *,
    actor: Actor,
    at: datetime,
    scope: int | None = None,
    reason: str = "",
) -> None:
    """Log that `actor` did `deed` ("read", "reveal", "export" or "denied") on (kind, id)."""
    kind, identity = subject
    Access.objects.create(
        at=at, actor=actor.key, deed=deed, kind=kind, subject=identity, scope=scope, reason=reason[:200]
    )
