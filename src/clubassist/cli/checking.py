"""`clubassist check`, `routes`, `facts`: what the product says about itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from clubassist.cli.database import database
from clubassist.core import clock, journal, seal
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
def check_journal(
    known: Annotated[str, typer.Option(help="以前记下的封条 / a seal noted earlier")] = "",
) -> None:
    """Recompute the hash chain over the whole journal; exit 1 when a seal does not fit.

    Note the seal that it prints outside the database and give it the next time: whoever cuts off the journal's end
    cannot hide it then.
    """
    with database():
        problems, last = seal.broken_seals(at=clock.database_now(), known=known), seal.last_seal()
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("日志完整。 The journal is sound.")
    typer.echo(f"最后的封条 last seal: {last}")


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
