"""What each role may do. A permission names one thing; a grant of a role says in which club (or everywhere).

The table follows the plain rule that a role sees what its work needs: text of cases for those who answer them, only
the cases they are part of for coaches and technicians, figures without text for management and auditors. Sensitive
cases (health, children) are the service manager's; an agent reads one while handling it.
"""

from __future__ import annotations

from typing import Final

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
        "case.pause",
        "case.ask_complex",
        "case.link",
        "member.find",
        "contact.reveal",
        "rules.read",
        "clause.read",
        "clause.rows",
    }
)
FLOOR: Final = frozenset({"case.read_involved", "case.open", "case.note", "case.task", "rules.read"})
FIGURES: Final = frozenset({"rules.read", "clause.read"})
OWN: Final = frozenset({"me.read", "me.write"})
"""What a member's API token may open, never more than what is the member's own; no role includes it."""

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "agent": DESK,
    "service_manager": DESK
    | {
        "case.approve_complex",
        "case.replan",
        "case.read_sensitive",
        "people.read",
        "access.read",
        "policy.adopt",
    },
    "coach": FLOOR,
    "technician": FLOOR,
    "finance": FIGURES,
    "training": FIGURES,
    "it_security": frozenset({"rules.read", "access.read", "people.read"}),
    "management": FIGURES | {"people.read", "policy.adopt"},
    "auditor": FIGURES | {"access.read"},
}
ROLES: Final = tuple(PERMISSIONS)
EVERY_PERMISSION: Final = OWN.union(*PERMISSIONS.values())
NEEDS_SECOND_FACTOR: Final = frozenset({"service_manager", "it_security", "management", "auditor"})
