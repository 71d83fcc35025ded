"""The rows that one action makes, of whatever models, written in one statement.

`keys` draws primary keys first, so that rows may point to each other; `write` inserts them all. PostgreSQL checks
references when the transaction commits, so their order does not matter. `columns` and `read` are for the few SELECTs
that every intake makes and that are not composed anew each time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)
Kind = tuple[type[Model], bool]
"""A model, and whether its rows bring their primary keys."""


def keys(*models: type[Model]) -> tuple[int, ...]:
    """Draw one new primary key for each of `models`, in their order. One statement; gaps stay after a rollback."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(map(next_key, models))}")
        return tuple(cursor.fetchone())


def next_key(model: type[Model]) -> str:
    """Return the SQL that draws a primary key for a row of `model`."""
    return f"nextval('{model._meta.db_table}_id_seq')"


def write(*rows: Model) -> None:
    """Insert rows, those of one model side by side. One statement.

    A row without its primary key gets one that is not read back. Raises IntegrityError as `save` does.
    """
    inserts, document = inserting(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"with {inserts} done as (select) select from done", [document])
    written(rows)


def inserting(rows: Iterable[Model]) -> tuple[str, str]:
    """Return the INSERTs of rows as parts of a WITH, a comma after each, and their one parameter: all rows as JSON."""
    kinds: list[Kind] = []
    document = []
    for kind, same in groupby(rows, _kind):
        columns = _columns(kind)
        document.append([{column: getattr(row, name) for column, name in columns} for row in same])
        kinds.append(kind)
    return _parts(tuple(kinds)), _JSON.encode(document)


def written(rows: Iterable[Model]) -> None:
    """Note on rows that the database has them."""
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def columns(model: type[Model]) -> str:
    """Return a model's columns for a hand-written SELECT, as `read` takes them."""
    table = model._meta.db_table
    return ", ".join(f"{table}.{field.column}" for field in model._meta.concrete_fields)


def read(model: type[M], values: Sequence[Any]) -> M:
    """Return the row whose `columns` a SELECT gave."""
    return model.from_db(connection.alias, _names(model), values)


@cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _kind(row: Model) -> Kind:
    return type(row), row.pk is not None


def _plain(value: object) -> str:
    """Return a value that JSON does not know as PostgreSQL reads it."""
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes():
            return f"\\x{value.hex()}"
    raise TypeError(f"{type(value).__name__} cannot be written as a row's value.")


_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


@lru_cache(maxsize=256)
def _columns(kind: Kind) -> list[tuple[str, str]]:
    """Return (column, attribute) of what is inserted for a kind of rows."""
    model, keyed = kind
    fields = [field for field in model._meta.concrete_fields if keyed or not field.primary_key]
    return [(field.column, field.attname) for field in fields if field.column and not field.generated]


@lru_cache(maxsize=256)
def _parts(kinds: tuple[Kind, ...]) -> str:
    name = connection.ops.quote_name
    parts = ["made as (select %s::jsonb as rows), "]
    for number, kind in enumerate(kinds):
        table = name(kind[0]._meta.db_table)
        columns = ", ".join(name(column) for column, _attribute in _columns(kind))
        source = f"made, jsonb_populate_recordset(null::{table}, made.rows -> {number})"
        insert = f"insert into {table} ({columns}) select {columns} from {source}"  # noqa: S608 - our own names
        parts.append(f"rows_{number} as ({insert}), ")
    return "".join(parts)
