"""`clubassist vault` and `clubassist people`: keys and colleagues, at the command line of the installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clubassist.cli.database import database
from clubassist.core import clock
from clubassist.core import vault as safe
from clubassist.core.actor import SYSTEM
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.people import actions
from clubassist.domain.people.models import Account

vault = typer.Typer(no_args_is_help=True, help="密钥 / keys")
people = typer.Typer(no_args_is_help=True, help="人员 / colleagues")


@vault.command("new-key")
def new_key(file: Path) -> None:
    """Make a wrapping key file to be kept apart from the database; name it in CLUBASSIST_KEK_FILE."""
    safe.new_key_file(file, at=clock.now())
    typer.echo(f"已生成 {file}。请另存备份，丢失后数据无法读取。")
    typer.echo("Written. Keep a copy elsewhere: without it nothing can be read.")


@vault.command()
def rotate() -> None:
    """Add a new wrapping key and rewrap every person's key with it; the data itself stays as it is."""
    with database():
        typer.echo(f"{safe.rotate_wrapping_key(at=clock.now())} keys rewrapped")


@vault.command()
def inventory() -> None:
    """List the wrapping keys: since when, how many keys they wrap, when rotation is due (F26)."""
    with database():
        for row in safe.inventory():
            typer.echo(str(row))


def _club(code: str) -> Club | None:
    if not code:
        return None
    try:
        return Club.objects.get(code=code)
    except Club.DoesNotExist as error:
        raise typer.BadParameter(f"没有俱乐部 {code}。 No club has this code.") from error


@people.command()
def hire(
    username: str,
    name: str,
    role: str,
    club: Annotated[str, typer.Option(help="俱乐部代码，留空为全部 / club code, empty for all")] = "",
) -> None:
    """Create a staff account; the password is asked for."""
    password = typer.prompt("密码 / password", hide_input=True, confirmation_prompt=True)
    with database():
        try:
            actions.hire(
                username=username,
                name=name,
                password=password,
                role=role,
                club=_club(club),
                actor=SYSTEM,
                at=clock.now(),
            )
        except Refused as error:
            raise typer.BadParameter(str(error)) from error


@people.command()
def grant(
    username: str, role: str, club: Annotated[str, typer.Option(help="俱乐部代码 / club code")] = ""
) -> None:
    """Give a colleague a role at a club, or everywhere."""
    with database():
        account = Account.objects.get_by_natural_key(username)
        try:
            actions.grant_role(account=account, role=role, club=_club(club), actor=SYSTEM, at=clock.now())
        except Refused as error:
            raise typer.BadParameter(str(error)) from error
