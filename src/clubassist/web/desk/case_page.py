"""The page of one case: what was said, what is promised, what to do next."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clubassist.core import clock, tokens
from clubassist.core.actor import Actor
from clubassist.domain.cases import queries, rules
from clubassist.domain.cases.actions import look_up
from clubassist.domain.cases.models import Case, State
from clubassist.domain.cases.steps import steps_before_solving
from clubassist.domain.channels.models import Message
from clubassist.domain.channels.models.conversation import ATTEMPTS
from clubassist.domain.club.queries import policy_of
from clubassist.domain.members.rules import shown_name
from clubassist.pure.policy import Playbook
from clubassist.web.desk import forms, step_forms
from clubassist.web.desk.after_solving import Call, after_solving
from clubassist.web.desk.agreeing import agreeing
from clubassist.web.desk.judging import judging
from clubassist.web.desk.matter import matter_of
from clubassist.web.desk.page import WORKS_ON_CASES, chinese, desk_page, said
from clubassist.web.desk.phrases import phrases_for
from clubassist.web.desk.queue import tabs
from clubassist.web.desk.reading import Dial, Part, dial, masked_contacts, playbook
from clubassist.web.desk.rows import CHANNELS, grouped, kind_title
from clubassist.web.desk.telling import told
from clubassist.web.desk.waiting import waiting
from clubassist.web.shared.doors import staff
from clubassist.web.shared.once import next_key
from clubassist.web.shared.sealed import sealed_for, unsealed
from clubassist.web.shared.templatetags.sa import moment
from clubassist.web.shared.visitor import SignedRequest

BESIDE: Final = 25
RIGHTS: Final = ("reply", "note", "assign", "resolve", "close", "task", "skip", "pause")
MISSING_WORDS: Final = {
    "time": gettext_lazy("when it happened"),
    "place": gettext_lazy("where it happened"),
    "people": gettext_lazy("who was involved"),
    "course": gettext_lazy("what happened"),
}
FLASH: Final = "desk-just-opened"


@staff(WORKS_ON_CASES)
def case(request: SignedRequest, number: str) -> HttpResponse:
    """Show a case."""
    return show(request, visible(request, number), at=clock.now())


def visible(request: SignedRequest, number: str) -> Case:
    """Return the case if the reader may see it. Raises Missing."""
    return look_up(number, actor=request.actor, at=clock.now())


def in_sight(request: SignedRequest, number: str) -> bool:
    """Tell whether the reader may see the case. One statement."""
    return Case.objects.visible_to(request.actor).filter(number=number).exists()


def back_to(request: SignedRequest, number: str) -> HttpResponse:
    """Lead to the case; to the queue when it is out of the reader's sight now, as a sensitive one handed on."""
    return redirect("desk_case", number) if in_sight(request, number) else redirect("desk_queue")


def blank_forms(case: Case, actor: Actor) -> dict[str, forms.DeskForm]:
    """Return the forms of a case's page, empty; each has ids of its own, since several have a field `text`."""
    facts = {name: getattr(case, name, "") for name in forms.FactsForm.base_fields}
    return {
        "reply": forms.ReplyForm(auto_id="reply_%s"),
        "note": forms.NoteForm(auto_id="note_%s"),
        "call": forms.CallForm(auto_id="call_%s"),
        "assign": forms.AssignForm(auto_id="assign_%s", club_id=case.club_id),
        "contact": forms.ContactForm(auto_id="contact_%s"),
        "facts": forms.FactsForm(auto_id="facts_%s", initial=facts, case=case),
        "class": forms.ClassForm(auto_id="class_%s", case=case, actor=actor),
        "resolve": forms.ResolveForm(auto_id="resolve_%s"),
        "ask": step_forms.AskForm(auto_id="ask_%s", case=case),
    }


def pause_forms(
    dials: list[Dial], failed: tuple[str, forms.DeskForm] | None
) -> list[tuple[Dial, forms.DeskForm | None]]:
    """Return the clocks that may stand still or go on, with the form of those that tick."""
    rows: list[tuple[Dial, forms.DeskForm | None]] = []
    for row in dials:
        if row.paused:
            rows.append((row, None))
        elif row.reasons:
            blank = forms.PauseForm(auto_id=f"pause_{row.pk}_%s", reasons=row.reasons)
            rows.append((row, failed[1] if failed and failed[0] == f"pause-{row.pk}" else blank))
    return rows


def show(
    request: SignedRequest, case: Case, *, at: datetime, failed: tuple[str, forms.DeskForm] | None = None
) -> HttpResponse:
    """Render the case as it is now, in its club's time; `failed` is the form that was refused, with what was typed."""
    with timezone.override(case.club.zone):
        return _shown(request, case, at, failed)


def _shown(
    request: SignedRequest, case: Case, at: datetime, failed: tuple[str, forms.DeskForm] | None
) -> HttpResponse:
    actor = request.actor
    policy = policy_of(tuple(case.pack_versions))
    may = _rights(case, actor)
    before = request.GET.get("before", "")
    spoken = queries.timeline(case, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    stages, tasks = queries.steps_of(case)
    rows, _more = queries.queue_page("club", actor=actor, at=at, most=BESIDE)
    counts = queries.counters(actor=actor, at=at)
    parts = playbook(case, stages, tasks, policy=policy, may_tick=may["task"], at=at)
    clocks = queries.clocks_of(case, at=at)
    after = after_solving(case, stages, tasks, clocks, spoken, policy=policy, actor=actor, at=at)
    after |= agreeing(case, spoken, policy=policy, actor=actor, at=at)
    after |= judging(case, actor=actor)
    dials = [dial(reading, policy=policy, at=at) for reading in clocks]
    next_call, refused = _refused(after["calls"], failed)
    context: dict[str, Any] = {
        "now": at,
        "follows": True,
        "section": "desk_queue",
        "case": case,
        "kind": kind_title(policy, case.kind),
        "may": may,
        "forms": {**blank_forms(case, actor), **_parts(after), **refused},
        "form": failed[1] if failed else None,
        "failed": failed[0] if failed else "",
        "lines": told(case, spoken, policy=policy, actor=actor, at=at),
        "before": spoken.before,
        "written": _last_written(spoken.messages, actor.account),
        "clocks": dials,
        "ended": sum(not row.running for row in dials),
        "pausing": pause_forms(dials, failed) if may["pause"] else [],
        "parts": parts,
        "steps_open": may["resolve"] and may["skip"] and bool(steps_before_solving(case)),
        "next_call": next_call,
        "once": next_key(request),
        "departments": [(code, said(title)) for code, title in policy.departments.items()],
        **after,
        **_progress(parts, policy.playbook(case.kind)),
        "opened": _just_opened(request, case),
        "groups": grouped(rows, at, with_club=False, here=case.number),
        "tabs": tabs(actor, counts),
        **matter_of(case, spoken, policy=policy, actor=actor, failed=failed),
        **_about(request, case, at),
        **_phrases(request, case, may),
    }
    context |= waiting(context, owned=case.owner_id is not None)
    return _page_of(request, context, counts, failed)


def _page_of(
    request: SignedRequest,
    context: dict[str, Any],
    counts: dict[str, int],
    failed: tuple[str, forms.DeskForm] | None,
) -> HttpResponse:
    """Render the page; with the refused form on its top where it has no place of its own any more."""
    if context["case"].sensitive:
        context["live_url"] = ""  # every look at it is logged
    if failed is None:
        return desk_page(request, "desk/case.html", context, counts=counts)
    form = failed[1]
    page = desk_page(request, "desk/case.html", dict(context), counts=counts, status=form.status)
    if _shows(page, form):
        return page
    return desk_page(request, "desk/case.html", context | {"kept": form}, counts=counts, status=form.status)


def _shows(page: HttpResponse, form: forms.DeskForm) -> bool:
    """Tell whether a page has a place for this form: not where somebody was faster and the deed is done."""
    ids = [f'id="{field.auto_id}'.encode() for field in form.visible_fields()]
    return not ids or any(each in page.content for each in ids)


def _refused(
    calls: list[Call], failed: tuple[str, forms.DeskForm] | None
) -> tuple[int | None, dict[str, forms.DeskForm]]:
    """Return the follow-up call that the form on the page is for, and the refused form by the name of its place.

    A refused call keeps its form; else it is for the next call.
    """
    owed = [call.row for call in calls if call.row]
    if failed is None:
        return next(iter(owed), None), {}
    kept = next((row for row in owed if failed[0] == f"follow_up-{row}"), None)
    return kept or next(iter(owed), None), {"follow_up" if kept else failed[0]: failed[1]}


def _phrases(request: SignedRequest, case: Case, may: dict[str, bool]) -> dict[str, Any]:
    """Return the phrases beside the reader's answer, and whether one was just put in."""
    return {
        "phrases": phrases_for(case) if may["reply"] else [],
        "phrase_put_in": "phrase" in request.POST,
    }


def _parts(after: dict[str, Any]) -> dict[str, forms.DeskForm]:
    """Return the forms of the parts of the page, taken out of what it shows of them."""
    return {**after.pop("after_forms"), **after.pop("agree_forms")}


def _progress(parts: list[Part], playbook: Playbook) -> dict[str, int]:
    """Return how many steps are done, of how many, and which part is the current one (0: none)."""
    return {
        "tasks_done": sum(part.state != "ahead" and bool(step.done) for part in parts for step in part.steps),
        "tasks_all": sum(len(stage.tasks) for stage in playbook.stages),
        "current": next((n for n, part in enumerate(parts, 1) if part.state == "current"), 0),
    }


def _rights(case: Case, actor: Actor) -> dict[str, bool]:
    open_still = case.state != State.CLOSED
    may = {right: open_still and rules.may(actor, f"case.{right}", case) for right in RIGHTS}
    may["resolve"] &= case.resolved_at is None
    may["close"] &= case.resolved_at is not None
    return may


def keep_code(request: SignedRequest, case_id: int, code: str) -> None:
    """Keep a new case's tracking code, sealed, until its author opens the case's page, which shows it this once."""
    request.session[FLASH] = [case_id, sealed_for(cast("int", request.user.pk), code, place=FLASH)]


def _just_opened(request: SignedRequest, case: Case) -> dict[str, str] | None:
    """Return the tracking code of this case if the reader has just logged it, and forget it."""
    case_id, kept = request.session.get(FLASH) or (None, "")
    if case_id != case.pk:
        return None
    del request.session[FLASH]
    code = unsealed(kept, place=FLASH)
    return {"code": tokens.grouped(code), "path": f"/t/{code}/"}


def _last_written(messages: list[Message], me: int | None) -> dict[str, int]:
    """Return the reader's latest message of each direction, all calls as one.

    Drafts are kept under it, so that sending ends one.
    """
    mine = [message for message in messages if message.author_id == me]
    return {"call" if message.direction in ATTEMPTS else message.direction: message.pk for message in mine}


def _about(request: SignedRequest, case: Case, at: datetime) -> dict[str, Any]:
    """Return what the page says of the place, the person and the facts still missing."""
    actor = request.actor
    person = case.subject or case.reporter
    others = (
        queries.open_cases_of([person.pk], actor=actor, apart_from=case.pk).get(person.pk, [])
        if person
        else []
    )
    area = (case.area.name if chinese() else case.area.name_en) if case.area else ""
    exactly = "" if case.area and case.place == case.area.name else case.place
    icon, how = CHANNELS.get(case.channel, ("message", case.channel))
    may_find = actor.may("member.find", case.club_id)
    return {
        "person": person,
        "name": shown_name(person.name, club_id=case.club_id, actor=actor) if person else "",
        "member_number": person.member_number if person and may_find else "",
        "reporter": shown_name(case.reporter.name, club_id=case.club_id, actor=actor)
        if case.reporter and case.reporter_id != case.subject_id
        else "",
        "contacts": masked_contacts(person, actor=actor) if person else [],
        "may_find": may_find,
        "may_reveal": actor.may("contact.reveal", case.club_id),
        "others": others,
        "place": _(", ").join(filter(None, (area, exactly))),
        "channel": {"icon": icon, "words": how},
        "subclass": next(
            (said(row.title) for row in forms.subclasses_of(case) if row.code == case.subclass), ""
        ),
        "mood": forms.EMOTION_WORDS.get(case.emotion, ""),
        "occurred": case.occurred_words or (moment(case.occurred_at, at) if case.occurred_at else ""),
        "missing": [MISSING_WORDS[fact] for fact in rules.missing_of(case)],
    }
