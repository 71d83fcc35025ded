"""Running the product: web, worker, migrations, and the demo that starts all of them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from django.utils.translation import gettext
from granian.constants import Interfaces
from granian.server import Server
from procrastinate.contrib.django import app as jobs_app
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

from clubassist.cli.database import database, emptied, holds_only, migrated, refusals
from clubassist.cli.loading import loading
from clubassist.cli.rounds import Rounds
from clubassist.core.jobs import URGENT
from clubassist.env import env
from clubassist.simulator.cast import DEMO_CLUBS
from clubassist.simulator.demo import Demo, seed_demo

logger = logging.getLogger(__name__)

Port = Annotated[int, typer.Option(help="端口 / port")]
Workers = Annotated[int, typer.Option(help="网页进程数 / web processes")]


def _refuse_unfit() -> None:
    """Stop with every reason in words when this installation must not serve."""
    found = refusals()
    for sentence in found:
        typer.echo(f"✗ {sentence}", err=True)
    if found:
        raise typer.Exit(1)


def serve(host: str = "127.0.0.1", port: Port = 8000, workers: Workers = 2) -> None:
    """Serve the pages and the API until a signal comes."""
    with database():
        migrated()
        _refuse_unfit()
        if env().production:
            call_command("collectstatic", verbosity=0, interactive=False)
        _share_with_workers()
        Server(
            "clubassist.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=2,
            backpressure=64,
            websockets=False,
            log_enabled=False,
            respawn_failed_workers=True,
            respawn_interval=0.2,
        ).serve()


def _share_with_workers() -> None:
    """Load the application before the workers are forked, so that they share its memory and start at once."""
    with loading():
        import_module(settings.ROOT_URLCONF)
        import_module("clubassist.wsgi")
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                gettext("Sign in")
        connections.close_all()


def worker() -> None:
    """Run jobs and rounds until a signal comes; may run on many machines."""
    with database():
        migrated()
        _refuse_unfit()
        with Rounds():
            asyncio.run(_jobs())


async def _jobs() -> None:
    """Two job runners in one process, one reserved for urgent work, one for everything, until a signal comes.

    A runner that fails ends the process with its error: a worker that runs no jobs must not look alive.
    """
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with asyncio.TaskGroup() as group:
        runners = [
            group.create_task(_runner(queues=[URGENT], concurrency=1)),
            group.create_task(_runner(concurrency=2)),
        ]
        await stopped.wait()
        for runner in runners:
            runner.cancel()


async def _runner(**options: Any) -> None:
    """Run jobs until cancelled. procrastinate gives up once the database has been away for 30 s; we begin again.

    Each time with new connections: the old pool would wait about as long again before it tries the database.
    """
    while True:
        ready = jobs_app.with_connector(jobs_app.connector.get_worker_connector())  # type: ignore[attr-defined]
        try:
            async with ready.open_async():
                await ready.run_worker_async(
                    delete_jobs="successful", install_signal_handlers=False, **options
                )
        except (ConnectorException, OperationalError) as error:
            logger.error("job runner begins again: %s", type(error).__name__)
        await asyncio.sleep(1)


def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="只检查 / only check that migrations are complete")
    ] = False,
) -> None:
    """Bring the schema up to date, or check that no model change lacks its migration."""
    if check:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
        return
    with database():
        migrated()


def demo(
    port: Port = 8000,
    fresh: Annotated[bool, typer.Option("--fresh", help="从头开始 / start anew")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="不打印说明 / print nothing")] = False,
) -> None:
    """Show the product alive: embedded database, both packs, a seeded club group, web and worker, until Ctrl-C."""
    if env().production:
        typer.echo("生产环境不运行演示。 The demo is never run in production.", err=True)
        raise typer.Exit(2)
    os.environ["CLUBASSIST_DEMO"] = "1"
    os.environ["CLUBASSIST_BASE_URL"] = base_url = f"http://localhost:{port}"
    settings.BASE_URL = base_url  # the seeded messages carry links; the environment is for the children
    with database():
        if not holds_only(DEMO_CLUBS):
            typer.echo(
                "这个数据库里有演示以外的内容，演示不会动它；请给演示另一个数据库。 "
                "This database holds more than the demo; give the demo a database of its own.",
                err=True,
            )
            raise typer.Exit(2)
        if fresh:
            emptied()
        migrated()
        seeded = seed_demo()
        where = env().data_dir / "demo.json"
        _write(where, seeded, port)
        children = [_child("serve", "--port", str(port)), _child("worker")]
        if not quiet:
            typer.echo(seeded.words(f"http://localhost:{port}", where))
        raise typer.Exit(_wait(children))


def _write(where: Path, seeded: Demo, port: int) -> None:
    document = {
        "base_url": f"http://localhost:{port}",
        "database_url": env().database_url or _embedded_url(),
        **seeded.document(f"http://localhost:{port}"),
    }
    where.touch(mode=0o600)
    where.chmod(0o600)
    where.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _embedded_url() -> str:
    from clubassist.core import embedded  # noqa: PLC0415 - only where no DATABASE_URL is given

    return embedded.connection_settings(env().data_dir).url()


def _child(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "clubassist.cli", *words])  # noqa: S603 - our own commands


def _wait(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait until a signal comes or a child ends; stop the others; return the exit code."""
    stop = threading.Event()
    _on_signals(stop.set)
    while not stop.wait(0.2):
        if any(child.poll() is not None for child in children):
            break
    for child in children:
        child.terminate()
    codes = [_ended(child) for child in children]
    return 0 if stop.is_set() else max(abs(code) for code in codes)


def _ended(child: subprocess.Popen[bytes]) -> int:
    """Return a child's exit code; one that does not end in time is killed, never left behind."""
    try:
        return child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def _on_signals(then: Callable[[], None]) -> None:
    def handle(number: int, frame: FrameType | None) -> None:
        then()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
