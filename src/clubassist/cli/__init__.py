"""The one console script, `clubassist`; its subcommands are in `commands.py`."""

from __future__ import annotations

import os
import sys

import django
import typer
from pydantic import ValidationError

from clubassist.cli.loading import loading
from clubassist.core.embedded.pid1 import reap_as_init
from clubassist.env import env


def main() -> None:
    """Set Django up, then run the command named on the command line. As process 1 of a container, reap orphans."""
    reap_as_init()
    try:
        env()
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            typer.echo(
                f"✗ {'.'.join(map(str, fault['loc']))} {fault['msg'].removeprefix('Value error, ')}", err=True
            )
        sys.exit(2)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clubassist.settings")
    with loading():
        django.setup()
        from clubassist.cli.commands import app  # noqa: PLC0415 - its modules import models, which need the set-up

    app()
