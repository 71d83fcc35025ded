"""The demo's club group: a fitness club and a basketball club with a week of matters, made by the real actions."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from clubassist.core import clock, jobs, seal, tokens
from clubassist.core.actor import ANONYMOUS, SYSTEM, Actor, ActorKind
from clubassist.domain.cases.actions import (
    Choice,
    Report,
    accept_offer,
    add_evidence,
    add_note,
    assess,
    close,
    complete_facts,
    complete_task,
    log_call,
    make_offer,
    member_confirms,
    open_case,
    reply,
    resolve,
    send_offer,
    sign_finding,
    write_finding,
    write_report,
)
from clubassist.domain.cases.actions.holding import COMPENSATION, FEN_OF_A_YUAN
from clubassist.domain.cases.models import Case, Clock, FollowUp, Offer, Task
from clubassist.domain.cases.steps import steps_before_solving
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.club.actions import found_club
from clubassist.domain.club.models import Area, Club
from clubassist.domain.club.plan import AreaPlan, ClubPlan, HoursPlan, VenuePlan
from clubassist.domain.ledgers.actions import open_budget
from clubassist.domain.members.actions import NewPerson, register_person
from clubassist.domain.members.models import Person
from clubassist.domain.people.actions import confirm_rules, hire, issue_token
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import rules_run, staff_actor
from clubassist.domain.people.roles import PERMISSIONS
from clubassist.pure.policy import Gate, shipped_names
from clubassist.simulator import stories
from clubassist.simulator.cast import AREA_EN, CENTRE, CLUBS, DEPARTMENTS, NOT_READ_YET, STAFF
from clubassist.simulator.stories import MEMBERS, STORIES, Step, Story

SEED: Final = 20261121
PASSWORD: Final = "demo-clubassist"  # noqa: S105 - printed on the terminal: a demo has no secrets
BUDGET: Final = 20_000
"""What each of the demo's clubs may spend on remedies in a year, in yuan (B51)."""


@dataclass(slots=True)
class Demo:
    """What the demo prints and writes to demo.json."""

    accounts: list[dict[str, str | None]] = field(default_factory=list)
    member_links: list[str] = field(default_factory=list)

    def document(self, base_url: str) -> dict[str, Any]:
        """Return the accounts and the members' links, for demo.json."""
        return {
            "accounts": self.accounts,
            "member_links": [f"{base_url}{link}" for link in self.member_links],
        }

    def words(self, base_url: str, where: Path) -> str:
        """Return what the terminal shows."""
        lines = [
            "",
            f"  ClubAssist 助攻  {base_url}",
            f"  工作台 desk      {base_url}/        {self._account('agent')} / {PASSWORD}",
            f"  会员页 members   {base_url}/m/",
            *(f"  一件事的进度 one matter  {base_url}{link}" for link in self.member_links[:1]),
            f"  全部账号 all accounts    {where}",
            "  Ctrl-C 结束 to stop",
            "",
        ]
        return "\n".join(lines)

    def _account(self, role: str) -> str | None:
        return next((row["username"] for row in self.accounts if row["role"] == role), None)


def seed_demo() -> Demo:
    """Seed the demo unless it is there. Passwords and tokens are printed."""
    now = clock.now()
    if not Club.objects.exists():
        with transaction.atomic():
            _Seeder(now).run()
    return _describe(now)


def _describe(at: datetime) -> Demo:
    """Return the demo's accounts with a fresh API token each, and fresh links into living cases,
    first into one with an offer for its member."""
    demo = Demo()
    for account in Account.objects.filter(is_staff=True).order_by("pk"):
        grant = account.grants.select_related("club").first()
        if grant is None:
            continue
        scopes = PERMISSIONS[grant.role]
        token = issue_token(account=account, label="demo", scopes=scopes, actor=SYSTEM, at=at)
        demo.accounts.append(
            {
                "role": grant.role,
                "username": account.username,
                "password": PASSWORD,
                "totp_secret": None,
                "token": token,
                "club": grant.club.code if grant.club else None,
            }
        )
    offered = Offer.objects.open().told().order_by("-pk").select_related("case")
    living = Case.objects.unfinished().order_by("-received_at")
    for case in [*(offer.case for offer in offered[:1]), *living[:3]]:
        code = tokens.issue("track", subject=("case", str(case.pk)), at=at, expires=at + timedelta(days=30))
        demo.member_links.append(f"/t/{code}/")
    return demo


class _Seeder:
    """Lives through the last week with the club group, story by story, in the order of time."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.random = random.Random(SEED)
        self.start = now - timedelta(days=9)
        self.clubs: list[Club] = []
        self.people: dict[int, list[Person]] = {}
        self.staff: dict[tuple[int, str], Account] = {}

    def run(self) -> None:
        """Open the clubs, then let the stories happen; alarms are swept as time passes."""
        for row in CLUBS:
            self._open_club(row)
        for name, person, role in CENTRE:
            self._hire(name, person, role, None)
        Account.objects.filter(is_staff=True).update(password=make_password(PASSWORD))
        self._live()
        jobs.drain(at=self.now)
        seal.seal_journal(self.now)

    def _open_club(self, row: tuple[Any, ...]) -> None:
        code, name, name_en, venue_name, venue_en, areas = row
        house = VenuePlan(
            name=venue_name,
            name_en=venue_en,
            areas=[AreaPlan(name=area, name_en=AREA_EN[area]) for area in areas],
        )
        plan = ClubPlan(
            code=code,
            name=name,
            name_en=name_en,
            phone="0571-8888 1000",
            packs=list(shipped_names()),  # one rule set for a chain with both kinds of clubs (A20)
            hours=[HoursPlan(days="1-7", opens="08:00", closes="22:00")],
            venues=[house],
        )
        club = found_club(plan=plan, actor=SYSTEM, at=self.start)
        for year in {self.start.year, self.now.year}:
            open_budget(
                club=club,
                kind=COMPENSATION,
                year=year,
                amount=BUDGET * FEN_OF_A_YUAN,
                clause="B51",
                limits={},
                actor=SYSTEM,
                at=self.start,
            )
        for name, person, role in STAFF:
            self._hire(f"{name}.{code}", person, role, club)
        self.clubs.append(club)
        self.people[club.pk] = [
            register_person(
                club=club,
                new=NewPerson(
                    standing="member",
                    name=member,
                    phone=f"1380571{1000 + len(self.clubs) * 100 + number:04d}",
                    member_number=f"{code.upper()}{number + 1:04d}",
                    verified=True,
                ),
                actor=SYSTEM,
                at=self.start,
            )
            for number, member in enumerate(MEMBERS)
        ]

    def _hire(self, username: str, name: str, role: str, club: Club | None) -> None:
        department, heads = DEPARTMENTS.get(username.partition(".")[0], ("", False))
        account = hire(
            username=username,
            name=name,
            password=None,
            role=role,
            club=club,
            department=department,
            heads=heads,
            actor=SYSTEM,
            at=self.start,
        )
        if club is not None:
            self.staff[club.pk, role] = account
        if role not in NOT_READ_YET:
            reader = staff_actor(account)
            for version in rules_run(reader, at=self.start):
                confirm_rules(version=version, actor=reader, at=self.start)

    def _live(self) -> None:
        """Let every story's steps happen in the order of their times, sweeping alarms in between."""
        steps: list[tuple[datetime, int, Any]] = []
        for number, story in enumerate(STORIES):
            club = self.clubs[number % len(self.clubs)]
            received = self.now - timedelta(hours=story.hours_ago)
            steps.append((received, number, (story, club, None)))
        state: dict[int, Case] = {}
        queue = sorted(steps, key=lambda step: (step[0], step[1]))
        while queue:
            at, number, (story, club, step) = queue.pop(0)
            _sweep(at)
            if step is None:
                state[number] = self._tell(story, club, at)
                told = [*self._taken_up(story), *story.steps]
                later = [(at + timedelta(hours=s.after), number, (story, club, s)) for s in told]
                queue = sorted(
                    [*queue, *(row for row in later if row[0] <= self.now)], key=lambda r: (r[0], r[1])
                )
            else:
                self._do(state[number], step, club, at)
        _sweep(self.now)

    def _taken_up(self, story: Story) -> list[Step]:
        """Return the deed of an agent who takes a complaint up, mostly within the time for it (B18, B19)."""
        worked_on = story.kind.startswith("complaint") and any(step.deed == "tasks" for step in story.steps)
        return [Step(self.random.choice((4, 6, 7, 9, 14)) / 60, "agent", "take_up")] if worked_on else []

    def _tell(self, story: Story, club: Club, at: datetime) -> Case:
        person = self.random.choice(self.people[club.pk]) if story.known else None
        area = Area.objects.filter(venue__club=club, position=story.area).first()
        by_phone = story.channel == "phone"
        agent = staff_actor(self.staff[club.pk, "agent"])
        guest = Actor(kind=ActorKind.MEMBER, person=person.pk) if person else Actor(kind=ActorKind.GUEST)
        report = Report(
            kind=story.kind,
            narrative=story.text,
            channel=story.channel,
            urgency=story.urgency,
            area=area,
            place=area.name if area and story.place else "",
            people=story.people,
            occurred_at=at - timedelta(minutes=self.random.randrange(5, 90)) if story.place else None,
            remedy_sought=story.remedy,
            subject=person,
            language="zh-hans" if any(char > "\u2e80" for char in story.text) else "en",
        )
        opened = open_case(report=report, club=club, actor=agent if by_phone else guest, at=at)
        jobs.drain(at=at)
        return opened.case

    def _do(self, case: Case, step: Any, club: Club, at: datetime) -> None:
        """Let one step of a story happen by the hand of the role that takes it."""
        actor = staff_actor(self.staff[club.pk, step.role])
        if step.deed == "reply":
            reply(case=case, text=step.text, actor=actor, at=at)
        elif step.deed == "call":
            log_call(case=case, text=step.text, outcome="reached", actor=actor, at=at)
        elif step.deed == "note":
            add_note(case=case, text=step.text, actor=actor, at=at)
        elif step.deed == "resolve":
            self._take_steps(case, actor, at)
            resolution = "solved" if case.kind.startswith("complaint") else "answered"
            resolve(case=case, resolution=resolution, text=step.text, actor=actor, at=at)
        elif step.deed == "close":
            self._finish(case, actor, at)
            close(case=case, actor=actor, at=at)
        elif step.deed == "take_up":
            self._ask(case, actor, at)
            assess(case=case, actor=actor, at=at)
        elif step.deed == "tasks":
            self._tick(case, actor, at)
        elif step.deed == "offer":
            self._offer(case, step.text, actor, at, cost=step.cost)
        elif step.deed == "accept":
            self._agree(case, step.text, actor, at)
        jobs.drain(at=at)

    def _tick(self, case: Case, actor: Actor, at: datetime) -> None:
        """Take every step of the present stage; what the member wants is asked on the way, and is what we offer."""
        self._ask(case, actor, at)
        here = Task.objects.open().filter(case=case, stage__left_at__isnull=True)
        gates = set(here.values_list("gate", flat=True))
        if Gate.ASSESSED in gates:
            assess(case=case, actor=actor, at=at)
        if Gate.SIGNED_BY_SERVICE in gates:
            self._verify(case, actor, at)
        elif Gate.OFFER_MADE in gates:
            wish = Case.objects.values_list("remedy_sought", flat=True).get(pk=case.pk)
            self._offer(case, wish, actor, at)
        elif Gate.OFFER_ACCEPTED in gates:
            self._agree(case, stories.AGREED, actor, at)
        for task in Task.objects.open().filter(case=case, stage__left_at__isnull=True, gate=""):
            complete_task(task=task, actor=actor, at=at)

    def _ask(self, case: Case, actor: Actor, at: datetime) -> None:
        """Ask for what the report left open: what would put it right, and of a complaint the facts."""
        known = Case.objects.get(pk=case.pk)
        wanted = stories.ASKED if known.kind.startswith("complaint") else ("remedy_sought",)
        asked: dict[str, Any] = {name: stories.ASKED[name] for name in wanted if not getattr(known, name)}
        if known.occurred_at is not None:
            asked.pop("occurred_words", None)
        if asked:
            complete_facts(case=case, **asked, actor=actor, at=at)

    def _verify(self, case: Case, actor: Actor, at: datetime) -> None:
        """Find out that it is true; the front desk and the head of customer service sign."""
        agent, head = (staff_actor(self.staff[case.club_id, role]) for role in ("agent", "service_manager"))
        add_evidence(case=case, kind="visit", words=stories.SEEN, actor=actor, at=at)
        finding = write_finding(
            case=case, conclusion="true", summary=stories.SEEN, department="service", actor=actor, at=at
        )
        sign_finding(finding=finding, side="service", actor=agent, at=at)
        sign_finding(finding=finding, side="department", actor=head, at=at)

    def _offer(self, case: Case, words: str, actor: Actor, at: datetime, *, cost: int = 0) -> None:
        choice = Choice(
            words=words,
            remedy="compensation" if cost else "other",
            clause="B24",
            cost=cost * FEN_OF_A_YUAN,
            department="service",
        )
        offer = make_offer(case=case, choices=[choice], actor=actor, at=at)
        send_offer(offer=offer, actor=actor, at=at)

    def _agree(self, case: Case, words: str, actor: Actor, at: datetime) -> None:
        offer = Offer.objects.open().get(case=case)
        option = offer.options.get()
        accept_offer(offer=offer, option=option, channel="phone", words=words, actor=actor, at=at)

    def _take_steps(self, case: Case, actor: Actor, at: datetime) -> None:
        """Take the steps that the script left out before the case may be solved."""
        case.refresh_from_db()
        while steps_before_solving(case):
            self._tick(case, actor, at)
            case.refresh_from_db()

    def _finish(self, case: Case, actor: Actor, at: datetime) -> None:
        """Write the report of a complaint; the member says by their link that it is solved."""
        case.refresh_from_db()
        if not FollowUp.objects.open().filter(case=case).exists():
            return
        cause = self.random.choice(("people", "process", "equipment", "venue", "information"))
        write_report(case=case, text=stories.REPORTED, cause=cause, actor=actor, at=at)
        self._tick(case, actor, at)
        member_confirms(case=case, score=5, actor=ANONYMOUS.holding("case", str(case.pk)), at=at)


def _sweep(at: datetime) -> None:
    """Raise every alarm up to `at` at its own moment, as a sweep does that runs all the time."""
    waiting = Clock.objects.filter(next_alarm_at__lte=at).order_by("next_alarm_at")
    while due := waiting.values_list("next_alarm_at", flat=True).first():
        raise_due_alarms(due)
