"""Triggers that the tables of this room share."""

from __future__ import annotations

from typing import Final

import pgtrigger

from clubassist.core.models.journal import APPEND_ONLY

KEPT: Final = (pgtrigger.Protect(name="kept", operation=pgtrigger.Delete), APPEND_ONLY[1])
"""A row may change, but it stays."""


def summed(*columns: str) -> pgtrigger.Trigger:
    """Return a trigger by which `columns` change only as the sum of the rows below, never by an update of their own."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return pgtrigger.Protect(
        name="summed",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"pg_trigger_depth() = 0 AND ({changed})"),
    )
