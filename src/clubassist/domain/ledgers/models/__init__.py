"""Accounts, entries, lots and holds."""

from clubassist.domain.ledgers.models.account import Account, Unit
from clubassist.domain.ledgers.models.entry import Entry
from clubassist.domain.ledgers.models.hold import Hold, HoldState
from clubassist.domain.ledgers.models.lot import Draw, Lot
from clubassist.domain.ledgers.models.particulars import Particulars

__all__ = ["Account", "Draw", "Entry", "Hold", "HoldState", "Lot", "Particulars", "Unit"]
