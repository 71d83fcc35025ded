"""What tests of the floor below the club need: a journal of one's own."""

from __future__ import annotations

import pytest

from clubassist.core import journal


@pytest.fixture
def no_subscribers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that nobody has subscribed to yet; the product's own subscribers are back after the test."""
    monkeypatch.setattr(journal, "_HANDLERS", {})
