"""Every route for every role and relation, against a table written apart from the code (reliability E1)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from pytest_django import Settings

from clubassist.web.routes import all_routes
from tests.web.role_world import EVERYBODY, RELATIONS, SIGN_IN, World, ask, make_world

MATRIX: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("role_matrix.toml").read_text()
)
GROUPS: Final[dict[str, dict[str, str]]] = MATRIX["groups"]
ROUTES: Final[dict[str, str]] = MATRIX["routes"]
FACES: Final = ("accounts", "api", "m", "t", "")
OUTCOMES: Final = {
    "ok": {"ok"},
    "reached": {"ok", "invalid"},
    "login": {"login"},
    "absent": {"absent"},
    "refused": {"refused"},
}


def cells(group: str) -> list[tuple[str, str, str]]:
    """Return (role, relation, outcome) of a group; one relation where its rows make no difference."""
    row = GROUPS[group]
    many = any(" " in words for words in row.values())
    listed = [("anonymous", "own", row["anonymous"])]
    for role in EVERYBODY:
        words = row.get(role, row["others"]).split()
        relations = RELATIONS if many else RELATIONS[:1]
        listed += [(role, relation, words[i % len(words)]) for i, relation in enumerate(relations)]
    return listed


def outcome_of(response: HttpResponseBase) -> str:
    """Return in the table's words what a response says."""
    status = response.status_code
    if status in (301, 302, 303) and response["Location"].partition("?")[0] in SIGN_IN:
        return "login"
    if 200 <= status < 400:
        return "ok"
    named = {401: "refused", 403: "refused", 404: "absent", 400: "invalid", 409: "invalid", 422: "invalid"}
    return named.get(status, f"status {status}")


def face_of(route: str) -> str:
    """Return the first part of a route's address, "" for the desk's."""
    part = route.partition(" ")[2].split("/")[1]
    return part if part in FACES else ""


def test_the_matrix_names_every_route_and_no_other() -> None:
    there = {f"{route.method} {route.path}" for route in all_routes()}
    assert there - set(ROUTES) == set(), "routes that the matrix lacks"
    assert set(ROUTES) - there == set(), "rows without a route"
    assert set(ROUTES.values()) == set(GROUPS), "groups that are missing or that nothing uses"


@pytest.mark.req("F25")
@pytest.mark.parametrize("face", FACES)
def test_every_cell_of_the_matrix(db: None, settings: Settings, face: str) -> None:
    settings.DEMO = True  # whether a second factor is asked for is tested with the sign-in
    world = make_world()
    wrong = []
    for route, group in ROUTES.items():
        if face_of(route) == face:
            for role, relation, wanted in cells(group):
                found = outcome(world, route, role=role, relation=relation)
                if found not in OUTCOMES[wanted]:
                    wrong.append(f"{route}: {role}, {relation}: {wanted} wanted, {found} found")
    assert not wrong, "\n".join(wrong)


def outcome(world: World, route: str, *, role: str, relation: str) -> str:
    """Try one cell and take everything back that it did."""
    with transaction.atomic():
        found = outcome_of(ask(world, route, role=role, relation=relation))
        transaction.set_rollback(True)
    return found
