"""`clubassist jobs`: what was tried to the end and failed, and having it tried again."""

from __future__ import annotations

from typing import Annotated

import typer

from clubassist.cli.database import database
from clubassist.core.jobs import failed_jobs, retry_failed

app = typer.Typer(no_args_is_help=True, help="后台任务 / background jobs")


@app.command()
def failed() -> None:
    """List the jobs that were given up; while there is one, the health check is red."""
    with database():
        rows = failed_jobs()
    for job, task, ids, tries in rows:
        typer.echo(f"{job}  {task}  {ids}  试过 {tries} 次 / {tries} tries")
    if not rows:
        typer.echo("没有失败的任务。 No job has failed.")


@app.command()
def retry(
    jobs: Annotated[list[int] | None, typer.Argument(help="任务编号 / job ids")] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部 / every failed job")] = False,
) -> None:
    """Have failed jobs tried again: those named, or `--all`."""
    if bool(jobs) == everything:
        raise typer.BadParameter("写明任务编号，或者用 --all。 Name the jobs, or say --all.")
    with database():
        missing = set(jobs or ()) - {job for job, *_rest in failed_jobs()}
        if missing:
            listed = ", ".join(map(str, sorted(missing)))
            raise typer.BadParameter(f"没有失败的任务 {listed}。 No failed job has this number: {listed}.")
        typer.echo(f"重新排队 {retry_failed(jobs or ())} 件。 Queued again.")
