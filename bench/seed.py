"""Give the product its schema, the demo's clubs and four more, an agent's session and token; print them as JSON."""

from __future__ import annotations

import json

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - after the set-up
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402

from clubassist.core import clock  # noqa: E402
from clubassist.core.actor import SYSTEM  # noqa: E402
from clubassist.domain.club.models import Adoption, Area, Club, OpeningWindow, Venue  # noqa: E402
from clubassist.domain.people.actions import hire, issue_token  # noqa: E402
from clubassist.domain.people.models import Account  # noqa: E402
from clubassist.simulator.demo import seed_demo  # noqa: E402

LIKE = "lf"
MORE = 4


def main() -> None:
    """Seed."""
    call_command("migrate", verbosity=0)
    seed_demo()
    model = Club.objects.get(code=LIKE)
    for number in range(1, MORE + 1):
        _another_club(model, f"{LIKE}{number}")
    agent = Account.objects.get(username=f"lina.{LIKE}")
    at = clock.now()
    token = issue_token(account=agent, label="bench", scopes=frozenset({"case.open"}), actor=SYSTEM, at=at)
    manager = Account.objects.get(username="centre")
    print(json.dumps({"token": token, "club": LIKE, "agent": _session(agent), "centre": _session(manager)}))


def _another_club(model: Club, code: str) -> None:
    club = Club.objects.create(
        code=code, name=f"力方健身 {code}", name_en=f"Liftfield {code}", phone="0571-88881000"
    )
    venue = Venue.objects.create(club=club, name="中心店", name_en="Central")
    Area.objects.create(venue=venue, name="器械区", name_en="Machine floor", position=1)
    for adoption in Adoption.objects.filter(club=model):
        adoption.pk, adoption.club = None, club
        adoption.save()
    for window in OpeningWindow.objects.filter(club=model):
        window.pk, window.club = None, club
        window.save()
    hire(
        username=f"lina.{code}",
        name="李娜",
        password=None,
        role="agent",
        club=club,
        actor=SYSTEM,
        at=clock.now(),
    )


def _session(account: Account) -> str:
    session = SessionStore()
    session[SESSION_KEY] = account.pk
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key)


main()
