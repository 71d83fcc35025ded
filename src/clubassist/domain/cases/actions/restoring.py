"""Values of a row as JSON keeps them, and back: what undoing needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model


def as_it_is(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """Return values of a row as JSON takes them, to the microsecond."""
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def restore(row: Model, values: dict[str, Any]) -> None:
    """Put such values back on a row; the caller saves it."""
    for name, value in values.items():
        setattr(row, name, _typed(name, value))


def _typed(name: str, value: Any) -> Any:
    if not name.endswith("_at") or value is None:
        return value
    return [*map(datetime.fromisoformat, value)] if isinstance(value, list) else datetime.fromisoformat(value)
