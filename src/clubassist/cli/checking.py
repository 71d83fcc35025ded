"""`clubassist check`, `routes`, `facts`: what the product says about itself."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from clubassist.cli.database import database
from clubassist.core import clock, journal, seal
from clubassist.pure.policy import shipped_names, shipped_pack
from clubassist.web.routes import all_routes

app = typer.Typer(no_args_is_help=True, help="自查 / self-checks")


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
def check_requirements(
    ids: Annotated[
        list[str] | None, typer.Argument(help="只看这些编号 / only these ids, e.g. F49 B18 A20")
    ] = None,
    tests: Path = Path("tests"),
) -> None:
    """Name the tests of each requirement, clause or reading; run it in the checkout.

    Without ids, all clauses of both regulations. Exit 1 when one that was asked for has no test.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(tests.rglob("test_*.py")):
        for name, marked in _marked(file):
            found[marked].append(f"{file}::{name}")
    wanted = ids or [clause.id for name in shipped_names() for clause in shipped_pack(name).clauses]
    missing = [one for one in wanted if one not in found]
    for one in wanted:
        typer.echo(f"{one}  {'  '.join(dict.fromkeys(found[one])) if one in found else '—'}")
    typer.echo(f"{len(wanted) - len(missing)} / {len(wanted)} 有测试 with a test")
    if ids and missing:
        raise typer.Exit(1)


def _marked(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (test, id) for each mark of a test, and ("*", id) for a mark of the whole file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                yield from ((node.name, one) for one in _ids(decorator))
        elif isinstance(node, ast.Assign):
            yield from (("*", one) for one in _ids(node.value))


def _ids(node: ast.AST) -> list[str]:
    calls = [
        one
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and ast.unparse(one.func).endswith("mark.req")
    ]
    return [str(one.value) for call in calls for one in call.args if isinstance(one, ast.Constant)]
