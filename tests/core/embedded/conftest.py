"""Throw-away servers: made once, copied for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from clubassist.core import embedded
from clubassist.core.embedded.place import Place, place_of


@pytest.fixture(scope="session")
def pristine() -> Iterator[Path]:
    """A data folder whose database files are made, under a path any user may enter."""
    root = Path(tempfile.mkdtemp(prefix="clubassist-test-"))
    root.chmod(0o755)
    with embedded.server(root / "pristine", durable=False):
        pass
    yield root / "pristine"
    shutil.rmtree(root)


@pytest.fixture
def place(pristine: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """A fresh copy of it; whatever the test left running is gone afterwards."""
    folder = pristine.parent / request.node.name
    shutil.copytree(pristine, folder)
    yield place_of(folder)
    shutil.rmtree(folder)
