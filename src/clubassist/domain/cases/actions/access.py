"""The first lines of every action on a case: lock the row, check the right, check that nobody was faster."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clubassist.core.actor import Actor
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.models import Case, Offer, Report, Task


def locked(
    case: Case, *, actor: Actor, permission: str, seen: int | None = None, finished_too: bool = False
) -> Case:
    """Return the case locked for this transaction, if `actor` may see it and do `permission` on it.

    `seen` is the version the actor looked at; Conflict when somebody changed the case since, so that one of two
    hands wins and the other is told. Missing for a case out of sight, Refused (403) without the right or when closed,
    unless `finished_too`.
    """
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise Missing
    row = _locked_row(case.pk)
    if not rules.may(actor, permission, row):
        raise _not_allowed()
    if seen is not None and row.version != seen:
        raise Conflict(
            "changed-meanwhile",
            mend=_(
                "Somebody changed this case a moment ago. Read what is new, then send again; your text is kept."
            ),
        )
    if rules.is_finished(row) and not finished_too:
        raise _closed()
    return row


def locked_task(task: Task, *, actor: Actor, permission: str) -> tuple[Case, Task]:
    """Return a task and its case, locked, if `actor` may see the task and do `permission` there.

    People of the department that it was sent to may do what "case.task" allows, without the case being open to them.
    Missing for a task out of sight, Refused (403) without the right or when the case is closed.
    """
    if not Task.objects.visible_to(actor).filter(pk=task.pk).exists():
        raise Missing
    case = _locked_row(task.case_id)
    row = Task.objects.select_related("stage").get(pk=task.pk)
    row.case = case
    if not rules.may_on_task(actor, permission, row):
        raise _not_allowed()
    if case.merged_into is not None:
        mend = _("This matter goes on as %s. Ask customer service to send you the task from there.")
        raise Refused("case-merged", mend=mend % case.merged_into.number)
    if rules.is_finished(case):
        raise _closed()
    return case, row


def locked_offer(offer: Offer, *, actor: Actor, permissions: tuple[str, ...]) -> tuple[Case, Offer]:
    """Return an offer and its case, locked, if `actor` may see the offer and do one of `permissions` there.

    Who approves offers does so without the case being open to them. Missing for an offer out of sight, Refused (403)
    without the right or when the case is closed.
    """
    if not Offer.objects.visible_to(actor).filter(pk=offer.pk).exists():
        raise Missing
    case = locked_by_pk(offer.case_id)
    if not any(rules.may(actor, permission, case) for permission in permissions):
        raise _not_allowed()
    row = Offer.objects.get(pk=offer.pk)
    row.case = case
    return case, row


def locked_report(report: Report, *, actor: Actor) -> tuple[Case, Report]:
    """Return a report and its case, locked, if `actor` may see the report and read reports there, closed or not.

    Missing for a report out of sight, Refused (403) without the right.
    """
    if not Report.objects.visible_to(actor).filter(pk=report.pk).exists():
        raise Missing
    case = _locked_row(report.case_id)
    if not rules.may(actor, "report.read", case):
        raise _not_allowed()
    return case, Report.objects.get(pk=report.pk)


def locked_by_pk(pk: int) -> Case:
    """Return the case locked, for a caller that has made sure of the right. Raises Refused when it is closed."""
    row = _locked_row(pk)
    if rules.is_finished(row):
        raise _closed()
    return row


def _locked_row(pk: int) -> Case:
    return (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("club", "conversation")
        .get(pk=pk)
    )


def _not_allowed() -> Refused:
    return Refused(
        "not-allowed", mend=_("Your role does not allow this here. Ask a manager of this club."), status=403
    )


def _closed() -> Refused:
    return Refused("case-closed", mend=_("This case is closed. Open a new one and name this number."))
