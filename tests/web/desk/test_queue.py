"""The queue: order, views, paging, sight and cost."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import ask_complex, assign, decide_complex, reply, resolve
from clubassist.domain.cases.models import NO_CLOCK, Case, Clock
from clubassist.domain.cases.queries import COUNT_TO, counters, next_up, queue_page, view_of
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case, solve
from tests.makers.people import make_account
from tests.web.desk.conftest import Browser


def page(client: Client, address: str = "/cases/") -> str:
    """Return the text of a page that opens."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def numbers(text: str) -> list[str]:
    """Return the numbers of the cases listed, in order."""
    return re.findall(r'class="sa-item[^"]*" href="/cases/([A-Z]+-\d+)/"', text)


def test_queue_costs_the_same_with_one_and_three_rows(bos_desk: Client, club: Club, at: datetime) -> None:
    make_case(club, at=at)
    with CaptureQueriesContext(connection) as one:
        page(bos_desk)
    for _ in range(2):
        make_case(club, at=at)
    with CaptureQueriesContext(connection) as three:
        page(bos_desk)
    assert len(one) == len(three) <= 10


def test_queue_page_of_fifty_stays_light(bos_desk: Client, club: Club, at: datetime) -> None:
    for _ in range(52):
        make_case(club, at=at)
    text = page(bos_desk)
    assert len(numbers(text)) == 50
    assert len(text.encode()) <= 60_000


@pytest.mark.req("B05")
def test_queue_puts_the_nearest_clock_first(bos_desk: Client, club: Club, at: datetime) -> None:
    ordinary = make_case(club, at=at)
    urgent = make_case(club, at=at, urgency="urgent")
    praise = make_case(club, at=at - timedelta(hours=1), kind="praise_or_other")
    assert numbers(page(bos_desk)) == [urgent.number, ordinary.number, praise.number]


@pytest.mark.req("B05")
def test_open_emergencies_stand_before_everything_overdue(
    bos_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    overdue = make_case(club, at=at - timedelta(hours=30))
    answered = make_case(club, at=at, kind="emergency.injury")
    reply(case=answered, text="已有人到场。", actor=bo, at=at)
    Clock.objects.filter(case=answered).update(met_at=at)
    Case.objects.filter(pk=answered.pk).update(next_due_at=NO_CLOCK)
    new = make_case(club, at=at, kind="emergency.illness")
    text = page(bos_desk)
    assert numbers(text) == [new.number, answered.number, overdue.number]
    assert [group.code for group in bos_desk.get("/cases/").context["groups"]] == ["emergency", "late"]
    assert [row.number for row in next_up(actor=bo, at=at, most=2)] == [new.number, answered.number]
    solve(answered, actor=bo, at=at)
    assert numbers(page(bos_desk)) == [new.number, overdue.number, answered.number]


def test_pages_go_on_behind_the_emergencies(bos_desk: Client, bo: Actor, club: Club, at: datetime) -> None:
    made = [
        make_case(club, at=at - timedelta(hours=hours, minutes=n), kind=kind).number
        for n in range(3)
        for kind, hours in (("emergency.injury", 0), ("complaint.venue", 30))
    ]
    found: list[str] = []
    after = None
    while True:
        rows, after = queue_page("club", actor=bo, at=at, after=after, most=2)
        found += [row.number for row in rows]
        if after is None:
            break
    assert found == [*made[4::-2], *made[5::-2]]


def test_queue_groups_by_the_day_of_each_club(
    browser: Browser, club: Club, other_club: Club, at: datetime
) -> None:
    Club.objects.filter(pk=other_club.pk).update(zone="Europe/London")
    received = at - timedelta(hours=8)  # due 20:00 in London, 04:00 tomorrow in Shanghai
    in_shanghai, in_london = make_case(club, at=received), make_case(other_club, at=received)
    groups = browser(make_account("centre", "agent", None)).get("/cases/").context["groups"]
    assert [(group.code, [item.number for item in group.items]) for group in groups] == [
        ("today", [in_london.number]),
        ("later", [in_shanghai.number]),
    ]


def test_queue_groups_by_how_soon_a_clock_runs_out(bos_desk: Client, club: Club, at: datetime) -> None:
    make_case(club, at=at - timedelta(hours=25))
    make_case(club, at=at - timedelta(hours=23, minutes=30))
    make_case(club, at=at - timedelta(hours=20))
    make_case(club, at=at)
    make_case(club, at=at, kind="praise_or_other")
    groups = re.findall(
        r'class="sa-group[^"]*"><span>([^<]+)</span><span>(\d)</span>', page(bos_desk, "/cases/?lang=en")
    )
    assert groups == [
        ("Past due", "1"),
        ("Within 1 hour", "1"),
        ("Due today", "1"),
        ("Due later", "1"),
        ("No clock running", "1"),
    ]


def test_queue_views_hold_what_they_say(
    bos_desk: Client, bo: Actor, bo_account: Account, club: Club, at: datetime
) -> None:
    nobodys = make_case(club, at=at)
    mine = make_case(club, at=at)
    assign(case=mine, owner=bo_account, actor=bo, at=at)
    answered = make_case(club, at=at - timedelta(hours=60))
    reply(case=answered, text="正在核实。", actor=bo, at=at - timedelta(hours=49))
    closedown = make_case(club, at=at)
    solve(closedown, actor=bo, at=at)
    seen = {
        view: numbers(page(bos_desk, f"/cases/?view={view}"))
        for view in ("mine", "unassigned", "awaiting", "silent")
    }
    assert seen["mine"] == [answered.number, mine.number]
    assert seen["unassigned"] == [nobodys.number, closedown.number]
    assert seen["awaiting"] == [nobodys.number, mine.number]
    assert seen["silent"] == [answered.number]


@pytest.mark.req("F50")
def test_complex_cases_have_a_view_of_their_own_with_the_time_left(
    bos_desk: Client, bo: Actor, cy: Actor, club: Club, at: datetime
) -> None:
    received = at - timedelta(hours=23)
    ordinary, later, first = (
        make_case(club, at=received + timedelta(hours=hours), actor=bo, channel="phone")
        for hours in (0, 1, 0)
    )
    for case in (later, first):
        reply(case=case, text="要请厂家来看。", actor=bo, at=at)
        asked = ask_complex(case=case, reason="需要厂家鉴定。", actor=bo, at=at)
        decide_complex(request=asked, approve=True, actor=cy, at=at)
    with CaptureQueriesContext(connection) as statements:
        text = page(bos_desk, "/cases/?view=complex")
    assert len(statements) <= 10
    assert numbers(text) == [first.number, later.number]
    assert 'data-due="2026-11-23T05:00:00' in text, "72 hours from receipt"
    assert ordinary.number not in numbers(text)
    assert counters(actor=bo, at=at)["complex"] == 2
    resolve(case=first, resolution="withdrawn", text="不用了。", reason="会员撤回", actor=cy, at=at)
    assert set(numbers(page(bos_desk, "/cases/?view=complex"))) == {first.number, later.number}, (
        "until the close"
    )


@pytest.mark.req("F50")
def test_the_view_of_complex_cases_reads_no_others(bo: Actor, club: Club, at: datetime) -> None:
    make_case(club, at=at)
    rows = view_of("complex", actor=bo, at=at).filter(club=club).nearest_first()
    with connection.cursor() as cursor:
        cursor.execute("set enable_seqscan = off")
        cursor.execute("set enable_bitmapscan = off")
        sql, values = rows.values("pk")[:50].query.sql_with_params()
        cursor.execute(f"explain {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "case_complex" in plan


@pytest.mark.req("B03")
def test_case_without_a_word_for_48_hours_is_in_the_silent_list(
    bos_desk: Client, club: Club, at: datetime
) -> None:
    make_case(club, at=at - timedelta(hours=47, minutes=40))
    silent = make_case(club, at=at - timedelta(hours=48))
    assert numbers(page(bos_desk, "/cases/?view=silent")) == [silent.number]


def test_queue_pages_show_every_case_once(bos_desk: Client, club: Club, at: datetime) -> None:
    made = [make_case(club, at=at - timedelta(minutes=n // 3)).number for n in range(61)]
    first = page(bos_desk)
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = page(bos_desk, following[1].replace("&amp;", "&"))
    assert sorted(numbers(first) + numbers(second)) == sorted(made)


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "1,2026-11-21T04:00:00,1",
        "1,2026-11-21T04:00:00%2B00:00,99999999999999999999",
        "99999,2026-11-21T04:00:00%2B00:00,1",
        "2026-11-21T04:00:00%2B00:00,1",
        "%00",
    ],
)
def test_queue_begins_at_the_start_for_a_place_that_is_none(
    after: str, bos_desk: Client, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at)
    assert numbers(page(bos_desk, f"/cases/?after={after}&view=%00&club=%00")) == [case.number]


def test_queue_shows_nothing_of_another_club(dees_desk: Client, club: Club, at: datetime) -> None:
    make_case(club, at=at)
    assert numbers(page(dees_desk)) == []


@pytest.mark.req("F47")
def test_complaint_at_any_club_appears_in_the_centre(
    browser: Browser, club: Club, other_club: Club, at: datetime
) -> None:
    here, there = make_case(club, at=at), make_case(other_club, at=at)
    centre = browser(make_account("centre", "service_manager", None))
    text = page(centre, "/cases/")
    assert sorted(numbers(text)) == sorted([here.number, there.number])
    assert club.name in text
    assert other_club.name in text
    assert numbers(page(centre, f"/cases/?club={other_club.code}")) == [there.number]


def test_coach_sees_own_cases_only(browser: Browser, cy: Actor, club: Club, at: datetime) -> None:
    coach = make_account("coach", "coach", club)
    own = make_case(club, at=at)
    assign(case=own, owner=coach, actor=cy, at=at)
    make_case(club, at=at)
    assert numbers(page(browser(coach))) == [own.number]


def test_queue_does_not_exist_for_roles_without_cases(browser: Browser, club: Club) -> None:
    assert browser(make_account("fin", "finance", club)).get("/cases/").status_code == 404


def test_counter_stops_at_99(bos_desk: Client, bo: Actor, club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    rows = []
    for number in range(100):
        copy = type(case).objects.get(pk=case.pk)
        talk = type(case.conversation)(club=club, channel="web", started_at=at)
        copy.pk, copy.number, copy.conversation = None, f"GD-{90_000 + number}", talk
        rows.append(copy)
    type(case.conversation).objects.bulk_create([row.conversation for row in rows])
    type(case).objects.bulk_create(rows)
    assert counters(actor=bo, at=at)["club"] == COUNT_TO
    assert "<small>99+</small>" in page(bos_desk)
