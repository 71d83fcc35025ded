"""One key, one effect: the answer to a write with an `Idempotency-Key` is kept in the write's own transaction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from clubassist.core import rows, vault
from clubassist.core.jobs import every
from clubassist.core.models import Answer
from clubassist.core.refusal import Conflict, Refused

MOST_CHARACTERS = 100
KEPT_FOR = timedelta(days=1)
OWNER = uuid5(NAMESPACE_URL, "clubassist:answers")
PLACE = "core.answer.sealed"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a request with the same key was answered before."""

    status: int
    body: Any


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """Return the hash by which a repeated request is told from another one under the same key."""
    return hashlib.sha256(b"\0".join([method.encode(), path.encode(), body])).digest()


def earlier_answer(*, caller: str, key: str, request: bytes) -> Earlier | None:
    """Claim `key` for this transaction; return the answer given before, if any. One statement.

    Raises Conflict while another request with the key is at work, and Refused (422) when the key was used for
    another request. Call inside the transaction of the write.
    """
    if not 1 <= len(key) <= MOST_CHARACTERS or not key.isprintable():
        raise Refused(
            "idempotency-key-invalid",
            field="Idempotency-Key",
            mend=_("Send an Idempotency-Key of 1 to 100 printable characters."),
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_try_advisory_xact_lock(hashtextextended(%s, 0)), a.id from (select 1) one"
            " left join core_answer a on a.caller = %s and a.key = %s",
            [f"{caller}\n{key}", caller, key],
        )
        claimed, answer_id = cursor.fetchone()
    if answer_id is None:
        if not claimed:
            raise Conflict(
                "request-in-progress", mend=_("The same request is being worked on. Ask again shortly.")
            )
        return None
    answer = Answer.objects.get(pk=answer_id)
    if bytes(answer.request) != request:
        raise Refused(
            "idempotency-key-reused",
            field="Idempotency-Key",
            mend=_("This key was used for another request. Use a new one."),
        )
    body = vault.open_sealed(bytes(answer.sealed), place=PLACE, row=_row(caller, key))
    return Earlier(answer.status, json.loads(body))


def keep_answer(*, caller: str, key: str, request: bytes, status: int, body: Any, at: datetime) -> None:
    """Keep the answer for later requests with the same key. One statement, in the write's transaction.

    Raises Conflict, and so undoes the write, when a twin committed between our look and now.
    """
    sealed = _sealed(json.dumps(body), row=_row(caller, key), at=at)
    try:
        rows.write(Answer(caller=caller, key=key, request=request, status=status, sealed=sealed, at=at))
    except IntegrityError as error:
        raise Conflict(
            "request-in-progress", mend=_("The same request is being worked on. Ask again shortly.")
        ) from error


def _row(caller: str, key: str) -> str:
    return f"{caller}\n{key}"


def _sealed(text: str, *, row: str, at: datetime) -> bytes:
    """Seal an answer; the first one of an installation makes the key that all answers share."""
    try:
        return vault.seal(text, owner=OWNER, place=PLACE, row=row)
    except vault.WrongKey:
        try:
            with transaction.atomic():
                vault.create_owner(OWNER, at=at)
        except IntegrityError:
            pass  # another process made it a moment ago
        return vault.seal(text, owner=OWNER, place=PLACE, row=row)


@every(seconds=3600, name="answers")
def forget_answers(at: datetime) -> str:
    """Drop answers older than a day: nobody retries that long, and they hold what was answered."""
    gone, _rows = Answer.objects.filter(at__lt=at - KEPT_FOR).delete()
    return f"{gone} forgotten"
