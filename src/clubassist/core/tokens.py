"""The one token layer: secrets that links and API calls carry; 128 bits, hashed, expiring, single use."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime

from django.db.models import Q

from clubassist.core.models.token import Token

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
LENGTH = 26  # 130 bits hold the 128
_HEARD_AS = str.maketrans("ilo", "110")
_FILLERS = re.compile(r"[\s\-‐‑‒–—−]+")


def issue(kind: str, *, subject: tuple[str, str], at: datetime, expires: datetime | None) -> str:
    """Make a token of `kind` that opens `subject` (kind, id) until `expires` (None: until used); return it.

    The text is 26 lower-case letters and digits, fit for a URL; only its digest is stored. One INSERT.
    """
    token, text = new(kind, subject=subject, at=at, expires=expires)
    token.save(force_insert=True)
    return text


def new(kind: str, *, subject: tuple[str, str], at: datetime, expires: datetime | None) -> tuple[Token, str]:
    """Return a token as `issue` makes it, as a row that the caller inserts, and its text."""
    number = secrets.randbits(128)
    text = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
    token = Token(
        kind=kind,
        digest=_digest(text),
        subject_kind=subject[0],
        subject_id=subject[1],
        expires_at=expires,
        created_at=at,
    )
    return token, text


def grouped(text: str) -> str:
    """Return a token in groups of four for reading aloud; `redeem` takes it back in this form."""
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def redeem(kind: str, text: str, *, at: datetime) -> Token | None:
    """Return the living token of `kind` with this text and leave it usable. One SELECT.

    Unknown, expired, used and of another kind are one answer, None, by one and the same query.
    """
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
    return Token.objects.filter(alive, digest=_digest(text), kind=kind, used_at__isnull=True).first()


def use_once(kind: str, text: str, *, at: datetime) -> Token | None:
    """Use up the living token of `kind` with this text; return it, or None as `redeem`. One UPDATE.

    Of any number of callers at the same moment exactly one gets the token; a rollback gives it back.
    """
    used = Token.objects.raw(
        "update core_token set used_at = %s where digest = %s and kind = %s and used_at is null"
        " and (expires_at is null or expires_at > %s) returning *",
        [at, _digest(text), kind, at],
    )
    return next(iter(used), None)


def _folded(text: str) -> str:
    """Return a token as issued, however it was typed: capitals, groups, full width, o for 0, i or l for 1."""
    return _FILLERS.sub("", unicodedata.normalize("NFKC", text)).lower().translate(_HEARD_AS)


def _digest(text: str) -> bytes:
    return hashlib.sha256(_folded(text).encode(errors="replace")).digest()
