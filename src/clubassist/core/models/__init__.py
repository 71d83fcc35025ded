"""The rows of the core: journal, vault keys, tokens, access log, answers, heartbeats."""

from clubassist.core.models.access import Access
from clubassist.core.models.answer import Answer
from clubassist.core.models.heartbeat import Heartbeat
from clubassist.core.models.journal import Delivery, Entry, EntrySubject, Seal
from clubassist.core.models.token import Token
from clubassist.core.models.vault import VaultKey

__all__ = [
    "Access",
    "Answer",
    "Delivery",
    "Entry",
    "EntrySubject",
    "Heartbeat",
    "Seal",
    "Token",
    "VaultKey",
]
