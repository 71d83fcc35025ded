"""A club is set up at the command line, from the how-to's own file to its first report, and people leave again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from typer.testing import CliRunner, Result

from clubassist.cli.commands import app
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Area, Club, OpeningWindow
from clubassist.domain.ledgers.models import Account as Ledger
from clubassist.domain.people.models import Account

pytestmark = pytest.mark.django_db
HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto"
PASSWORD = "court-two-0731"


def run(*words: str, typed: str = "") -> Result:
    """Run a command as the operator does."""
    return CliRunner().invoke(app, words, input=typed)


def plan(name: str = "set-up-a-club.md") -> str:
    """Return the club's file as the how-to prints it."""
    found = re.search(r"```toml\n(.*?)```", (HOWTO / name).read_text(), re.DOTALL)
    assert found
    return "\n".join(line.removeprefix("   ") for line in found[1].splitlines())


@pytest.fixture
def riverside(tmp_path: Path) -> Path:
    """A club with one agent, and its file."""
    file = tmp_path / "riverside.toml"
    file.write_text(plan())
    assert run("club", "add", str(file)).exit_code == 0
    hired = run(
        "people", "hire", "zhang.wei", "张伟", "agent", "--club", "riverside", typed=f"{PASSWORD}\n" * 2
    )
    assert hired.exit_code == 0, hired.output
    return file


def signed_in() -> Client:
    """Return a browser in which the agent has signed in."""
    browser = Client()
    browser.post("/accounts/login/", {"login": "zhang.wei", "password": PASSWORD})
    return browser


def test_password_is_given_anew_to_who_forgot_it(riverside: Path) -> None:
    new = "a ferry full of lamps"
    assert run("people", "hire", "weak", "弱", "agent", typed="12345\n" * 2).exit_code == 2
    assert not Account.objects.filter(username="weak").exists()
    assert run("people", "password", "zhang.wei", typed=f"{new}\n" * 2).exit_code == 0
    assert signed_in().get("/cases/").status_code == 302
    assert Account.objects.get(username="zhang.wei").check_password(new)


def test_both_how_tos_describe_the_same_club() -> None:
    english, chinese = (re.sub("#.*", "", plan(name)) for name in ("set-up-a-club.md", "set-up-a-club.zh.md"))
    assert english == chinese


def test_commands_of_the_how_to_lead_to_the_first_report(riverside: Path) -> None:
    club = Club.objects.get(code="riverside")
    assert list(Area.objects.filter(venue__club=club).values_list("name", "position")) == [
        ("器械区", 1),
        ("泳池", 2),
    ]
    assert OpeningWindow.objects.filter(club=club).count() == 7
    assert run("club", "budget", "riverside", "2031", "500").exit_code == 0
    funds = Ledger.objects.filter(club=club, kind="compensation").order_by("period")
    assert list(funds.values_list("balance", flat=True)) == [2_000_000, 50_000]
    issued = run("token", "issue", "zhang.wei", "website", "--scope", "case.open", "--integration")
    headers = {"authorization": f"Bearer {issued.output.strip()}", "idempotency-key": "first"}
    report = {"club": "riverside", "kind": "complaint.venue", "narrative": "泳池边的灯坏了。"}
    answer = Client().post("/api/v1/intake", report, content_type="application/json", headers=headers)
    assert answer.status_code == 201
    assert Case.objects.get().club == club
    assert signed_in().get("/cases/").status_code == 200


def test_revoked_token_is_refused_at_its_next_call(riverside: Path) -> None:
    text = run("token", "issue", "zhang.wei", "website", "--scope", "case.read").output.strip()
    headers = {"authorization": f"Bearer {text}"}
    assert Client().get("/api/v1/cases", headers=headers).status_code == 200
    (number,) = re.findall(r"^(\d+)  zhang.wei", run("token", "list").output, re.MULTILINE)
    assert run("token", "revoke", number).exit_code == 0
    assert Client().get("/api/v1/cases", headers=headers).status_code == 401
    assert run("token", "revoke", number).exit_code == 2


def test_token_is_listed_with_its_last_day(riverside: Path) -> None:
    run("token", "issue", "zhang.wei", "website", "--scope", "case.read", "--expires", "2099-12-31")
    assert run("token", "list").output.strip().endswith("2099-12-31")


def test_deactivated_colleague_is_out_at_once_and_comes_back(riverside: Path) -> None:
    browser = signed_in()
    text = run("token", "issue", "zhang.wei", "own", "--scope", "case.read").output.strip()
    headers = {"authorization": f"Bearer {text}"}
    assert browser.get("/cases/").status_code == 200
    assert run("people", "deactivate", "zhang.wei").exit_code == 0
    assert browser.get("/cases/").status_code == 302
    assert Client().get("/api/v1/cases", headers=headers).status_code == 401
    assert signed_in().get("/cases/").status_code == 302
    assert run("people", "reactivate", "zhang.wei").exit_code == 0
    assert signed_in().get("/cases/").status_code == 200


def test_ended_role_is_felt_at_the_next_request(riverside: Path) -> None:
    browser = signed_in()
    assert run("people", "end-role", "zhang.wei", "agent", "--club", "riverside").exit_code == 0
    assert browser.get("/cases/").status_code != 200
    assert run("people", "end-role", "zhang.wei", "agent", "--club", "riverside").exit_code == 2


@pytest.mark.parametrize(
    ("said", "wrong", "named"),
    [
        ('code = "riverside"', 'code = "Am Fluss"', "code"),
        ('zone = "Asia/Shanghai"', 'zone = "Asia/Riverside"', "zone"),
        ('days = "1-5"', 'days = "5-1"', "hours.0.days"),
        ('opens = "07:00"', 'opens = "7 Uhr"', "hours.0.opens"),
        ('opens = "07:00"', 'opens = "24:00"', "hours.0.opens"),
        ('packs = ["common", "fitness"]', 'packs = ["fittness"]', "packs"),
        ('packs = ["common", "fitness"]', 'packs = ["fitness"]', "packs"),
        ('packs = ["common", "fitness"]', 'packs = ["common", "fitness", "common"]', "packs"),
        ('name = "泳池"', 'name = "器械区"', "venues.0.areas"),
        ('phone = "0571', 'fone = "0571', "fone"),
        ("[[hours]]", "[[hours]", "riverside.toml"),
    ],
)
def test_club_file_with_a_mistake_is_refused_whole(tmp_path: Path, said: str, wrong: str, named: str) -> None:
    file = tmp_path / "riverside.toml"
    file.write_text(plan().replace(said, wrong, 1))
    answer = run("club", "add", str(file))
    assert answer.exit_code == 2
    assert named in answer.output
    assert not Club.objects.exists()


def test_second_club_under_a_code_is_refused(riverside: Path) -> None:
    assert run("club", "add", str(riverside)).exit_code == 2
    assert Club.objects.count() == 1


@pytest.mark.parametrize(
    "words",
    [
        ("people", "grant", "nobody", "agent"),
        ("people", "grant", "zhang.wei", "chief"),
        ("people", "grant", "zhang.wei", "agent", "--club", "nowhere"),
        ("people", "deactivate", "nobody"),
        ("token", "issue", "zhang.wei", "x", "--scope", "everything"),
        ("token", "issue", "zhang.wei", "x", "--scope", "case.read", "--expires", "2027-02-29"),
        ("token", "issue", "zhang.wei", "x", "--scope", "case.read", "--expires", "2020-02-29"),
    ],
)
def test_command_refuses_what_is_not_there(riverside: Path, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_sign_in_name_is_given_once(riverside: Path) -> None:
    assert run("people", "hire", "Zhang.Wei", "张薇", "agent", typed=f"{PASSWORD}\n" * 2).exit_code == 2
    assert Account.objects.count() == 1
