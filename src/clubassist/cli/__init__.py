"""The one console script, `clubassist`; its subcommands are in `commands.py`."""

from __future__ import annotations

import os

import django

from clubassist.core.embedded.pid1 import reap_as_init


def main() -> None:
    """Set Django up, then run the command named on the command line. As process 1 of a container, reap orphans."""
    reap_as_init()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clubassist.settings")
    django.setup()
    from clubassist.cli.commands import app  # noqa: PLC0415 - its modules import models, which need the set-up

    app()
