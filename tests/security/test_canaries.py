"""The search itself finds what is there, in any way of writing, and nothing that is not."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from tests.security.canaries import CONTACTS, MAIL, NARRATIVE, PHONE, found


@pytest.mark.parametrize(
    "content",
    [
        f"<td>{PHONE.text}</td>",
        "+86 138 7773 1907",
        "(138)7773-1907",
        "138&nbsp;7773&nbsp;1907",
        base64.b64encode(f"tel:{PHONE.text}".encode()).decode(),
        base64.urlsafe_b64encode(f"??>{PHONE.text}".encode()).decode().rstrip("="),
        "\\x" + PHONE.text.encode().hex(),
        PHONE.text.encode("utf-16-le"),
    ],
)
def test_phone_is_found_however_it_is_written(content: bytes | str) -> None:
    assert found(content, CONTACTS) == {"phone"}


@pytest.mark.parametrize("write", [json.dumps, quote, lambda text: text.encode("ascii", "xmlcharrefreplace")])
def test_text_is_found_however_it_is_escaped(write: object) -> None:
    assert found(write(NARRATIVE.text), (NARRATIVE,)) == {"narrative"}  # type: ignore[operator]


def test_mail_is_found_escaped_for_a_url() -> None:
    assert found(quote(MAIL.text), CONTACTS) == {"mail"}


@pytest.mark.parametrize("content", ["138****1907", "c***@example.com", "1387773 and 1907 apart", ""])
def test_masked_value_is_not_found(content: str) -> None:
    assert found(content, CONTACTS) == set()
