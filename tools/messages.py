"""Brings the Chinese catalogue up to date with the words in the source: `python tools/messages.py [fragment.po …]`.

New English sentences are added without a translation (the suite then names them), those no longer used are dropped;
fragments given on the command line fill in what they translate.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "clubassist"
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}

Words = tuple[str | tuple[str, ...], str | None, str]


def sentences() -> Iterator[Words]:
    """Yield (message or its singular and plural, context, file) of everything a person reads from code or templates."""
    for file in sorted(SOURCE.rglob("*.py")):
        yield from _from(file, file.read_text())
    for file in sorted(SOURCE.rglob("*.html")):
        yield from _from(file, templatize(file.read_text(), origin=str(file)))


def _from(file: Path, text: str) -> Iterator[Words]:
    found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for _line, message, _comments, context in found:
        yield message, context, str(file.relative_to(SOURCE.parent))


def catalogue() -> Catalog:
    """Return the Chinese catalogue as it is."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def missing() -> list[str]:
    """Return every sentence without a Chinese translation, with its file."""
    known = catalogue()
    absent = []
    for message, context, file in sentences():
        row = known.get(message, context)
        if row is None or not all(row.string if isinstance(row.string, tuple | list) else [row.string]):
            absent.append(f"{file}: {message}")
    return absent


def main(fragments: list[str]) -> None:
    """Rewrite the catalogue from the source, keeping translations and taking new ones from the fragments."""
    old = [catalogue()]
    for name in fragments:
        with Path(name).open("rb") as file:
            old.insert(0, read_po(file, locale="zh_Hans"))
    fresh = Catalog(locale="zh_Hans", project="ClubAssist", charset="utf-8", fuzzy=False)
    for message, context, _file in sentences():
        rows = [book.get(message, context) for book in old]
        text = next((row.string for row in rows if row is not None and row.string), None)
        fresh.add(message, text, context=context)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, fresh, omit_header=False, sort_output=True, width=110)
    left = missing()
    sys.stdout.write(f"{len(fresh)} sentences, {len(left)} without a translation\n")
    sys.stdout.writelines(f"  {line}\n" for line in left)


if __name__ == "__main__":
    main(sys.argv[1:])
