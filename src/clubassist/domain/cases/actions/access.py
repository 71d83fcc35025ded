"""The first lines of every action on a case: lock the row, check the right, check that nobody was faster."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clubassist.core.actor import Actor
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.models import Case


def locked(case: Case, *, actor: Actor, permission: str, seen: int | None = None) -> Case:
    """Return the case locked for this transaction, if `actor` may see it and do `permission` on it.

    `seen` is the version the actor looked at; Conflict when somebody changed the case since, so that one of two
    hands wins and the other is told. Missing for a case out of sight, Refused (403) without the right or when closed.
    """
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise Missing
    row = Case.objects.select_for_update(of=("self",)).select_related("club", "conversation").get(pk=case.pk)
    if not rules.may(actor, permission, row):
        raise Refused(
            "not-allowed",
            mend=_("Your role does not allow this here. Ask a manager of this club."),
            status=403,
        )
    if seen is not None and row.version != seen:
        raise Conflict(
            "changed-meanwhile",
            mend=_(
                "Somebody changed this case a moment ago. Read what is new, then send again; your text is kept."
            ),
        )
    if rules.is_finished(row):
        raise Refused("case-closed", mend=_("This case is closed. Open a new one and name this number."))
    return row
