"""Tokens: only the digest is stored, every failure looks the same, and a single use is single."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from clubassist.core import tokens
from clubassist.core.models import Token

AT = datetime(2026, 11, 21, 4, tzinfo=UTC)
DAY = timedelta(days=1)
CASE = ("case", "1187")
Queries = Callable[[int], AbstractContextManager[object]]
Take = Callable[..., Token | None]


def issue(*, kind: str = "case-link", expires: datetime | None = AT + DAY) -> str:
    """Issue a token for a case."""
    return tokens.issue(kind, subject=CASE, at=AT, expires=expires)


@pytest.mark.django_db
def test_issue_gives_128_bits_that_are_nowhere_stored() -> None:
    texts = {issue() for _ in range(50)}
    assert len(texts) == 50
    for text in texts:
        assert len(text) == 26
        assert set(text) <= set(tokens.ALPHABET)
    with connection.cursor() as cursor:
        cursor.execute("select core_token::text from core_token")
        stored = " ".join(row for (row,) in cursor.fetchall())
    assert not any(text in stored or text.encode().hex() in stored for text in texts)


@pytest.mark.django_db
def test_issued_token_opens_its_subject_again_and_again() -> None:
    text = issue()
    for _ in range(2):
        token = tokens.redeem("case-link", text, at=AT)
        assert token is not None
        assert (token.subject_kind, token.subject_id) == CASE


@pytest.mark.django_db
def test_token_is_understood_as_people_type_it() -> None:
    text = issue()
    aloud = tokens.grouped(text)
    assert len(aloud.split("-")) == 7
    wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
    misheard = text.replace("0", "O").replace("1", "I")
    spaced = aloud.replace("-", " ")
    for typed in (aloud, aloud.upper(), spaced, f" {text}\n", text.translate(wide), misheard):
        assert tokens.redeem("case-link", typed, at=AT) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("take", [tokens.redeem, tokens.use_once])
def test_every_failure_is_one_answer_by_one_query(take: Take, django_assert_num_queries: Queries) -> None:
    used, expired, other = issue(), issue(expires=AT + timedelta(seconds=1)), issue(kind="survey")
    tokens.use_once("case-link", used, at=AT)
    later = AT + timedelta(seconds=1)
    for text in (used, expired, other, "0" * 26, "", "\0", "\ud83d", "张三", "x" * 10_000):
        with django_assert_num_queries(1):
            assert take("case-link", text, at=later) is None


@pytest.mark.django_db
def test_token_without_an_end_lives_until_used() -> None:
    text = issue(expires=None)
    assert tokens.redeem("case-link", text, at=AT + 4000 * DAY) is not None
    assert tokens.use_once("case-link", text, at=AT + 4000 * DAY) is not None
    assert tokens.redeem("case-link", text, at=AT) is None


@pytest.mark.django_db
def test_use_once_returns_the_token_and_notes_when() -> None:
    token = tokens.use_once("case-link", issue(), at=AT)
    assert token is not None
    assert (token.subject_kind, token.subject_id, token.used_at) == (*CASE, AT)
    assert Token.objects.get(pk=token.pk).used_at == AT


@pytest.mark.django_db
def test_rolled_back_use_gives_the_token_back() -> None:
    text = issue()
    with transaction.atomic():
        assert tokens.use_once("case-link", text, at=AT) is not None
        transaction.set_rollback(True)
    assert tokens.use_once("case-link", text, at=AT) is not None


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_one_uses_it() -> None:
    text = issue()
    together = threading.Barrier(6)
    won = []

    def use() -> None:
        try:
            connection.ensure_connection()
            together.wait()
            won.append(tokens.use_once("case-link", text, at=AT) is not None)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 5 + [True]


@pytest.mark.django_db
def test_database_refuses_a_token_that_ends_before_it_begins() -> None:
    with pytest.raises(IntegrityError, match="token_expires_later"), transaction.atomic():
        issue(expires=AT)


@given(st.text(alphabet=tokens.ALPHABET))
def test_grouping_does_not_change_what_is_understood(text: str) -> None:
    assert tokens._folded(tokens.grouped(text).upper()) == text
