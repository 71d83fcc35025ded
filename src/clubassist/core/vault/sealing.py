"""Sealed values: text that only its owner's key opens, and only in the place where it was put.

Layout: format (1 byte), algorithm (1), id of the owner's key (4, big-endian), owner (16), then nonce,
ciphertext and tag as tink writes them. The algorithm's byte leaves room for SM4-GCM.
"""

from __future__ import annotations

from uuid import UUID

import tink

from clubassist.core.vault.errors import Tampered
from clubassist.core.vault.keys import opened

_FORMAT = 1
_AES_256_GCM = 1
_MARK = bytes((_FORMAT, _AES_256_GCM))
_OWNER = slice(6, 22)
_TINK = b"\x01"  # tink's own prefix is this byte and the key id, which the header already carries


def seal(text: str, *, owner: UUID, place: str, row: str) -> bytes:
    """Return `text` sealed for `owner` in `place` ("members.contact.value") of the row with the id `row`.

    Raises Shredded or WrongKey for an owner without a living key, ValueError for text that is not Unicode.
    """
    try:
        plain = text.encode()
    except UnicodeEncodeError:
        raise ValueError("The text holds half a character (a lone surrogate); leave it out.") from None
    return seal_bytes(plain, owner=owner, place=place, row=row)


def seal_bytes(plain: bytes, *, owner: UUID, place: str, row: str) -> bytes:
    """Return bytes sealed as `seal` seals text; all of them are held in memory. Raises as `seal`."""
    sealed = opened(owner).encrypt(plain, _binding(owner.bytes, place, row))
    return _MARK + sealed[1:5] + owner.bytes + sealed[5:]


def open_sealed(blob: bytes | memoryview, *, place: str, row: str) -> str:
    """Return the text that `seal` put into this place of this row.

    Raises Shredded, WrongKey or Tampered; never returns a part or a guess.
    """
    return open_bytes(blob, place=place, row=row).decode()


def open_bytes(blob: bytes | memoryview, *, place: str, row: str) -> bytes:
    """Return the bytes that `seal_bytes` put into this place of this row. Raises as `open_sealed`."""
    sealed = bytes(blob)
    if sealed[:2] != _MARK or len(sealed) < _OWNER.stop:
        raise Tampered("The value does not have the form that the vault writes.")
    owner = sealed[_OWNER]
    cipher = opened(UUID(bytes=owner))
    try:
        plain: bytes = cipher.decrypt(
            _TINK + sealed[2:6] + sealed[_OWNER.stop :], _binding(owner, place, row)
        )
    except tink.TinkError:
        raise Tampered("The value was changed, or it was sealed for another place.") from None
    return plain


def _binding(owner: bytes, place: str, row: str) -> bytes:
    """What a value is tied to. The place carries its length, so that no two (place, row) read the same."""
    name = place.encode()
    return b"%b%b%b%b%b" % (_MARK, owner, len(name).to_bytes(2, "big"), name, row.encode())
