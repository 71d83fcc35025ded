"""The pages about the rules, and what they share: the way to each other, a club by its code, names of people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.web.desk.page import chinese, desk_page
from clubassist.web.shared.visitor import SignedRequest

# Name of the address, words; whoever reads the rules reads them all.
PAGES: Final = (
    ("desk_rules", gettext_lazy("Clauses")),
    ("desk_goals", gettext_lazy("Goals")),
    ("desk_in_force", gettext_lazy("Rules in force")),
    ("desk_confirming", gettext_lazy("Read and confirmed")),
    ("desk_owners", gettext_lazy("Who answers for what")),
)

MOST_NAMED: Final = 3
"""How many clubs are named where a few words have to do."""


def ways(here: str) -> list[tuple[str, str, bool]]:
    """Return address and words of each page about the rules, and whether it is this one."""
    return [(reverse(name), str(words), name == here) for name, words in PAGES]


def rules_page(
    request: SignedRequest,
    template: str,
    context: dict[str, Any],
    *,
    here: str,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    """Render a page about the rules, under the tab `here`."""
    frame = {"now": at, "section": "desk_rules", "ways": ways(here)}
    return desk_page(request, template, frame | context, status=status)


def club_with(actor: Actor, permission: str, code: str) -> Club:
    """Return the club of this code where the actor holds `permission`. Raises Missing."""
    club = Club.objects.where(actor, permission).filter(code=code).first()
    if club is None:
        raise Missing
    return club


def club_name(club: Club) -> str:
    """Return a club's name in the reader's language."""
    return club.name if chinese() else club.name_en


def club_names(clubs: Sequence[Club]) -> str:
    """Return the names of clubs; of more than a few the first ones, and how many more there are."""
    first = _(", ").join(club_name(club) for club in clubs[:MOST_NAMED])
    more = len(clubs) - MOST_NAMED
    return _("{names} and {n} more").format(names=first, n=more) if more > 0 else first


class Names:
    """Who stands behind the keys of actors (`staff:12`). One statement for all of them."""

    def __init__(self, keys: Iterable[str]) -> None:
        ids = {key.removeprefix("staff:") for key in keys if key.startswith("staff:")}
        found = Account.objects.filter(pk__in=ids).values_list("pk", "name")
        self._names = {f"staff:{pk}": name for pk, name in found}

    def of(self, key: str) -> str:
        """Return the name behind a key; what no colleague did, the system did."""
        return self._names.get(key, _("The system"))
