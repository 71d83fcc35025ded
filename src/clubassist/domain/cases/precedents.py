"""How like matters were settled before: what a colleague looks at before offering something (B24)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Case, Offer, Option

LOOKED_AT: Final = 50
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Precedent:
    """A closed case of the same kind, and what its member agreed to: nothing where nothing was offered.

    `like` tells that it was of the same sub-class too. `title` is empty for a confidential case, of which nobody reads
    words here.
    """

    case: Case
    title: str
    like: bool
    rounds: int
    given: Option | None


@dataclass(frozen=True, slots=True)
class Precedents:
    """The nearest cases, and of the newest LOOKED_AT: how many, how many agreed to an offer, and what those cost (fen).

    `costs` are sorted.
    """

    shown: tuple[Precedent, ...]
    count: int
    costs: tuple[int, ...]


def precedents_of(case: Case, *, actor: Actor) -> Precedents:
    """Return what the club settled before of the same kind, as far as the actor may read it; newest first, those of the
    same sub-class before the others. Three statements.

    Of the newest LOOKED_AT closed ones, which an index gives; what went on as another case is that one's.
    """
    closed = Case.objects.visible_to(actor).filter(
        club=case.club_id, kind=case.kind, closed_at__isnull=False, merged_into__isnull=True
    )
    rounds = Prefetch("offers", Offer.objects.exclude(answer="withdrawn"))
    chosen = Prefetch("offers__options", Option.objects.filter(chosen=True))
    newest = closed.exclude(pk=case.pk).order_by("-closed_at", "-pk").prefetch_related(rounds, chosen)
    found = [_precedent(one, case) for one in newest[:LOOKED_AT]]
    near = sorted(found, key=lambda one: not one.like)
    costs = sorted(one.given.cost for one in found if one.given is not None)
    return Precedents(tuple(near[:SHOWN]), len(found), tuple(costs))


def _precedent(one: Case, case: Case) -> Precedent:
    offers = list(one.offers.all())
    given = next((option for offer in offers for option in offer.options.all()), None)
    like = bool(case.subclass) and one.subclass == case.subclass
    return Precedent(one, "" if one.sensitive else one.title, like, len(offers), given)
