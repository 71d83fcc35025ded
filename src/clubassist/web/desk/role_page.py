"""Who may do what: the permissions of each role in words, for those who manage people (F25)."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clubassist.domain.people.roles import PERMISSIONS
from clubassist.web.desk.page import ROLES, desk_page
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest

MAY: Final = {
    "emergency.start": gettext_lazy("Call everybody in an emergency"),
    "case.open": gettext_lazy("Log what somebody told us"),
    "case.read": gettext_lazy("Read the cases of the club"),
    "case.read_involved": gettext_lazy("Read the cases they own or have a step in"),
    "case.read_sensitive": gettext_lazy("Read sensitive cases"),
    "case.reply": gettext_lazy("Answer and call members"),
    "case.note": gettext_lazy("Write notes and fill in facts"),
    "case.assign": gettext_lazy("Hand out cases and judge kind and urgency"),
    "case.task": gettext_lazy("Take the steps of a case"),
    "case.skip": gettext_lazy("Leave steps out, with a reason"),
    "case.sign": gettext_lazy("Write and sign findings for customer service"),
    "case.pause": gettext_lazy("Let clocks stand still for a reason"),
    "case.ask_complex": gettext_lazy("Ask for more time for a complex matter"),
    "case.approve_complex": gettext_lazy("Decide on more time"),
    "case.link": gettext_lazy("Merge and link cases"),
    "case.replan": gettext_lazy("Move open cases to the rules in force"),
    "case.resolve": gettext_lazy("Tell the member the result"),
    "case.close": gettext_lazy("Close cases"),
    "case.end_unagreed": gettext_lazy("End a matter without agreement"),
    "offer.make": gettext_lazy("Draw up and send offers"),
    "offer.approve": gettext_lazy("Approve offers of others"),
    "report.read": gettext_lazy("Read closing reports as the superior"),
    "task.department": gettext_lazy("Open the list of department tasks"),
    "member.find": gettext_lazy("Look members up"),
    "contact.reveal": gettext_lazy("See a full number, which is logged"),
    "rules.read": gettext_lazy("Read the rules"),
    "policy.adopt": gettext_lazy("Draft, publish and adopt rules"),
    "clause.read": gettext_lazy("Read the figures of clauses"),
    "clause.rows": gettext_lazy("Open the cases behind a figure"),
    "clause.export": gettext_lazy("Take those rows along as a table, which is logged"),
    "ledger.read": gettext_lazy("Read budgets"),
    "ledger.hold": gettext_lazy("Set money aside"),
    "ledger.approve": gettext_lazy("Approve money that others set aside"),
    "ledger.post": gettext_lazy("Post money"),
    "people.read": gettext_lazy("See colleagues and their roles"),
    "access.read": gettext_lazy("Read the access log"),
}
"""What each permission lets somebody do, in the order of the page."""


@staff("people.read")
def roles(request: SignedRequest) -> HttpResponse:
    """Show which roles may do what, as the product enforces it."""
    rows = [
        (code, words, [ROLES[role] for role, held in PERMISSIONS.items() if code in held])
        for code, words in MAY.items()
    ]
    logs = request.actor.may_somewhere("access.read")
    back = (reverse("desk_access"), _("Access log")) if logs else (reverse("desk_today"), _("Today"))
    context = {"rows": rows, "roles": len(PERMISSIONS), "section": "desk_access", "back": back}
    return desk_page(request, "desk/roles.html", context)
