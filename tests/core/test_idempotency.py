"""One key, one effect: the same answer again, never a second deed (reliability C6)."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from clubassist.core.idempotency import Earlier, earlier_answer, fingerprint, forget_answers, keep_answer
from clubassist.core.models import Answer, Heartbeat
from clubassist.core.refusal import Conflict, Refused
from tests.core.ringing import Elsewhere

pytestmark = pytest.mark.django_db
POST = fingerprint("POST", "/intake", b"{}")


def write(
    at: datetime,
    *,
    caller: str = "token:1",
    key: str = "k1",
    request: bytes = POST,
    before_keeping: Any = None,
) -> Earlier | None:
    """Do the deed (a row) unless it was done; return the earlier answer, if there was one."""
    with transaction.atomic():
        answer = earlier_answer(caller=caller, key=key, request=request)
        if answer is None:
            Heartbeat.objects.create(name=f"deed-{Heartbeat.objects.count()}", at=at, ok=True)
            if before_keeping:
                before_keeping()
            keep_answer(caller=caller, key=key, request=request, status=201, body={"n": 1}, at=at)
    return answer


def deeds() -> int:
    return Heartbeat.objects.count()


def test_fingerprint_tells_requests_apart() -> None:
    same = fingerprint("POST", "/a", b"body")
    assert same == fingerprint("POST", "/a", b"body")
    others = [
        fingerprint("PUT", "/a", b"body"),
        fingerprint("POST", "/b", b"body"),
        fingerprint("POST", "/a", b"other"),
        fingerprint("POST", "/ab", b"ody"),
    ]
    assert len({same, *others}) == 5


def test_repeated_request_gets_the_same_answer_and_no_second_deed(at: datetime) -> None:
    assert write(at) is None
    again = write(at)
    assert again is not None
    assert (again.status, again.body, deeds()) == (201, {"n": 1}, 1)


def test_same_key_with_another_request_is_refused(at: datetime) -> None:
    write(at)
    with pytest.raises(Refused) as refused:
        write(at, request=fingerprint("POST", "/intake", b"other"))
    assert (refused.value.code, refused.value.status, deeds()) == ("idempotency-key-reused", 422, 1)


def test_another_caller_s_key_is_independent(at: datetime) -> None:
    write(at)
    assert write(at, caller="token:2") is None
    assert deeds() == 2


@pytest.mark.parametrize("key", ["", "x" * 101, "a\nb", "\x00"])
def test_key_that_cannot_be_kept_is_refused(key: str, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        write(at, key=key)
    assert (refused.value.code, refused.value.field) == ("idempotency-key-invalid", "Idempotency-Key")


def test_refused_deed_leaves_the_key_free(at: datetime) -> None:
    def fail() -> None:
        raise Refused("no", mend="")

    with pytest.raises(Refused):
        write(at, before_keeping=fail)
    assert (deeds(), Answer.objects.count()) == (0, 0)
    assert write(at) is None


def test_second_request_while_the_first_is_at_work_is_told_to_wait(committed: None, at: datetime) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        inside.set()
        assert go_on.wait(10)

    first = Elsewhere(lambda: write(at, before_keeping=slow))
    assert inside.wait(10)
    with pytest.raises(Conflict) as conflict:
        write(at)
    assert (conflict.value.code, conflict.value.status) == ("request-in-progress", 409)
    go_on.set()
    first.result()
    assert write(at) is not None
    assert deeds() == 1


def test_many_at_once_do_one_deed(committed: None, at: datetime) -> None:
    start = threading.Barrier(6)

    def one() -> str:
        start.wait(10)
        try:
            return "again" if write(at) else "done"
        except Conflict:
            return "wait"

    threads = [Elsewhere(one) for _ in range(6)]
    outcomes = [str(thread.result()) for thread in threads]
    assert outcomes.count("done") == 1
    assert (deeds(), Answer.objects.count()) == (1, 1)


def test_twin_that_committed_in_between_undoes_the_write(at: datetime) -> None:
    """Between our look and our answer a twin may commit: the unique key decides, and the deed is undone."""
    with pytest.raises(Conflict):
        write(
            at,
            before_keeping=lambda: keep_answer(
                caller="token:1", key="k1", request=POST, status=201, body={}, at=at
            ),
        )
    assert deeds() == 0


def test_answers_are_forgotten_after_a_day(at: datetime) -> None:
    write(at)
    assert forget_answers(at + timedelta(hours=24)) == "0 forgotten"
    assert forget_answers(at + timedelta(hours=24, seconds=1)) == "1 forgotten"
    assert not Answer.objects.exists()
