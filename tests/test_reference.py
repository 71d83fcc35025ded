"""The reference pages say what the product is, not what it was."""

from __future__ import annotations

import pytest

from tools.reference import REFERENCE, pages


@pytest.mark.parametrize("name", ["requirements.md", "packs.md", "routes.md", "facts.md", "settings.md"])
def test_reference_page_is_current(name: str) -> None:
    assert (REFERENCE / name).read_text() == pages()[name], "run: python tools/reference.py"


def test_reference_covers_every_requirement() -> None:
    text = (REFERENCE / "requirements.md").read_text()
    wanted = [f"F{n:02}" for n in range(1, 79)] + [f"B{n:02}" for n in range(1, 108)]
    assert [one for one in wanted if f"| {one} |" not in text] == []
