"""Cases and clocks as lists show them: everything is formatted here, so that a template only prints."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import NO_CLOCK, Case, State
from clubassist.domain.cases.queries import QueueRow
from clubassist.domain.club.queries import policy_of
from clubassist.domain.members.models import Person
from clubassist.pure.policy import Policy, UnknownKind
from clubassist.web.desk.page import chinese, said
from clubassist.web.shared.templatetags.sa import icon, moment, span

SOON: Final = timedelta(hours=1)
CHANNELS: Final = {
    "phone": ("phone", gettext_lazy("By phone")),
    "desk": ("user", gettext_lazy("At the desk")),
    "web": ("world", gettext_lazy("On the website")),
    "wechat": ("brand-wechat", gettext_lazy("WeChat")),
    "mail": ("mail", gettext_lazy("By mail")),
    "api": ("link", gettext_lazy("Through another system")),
}
PROMISES: Final = {
    "recorded": gettext_lazy("Facts recorded"),
    "judged": gettext_lazy("First judgement"),
    "first_response": gettext_lazy("First response"),
    "verified": gettext_lazy("Both signatures"),
    "solution": gettext_lazy("Solution"),
    "task_acknowledged": gettext_lazy("Department takes it on"),
    "implementation": gettext_lazy("Start of what was agreed"),
    "closing_report": gettext_lazy("Closing report"),
    "call_back_3": gettext_lazy("Call-back on day 3"),
    "call_back_30": gettext_lazy("Call-back on day 30"),
}
STANDINGS: Final = {
    "member": gettext_lazy("Member"),
    "guest": gettext_lazy("Guest"),
    "prospect": gettext_lazy("Prospect"),
}
STATES: Final = {
    "open": gettext_lazy("In progress"),
    "resolved": gettext_lazy("Solved"),
    "closed": gettext_lazy("Closed"),
}
GROUPS: Final = {
    "emergency": gettext_lazy("Emergencies"),
    "late": gettext_lazy("Past due"),
    "soon": gettext_lazy("Within 1 hour"),
    "today": gettext_lazy("Due today"),
    "later": gettext_lazy("Due later"),
    "none": gettext_lazy("No clock running"),
}


class Left(NamedTuple):
    """Time left on a clock: its colour, icon and words, and the due time when the page may count it down."""

    tone: str
    icon: str
    words: str
    due: str


def left_until(due: datetime, strictness: str, at: datetime) -> Left:
    """Say how much time is left until `due`; a missed "target" is amber, a missed "breach" red (A01)."""
    ahead = due - at
    if ahead < timedelta(0):
        tone, icon = ("warn", "hourglass") if strictness == "target" else ("breach", "alert-octagon")
    else:
        tone, icon = ("warn", "alert-triangle") if ahead <= SOON else ("", "clock")
    return Left(tone, icon, span(ahead, "short"), due.astimezone(UTC).isoformat("T", "seconds"))


class Item(NamedTuple):
    """A case in a list; `here` marks the one that the page is about."""

    number: str
    here: bool
    url: str
    title: str
    kind: str
    person: str
    place: str
    club: str
    channel: str
    channel_words: str
    owner: str
    unread: bool
    left: Left
    clause: str
    clause_ref: str
    row: QueueRow
    now: datetime

    @property
    def promise(self) -> str:
        """Return what the nearest clock promises, "" without one."""
        return str(PROMISES.get((self.row.nearest or {}).get("promise", ""), ""))

    @property
    def heard(self) -> str:
        """Return when the member last heard from us, in the club's time."""
        return self._in_words(self.row.told_at)

    @property
    def contact(self) -> str:
        """Return when the member was promised to hear from us, in the club's time; "" for never."""
        return self._in_words(self.row.next_contact_at)

    def _in_words(self, at: datetime | None) -> str:
        with timezone.override(self.row.zone):
            return moment(at, self.now) if at else ""

    @property
    def markup(self) -> SafeString:
        """Return the list item, everything escaped.

        Fifty of them are most of a page; written by the template engine they took half of its time.
        """
        left = escape(self.left.words)
        if self.left.due:
            left = f'<span role="timer" data-due="{self.left.due}" data-style="short">{left}</span>'
        meta = [
            f"{icon(self.channel)}{_heard(self.channel_words)}<span>{escape(self.person)}</span>",
            f'<span class="sa-tag">{escape(self.kind)}</span>',
            f'<span class="sa-place">{escape(self.place)}</span>' if self.place else "",
            f'<span class="sa-tag sa-tag-info">{escape(self.club)}</span>' if self.club else "",
            _heard(_("Awaiting us")) if self.unread else "",
            f'<span class="sa-ava" aria-hidden="true">{escape(self.owner[0])}</span>{_heard(self.owner)}'
            if self.owner
            else f'<span class="sa-tag sa-nobody">{escape(_("Unassigned"))}</span>',
        ]
        return SafeString(
            f'<li><a class="sa-item{" sa-item-unread" if self.unread else ""}" href="{escape(self.url)}" data-row'
            f"{_HERE if self.here else ''}><b>{escape(self.title)}</b>"
            f'<span class="sa-tag{_TONES[self.left.tone]}">{icon(self.left.icon)}{left}</span>'
            f'<span class="sa-meta">{"".join(meta)}</span></a></li>'
        )


_HERE: Final = ' aria-current="page"'
_TONES: Final = {"": "", "ok": " sa-tag-ok", "warn": " sa-tag-warn", "breach": " sa-tag-breach"}


def _heard(words: str) -> str:
    return f'<span class="sa-sr">{escape(words)}</span>'


def kind_title(policy: Policy, code: str) -> str:
    """Return a kind's title in the reader's language; its code when no pack knows it any more."""
    try:
        return said(policy.kind(code).title)
    except UnknownKind:
        return code


def cause_title(policy: Policy, code: str) -> str:
    """Return a cause's title in the reader's language; its code when no pack knows it any more."""
    return said(policy.causes[code]) if code in policy.causes else code


def items(rows: Iterable[QueueRow], at: datetime, *, with_club: bool, here: str = "") -> list[Item]:
    """Return rows as list items; each case speaks by the pack versions it runs by and in its club's time.

    `here` is the page's case.
    """
    base = reverse("desk_queue")
    return [_item(row, at, base, with_club=with_club, here=here) for row in rows]


@lru_cache(maxsize=32)
def _channel(code: str, language: str | None) -> tuple[str, str]:
    """Return the icon and the words of a channel, looked up once for each language instead of fifty times a page."""
    icon, words = CHANNELS.get(code, ("message", code))
    return icon, str(words)


def _item(row: QueueRow, at: datetime, base: str, *, with_club: bool, here: str) -> Item:
    zh = chinese()
    policy = policy_of(tuple(row.pack_versions))
    icon, words = _channel(row.channel, get_language())
    clock: dict[str, Any] = row.nearest or {}
    clause = next(iter(clock.get("clauses", ())), "")
    known = policy.clauses.get(clause)
    return Item(
        number=row.number,
        here=row.number == here,
        url=f"{base}{row.number}/",
        title=row.title,
        kind=kind_title(policy, row.kind),
        person=row.person or _("Anonymous"),
        place=(row.area if zh else row.area_en) or row.place,
        club=(row.club if zh else row.club_en) if with_club else "",
        channel=icon,
        channel_words=words,
        owner=row.owner or "",
        unread=row.awaits_reply,
        left=_left(row, clock, at),
        clause=clause,
        clause_ref=known.ref if known else clause,
        row=row,
        now=at,
    )


def _left(row: QueueRow, clock: dict[str, Any], at: datetime) -> Left:
    if row.state == State.RESOLVED:
        return Left("ok", "circle-check", _("Solved"), "")
    if row.due_at == NO_CLOCK:
        return Left("", "check", _("Promises kept"), "")
    return left_until(row.due_at, clock.get("strictness", ""), at)


class Group(NamedTuple):
    """Items whose nearest clocks are equally near."""

    code: str
    title: str
    items: list[Item]


def grouped(rows: list[QueueRow], at: datetime, *, with_club: bool, here: str = "") -> list[Group]:
    """Return rows in nearest-first order as groups by how soon they are due; "today" is their club's."""
    groups: dict[str, list[QueueRow]] = {code: [] for code in GROUPS}

    def how_soon(row: QueueRow) -> str:
        if row.rank == 0:
            return "emergency"
        if row.due_at == NO_CLOCK:
            return "none"
        if row.due_at < at:
            return "late"
        if row.due_at <= at + SOON:
            return "soon"
        zone = ZoneInfo(row.zone)
        return "today" if row.due_at.astimezone(zone).date() == at.astimezone(zone).date() else "later"

    for row in rows:
        groups[how_soon(row)].append(row)
    return [
        Group(code, str(GROUPS[code]), items(same, at, with_club=with_club, here=here))
        for code, same in groups.items()
        if same
    ]


def file_rows(person: Person, *, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Return the newest cases of a person that the actor may read, finished ones too. One statement."""
    theirs = Case.objects.visible_to(actor).filter(Q(subject=person) | Q(reporter=person))
    return [case_row(case, at) for case in theirs.select_related("club").order_by("-received_at", "-pk")[:50]]


def case_row(case: Case, at: datetime) -> dict[str, Any]:
    """Return a case as lists show it that hold finished ones too."""
    with timezone.override(case.club.zone):
        received = moment(case.received_at, at)
    return {
        "number": case.number,
        "title": case.title,
        "kind": kind_title(policy_of(tuple(case.pack_versions)), case.kind),
        "state": STATES[case.state],
        "received": received,
    }
