"""Numbers that people read: `GD-1187`, one PostgreSQL sequence per prefix, gaps allowed."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.db.models import Model

from clubassist.core import rows

FIRST = 1001
_PREFIX = re.compile(r"[A-Z]{1,3}")


def next_number(prefix: str, *models: type[Model]) -> tuple[Any, ...]:
    """Take the next number of `prefix` ("GD" gives "GD-1187"), and behind it a primary key for each of `models`.

    One statement; never rolls back. Raises ValueError for a prefix that is not one to three capital letters, which a
    pack's check refuses first.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"A number's prefix is one to three capital letters, not {prefix!r}.")
    drawn = ["core_next_number(%s)", *map(rows.next_key, models)]
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(drawn)}", [prefix])
        value, *keys = cursor.fetchone()
    return (f"{prefix}-{value}", *keys)
