"""Numbers that people read: `GD-1187`, one PostgreSQL sequence per prefix, gaps allowed."""

from __future__ import annotations

import re

from django.db import connection

FIRST = 1001
_PREFIX = re.compile(r"[A-Z]{1,3}")


def next_number(prefix: str) -> str:
    """Take the next number of `prefix` ("GD" gives "GD-1187"). One statement; never rolls back.

    Raises ValueError for a prefix that is not one to three capital letters, which a pack's check refuses first.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"A number's prefix is one to three capital letters, not {prefix!r}.")
    with connection.cursor() as cursor:
        cursor.execute("select core_next_number(%s)", [prefix])
        (value,) = cursor.fetchone()
    return f"{prefix}-{value}"
