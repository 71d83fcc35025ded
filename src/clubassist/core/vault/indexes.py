"""Blind indexes: exact look-up of a sealed value without opening any."""

from __future__ import annotations

import hmac
import unicodedata
from functools import lru_cache

from clubassist.core.vault import keyfile
from clubassist.core.vault.phones import normal_phone

SIZE = 16
PHONE = "phone"
PHONE_TAIL = "phone.tail"


def blind_index(value: str, *, field: str) -> bytes:
    """Return 16 bytes that are equal for equal values of one `field` and say nothing without the key file.

    HMAC-SHA-256, cut to 128 bits, over the value in NFKC and capitals, with a key of the field's own
    (HKDF-SHA-256 of the key file's index key). Phones need their normal form first: see `phone_indexes`.
    """
    normal = unicodedata.normalize("NFKC", value).strip().upper()
    return hmac.digest(derived_key(field), normal.encode(errors="surrogatepass"), "sha256")[:SIZE]


def phone_indexes(phone: str) -> tuple[bytes, bytes]:
    """Return the blind indexes of a number and of its last four digits. Raises ValueError as normal_phone."""
    normal = normal_phone(phone)
    return blind_index(normal, field=PHONE), blind_index(normal[-4:], field=PHONE_TAIL)


def derived_key(purpose: str) -> bytes:
    """Return the 32 bytes that the key file's index key gives for `purpose`; a rotation leaves them as they are."""
    return _derived(keyfile.load(), purpose)


@lru_cache(maxsize=64)
def _derived(keys: keyfile.Keys, purpose: str) -> bytes:
    derived: bytes = keys.index.primary().compute(purpose.encode(), 32)
    return derived
