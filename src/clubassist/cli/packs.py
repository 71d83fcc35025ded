"""`clubassist pack`: check and describe policy packs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from clubassist.pure.policy import Pack, PackError, check, coverage, load_pack, shipped_names, shipped_pack

app = typer.Typer(no_args_is_help=True, help="规程包 / policy packs")

Name = Annotated[str, typer.Argument(help="名称或目录 / name or folder")]


def _load(name: str) -> Pack:
    try:
        return shipped_pack(name) if name in shipped_names() else load_pack(Path(name))
    except PackError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(1) from error


def _others(pack: Pack) -> list[Pack]:
    return [_load(name) for name in shipped_names() if name != pack.name]


@app.command("check")
def check_pack(name: Name) -> None:
    """Check one pack and its references to the others; exit 1 and name file, key and mend of every problem."""
    pack = _load(name)
    problems = check(pack, among=_others(pack))
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo(
        f"{pack.name} {pack.version}: {len(pack.clauses)} clauses, {len(pack.deadlines)} deadlines, sound."
    )


@app.command("coverage")
def pack_coverage(name: Name, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List each clause with what carries it out; a clause without anything is a gap."""
    pack = _load(name)
    found = coverage(pack, among=_others(pack))
    titles = {clause.id: clause.title for clause in pack.clauses}
    if as_json:
        rows = [
            {
                "clause": row.clause,
                "title": {"zh": titles[row.clause].zh, "en": titles[row.clause].en},
                "carriers": [{"mechanism": carrier.mechanism, "id": carrier.id} for carrier in row.carriers],
            }
            for row in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in found:
        carriers = ", ".join(f"{carrier.mechanism} {carrier.id}" for carrier in row.carriers)
        typer.echo(f"{row.clause}  {carriers or '— 尚无执行 nothing carries this out yet'}")
