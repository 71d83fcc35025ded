"""Figures by the API: goals, the figures of a clause, and the rows behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.cases.actions import resolve
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.insight.actions import freeze_month
from clubassist.pure.figures import Release
from tests.domain.insight.cohorts import LATER, MID_MONTH, NOVEMBER, centre_manager, timed_case
from tests.makers.cases import make_case
from tests.makers.packs import pool_rules
from tests.makers.people import make_account
from tests.web.api.tokens import token_of

Call = Callable[..., Any]
HOUR = timedelta(hours=1)
RESPONSE = "/clauses/F49/figures"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """Late in November."""
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.mark.req("F01")
def test_goals_have_figures_targets_trends_and_gaps(club: Club, bo_token: str, get: Call) -> None:
    timed_case(club, received=datetime(2026, 10, 10, tzinfo=UTC), met_after_due=HOUR)
    timed_case(club, met_after_due=-HOUR)
    body = get("/goals", bo_token).json()
    assert (body["month"], body["release"], body["clubs"]) == ("2026-11", "running", ["main"])
    by_code = {goal["code"]: goal for goal in body["goals"]}
    assert list(by_code) == ["satisfaction", "stickiness", "fewer_complaints", "efficiency"]
    assert by_code["stickiness"] == {
        "code": "stickiness",
        "title": {"zh": "会员更愿意留下", "en": "Members who stay"},
        "figures": [],
        "gaps": [
            {
                "clause": "F04",
                "title": {"zh": "续费率", "en": "Renewal rate"},
                "target": {"zh": "比上年同期高一成", "en": "a tenth above the same period last year"},
            }
        ],
    }
    answered = next(
        each for each in by_code["efficiency"]["figures"] if each["measure"] == "complaint-first-response"
    )
    assert (answered["value"], answered["at_least"], answered["state"]) == (100.0, 100.0, "met")
    assert [(point["month"], point["value"], point["state"]) for point in answered["trend"][-2:]] == [
        ("2026-10", 0.0, "missed"),
        ("2026-11", 100.0, "met"),
    ]


@pytest.mark.req("F63")
def test_the_parts_of_a_figure_are_its_rows(club: Club, bo_token: str, get: Call) -> None:
    late = timed_case(club, met_after_due=HOUR)
    for _ in range(3):
        timed_case(club, met_after_due=-HOUR)
    body = get(RESPONSE, bo_token).json()
    (figure,) = body["figures"]
    assert figure["parts"] == {
        "met": 3,
        "late": 1,
        "pending": 0,
        "stopped": 0,
        "gross_late": 1,
        "gross_met": 3,
    }
    assert (figure["value"], figure["unit"], body["state"]) == (75.0, "%", "missed")
    assert figure["interval"] == {"low": 30.0642, "high": 95.4413}
    for part, count in figure["parts"].items():
        rows, after = [], ""
        while True:
            page = get(f"{RESPONSE}/{figure['measure']}/{part}?limit=2{after}", bo_token).json()
            rows += page["cases"]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert len(rows) == len({row["id"] for row in rows}) == count
    (row,) = get(f"{RESPONSE}/complaint-first-response/late", bo_token).json()["cases"]
    assert (row["case"], row["met_at"], row["answered_at"]) == (
        late.number,
        "2026-11-11T03:00:00+00:00",
        None,
    )


@pytest.mark.req("F21")
def test_a_mean_has_hours_and_its_rows_have_lives(club: Club, cy: Actor, bo_token: str, get: Call) -> None:
    case = make_case(club, at=MID_MONTH)
    resolve(case=case, resolution="solved", text="好了。", reason="当场", actor=cy, at=MID_MONTH + 2 * HOUR)
    (figure,) = get("/clauses/F21/figures", bo_token).json()["figures"]
    assert (figure["value"], figure["unit"], figure["median"], figure["open"]) == (2.0, "h", 2.0, 0)
    (row,) = get("/clauses/F21/figures/response-time/ended", bo_token).json()["cases"]
    assert (row["answered_at"], row["solved_at"], row["reopened"], row["due_at"]) == (
        "2026-11-10T04:00:00+00:00",
        "2026-11-10T04:00:00+00:00",
        0,
        None,
    )


@pytest.mark.req("F63")
def test_a_frozen_month_stays_as_it_was(club: Club, bo_token: str, get: Call) -> None:
    timed_case(club, received=datetime(2026, 10, 10, tzinfo=UTC), met_after_due=-HOUR)
    october = NOVEMBER.replace(month=10)
    freeze_month(club=club, month=october, release=Release.PROVISIONAL, actor=SYSTEM, at=LATER)
    timed_case(club, received=datetime(2026, 10, 11, tzinfo=UTC), met_after_due=HOUR)
    body = get(f"{RESPONSE}?month=2026-10", bo_token).json()
    assert (body["release"], body["figures"][0]["parts"]["late"]) == ("provisional", 0)
    assert get(f"{RESPONSE}/complaint-first-response/late?month=2026-10", bo_token).json()["cases"] == []


@pytest.mark.req("F25")
def test_figures_are_of_the_clubs_of_the_token_and_small_ones_withheld(
    club: Club, dee_token: str, get: Call
) -> None:
    timed_case(club, met_after_due=HOUR)
    assert get(RESPONSE, dee_token).json()["figures"][0]["value"] is None
    assert get(f"{RESPONSE}?club=main", dee_token).status_code == 422
    assert get(f"{RESPONSE}/complaint-first-response/late", dee_token).json()["cases"] == []
    boss = token_of(make_account("boss", "management", club))
    (figure,) = get(RESPONSE, boss).json()["figures"]
    assert (figure["withheld"], figure["value"], set(figure["parts"].values())) == (True, None, {0})
    assert get(f"{RESPONSE}/complaint-first-response/late", boss).status_code == 403


def test_what_is_not_there_is_missing_and_a_strange_month_refused(
    club: Club, bo_token: str, get: Call
) -> None:
    for path in (
        "/clauses/F99/figures",
        "/clauses/F99/figures/x/late",
        f"{RESPONSE}/x/late",
        f"{RESPONSE}/complaint-first-response/counted",
    ):
        assert get(path, bo_token).status_code == 404, path
    assert get(f"{RESPONSE}?month=2026-13", bo_token).status_code == 422
    assert get(f"{RESPONSE}?month=2025-01", bo_token).status_code == 404


@pytest.mark.req("F13")
def test_clubs_whose_rules_disagree_are_asked_one_at_a_time(club: Club, other_club: Club, get: Call) -> None:
    for each, name in ((club, "own"), (other_club, "theirs")):
        version = store_pack(pack=pool_rules(name), actor=SYSTEM, at=MID_MONTH)
        adopt_pack(club=each, version=version, effective_from=MID_MONTH, actor=SYSTEM, at=MID_MONTH)
    token = token_of(centre_manager())
    refused = get("/goals", token)
    assert (refused.status_code, refused.json()["field"]) == (422, "club")
    assert get("/goals?club=main", token).json()["clubs"] == ["main"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "most"), [("/goals", 33), (RESPONSE, 5), (f"{RESPONSE}/complaint-first-response/late", 6)]
)
def test_figures_take_the_same_statements_for_one_row_and_three(
    club: Club, bo_token: str, get: Call, path: str, most: int, count: int
) -> None:
    for _ in range(count):
        timed_case(club, met_after_due=HOUR)
    get(path, bo_token)
    with CaptureQueriesContext(connection) as statements:
        assert get(path, bo_token).status_code == 200
    assert len(statements) <= most
