"""Linking cases that belong together and stay cases of their own (A21)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.facts import CaseLinked, CaseUnlinked
from clubassist.domain.cases.models import Case, Link, LinkKind


@action
def link_cases(
    *, case: Case, other: Case, kind: str, actor: Actor, at: datetime, seen: int | None = None
) -> Link:
    """Say what `other` is to `case`: its parent, its cause, or related. A new parent takes the child over.

    Records CaseLinked. Raises Missing for a case out of sight; Refused for itself, an unknown kind, a parent that is
    closed or is below its own child; Conflict when they are linked so already.
    """
    locked_in_order(case.pk, other.pk)
    case = locked(case, actor=actor, permission="case.link", seen=seen)
    if not Case.objects.visible_to(actor).filter(pk=other.pk).exists():
        raise Missing
    if kind not in LinkKind.values:
        raise Refused("link-unknown", field="kind", mend=_("Choose one of: %s.") % ", ".join(LinkKind.values))
    if other.pk == case.pk:
        raise Refused("link-itself", field="other", mend=_("Name another case than this one."))
    pairs = [(case.pk, other.pk)] + ([(other.pk, case.pk)] if kind == LinkKind.RELATED else [])
    if any(Link.objects.filter(case=one, other=two, kind=kind).exists() for one, two in pairs):
        raise Conflict("linked-already", field="other", mend=_("The two are linked so already."))
    if kind == LinkKind.PARENT:
        _refuse_parent(case, other)
        Link.objects.filter(case=case, kind=kind).delete()
    link = Link.objects.create(case=case, other=other, kind=kind)
    case.version += 1
    case.save(update_fields=["version"])
    fact = CaseLinked(case_id=case.pk, other_id=other.pk, kind=kind)
    record(fact, actor=actor, at=at, scope=case.club_id)
    return link


def _refuse_parent(case: Case, parent: Case) -> None:
    """Refuse a closed parent, and one that is among the case's own children; parents wait for each other here."""
    above = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=parent.pk)
    if above.closed_at is not None:
        mend = _("The parent is closed. Name an open one.")
        raise Refused("parent-closed", field="other", mend=mend)
    if case.pk in _upward(above.pk):
        mend = _("That case is below this one already. Turn the link round.")
        raise Refused("link-circle", field="other", mend=mend)


def _upward(case_id: int) -> list[int]:
    """Return a case and its parents above it, by their ids."""
    found = [case_id]
    while True:
        parent = (
            Link.objects.filter(case=found[-1], kind=LinkKind.PARENT).values_list("other", flat=True).first()
        )
        if parent is None or parent in found:
            return found
        found.append(parent)


@action
def unlink_cases(*, link: Link, actor: Actor, at: datetime) -> Case:
    """Take a link away; return the case that it went out from. Records CaseUnlinked.

    Raises Missing for a link out of sight or gone.
    """
    if not Link.objects.visible_to(actor).filter(pk=link.pk).exists():
        raise Missing
    locked_in_order(link.case_id, link.other_id)
    case = locked(link.case, actor=actor, permission="case.link")
    gone, _rows = Link.objects.filter(pk=link.pk).delete()
    if not gone:
        raise Missing
    case.version += 1
    case.save(update_fields=["version"])
    fact = CaseUnlinked(case_id=case.pk, other_id=link.other_id, kind=link.kind)
    record(fact, actor=actor, at=at, scope=case.club_id)
    return case


def locked_in_order(*cases: int) -> None:
    """Lock cases by id, so that two hands on the same two wait for each other and never cross."""
    list(Case.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=cases).order_by("pk"))


def refuse_open_children(case: Case) -> None:
    """Raise Refused while a child of the case is open: close it, or give it another parent (A21)."""
    children = Case.objects.filter(links__other=case, links__kind=LinkKind.PARENT, closed_at__isnull=True)
    numbers = list(children.order_by("pk").values_list("number", flat=True)[:5])
    if numbers:
        mend = _("Close these cases first, or give them another parent: %s.") % ", ".join(numbers)
        raise Refused("children-open", mend=mend)


def links_moved(merged: Case, kept: Case) -> list[dict[str, Any]]:
    """Let what is linked to a merged case be linked to the one that goes on; return how it was, for `links_back`.

    Children get the other parent (A21). A link that would lead to itself, stand twice or go round in a circle rests.
    """
    before = []
    for link in Link.objects.filter(Q(case=merged) | Q(other=merged)).order_by("pk"):
        row = {"pk": link.pk, "case_id": link.case_id, "other_id": link.other_id, "kind": link.kind}
        ends = [kept.pk if end == merged.pk else end for end in (link.case_id, link.other_id)]
        link.delete()
        moved = None if _stands_already(*ends, kind=link.kind) else Link(kind=link.kind)
        if moved is not None:
            moved.case_id, moved.other_id = ends
            moved.save(force_insert=True)
        before.append(row | {"moved": moved.pk if moved else None})
    return before


def _stands_already(case_id: int, other_id: int, *, kind: str) -> bool:
    """Tell whether such a link would say nothing new, or contradict another."""
    if case_id == other_id:
        return True
    if kind == LinkKind.PARENT:
        parent = Link.objects.filter(case=case_id, kind=kind)
        return parent.exists() or case_id in _upward(other_id)
    said = Q(case=case_id, other=other_id)
    if kind == LinkKind.RELATED:
        said |= Q(case=other_id, other=case_id)
    return Link.objects.filter(said, kind=kind).exists()


def links_back(before: list[dict[str, Any]]) -> None:
    """Give the links back that `links_moved` took, but those that were removed or changed since."""
    for row in before:
        ends = row["case_id"], row["other_id"]
        stood = Link.objects.filter(pk=row["moved"])
        if row["moved"] is not None and not stood.exists():
            continue
        stood.delete()
        if not _stands_already(*ends, kind=row["kind"]):
            Link.objects.create(pk=row["pk"], case_id=ends[0], other_id=ends[1], kind=row["kind"])
