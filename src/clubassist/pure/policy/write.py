"""A pack as one text in TOML, in the order and layout in which people write packs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from clubassist.pure.policy.problems import ROWS
from clubassist.pure.policy.schema import Pack

BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def pack_text(pack: Pack) -> str:
    """All tables of the pack in one text, which `read_pack` reads back unchanged; what is left out has its default."""
    document = pack.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    document["effective_from"] = pack.effective_from
    head = {key: value for key, value in document.items() if key not in ROWS}
    lines = [f"{key} = {_value(value)}" for key, value in head.items()]
    for field, rows in ROWS.items():
        for row in document.get(field, ()):
            lines += ["", *_table(rows.table, row)]
    return "\n".join(lines) + "\n"


def _table(name: str, row: Mapping[str, Any]) -> Iterator[str]:
    """A row with its keys first and, under them, the rows inside it."""
    inner = {key: value for key, value in row.items() if _rows(value)}
    yield f"[[{name}]]"
    for key, value in row.items():
        if key not in inner:
            yield f"{_key(key)} = {_value(value)}"
    for key, rows in inner.items():
        for one in rows:
            yield from _table(f"{name}.{_key(key)}", one)


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _value(value: Any) -> str:
    match value:
        case str():
            # JSON escapes what TOML does, but for one control character.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case bool() | int() | float():
            return json.dumps(value)
        case Mapping():
            return "{" + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case _:
            return str(value)


def _key(key: str) -> str:
    return key if key and BARE.issuperset(key) else _value(key)
