"""Packs from folders of TOML files, shipped or uploaded."""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from clubassist.pure.policy.problems import ROWS, PackError, Problem
from clubassist.pure.policy.schema import Pack

SHIPPED = Path(__file__).parent / "packs"
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


def _tables(file: Path) -> dict[str, Any]:
    """What the file says. A byte order mark, which some editors write, is no part of it."""
    try:
        if file.stat().st_size > MOST_BYTES:
            message, mend = (
                f"it is larger than {MOST_BYTES // 1024} KiB",
                "Split the pack, or shorten its texts.",
            )
            raise PackError([Problem(file.name, "file", message, mend)])
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except RecursionError:
        message, mend = (
            "its values are nested too deep",
            "Write it like the other packs: tables and lists of texts.",
        )
        raise PackError([Problem(file.name, "file", message, mend)]) from None
    except OSError as error:
        message = f"it cannot be read: {error.strerror}"
        raise PackError([Problem(file.name, "file", message, "Make it a readable file.")]) from error
    except ValueError as error:  # not TOML, not UTF-8, or a number of thousands of digits
        message = f"it is not TOML in UTF-8: {error}"
        raise PackError([Problem(file.name, "file", message, "Correct that place.")]) from error


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


def pack_hash(pack: Pack) -> str:
    """SHA-256 (hex) of the pack's document; equal packs have equal hashes, whatever their files look like."""
    canonical = json.dumps(pack.document(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
