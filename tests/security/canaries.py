"""Unique tokens planted where personal data goes, and a search for them in whatever comes out (reliability E2, H7).

A canary that is masked, sealed or left out is not found; one that shows is found however it is written: as it is,
spaced like a phone number, escaped for HTML, JSON or a URL, in hexadecimal, UTF-16 or base64.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
ESCAPED = re.compile(rb"\\u([0-9a-fA-F]{4})")
BETWEEN_DIGITS = re.compile(rb"(?<=\d)(?:[\s().-]|&nbsp;)+(?=\d)")


@dataclass(frozen=True, slots=True)
class Canary:
    """A unique text and the name of the place it was planted in."""

    place: str
    text: str


PHONE = Canary("phone", "13877731907")
MAIL = Canary("mail", "canary-zqx7@example.com")
NARRATIVE = Canary("narrative", "青鹭七三停在二号馆")
NOTE = Canary("note", "白鲸九一只给同事看")
PASSWORD = Canary("password", "correct-canary-battery-58")
CONTACTS = (PHONE, MAIL)
TEXTS = (NARRATIVE, NOTE)


def found(content: bytes | str, canaries: tuple[Canary, ...]) -> set[str]:
    """Return the places of the canaries that show anywhere in `content`, in any way of writing."""
    raw = content.encode() if isinstance(content, str) else content
    readings = list(_readings(raw))
    return {
        canary.place for canary in canaries for text in readings for form in _forms(canary) if form in text
    }


def _forms(canary: Canary) -> Iterator[bytes]:
    yield canary.text.encode()
    yield canary.text.encode("utf-16-le")


def _readings(raw: bytes) -> Iterator[bytes]:
    """Yield the content as it is and decoded in every way that a page, log or dump might have encoded it."""
    yield raw
    yield BETWEEN_DIGITS.sub(b"", raw)
    yield unquote_to_bytes(raw)
    yield html.unescape(raw.decode(errors="replace")).encode()
    yield ESCAPED.sub(lambda code: chr(int(code[1], 16)).encode(errors="replace"), raw)
    yield b"\n".join(bytes.fromhex(run.decode()) for run in HEX.findall(raw))
    yield b"\n".join(filter(None, map(_from_base64, BASE64.findall(raw))))


def _from_base64(run: bytes) -> bytes:
    bare = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return b""
