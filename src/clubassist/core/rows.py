"""The rows that one action makes, of whatever models, written in one statement.

`keys` draws primary keys first, so that rows may point to each other; `write` inserts them all. PostgreSQL checks
references when the transaction commits, so their order does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Field, Model

Shape = tuple[tuple[type[Model], bool], ...]
"""The model of each row, and whether the row brings its primary key."""


def keys(*models: type[Model]) -> tuple[int, ...]:
    """Draw one new primary key for each of `models`, in their order. One statement; gaps stay after a rollback."""
    drawn = ", ".join(["nextval(%s)"] * len(models))
    with connection.cursor() as cursor:
        cursor.execute(f"select {drawn}", [f"{model._meta.db_table}_id_seq" for model in models])  # noqa: S608 - marks
        return tuple(cursor.fetchone())


def write(*rows: Model) -> None:
    """Insert rows, those of one model side by side. One statement.

    A row without its primary key gets one that is not read back. Raises IntegrityError as `save` does.
    """
    shape: Shape = tuple((type(row), row.pk is not None) for row in rows)
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for row, (model, keyed) in zip(rows, shape, strict=True)
        for field in _fields(model, keyed)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(shape), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=256)
def _fields(model: type[Model], keyed: bool) -> Sequence[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if keyed or not field.primary_key]


@lru_cache(maxsize=256)
def _statement(shape: Shape) -> str:
    """Return the INSERTs of a shape as one statement: all but the last one in a WITH."""
    name = connection.ops.quote_name
    inserts = []
    for (model, keyed), same in groupby(shape):
        fields = _fields(model, keyed)
        columns = ", ".join(name(field.column) for field in fields)
        row = f"({', '.join(map(_mark, fields))})"
        many = ", ".join(row for _ in same)
        inserts.append(f"insert into {name(model._meta.db_table)} ({columns}) values {many}")
    *before, last = inserts
    parts = ", ".join(f"part_{number} as ({insert})" for number, insert in enumerate(before))
    return f"with {parts} {last}" if parts else last


def _mark(field: Field[Any, Any]) -> str:
    """Return the field's placeholder; arrays need their type told."""
    told = getattr(field, "get_placeholder", None)
    return told(None, None, connection) if told else "%s"
