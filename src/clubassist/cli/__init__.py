"""The one console script, `clubassist`; its subcommands are in `commands.py`."""

from __future__ import annotations

import os

import django


def main() -> None:
    """Set Django up, then run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clubassist.settings")
    django.setup()
    from clubassist.cli.commands import app  # noqa: PLC0415 - its modules import models, which need the set-up

    app()
