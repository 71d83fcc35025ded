"""Everything that can be done with an account; each function is one write with its facts."""

from clubassist.domain.ledgers.actions.access import lock_accounts
from clubassist.domain.ledgers.actions.approving import approve_hold, decline_hold
from clubassist.domain.ledgers.actions.budgeting import open_budget
from clubassist.domain.ledgers.actions.correcting import reverse_entry
from clubassist.domain.ledgers.actions.holding import commit_hold, release_hold, take_hold
from clubassist.domain.ledgers.actions.opening import open_account
from clubassist.domain.ledgers.actions.posting import expire_lots, post_entry

__all__ = [
    "approve_hold",
    "commit_hold",
    "decline_hold",
    "expire_lots",
    "lock_accounts",
    "open_account",
    "open_budget",
    "post_entry",
    "release_hold",
    "reverse_entry",
    "take_hold",
]
