"""Correcting entries."""

from __future__ import annotations

from datetime import datetime

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Entry as JournalEntry
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.ledgers.actions import commit_hold, reverse_entry
from clubassist.domain.ledgers.models import Account, Entry
from tests.domain.ledgers.invariants import broken
from tests.makers.ledgers import because, hold, post

pytestmark = pytest.mark.req("B51")


def test_a_correction_is_the_opposite_and_both_stay(fund: Account, fay: Actor, at: datetime) -> None:
    entry = post(fund, -300, at=at)
    correction = reverse_entry(entry=entry, reason="付错了人", actor=fay, at=at)
    correction.refresh_from_db()
    assert (correction.amount, correction.balance, correction.reverses) == (300, 100_000, entry)
    assert correction.particulars == because(kind="correction", reason="付错了人")
    assert Entry.objects.filter(account=fund).count() == 3
    assert JournalEntry.objects.get(fact="EntryReversed").data["reversed_id"] == entry.pk
    assert not broken()


def test_what_a_hold_paid_can_come_back(fund: Account, fay: Actor, at: datetime) -> None:
    entry = commit_hold(hold=hold(fund, 500, at=at), actor=SYSTEM, at=at)
    assert reverse_entry(entry=entry, reason="会员退回", actor=fay, at=at).balance == 100_000
    assert not broken()


def test_an_entry_is_reversed_once(fund: Account, fay: Actor, at: datetime) -> None:
    entry = post(fund, -300, at=at)
    first = reverse_entry(entry=entry, reason="付错了人", actor=fay, at=at)
    assert reverse_entry(entry=entry, reason=" 付错了人 ", actor=fay, at=at) == first
    with pytest.raises(Refused) as refused:
        reverse_entry(entry=entry, reason="别的", actor=fay, at=at)
    assert refused.value.code == "reversed-already"


def test_reverse_entry_refuses_a_correction(fund: Account, fay: Actor, at: datetime) -> None:
    correction = reverse_entry(entry=post(fund, -300, at=at), reason="付错了人", actor=fay, at=at)
    with pytest.raises(Refused) as refused:
        reverse_entry(entry=correction, reason="又错了", actor=fay, at=at)
    assert refused.value.code == "is-correction"


def test_reverse_entry_refuses_a_credit_that_is_spent(fund: Account, fay: Actor, at: datetime) -> None:
    topup = Entry.objects.get(account=fund, key="opening")
    hold(fund, 1, at=at)
    with pytest.raises(Refused) as refused:
        reverse_entry(entry=topup, reason="重复入账", actor=fay, at=at)
    assert refused.value.code == "not-enough"


def test_reverse_entry_refuses_without_a_reason(fund: Account, fay: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        reverse_entry(entry=post(fund, -300, at=at), reason=" ", actor=fay, at=at)
    assert refused.value.field == "reason"


def test_reverse_entry_refuses_who_may_not(fund: Account, bo: Actor, dee: Actor, at: datetime) -> None:
    entry = post(fund, -300, at=at)
    with pytest.raises(Refused) as refused:
        reverse_entry(entry=entry, reason="付错了人", actor=bo, at=at)
    assert refused.value.status == 403
    with pytest.raises(Missing):
        reverse_entry(entry=entry, reason="付错了人", actor=dee, at=at)
