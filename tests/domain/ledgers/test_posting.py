"""Posting entries."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from clubassist.core.actor import Actor
from clubassist.core.models import Entry as JournalEntry
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.ledgers.models import Account, Entry
from tests.domain.ledgers.invariants import broken
from tests.makers.ledgers import because, hold, post

pytestmark = pytest.mark.req("B51")


def test_an_entry_says_who_when_why_and_by_which_clause(fund: Account, fay: Actor, at: datetime) -> None:
    entry = post(fund, -300, at=at, actor=fay, key="invoice 7")
    entry.refresh_from_db()
    assert (entry.amount, entry.balance, entry.particulars) == (-300, 99_700, because())
    assert (entry.actor, entry.at, entry.key) == (fay.key, at, "invoice 7")
    fact = JournalEntry.objects.get(fact="EntryPosted", actor=fay.key)
    assert fact.data["amount"] == -300
    assert "reason" not in fact.data
    assert not broken()


def test_the_same_key_and_content_gives_the_same_entry(fund: Account, fay: Actor, at: datetime) -> None:
    first = post(fund, -300, at=at, actor=fay, key="k")
    later = at + timedelta(days=3)
    assert post(fund, -300, at=later, actor=fay, key="k") == first
    assert Entry.objects.filter(account=fund).count() == 2


def test_a_repeat_is_answered_even_when_nothing_is_left(fund: Account, at: datetime) -> None:
    first = post(fund, -100_000, at=at, key="all")
    assert post(fund, -100_000, at=at, key="all") == first


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": -301},
        {"particulars": because(reason="别的")},
        {"particulars": because(cause=("case", "2"))},
    ],
)
def test_post_entry_refuses_other_content_under_the_key(
    fund: Account, at: datetime, changes: dict[str, Any]
) -> None:
    post(fund, -300, at=at, key="k")
    with pytest.raises(Refused) as refused:
        post(fund, at=at, key="k", **({"amount": -300} | changes))
    assert (refused.value.code, refused.value.field) == ("key-reused", "key")


def test_post_entry_refuses_another_end_under_the_key(points: Account, at: datetime) -> None:
    post(points, 5, at=at, key="k", expires_at=at + timedelta(days=1))
    for end in (None, at + timedelta(days=2)):
        with pytest.raises(Refused):
            post(points, 5, at=at, key="k", expires_at=end)


def test_a_key_belongs_to_its_account(fund: Account, points: Account, at: datetime) -> None:
    assert post(fund, 5, at=at, key="k") != post(points, 5, at=at, key="k")


@pytest.mark.parametrize("amount", [0, 1.5, True, 10**12 + 1, "5"])
def test_post_entry_refuses_what_is_no_whole_amount(fund: Account, at: datetime, amount: Any) -> None:
    with pytest.raises(Refused) as refused:
        post(fund, amount, at=at)
    assert refused.value.code == "amount-invalid"


def test_post_entry_refuses_more_than_is_left(fund: Account, at: datetime) -> None:
    hold(fund, 40_000, at=at)
    with pytest.raises(Refused) as refused:
        post(fund, -60_001, at=at)
    assert (refused.value.code, refused.value.field) == ("not-enough", "amount")
    post(fund, -60_000, at=at)
    assert not broken()


def test_post_entry_refuses_to_pay_without_a_case(fund: Account, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        post(fund, -1, at=at, particulars=because(cause=None))
    assert refused.value.code == "cause-missing"
    post(fund, 1, at=at, particulars=because(cause=None))


@pytest.mark.parametrize("field", ["kind", "reason", "clause"])
def test_post_entry_refuses_without_saying_why(fund: Account, at: datetime, field: str) -> None:
    with pytest.raises(Refused) as refused:
        post(fund, -1, at=at, particulars=because(**{field: " "}))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "k" * 21),
        ("clause", "B" * 11),
        ("reason", "长" + " " * 200),
        ("cause", ("", "")),
        ("cause", ("case", "")),
        ("cause", ("case", "1" * 41)),
    ],
)
def test_post_entry_refuses_what_no_column_keeps_as_it_was_said(
    fund: Account, at: datetime, field: str, value: Any
) -> None:
    with pytest.raises(Refused) as refused:
        post(fund, -1, at=at, particulars=because(**{field: value}))
    assert (refused.value.code, refused.value.field) == (f"{field}-invalid", field)


def test_post_entry_refuses_long_reasons_and_odd_keys(fund: Account, at: datetime) -> None:
    with pytest.raises(Refused) as long:
        post(fund, -1, at=at, particulars=because(reason="长" * 201))
    assert long.value.field == "reason"
    for key in ("", "k" * 61, "a\nb"):
        with pytest.raises(Refused) as odd:
            post(fund, -1, at=at, key=key)
        assert odd.value.field == "key"


@pytest.mark.req("B06")
def test_post_entry_refuses_above_the_limit_of_the_role(fund: Account, fay: Actor, at: datetime) -> None:
    for amount in (-601, 601):
        with pytest.raises(Refused) as refused:
            post(fund, amount, at=at, actor=fay, limits={"finance": 600})
        assert refused.value.code == "above-limit"
    post(fund, -600, at=at, actor=fay, limits={"finance": 600})


def test_post_entry_refuses_who_may_not(
    fund: Account, bo: Actor, cy: Actor, dee: Actor, ann: Actor, at: datetime
) -> None:
    for colleague in (bo, cy):
        with pytest.raises(Refused) as refused:
            post(fund, -1, at=at, actor=colleague)
        assert refused.value.status == 403
    for stranger in (dee, ann):
        with pytest.raises(Missing):
            post(fund, -1, at=at, actor=stranger)


def test_post_entry_refuses_an_end_that_makes_no_sense(fund: Account, points: Account, at: datetime) -> None:
    soon = at + timedelta(days=1)
    post(points, 5, at=at)
    for account, amount, end in ((fund, 5, soon), (points, -5, soon), (points, 5, at)):
        with pytest.raises(Refused) as refused:
            post(account, amount, at=at, key="end", expires_at=end)
        assert refused.value.field == "expires_at"


def test_an_account_without_a_floor_may_fall(fund: Account, at: datetime) -> None:
    Account.objects.filter(pk=fund.pk).update(floor=None)
    assert post(fund, -250_000, at=at).balance == -150_000
