"""Where in a pack's text a problem stands, for whoever has to mend it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clubassist.pure.policy.problems import ROWS, Problem

Path = tuple[str | int, ...]
"""The way to a table of the document: `("clause", 3, "states", 0)`, a key of it at the end."""

_AT_LINE = re.compile(r"\(at line (\d+)")
# Strings and comments may hold anything that looks like a table or a key. One that nobody closes goes on to the end, so
# that every place is read once.
_OPAQUE = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)'
    r"|'''.*?(?:'''|\Z)"
    r'|"(?:\\.|[^"\\\n])*"?'
    r"|'[^'\n]*'?|#[^\n]*",
    re.DOTALL,
)
_HEADER = re.compile(r"\s*\[(\[?)\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w-]+)\s*[=.]")


def lines_of(text: str, problems: Iterable[Problem]) -> list[int | None]:
    """For each problem of this text the line, from 1, where it stands or its row begins; None where nothing tells."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        document = {}
    lines = _lines(text)
    return [_line(document, lines, problem) for problem in problems]


def _line(document: Mapping[str, Any], lines: Mapping[Path, int], problem: Problem) -> int | None:
    said = _AT_LINE.search(problem.message)
    if said:
        return int(said[1])
    path = max(_places(document, problem), key=len, default=())
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), None)


def _places(document: Mapping[str, Any], problem: Problem) -> Iterator[Path]:
    """The places that a problem's file and key may mean."""
    if problem.file == "pack.toml":
        yield from _inside(document, (), problem.key)
    for rows in ROWS.values():
        if rows.file == problem.file:
            yield from _among(document.get(rows.table), (rows.table,), problem.key)


def _among(rows: Any, path: Path, key: str) -> Iterator[Path]:
    """The places of a key that begins with the name of one of these rows."""
    for place, row in enumerate(rows if isinstance(rows, list) else ()):
        for name in _names(row, place):
            if key == name or key.startswith(f"{name}."):
                yield from _inside(row, (*path, place), key[len(name) + 1 :])


def _inside(row: Any, path: Path, key: str) -> Iterator[Path]:
    """The place of a row, and those of the rest of a key in it."""
    if path:
        yield path
    name = key.partition(".")[0]
    if isinstance(row, Mapping) and name in row:
        yield (*path, name)
        yield from _among(row[name], (*path, name), key[len(name) + 1 :])


def _names(row: Any, place: int) -> Iterator[str]:
    """What a row may be called in a key."""
    yield f"#{place + 1}"
    if isinstance(row, Mapping):
        yield from (str(row[name]) for name in ("id", "code", "event", "role") if name in row)
        if isinstance(row.get("kinds"), list):
            yield f"{row.get('event')} {' '.join(map(str, row['kinds']))}"


def masked(text: str) -> str:
    """The text with blanks for its strings and comments; every line keeps its number."""
    return _OPAQUE.sub(lambda opaque: re.sub(r"[^\n]", " ", opaque[0]), text)


def _lines(text: str) -> dict[Path, int]:
    """The line on which each table opens and each key is set."""
    found: dict[Path, int] = {}
    table: Path = ()
    counts: Counter[Path] = Counter()
    for number, line in enumerate(masked(text).split("\n"), 1):
        if header := _HEADER.match(line):
            *outer, last = header[2].split(".")
            table = ()
            for name in outer:
                table = _newest((*table, name), counts)
            table = (*table, last)
            if header[1]:
                counts[table] += 1
                table = _newest(table, counts)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1]), number)
    return found


def _newest(table: Path, counts: Counter[Path]) -> Path:
    """The last row so far of an array of tables; a plain table is itself."""
    return (*table, counts[table] - 1) if counts[table] else table
