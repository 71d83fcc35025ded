"""What each role may do. A permission names one thing; a grant of a role says in which club (or everywhere).

The table follows the plain rule that a role sees what its work needs: text of cases for those who answer them, only
the cases they are part of for coaches and technicians, figures without text for management and auditors. Sensitive
cases (health, children) are the service manager's; an agent reads one while handling it. The desk sets money aside,
finance posts it, and who approves it has not asked for it: an offer above a limit is shown, without its case, to
whoever may approve it. The closing report of a club's only service manager is shown to the management, who is their
superior.
"""

from __future__ import annotations

from typing import Final

from clubassist.pure.policy import Department

DESK: Final = frozenset(
    {
        "case.read",
        "case.open",
        "case.reply",
        "case.note",
        "case.assign",
        "case.resolve",
        "case.close",
        "case.task",
        "case.sign",
        "offer.make",
        "task.department",
        "case.pause",
        "case.ask_complex",
        "case.link",
        "member.find",
        "contact.reveal",
        "rules.read",
        "clause.read",
        "clause.rows",
        "ledger.hold",
    }
)
EMERGENCY_START: Final = "emergency.start"
"""What every role may: one tap that calls everybody."""
FLOOR: Final = frozenset({"case.read_involved", "case.open", "case.note", "case.task", "rules.read"})
FIGURES: Final = frozenset({"rules.read", "clause.read"})
OWN: Final = frozenset({"me.read", "me.write"})
"""What a member's API token may open, never more than what is the member's own; no role includes it."""

_OF_EACH: Final[dict[str, frozenset[str]]] = {
    "agent": DESK,
    "service_manager": DESK
    | {
        "case.approve_complex",
        "case.end_unagreed",
        "case.replan",
        "clause.export",
        "case.skip",
        "case.read_sensitive",
        "offer.approve",
        "report.read",
        "people.read",
        "access.read",
        "policy.adopt",
        "ledger.read",
        "ledger.approve",
    },
    "coach": FLOOR,
    "technician": FLOOR,
    "finance": FIGURES | {"ledger.read", "ledger.hold", "ledger.approve", "ledger.post"},
    "training": FIGURES,
    "it_security": frozenset({"rules.read", "access.read", "people.read"}),
    "management": FIGURES | {"people.read", "policy.adopt", "offer.approve", "report.read", "ledger.approve"},
    "auditor": FIGURES | {"access.read"},
}
PERMISSIONS: Final = {role: held | {EMERGENCY_START} for role, held in _OF_EACH.items()}
ROLES: Final = tuple(PERMISSIONS)


def works_in(department: str) -> str:
    """Return the permission that a grant in this department gives beside its role's: to see what is sent to it."""
    return f"works_in.{department}"


def heads_of(department: str) -> str:
    """Return the permission that the grant of a department's head gives besides: to hand its tasks out."""
    return f"heads.{department}"


DEPARTMENT_TASKS: Final = "task.department"
"""What every grant in a department gives, and the front desk has: the way to the list of tasks sent to departments."""


def permissions_of(role: str, department: str, *, heads: bool) -> frozenset[str]:
    """Return what a grant gives: its role's permissions, and those of working in or heading a department."""
    if not department:
        return PERMISSIONS[role]
    more = {DEPARTMENT_TASKS, works_in(department)} | ({heads_of(department)} if heads else set())
    return PERMISSIONS[role] | more


EVERY_PERMISSION: Final = OWN.union(
    *PERMISSIONS.values(),
    {DEPARTMENT_TASKS},
    *({works_in(department), heads_of(department)} for department in Department),
)
NEEDS_SECOND_FACTOR: Final = frozenset({"service_manager", "it_security", "management", "auditor"})
