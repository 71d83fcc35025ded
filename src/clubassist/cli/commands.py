"""All subcommands, gathered from one file for each subject."""

from __future__ import annotations

import typer

from clubassist.cli import checking, jobs, operating, packs, serving, triage

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="ClubAssist 助攻", pretty_exceptions_enable=False
)
app.command()(serving.serve)
app.command()(serving.worker)
app.command()(serving.migrate)
app.command()(serving.demo)
app.command()(checking.routes)
app.command()(checking.facts)
app.command()(triage.triage)
app.add_typer(packs.app, name="pack")
app.add_typer(checking.app, name="check")
app.add_typer(jobs.app, name="jobs")
app.add_typer(operating.vault, name="vault")
app.add_typer(operating.club, name="club")
app.add_typer(operating.people, name="people")
app.add_typer(operating.token, name="token")
