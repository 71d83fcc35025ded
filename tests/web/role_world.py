"""The small world in which the role matrix is tried: ten roles, two clubs, a thing of each relation, valid input."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponseBase
from django.test import Client

from clubassist.core import clock
from clubassist.core.actor import ANONYMOUS, EVERYWHERE, SYSTEM, Actor, ActorKind
from clubassist.core.models import Heartbeat
from clubassist.domain.cases.actions import digest_of, member_writes, merge_cases
from clubassist.domain.cases.models import (
    Attachment,
    Case,
    Clock,
    ComplexityRequest,
    Evidence,
    Finding,
    FollowUp,
    Link,
    Merge,
    Offer,
    Option,
    Pause,
    Report,
    Stage,
    Task,
)
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.actions import begin_draft
from clubassist.domain.club.models import Club, Draft, PackVersion
from clubassist.domain.members.actions import give_account
from clubassist.domain.members.models import Contact, Person
from clubassist.domain.people.models import Account
from clubassist.domain.people.roles import EVERY_PERMISSION, ROLES
from clubassist.web.shared.health import SILENT_AFTER
from tests.makers.cases import open_one
from tests.makers.clubs import LONG_AGO, make_club
from tests.makers.files import received
from tests.makers.people import PASSWORD, make_account, make_member
from tests.web.api.tokens import token_of

EVERYBODY: Final = ("member", *ROLES)
RELATIONS: Final = ("own", "same_club", "other_club")
SOLVING: Final = ("/resolve", "/resolve/")
SOLVED: Final = (
    "/close",
    "/close/",
    "/report",
    "/report/",
    "/read",
    "/read/",
    "/follow-ups",
    "/follow-ups/<int:pk>/",
    "/solved",
    "/solved/",
    "/not-solved",
    "/not-solved/",
)
"""The ends of addresses of what is done with a case that is solved."""
DAY: Final = timedelta(days=1)
OWN_RULES: Final = """
name = "own"
title = {zh = "自有", en = "Own"}
version = "1"
effective_from = 2026-01-01
owner = "service"
interpreter = "management"
languages = ["zh-Hans", "en"]
"""
SIGN_IN: Final = ("/accounts/login/", "/accounts/login/code/")


@dataclass(frozen=True, slots=True)
class Thing:
    """A case with the code that opens it, somebody's and at some club; and a draft of that club's rules, theirs too."""

    case: Case
    code: str
    draft: int = 0


@dataclass(slots=True)
class World:
    """Accounts, sessions and tokens by role; things by role and relation."""

    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    own: dict[str, Thing] = field(default_factory=dict)
    elsewhere: dict[str, Thing] = field(default_factory=dict)
    rules: int = 0
    browser: Client = field(default_factory=Client)
    """One for everybody: it loads the middleware once, and takes on whose cookies it is given."""

    def thing(self, role: str, relation: str) -> Thing:
        """Return what stands in this relation to somebody of this role."""
        return (
            self.own.get(role, self.elsewhere["same_club"]) if relation == "own" else self.elsewhere[relation]
        )


def make_world() -> World:
    """Return a world with an account for each role at the main club."""
    club, other = make_club(), make_club(code="other", name="另一家俱乐部", name_en="Another Club")
    world = World(rules=PackVersion.objects.filter(adoptions__club=club).values_list("pk", flat=True)[0])
    person = make_member(club)
    members = {"member": give_account(person=person, actor=SYSTEM, at=LONG_AGO)}
    colleagues = {role: make_account(role, role, club) for role in ROLES}
    for role, account in (members | colleagues).items():
        world.accounts[role] = account
        world.tokens[role] = token_of(account, EVERY_PERMISSION)
        browser = Client()
        browser.force_login(account)
        world.sessions[role] = browser.cookies["sessionid"].value
    stranger = make_member(club, name="李四", phone="13800138001", number="M0002")
    for role in EVERYBODY:
        world.own[role] = _thing(club, person if role == "member" else stranger, colleagues.get(role))
        StaffNotice.objects.create(
            account=world.accounts[role],
            code="assigned",
            kind="case",
            subject="GD-1",
            cause=role,
            at=LONG_AGO,
        )
    for name in SILENT_AFTER:
        Heartbeat.objects.create(name=name, at=clock.database_now(), ok=True, detail="")
    world.elsewhere["same_club"] = _thing(club, stranger, None)
    far = make_member(other, name="王五", phone="13800138002", number="M0003")
    world.elsewhere["other_club"] = _thing(other, far, None)
    return world


def _thing(club: Club, person: Person, owner: Account | None) -> Thing:
    opened = open_one(club, at=clock.now(), subject=person, place="")
    Case.objects.filter(pk=opened.case.pk).update(owner=owner)
    author = Actor(
        kind=ActorKind.STAFF,
        account=owner.pk if owner else None,
        permissions={"policy.adopt": EVERYWHERE},
    )
    draft = begin_draft(club=club, text=OWN_RULES, actor=author, at=clock.now())
    return Thing(opened.case, opened.track_code, draft.pk)


def ask(world: World, route: str, *, role: str, relation: str) -> HttpResponseBase:
    """Send one valid request to a route ("GET /cases/") as `role`, about a thing in this relation."""
    method, _space, path = route.partition(" ")
    thing = world.thing(role, relation)
    if method == "POST" and path.endswith(SOLVING):
        Stage.objects.filter(case=thing.case).update(code="implement")
        Task.objects.filter(case=thing.case).exclude(code="listen").delete()
        Task.objects.filter(case=thing.case).update(code="tell-result", gate="resolved")
        Case.objects.filter(pk=thing.case.pk).update(stage="implement", awaits_reply=False)
    if method == "POST" and path.endswith(SOLVED):
        at = clock.now()
        Case.objects.filter(pk=thing.case.pk).update(
            state="resolved", resolved_at=at, resolution="solved", awaits_reply=False
        )
        FollowUp.objects.create(case=thing.case, promise="call_back_3", opens_at=at)
        Report.objects.create(
            case=thing.case,
            resolved_at=at - DAY,
            cause="venue",
            text="好",
            written_at=at,
            written_by=world.accounts["agent"],
        )
    if method == "POST" and path.endswith(("/close", "/close/")):
        Task.objects.filter(case=thing.case).update(done_at=clock.now())
        Stage.objects.filter(case=thing.case).update(code="follow_up")
        Case.objects.filter(pk=thing.case.pk).update(stage="follow_up")
    _agree(world, method, path, thing.case)
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: _row(path, found[1], thing), path)
    if path.startswith("/api/"):
        return _ask_api(world, method, path, address, role=role, relation=relation, thing=thing)
    browser = world.browser
    browser.cookies.clear()
    browser.cookies.load({"club": "main", "sessionid": world.sessions.get(role, "")})
    if method == "GET":
        return browser.get(address)
    return browser.post(address, _form(world, path, role, thing))


def _agree(world: World, method: str, path: str, case: Case) -> None:
    """Bring a case to where what is asked about finding out and offering can happen."""
    at = clock.now()
    parts = set(path.strip("/").split("/"))
    if parts & {"finding", "findings"}:
        _stand_in(case, "verify")
        Evidence.objects.create(case=case, kind="photo", words="翘起", at=at)
    if "findings" in parts and not Finding.objects.standing().filter(case=case).exists():
        Finding.objects.create(
            case=case, conclusion="true", summary="属实", department="venue", written_at=at
        )
    if method == "GET" or not parts & {"offer", "offers", "accept", "decline", "routes"}:
        return
    _stand_in(case, "propose")
    if "offer" in parts or path.endswith("/offers"):
        return
    awaits, sent = bool(parts & {"approve", "refuse"}), bool(parts & {"answer", "accept", "decline"})
    declined = "routes" in parts
    offer = Offer.objects.create(
        case=case,
        round=1,
        made_at=at,
        made_by=world.accounts["finance"],
        needs_approval=awaits,
        sent_at=at if sent or declined else None,
        answer="declined" if declined else "",
        answered_at=at if declined else None,
    )
    Option.objects.create(offer=offer, position=1, words="修好", remedy="repair", clause="B24", cost=0)


def _stand_in(case: Case, stage: str) -> None:
    Stage.objects.filter(case=case).update(code=stage)
    Case.objects.filter(pk=case.pk).update(stage=stage)


def _ask_api(
    world: World, method: str, path: str, address: str, *, role: str, relation: str, thing: Thing
) -> HttpResponseBase:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    world.browser.cookies.clear()
    if role in world.tokens:
        headers["Authorization"] = f"Bearer {world.tokens[role]}"
    if method == "GET":
        asked = {"club": "main"} if path.endswith(("/kinds", "/packs")) else {}
        return world.browser.get(address, asked, headers=headers)
    body = json.dumps(_body(path, relation, thing))
    return world.browser.post(address, body, content_type="application/json", headers=headers)


def _row(path: str, name: str, thing: Thing) -> str:
    """Return what stands for a part of the address."""
    if name == "pk" and path.startswith("/members/"):
        return str(thing.case.subject_id)
    if name == "pk" and path.startswith("/contacts/"):
        return str(Contact.objects.filter(person=thing.case.subject_id).values_list("pk", flat=True)[0])
    if name in ("pk", "task") and "/tasks/" in path:
        return str(Task.objects.filter(case=thing.case).values_list("pk", flat=True)[0])
    if name == "pk" and "/files/" in path:
        return str(_file(thing).pk)
    if path.startswith("/rules/read/"):
        return str(
            PackVersion.objects.filter(adoptions__club=thing.case.club).values_list("pk", flat=True)[0]
        )
    if path.startswith("/rules/drafts/"):
        return str(thing.draft)
    if name == "club":
        return thing.case.club.code
    if name == "finding" or path.startswith("/findings/"):
        return str(Finding.objects.filter(case=thing.case).latest("pk").pk)
    if name == "offer" or path.startswith("/offers/"):
        return str(Offer.objects.filter(case=thing.case).latest("pk").pk)
    if name == "report" or path.startswith("/reports/"):
        return str(Report.objects.filter(case=thing.case).latest("pk").pk)
    if path.startswith("/follow-ups/"):
        return str(FollowUp.objects.filter(case=thing.case).latest("pk").pk)
    if name in ("pk", "clock") and "/clocks/" in path:
        return str(_clock(thing, paused="/resume" in path))
    if name in ("pk", "asked") and "/complex/" in path:
        return str(ComplexityRequest.objects.create(case=thing.case, reason="鉴定", asked_at=clock.now()).pk)
    if name in ("pk", "merge") and "/merges/" in path:
        return str(_merged_into(thing).pk)
    if name in ("pk", "link") and "/links/" in path:
        return str(Link.objects.create(case=thing.case, other=_twin(thing), kind="related").pk)
    return {
        "number": thing.case.number,
        "code": thing.code,
        "clause": "F49",
        "measure": "complaint-first-response",
        "part": "late",
        "pk": "1",
    }[name]


def _file(thing: Thing) -> Attachment:
    """Return a file that came with what was told."""
    holder = ANONYMOUS.holding("case", str(thing.case.pk))
    member_writes(case=thing.case, text="照片", files=[received()], actor=holder, at=clock.now())
    return Attachment.objects.filter(case=thing.case).latest("at")


def _clock(thing: Thing, *, paused: bool) -> int:
    """Return the clock of the case's solution, which stands still if it has to go on."""
    solution = thing.case.clocks.get(promise="solution")
    if paused:
        since = solution.started_at
        Pause.objects.create(clock=solution, reason="part", evidence="订单 12", paused_at=since)
        Clock.objects.filter(pk=solution.pk).update(paused_at=since, next_alarm_at=None)
    return solution.pk


def _twin(thing: Thing) -> Case:
    """Return another case of the same person at the same club."""
    return open_one(thing.case.club, at=clock.now(), subject=thing.case.subject).case


def _merged_into(thing: Thing) -> Merge:
    everybody = replace(SYSTEM, permissions=dict.fromkeys(EVERY_PERMISSION, EVERYWHERE))
    return merge_cases(case=_twin(thing), into=thing.case, actor=everybody, at=clock.now())


def _body(path: str, relation: str, thing: Thing) -> dict[str, Any]:
    verb = path.rpartition("/")[2]
    club = "other" if relation == "other_club" else "main"
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    bodies: dict[str, dict[str, Any]] = {
        "intake": {"club": club, "kind": "inquiry", "narrative": "周日几点关门？"},
        "assign": {"owner": "agent", "reason": "shift_end"},
        "contact": {"contact_at": tomorrow},
        "resolve": {"resolution": "solved", "text": "已修好。"},
        "calls": {"outcome": "not_reached"},
        "assess": {"kind": thing.case.kind, "urgency": "urgent", "reason": "听完才知道"},
        "facts": {"remedy_sought": "修好"},
        "report": {"cause": "venue", "text": "已换好。"},
        "follow-ups": {"promise": "call_back_3", "outcome": "not_reached"},
        "skip": {"reason": "一目了然"},
        "pause": {"reason": "part", "evidence": "订单 12"},
        "evidence": {"kind": "photo", "words": "翘起"},
        "complex": {"reason": "要等厂家鉴定"},
        "decide": {"approve": True},
        "finding": {"conclusion": "true", "summary": "属实", "department": "venue"},
        "sign": {"side": "service"},
        "offers": {"options": [{"words": "道歉", "remedy": "apology", "clause": "B24"}]},
        "answer": {"text": "不"} if "/me/" in path else {"text": "不", "channel": "phone"},
        "withdraw": {"reason": "算错"},
        "tasks": {"department": "venue", "words": "看看灯"},
        "send": {"department": "venue"},
        "/api/v1/tasks/<task>/assign": {"assignee": "agent"},
    }
    if "/reports/" in path:
        read = Report.objects.filter(case=thing.case).latest("pk")
        return {"written_at": read.written_at.isoformat()}
    if verb == "merge":
        return {"into": _twin(thing).number}
    if verb == "links":
        return {"other": _twin(thing).number, "kind": "related"}
    return bodies.get(path) or bodies.get(
        verb, {"text": "在看。"} if verb not in ("close", "done", "resume", "undo", "solved") else {}
    )


def _form(world: World, path: str, role: str, thing: Thing) -> dict[str, Any]:
    """Return what a reader would send to a page."""
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    account = world.accounts.get(role)
    notice = StaffNotice.objects.filter(account=account).first()
    option = Option.objects.filter(offer__case=thing.case).last()
    draft = Draft.objects.filter(pk=thing.draft).first()
    seen = draft.digest if draft else ""
    forms: dict[str, dict[str, Any]] = {
        "/rules/in-force/<slug:club>/adopt/": {"version": world.rules},
        "/rules/in-force/<slug:club>/draft/": {"base": world.rules},
        "/rules/read/confirm/": {"version": world.rules},
        "/rules/in-force/<slug:club>/replan/run/": {"seen": digest_of([])},
        "/rules/drafts/<int:pk>/save/": {"text": OWN_RULES + "# 第二稿", "seen": seen},
        "/rules/drafts/<int:pk>/publish/": {"seen": seen},
        "/cases/<slug:number>/evidence/": {"kind": "photo", "words": "翘起"},
        "/cases/<slug:number>/finding/": {"conclusion": "true", "summary": "属实", "department": "venue"},
        "/cases/<slug:number>/offer/": {"option1_words": "道歉", "option1_remedy": "apology"},
        "/offers/<int:pk>/answer/": {"answer": "no", "channel": "phone", "text": "不"},
        "/offers/<int:pk>/withdraw/": {"reason": "算错"},
        "/offers/<int:pk>/refuse/": {"reason": "太多"},
        "/m/cases/<slug:number>/accept/": {"option": option.pk if option else ""},
        "/t/<slug:code>/accept/": {"option": option.pk if option else ""},
        "/m/cases/<slug:number>/decline/": {"offer": option.offer_id if option else "", "text": "不"},
        "/t/<slug:code>/decline/": {"offer": option.offer_id if option else "", "text": "不"},
        "/emergency/": {"club": world.own["agent"].case.club.code},
        "/cases/new/": {"kind": "inquiry", "narrative": "周日几点关门？", "channel": "phone"},
        "/cases/<slug:number>/assign/": {"owner": world.accounts["agent"].pk, "reason": "shift_end"},
        "/cases/<slug:number>/contact/": {"contact_at": tomorrow},
        "/cases/<slug:number>/facts/": {"place": "更衣室"},
        "/cases/<slug:number>/class/": {
            "kind": thing.case.kind,
            "urgency": "urgent",
            "reason": "听完才知道",
        },
        "/cases/<slug:number>/resolve/": {"resolution": "solved", "text": "已修好。"},
        "/cases/<slug:number>/ask/": {"department": "venue", "words": "看看灯"},
        "/cases/<slug:number>/report/": {"cause": "venue", "text": "已换好。"},
        "/follow-ups/<int:pk>/": {"outcome": "not_reached"},
        "/tasks/<int:pk>/skip/": {"reason": "一目了然"},
        "/tasks/<int:pk>/send/": {"department": "venue"},
        "/tasks/<int:pk>/hand/": {"assignee": world.accounts["agent"].pk},
        "/cases/<slug:number>/call/": {"outcome": "not_reached"},
        "/cases/<slug:number>/clocks/<int:pk>/pause/": {"reason": "part", "evidence": "订单 12"},
        "/cases/<slug:number>/complex/": {"reason": "需要鉴定"},
        "/cases/<slug:number>/complex/<int:pk>/decide/": {"approve": "yes"},
        "/contacts/<uuid:pk>/reveal/": {"reason": "回电"},
        "/notices/read/": {"until": notice.pk if notice else ""},
        "/theme/": {"theme": "dark"},
        "/m/report/": {"kind": "inquiry", "narrative": "周日几点关门？", "once": str(uuid.uuid4())},
        "/m/track/": {"number": thing.case.number, "code": thing.code},
        "/accounts/login/": {"login": "agent", "password": PASSWORD},
        "/accounts/login/code/": {"phone": "13800138000"},
    }
    if path == "/cases/<slug:number>/merge/":
        return {"into": _twin(thing).number}
    if path == "/cases/<slug:number>/link/":
        return {"other": _twin(thing).number, "kind": "related"}
    return forms.get(path, {"text": "在看。", "once": str(uuid.uuid4())})
