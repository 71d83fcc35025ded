"""`clubassist pack`: check, lint and describe policy packs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from clubassist.pure.policy import (
    Finding,
    Pack,
    PackError,
    Severity,
    Text,
    check,
    coverage,
    lint,
    load_pack,
    pack_text,
    read_pack,
    shipped_names,
    shipped_pack,
)

app = typer.Typer(no_args_is_help=True, help="规程包 / policy packs")

Name = Annotated[str, typer.Argument(help="名称、目录或文件 / name, folder or file")]
Names = Annotated[list[str], typer.Argument(help="名称、目录或文件 / names, folders or files")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]
Strict = Annotated[bool, typer.Option("--strict", help="提示也算 / notes count, too")]

MARKS = {Severity.ERROR: "矛盾 error", Severity.WARNING: "疑问 warning", Severity.NOTE: "提示 note"}


def _load(name: str, *, failing: int = 1) -> Pack:
    try:
        if name in shipped_names():
            return shipped_pack(name)
        path = Path(name)
        if path.is_file():
            return read_pack(path.read_text(encoding="utf-8-sig"))
        if not path.is_dir():
            shipped = ", ".join(shipped_names())
            typer.echo(f"{name}: there is no such folder, and only {shipped} are shipped.", err=True)
            raise typer.Exit(failing)
        return load_pack(path)
    except UnicodeDecodeError as error:
        typer.echo(f"{name}: it is no text in UTF-8.", err=True)
        raise typer.Exit(failing) from error
    except PackError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(failing) from error


def _others(packs: list[Pack]) -> list[Pack]:
    names = {pack.name for pack in packs}
    return [shipped_pack(name) for name in shipped_names() if name not in names]


@app.command("check")
def check_pack(name: Name) -> None:
    """Check one pack and its references to the others; exit 1 and name file, key and mend of every problem."""
    pack = _load(name)
    problems = check(pack, among=_others([pack]))
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo(
        f"{pack.name} {pack.version}: {len(pack.clauses)} clauses, {len(pack.deadlines)} deadlines, sound."
    )


@app.command("text")
def print_text(name: Name) -> None:
    """Print a pack as one text, as drafts on the desk hold it."""
    typer.echo(pack_text(_load(name)), nl=False)


@app.command("lint")
def lint_packs(names: Names, as_json: AsJson = False, strict: Strict = False) -> None:
    """Show where the clauses of these packs contradict each other, have no effect, no end or no owner.

    Exit 0 when nothing is left to decide (nothing found, all of it settled by readings, or only notes), 1 when
    something is, 2 when a pack cannot be read. With `--strict` notes count, too: clauses nothing carries out.
    """
    packs = list({pack.name: pack for pack in (_load(name, failing=2) for name in names)}.values())
    found = lint(packs, among=_others(packs))
    if as_json:
        typer.echo(json.dumps([_finding(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            typer.echo(_report(one) + "\n")
    undecided = sum(one.open for one in found)
    if not as_json:
        typer.echo(f"{len(found)} 项，{undecided} 项待定。 {len(found)} findings, {undecided} to decide.")
    if undecided or (strict and any(one.severity is Severity.NOTE for one in found)):
        raise typer.Exit(1)


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "severity": str(one.severity),
        "settled": one.settled,
        "clauses": list(one.clauses),
        "places": [place._asdict() for place in one.places],
        "message": _text(one.message),
        "mend": _text(one.mend),
    }


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _report(one: Finding) -> str:
    state = "已由 reading 说明 settled by readings" if one.settled else ""
    head = " · ".join(part for part in (MARKS[one.severity], one.rule, ", ".join(one.clauses), state) if part)
    places = ", ".join(f"{place.pack}/{place.file}: {place.key}" for place in one.places)
    lines = [head, f"  {places}", f"  {one.message.zh}", f"  {one.message.en}"]
    if not one.settled:
        lines += [f"  → {one.mend.zh}", f"  → {one.mend.en}"]
    return "\n".join(lines)


@app.command("coverage")
def pack_coverage(name: Name, as_json: AsJson = False) -> None:
    """List each clause with what carries it out; a clause without anything is a gap."""
    pack = _load(name)
    found = coverage(pack, among=_others([pack]))
    clauses = {clause.id: clause for clause in pack.clauses}
    if as_json:
        rows: list[Mapping[str, Any]] = [
            {
                "clause": row.clause,
                "title": _text(clauses[row.clause].title),
                "owner": clauses[row.clause].owner,
                "points_to": list(clauses[row.clause].points_to),
                "gap": row.gap,
                "carriers": [{"mechanism": carrier.mechanism, "id": carrier.id} for carrier in row.carriers],
            }
            for row in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in found:
        carriers = ", ".join(f"{carrier.mechanism} {carrier.id}" for carrier in row.carriers)
        typer.echo(f"{row.clause}  {carriers or '— 尚无执行 nothing carries this out yet'}")
    gaps = [row.clause for row in found if row.gap]
    if gaps:
        typer.echo(f"\n尚无执行 gaps ({len(gaps)} / {len(found)}): {' '.join(gaps)}")
