"""Packs from folders of TOML files, shipped or uploaded."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from clubassist.pure.policy.lines import masked
from clubassist.pure.policy.problems import ROWS, PackError, Problem
from clubassist.pure.policy.schema import Pack

SHIPPED = Path(__file__).parent / "packs"
MOST_DOTS = 100
"""In one line, outside its strings: the parser takes a time that grows with their square."""
MOST_BYTES = 1024 * 1024
"""Of one file; the largest that we ship has a tenth of it."""


def load_pack(path: Path) -> Pack:
    """The pack in this folder. Raises PackError with every problem found; nothing is half-loaded."""
    problems: list[Problem] = []
    known = {"pack.toml", *(rows.file for rows in ROWS.values())}
    files: dict[str, dict[str, Any]] = {"pack.toml": {}}
    for file in sorted(path.glob("*.toml")):
        if file.name not in known:
            mend = f"Remove it or rename it to one of {', '.join(sorted(known))}."
            problems.append(Problem(file.name, "file", "a pack has no such file", mend))
            continue
        try:
            files[file.name] = _tables(file)
        except PackError as error:
            problems += error.problems
    if not (path / "pack.toml").is_file():
        problems.append(Problem("pack.toml", "file", f"the folder {path.name} has none", "Add the file."))
    if problems:
        raise PackError(problems)
    return Pack.from_document(_document(files))


def read_pack(text: str) -> Pack:
    """The pack that one text holds, with the tables of all its files. Raises PackError with every problem found."""
    tables = _parsed(text, "pack.toml")
    rows = {field: tables.pop(row.table) for field, row in ROWS.items() if row.table in tables}
    return Pack.from_document(tables | rows)


def _tables(file: Path) -> dict[str, Any]:
    """What the file says. A byte order mark, which some editors write, is no part of it."""
    try:
        if file.stat().st_size > MOST_BYTES:
            message, mend = (
                f"it is larger than {MOST_BYTES // 1024} KiB",
                "Split the pack, or shorten its texts.",
            )
            raise PackError([Problem(file.name, "file", message, mend)])
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"it cannot be read: {error.strerror}"
        raise PackError([Problem(file.name, "file", message, "Make it a readable file.")]) from error
    except UnicodeDecodeError as error:
        raise PackError([_no_toml(file.name, error)]) from error
    return _parsed(text, file.name)


def _parsed(text: str, file: str) -> dict[str, Any]:
    """The tables of a text. Raises PackError in no time, however the text was spoilt."""
    mend = "Write it like the other packs: tables and lists of texts."
    deep = Problem(file, "file", "its values are nested too deep", mend)
    if any(line.count(".") > MOST_DOTS for line in masked(text).split("\n")):
        raise PackError([deep])
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise PackError([deep]) from None
    except ValueError as error:  # no TOML, or a number of thousands of digits
        raise PackError([_no_toml(file, error)]) from error


def _no_toml(file: str, error: ValueError) -> Problem:
    return Problem(file, "file", f"it is not TOML in UTF-8: {error}", "Correct that place.")


def _document(files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for field, rows in ROWS.items():
        if rows.table in files.get(rows.file, {}):
            document[field] = files[rows.file].pop(rows.table)
    strays = [
        Problem(file, key, f"the table “{key}” is unknown", "Remove it or correct its spelling.")
        for file, tables in files.items()
        for key in tables
        if file != "pack.toml"
    ]
    if strays:
        raise PackError(strays)
    return files["pack.toml"] | document


@cache
def shipped_pack(name: str) -> Pack:
    """One of the packs that come with the product. Raises PackError for an unknown name."""
    if name not in shipped_names():
        mend = f"Choose one of {', '.join(shipped_names())}."
        raise PackError([Problem("pack.toml", "name", f"no pack “{name}” is shipped", mend)])
    return load_pack(SHIPPED / name)


def shipped_names() -> tuple[str, ...]:
    """The names of the shipped packs, in alphabetical order."""
    return tuple(sorted(folder.name for folder in SHIPPED.iterdir() if folder.is_dir()))
