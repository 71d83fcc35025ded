"""What the page of a case says of its matter as a whole: the longer limit, what looks alike, merges and links."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy

from clubassist.core.actor import Actor
from clubassist.domain.cases import matters, rules
from clubassist.domain.cases.models import Case, ComplexityRequest, Link, State
from clubassist.domain.cases.queries import Timeline
from clubassist.pure.policy import Policy
from clubassist.web.desk import forms

Failed = tuple[str, forms.DeskForm] | None
REASON_WORDS: Final = {
    "person": gettext_lazy("same person"),
    "phone": gettext_lazy("same phone"),
    "place": gettext_lazy("same place"),
    "time": gettext_lazy("within a day"),
    "text": gettext_lazy("similar words"),
}
SEEN_FROM_HERE: Final = {
    ("parent", True): gettext_lazy("Parent"),
    ("parent", False): gettext_lazy("Child"),
    ("caused_by", True): gettext_lazy("Cause"),
    ("caused_by", False): gettext_lazy("Consequence"),
    ("related", True): gettext_lazy("Related"),
    ("related", False): gettext_lazy("Related"),
}


class Alike(NamedTuple):
    """A case that may be the same matter; `goes` is merged into `stays`, the earlier, where a strong key allows it."""

    other: Case
    reasons: list[str]
    mergeable: bool
    goes: Case
    stays: Case


class Linked(NamedTuple):
    """A linked case, and what it is to this one."""

    pk: int
    words: str
    other: Case


def matter_of(
    case: Case, spoken: Timeline, *, policy: Policy, actor: Actor, failed: Failed
) -> dict[str, Any]:
    """Return what the page shows of the matter, and the forms that its reader may use. At most six statements.

    What the timeline knows not to have happened is not asked for; what looks alike only until the case is solved.
    """
    open_still = case.state != State.CLOSED
    may_link = open_still and rules.may(actor, "case.link", case)
    blank: dict[str, forms.DeskForm] = {
        "complex": forms.AskComplexForm(auto_id="complex_%s"),
        "decide": forms.DecideComplexForm(auto_id="decide_%s"),
        "merge": forms.MergeForm(auto_id="merge_%s"),
        "link": forms.LinkForm(auto_id="link_%s"),
    }
    merged = spoken.may_hold("CaseMerged")
    request = _request(case) if merged or spoken.may_hold("ComplexityAsked") else None
    links = matters.links_of(case, actor=actor) if spoken.may_hold("CaseLinked") else []
    return {
        "matter_forms": blank | (dict([failed]) if failed else {}),
        "may_link": may_link,
        "request_complex": request,
        "may_ask": open_still and _may_ask(case, request, policy, actor),
        "may_decide": open_still and _may_decide(case, request, actor),
        "alike": _alike(case, actor) if may_link and case.resolved_at is None else [],
        "merges": matters.merges_of(case) if merged else [],
        "links": [_linked(link, case) for link in links],
    }


def _request(case: Case) -> ComplexityRequest | None:
    asked = ComplexityRequest.objects.filter(case__in=Case.objects.of_matter(case))
    return asked.select_related("asked_by", "decided_by").order_by("-pk").first()


def _may_ask(case: Case, request: ComplexityRequest | None, policy: Policy, actor: Actor) -> bool:
    known = {row.id for row in policy.deadlines_for(case.kind, case.urgency, "complex")}
    longer = known - {row.id for row in policy.deadlines_for(case.kind, case.urgency)}
    waits = request is not None and request.decided_at is None
    ordinary = case.complexity == "ordinary" and case.resolved_at is None
    return bool(longer) and ordinary and not waits and rules.may(actor, "case.ask_complex", case)


def _may_decide(case: Case, request: ComplexityRequest | None, actor: Actor) -> bool:
    waits = request is not None and request.decided_at is None and request.asked_by_id != actor.account
    return waits and rules.may(actor, "case.approve_complex", case)


def _alike(case: Case, actor: Actor) -> list[Alike]:
    rows = []
    for found in matters.duplicates_of(case, actor=actor):
        stays, goes = sorted((case, found.case), key=lambda one: (one.received_at, one.pk))
        reasons = [str(REASON_WORDS[reason]) for reason in found.reasons]
        rows.append(Alike(found.case, reasons, found.mergeable, goes, stays))
    return rows


def _linked(link: Link, case: Case) -> Linked:
    outward = link.case_id == case.pk
    words = str(SEEN_FROM_HERE[link.kind, outward])
    return Linked(link.pk, words, link.other if outward else link.case)
