"""Text that waits sealed, in a session or a row of allauth's, each under the key of the account it belongs to."""

from __future__ import annotations

import base64
from typing import Final
from uuid import UUID, uuid5

from clubassist.core import vault
from clubassist.core.clock import now
from clubassist.core.models import VaultKey

ACCOUNTS: Final = UUID("6f2f6b0e-5d0c-4b8e-9d53-6f1f4f6f0a51")
"""The namespace of the vault's owners that are accounts: uuid5 of the account's number."""


def sealed_for(account: int, text: str, *, place: str) -> str:
    """Return `text` sealed for an account in `place`, as plain letters; its key is made at the first use."""
    owner = uuid5(ACCOUNTS, str(account))
    if not VaultKey.objects.filter(owner=owner).exists():
        vault.create_owner(owner, at=now())
    return base64.b64encode(vault.seal(text, owner=owner, place=place, row="")).decode("ascii")


def unsealed(text: str, *, place: str) -> str:
    """Return what `sealed_for` sealed in this place; the value names its owner. Raises as `vault.open_sealed`."""
    return vault.open_sealed(base64.b64decode(text), place=place, row="")
