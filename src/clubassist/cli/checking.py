"""`clubassist check`, `routes`, `facts`: what the product says about itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer
from django.apps import apps

from clubassist.cli.database import database
from clubassist.core import journal, seal
from clubassist.pure.policy import shipped_names, shipped_pack
from clubassist.web.routes import all_routes

app = typer.Typer(no_args_is_help=True, help="自查 / self-checks")

MARK = re.compile(r"""mark\.req\(([^)]*)\)""")
ID = re.compile(r"""["']([FBL]\d{2,3})["']""")


def routes(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List every route: method, path, permission."""
    rows = [route._asdict() for route in all_routes()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        typer.echo(f"{row['method']:6} {row['path']:48} {row['permission']}")


def facts() -> None:
    """List the kinds of facts that somebody subscribes to, and who does."""
    for name, handlers in journal.subscribers().items():
        typer.echo(f"{name}: {', '.join(handlers)}")


@app.command("journal")
def check_journal() -> None:
    """Recompute the hash chain over the whole journal; exit 1 when a seal does not fit."""
    with database():
        problems = seal.broken_seals()
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("日志完整。 The journal is sound.")


@app.command("requirements")
def check_requirements(tests: Path = Path("tests")) -> None:
    """List the ids of both regulations that no test is marked with; run it in the checkout."""
    marked = {
        found
        for file in tests.rglob("test_*.py")
        for mark in MARK.findall(file.read_text())
        for found in ID.findall(mark)
    }
    wanted = [clause.id for name in shipped_names() for clause in shipped_pack(name).clauses]
    missing = [one for one in wanted if one not in marked]
    typer.echo(f"{len(wanted) - len(missing)} / {len(wanted)} 有测试 with a test")
    typer.echo(" ".join(missing))


@app.command("models")
def check_models() -> None:
    """List models without `visible_to` on their default manager; exit 1 when there is one in a room."""
    bare = [
        model._meta.label
        for config in apps.get_app_configs()
        if config.name.startswith("clubassist.domain.")
        for model in config.get_models()
        if not hasattr(model._default_manager, "visible_to")
    ]
    typer.echo("\n".join(bare) or "每张表都有可见范围。 Every model says who may see it.")
    if bare:
        raise typer.Exit(1)
