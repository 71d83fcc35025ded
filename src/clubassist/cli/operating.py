"""`clubassist vault`, `club`, `people` and `token`: what the installation's operator does at the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from django.db import transaction
from pydantic import ValidationError

from clubassist.cli.database import database
from clubassist.core import clock
from clubassist.core import vault as safe
from clubassist.core.actor import SYSTEM
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions.holding import COMPENSATION, FEN_OF_A_YUAN
from clubassist.domain.club.actions import found_club
from clubassist.domain.club.models import Club
from clubassist.domain.club.plan import ClubPlan
from clubassist.domain.ledgers.actions import open_budget
from clubassist.domain.people import actions
from clubassist.domain.people.models import Account, ApiToken, Grant
from clubassist.env import env

vault = typer.Typer(no_args_is_help=True, help="密钥 / keys")
club = typer.Typer(no_args_is_help=True, help="俱乐部 / clubs")
people = typer.Typer(no_args_is_help=True, help="人员 / colleagues")
token = typer.Typer(no_args_is_help=True, help="接口令牌 / API tokens")

ClubCode = Annotated[str, typer.Option("--club", help="俱乐部代码，留空为全部 / club code, empty for all")]

InDepartment = Annotated[str, typer.Option("--department", help="所在部门 / where they work, e.g. venue")]
LastDay = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="到期日 / last day")]
AsHead = Annotated[bool, typer.Option("--head", help="部门负责人 / heads the department")]


@contextmanager
def operating() -> Iterator[datetime]:
    """Keep the database inside the block and give the moment; what an action refuses becomes the command's error."""
    with database():
        try:
            yield clock.now()
        except Refused as error:
            field = f"{error.field}: " if error.field else ""
            raise typer.BadParameter(f"{field}{error.mend}") from error


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


@club.command()
def add(file: Path) -> None:
    """Add the club that FILE describes (TOML; see docs/howto/set-up-a-club.md): all of it or nothing."""
    try:
        plan = ClubPlan.model_validate(tomllib.loads(file.read_text()))
    except OSError as error:
        raise typer.BadParameter(f"读不到文件。 The file cannot be read: {file}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        typer.echo(f"{file}: {error}", err=True)
        raise typer.Exit(2) from error
    except ValidationError as error:
        for problem in error.errors():
            place = ".".join(map(str, problem["loc"]))
            typer.echo(f"{file}: {place}: {problem['msg']}", err=True)
        raise typer.Exit(2) from error
    with operating() as at, transaction.atomic():
        founded = found_club(plan=plan, actor=SYSTEM, at=at)
        if plan.compensation_yuan:
            year = at.astimezone(ZoneInfo(plan.zone)).year
            _compensation(founded, year, plan.compensation_yuan, at)
    typer.echo(f"已添加 {plan.name}。 Added: {plan.name_en}.")


@club.command()
def budget(code: str, year: int, yuan: int) -> None:
    """Give a club its compensation budget for a year (B51): remedies that cost something are paid from it."""
    with operating() as at:
        found = _club(code)
        if found is None:
            raise typer.BadParameter("请写俱乐部代码。 Give the club's code.")
        _compensation(found, year, yuan, at)
    typer.echo(f"{code} {year}: ¥{yuan:,}")


def _compensation(club: Club, year: int, yuan: int, at: datetime) -> None:
    open_budget(
        club=club,
        kind=COMPENSATION,
        year=year,
        amount=yuan * FEN_OF_A_YUAN,
        clause="B51",
        limits={},
        actor=SYSTEM,
        at=at,
    )


def _club(code: str) -> Club | None:
    if not code:
        return None
    found = Club.objects.visible_to(SYSTEM).filter(code=code).first()
    if found is None:
        raise typer.BadParameter(f"没有俱乐部 {code}。 No club has this code.")
    return found


def _account(username: str) -> Account:
    try:
        return Account.objects.get_by_natural_key(username)
    except Account.DoesNotExist as error:
        raise typer.BadParameter(f"没有账号 {username}。 Nobody has this sign-in name.") from error


def _asked_password() -> str:
    return str(typer.prompt("密码 / password", hide_input=True, confirmation_prompt=True))


@people.command("password")
def set_password(username: str) -> None:
    """Give a colleague who forgot theirs a new password; they change it at their next sign-in under "My account"."""
    password = _asked_password()
    with operating() as at:
        actions.set_password(account=_account(username), password=password, actor=SYSTEM, at=at)


@people.command()
def hire(
    username: str,
    name: str,
    role: str,
    club: ClubCode = "",
    department: InDepartment = "",
    head: AsHead = False,
) -> None:
    """Create a staff account; the password is asked for."""
    password = _asked_password()
    with operating() as at:
        actions.hire(
            username=username,
            name=name,
            password=password,
            role=role,
            club=_club(club),
            department=department,
            heads=head,
            actor=SYSTEM,
            at=at,
        )


@people.command()
def grant(
    username: str,
    role: str,
    club: ClubCode = "",
    department: InDepartment = "",
    head: AsHead = False,
    until: LastDay = None,
) -> None:
    """Give a colleague a role at a club, or everywhere; to change a department, end the role and give it anew."""
    with operating() as at:
        actions.grant_role(
            until=_end_of(until),
            account=_account(username),
            role=role,
            club=_club(club),
            department=department,
            heads=head,
            actor=SYSTEM,
            at=at,
        )


@people.command("end-role")
def end_role(username: str, role: str, club: ClubCode = "") -> None:
    """Take a role away; the colleague's next request feels it."""
    with operating() as at:
        held = Grant.objects.running().filter(account=_account(username), role=role, club=_club(club)).first()
        if held is None:
            raise typer.BadParameter(f"{username} 没有这个角色。 This role is not held: {role}.")
        actions.end_role(grant=held, actor=SYSTEM, at=at)


@people.command()
def deactivate(username: str) -> None:
    """Lock an account out at once: sessions and tokens are worth nothing from the next request on."""
    _switched(username, actions.deactivate)


@people.command()
def reactivate(username: str) -> None:
    """Let an account sign in again."""
    _switched(username, actions.reactivate)


def _switched(username: str, action: Callable[..., None]) -> None:
    with operating() as at:
        action(account=_account(username), actor=SYSTEM, at=at)


@token.command()
def issue(
    username: str,
    label: str,
    scope: Annotated[list[str], typer.Option(help="权限，可写多次 / permission, may be repeated")],
    expires: LastDay = None,
    integration: Annotated[
        bool, typer.Option(help="系统使用，不代表真人 / no person stands behind it")
    ] = False,
) -> None:
    """Make an API token and print it, once; it can never do more than its account."""
    with operating() as at:
        text = actions.issue_token(
            account=_account(username),
            label=label,
            scopes=frozenset(scope),
            integration=integration,
            expires_at=_end_of(expires),
            actor=SYSTEM,
            at=at,
        )
    typer.echo(text)


def _end_of(day: datetime | None) -> datetime | None:
    return day and day.replace(tzinfo=ZoneInfo(env().time_zone)) + timedelta(days=1)


def _last_day(end: datetime) -> date:
    return (end.astimezone(ZoneInfo(env().time_zone)) - timedelta(seconds=1)).date()


@token.command("list")
def list_tokens() -> None:
    """List the tokens that are worth something: number, account, label, permissions, expiry."""
    with operating() as at:
        for each in ApiToken.objects.valid(at).select_related("account").order_by("pk"):
            until = str(_last_day(each.expires_at)) if each.expires_at else "—"
            typer.echo(f"{each.pk}  {each.account.username}  {each.label}  {' '.join(each.scopes)}  {until}")


@token.command()
def revoke(number: int) -> None:
    """End a token at once."""
    with operating() as at:
        held = ApiToken.objects.valid(at).filter(pk=number).first()
        if held is None:
            raise typer.BadParameter(f"没有令牌 {number}。 No valid token has this number.")
        actions.revoke_token(token=held, actor=SYSTEM, at=at)
