"""Every screen, at every width, in both languages and looks: nothing overlaps, nothing is cut, axe finds nothing.

The everyday run measures each screen at all widths in both languages, each time in another look, and takes axe to it
at a width that changes from screen to screen; `full` runs every combination.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import HEIGHTS, LANGUAGES, Window
from tests.journeys.screens import FACES, WIDTHS, Screen
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]

HERE: Final = Path(__file__).resolve().parent
BOX: Final = (HERE / "box.js").read_text()
AXE: Final = (HERE / "vendor" / "axe.min.js").read_text()
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN_AXE: Final = """async (tags) => {
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false, elementRef: false,
  });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.html}`));
}"""
WALKS: Final = [
    (name, lang, look)
    for name, face in FACES.items()
    for lang, look in itertools.product(LANGUAGES, face.looks)
]


def faults(page: Page, *, axe_at: tuple[int, ...]) -> list[str]:
    """Return what the box test finds at each width, and axe at those in `axe_at`."""
    found: list[str] = []
    page.evaluate(AXE)  # not as a script tag: the content security policy rightly refuses one
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        sentences: list[str] = page.evaluate(BOX)
        if width in axe_at:
            # On a screen as tall as the page no bar lies half over a target: where one scrolls to is not its size.
            tall: int = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(tall, HEIGHTS[width])})
            sentences += page.evaluate(RUN_AXE, list(TAGS))
        found += [f"{width}: {sentence}" for sentence in sentences]
    return found


def walk(page: Page, site: Site, turns: Sequence[tuple[Screen, tuple[int, ...]]]) -> dict[str, list[str]]:
    """Open each screen in turn; return the faults of those that have any."""
    found = {}
    for screen, axe_at in turns:
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHTS[WIDTHS[0]]})
        screen.open(page, site)
        found[screen.name] = faults(page, axe_at=axe_at)
    return {name: sentences for name, sentences in found.items() if sentences}


@pytest.mark.parametrize(("face", "lang", "look"), WALKS)
def test_screens_are_clean(face: str, lang: str, look: str, window: Window, site: Site) -> None:
    turn = (lang == "en") + (look != "plain")
    turns = [
        (screen, (WIDTHS[(place + turn) % len(WIDTHS)],))
        for place, screen in enumerate(FACES[face].screens)
        if (place + turn) % 2 == 0
    ]
    assert walk(window(FACES[face].who, lang=lang, look=look), site, turns) == {}


@pytest.mark.full
@pytest.mark.parametrize(("face", "lang", "look"), WALKS)
def test_screens_are_clean_in_every_combination(
    face: str, lang: str, look: str, window: Window, site: Site
) -> None:
    turns = [(screen, WIDTHS) for screen in FACES[face].screens]
    assert walk(window(FACES[face].who, lang=lang, look=look), site, turns) == {}
