"""What a new version of a pack changes: which rows come, which go, and what becomes of the others, key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from clubassist.pure.policy.problems import ROWS
from clubassist.pure.policy.schema import Pack
from clubassist.pure.policy.terms import Duration, Row, Stricter, Text

PARTS = {"stages": "stage", "tasks": "task"}
"""The rows inside a row that are told as rows of their own; the row around them tells their order."""
EMPTY: Final[tuple[object, ...]] = (None, "", [], {})


class Fate(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class KeyChange(NamedTuple):
    """A key (`text.en`) with what it was and what it becomes, as it is written; empty where it is left out.

    `stricter` tells whether a number now asks more or less of the club, None where it has no such direction.
    """

    key: str
    was: str
    becomes: str
    stricter: bool | None


class RowChange(NamedTuple):
    """A row of a table (`deadline`, `stage`; the head of the pack is `pack`) that is not as it was."""

    fate: Fate
    table: str
    id: str
    title: Text
    keys: tuple[KeyChange, ...]


class _Shown(NamedTuple):
    """A row as it is compared: its title, and its keys as they are written."""

    table: str
    id: str
    title: Text
    row: Row
    keys: Mapping[str, str]


def changes(old: Pack | None, new: Pack) -> tuple[RowChange, ...]:
    """Every row that differs, in the order of the files; without an old version all rows are added."""
    before = {(one.table, one.id): one for one in (_shown(old) if old else ())}
    after = {(one.table, one.id): one for one in _shown(new)}
    found = [_change(before.get(key), after.get(key)) for key in dict.fromkeys([*after, *before])]
    order = ["pack", *(name for rows in ROWS.values() for name in _tables(rows.table))]
    return tuple(sorted((each for each in found if each), key=lambda change: order.index(change.table)))


def _tables(table: str) -> tuple[str, ...]:
    return (table, *PARTS.values()) if table == "playbook" else (table,)


def _change(old: _Shown | None, new: _Shown | None) -> RowChange | None:
    if old is None or new is None:
        one = new or old
        return (
            RowChange(Fate.ADDED if new else Fate.REMOVED, one.table, one.id, one.title, ()) if one else None
        )
    keys = tuple(
        KeyChange(key, old.keys.get(key, ""), new.keys.get(key, ""), _stricter(key, old.row, new.row))
        for key in dict.fromkeys([*new.keys, *old.keys])
        if old.keys.get(key) != new.keys.get(key)
    )
    return RowChange(Fate.CHANGED, new.table, new.id, new.title, keys) if keys else None


def _stricter(key: str, old: Row, new: Row) -> bool | None:
    """Whether the number of this key asks more of the club than before; None where there is nothing to compare."""
    info = type(new).model_fields.get(key)
    direction = next((mark for mark in info.metadata if isinstance(mark, Stricter)), None) if info else None
    was, becomes = getattr(old, key, None), getattr(new, key, None)
    if direction is None or was is None or becomes is None:
        return None
    was, becomes = (value.rank if isinstance(value, Duration) else value for value in (was, becomes))
    return bool(becomes < was if direction is Stricter.LOWER else becomes > was)


def _shown(pack: Pack) -> Iterator[_Shown]:
    head = {key: value for key, value in pack.document().items() if key not in ROWS}
    yield _Shown("pack", pack.name, pack.title, pack, dict(_leaves(head)))
    for field, rows in ROWS.items():
        for row in getattr(pack, field):
            yield from _rows_of(rows.table, str(getattr(row, rows.key)), row)


def _rows_of(table: str, id: str, row: Row) -> Iterator[_Shown]:
    document = row.model_dump(mode="json", by_alias=True)
    own = {key: value for key, value in document.items() if key not in PARTS.values()}
    own |= {field: [part.id for part in getattr(row, field)] for field in PARTS if hasattr(row, field)}
    title = getattr(row, "title", None) or Text(zh=id, en=id)
    yield _Shown(table, id, title, row, dict(_leaves(own)))
    for field, part in PARTS.items():
        for inner in getattr(row, field, ()):
            yield from _rows_of(part, f"{id}/{inner.id}", inner)


def _leaves(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The keys of a row with their values as a person writes them; what is empty is left out."""
    for key, value in document.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        elif value not in EMPTY:
            yield f"{prefix}{key}", _written(value)


def _written(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(
                " ".join(map(_written, each)) if isinstance(each, list) else _written(each) for each in value
            )
        case Mapping():
            return " ".join(f"{key} = {_written(each)}" for key, each in value.items() if each not in EMPTY)
        case float():
            return f"{value:g}"
        case _:
            return str(value)
