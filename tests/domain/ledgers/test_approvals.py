"""Above one's limit somebody else decides; nobody approves their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Entry as JournalEntry
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import approve_hold, commit_hold, decline_hold, release_hold
from clubassist.domain.ledgers.models import Account, Hold, HoldState
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account as Login
from clubassist.domain.people.queries import staff_actor
from tests.domain.ledgers.invariants import broken
from tests.makers.ledgers import LIMITS, because, hold, post
from tests.makers.people import make_account

pytestmark = pytest.mark.req("B06")

ABOVE: Final = LIMITS["agent"] + 1


def test_a_hold_within_the_limit_needs_no_approval(fund: Account, bo: Actor, at: datetime) -> None:
    taken = hold(fund, LIMITS["agent"], at=at, actor=bo)
    assert not taken.needs_approval
    assert not Hold.objects.awaiting_approval().exists()


def test_a_hold_above_the_limit_waits_for_somebody_else(
    fund: Account, bo: Actor, cy: Actor, at: datetime
) -> None:
    taken = hold(fund, ABOVE, at=at, actor=bo)
    assert list(Hold.objects.awaiting_approval()) == [taken]
    with pytest.raises(Refused) as refused:
        commit_hold(hold=taken, actor=bo, at=at)
    assert refused.value.code == "approval-missing"
    for _ in range(2):
        approved = approve_hold(hold=taken, limits=LIMITS, actor=cy, at=at)
    assert (approved.approved_by, approved.approved_at) == (cy.key, at)
    assert JournalEntry.objects.filter(fact="HoldApproved").count() == 1
    assert not Hold.objects.awaiting_approval().exists()
    assert commit_hold(hold=taken, actor=bo, at=at).amount == -ABOVE
    assert not broken()


def test_the_money_waits_with_the_hold(fund: Account, bo: Actor, at: datetime) -> None:
    hold(fund, 60_000, at=at, actor=bo)
    with pytest.raises(Refused):
        hold(fund, 40_001, at=at, actor=bo, key="more")


def test_nobody_approves_or_declines_their_own(fund: Account, cy: Actor, at: datetime) -> None:
    taken = hold(fund, 100_000, at=at, actor=cy, limits={"service_manager": 1})
    with pytest.raises(Refused) as approved:
        approve_hold(hold=taken, limits=LIMITS, actor=cy, at=at)
    with pytest.raises(Refused) as declined:
        decline_hold(hold=taken, reason="不同意", actor=cy, at=at)
    for refused in (approved, declined):
        assert (refused.value.code, refused.value.status) == ("own-request", 403)


def test_approve_hold_refuses_what_is_for_the_actor(
    fund: Account, bo: Actor, cy: Actor, cy_account: Login, ann_person: Person, at: datetime
) -> None:
    ann_person.account = cy_account
    ann_person.save(update_fields=["account"])
    taken = hold(fund, ABOVE, at=at, actor=bo, person=ann_person)
    with pytest.raises(Refused) as refused:
        approve_hold(hold=taken, limits=LIMITS, actor=cy, at=at)
    assert refused.value.code == "own-request"


def test_a_limit_counts_all_that_is_given_for_one_matter(
    fund: Account, bo: Actor, cy: Actor, boss: Actor, at: datetime
) -> None:
    limits = LIMITS | {"service_manager": LIMITS["agent"] + 4_000}
    first = hold(fund, 5_000, at=at, actor=bo, key="1")
    commit_hold(hold=first, actor=bo, at=at)
    freed = hold(fund, 5_000, at=at, actor=bo, key="2")
    assert not freed.needs_approval
    release_hold(hold=freed, actor=bo, at=at)
    assert not hold(fund, 5_000, at=at, actor=bo, key="3").needs_approval
    assert not hold(
        fund, 5_000, at=at, actor=bo, key="4", particulars=because(cause=("case", "2"))
    ).needs_approval
    more = hold(fund, 5_000, at=at, actor=bo, key="5")
    assert more.needs_approval
    with pytest.raises(Refused) as refused:
        approve_hold(hold=more, limits=limits, actor=cy, at=at)
    assert refused.value.code == "above-limit"
    approve_hold(hold=more, limits=limits, actor=boss, at=at)


def test_a_limit_counts_each_alone_without_a_matter(
    points: Account, bo: Actor, cy: Actor, at: datetime
) -> None:
    post(points, 50_000, at=at)
    for key in ("1", "2"):
        taken = hold(points, LIMITS["agent"], at=at, actor=bo, key=key, particulars=because(cause=None))
        assert not taken.needs_approval
    above = hold(points, ABOVE, at=at, actor=bo, key="3", particulars=because(cause=None))
    with pytest.raises(Refused):
        approve_hold(hold=above, limits=LIMITS | {"service_manager": ABOVE - 1}, actor=cy, at=at)
    approve_hold(hold=above, limits=LIMITS, actor=cy, at=at)


def test_what_somebody_sets_aside_for_themselves_waits_for_somebody_else(
    fund: Account, bo: Actor, cy: Actor, bo_account: Login, ann_person: Person, at: datetime
) -> None:
    ann_person.account = bo_account
    ann_person.save(update_fields=["account"])
    taken = hold(fund, 1, at=at, actor=bo, person=ann_person)
    with pytest.raises(Refused) as refused:
        commit_hold(hold=taken, actor=bo, at=at)
    assert refused.value.code == "approval-missing"
    approve_hold(hold=taken, limits=LIMITS, actor=cy, at=at)
    commit_hold(hold=taken, actor=bo, at=at)


def test_approve_hold_refuses_above_the_approver_s_limit(
    fund: Account, bo: Actor, cy: Actor, boss: Actor, at: datetime
) -> None:
    limits = LIMITS | {"service_manager": ABOVE}
    taken = hold(fund, ABOVE + 1, at=at, actor=bo)
    with pytest.raises(Refused) as refused:
        approve_hold(hold=taken, limits=limits, actor=cy, at=at)
    assert refused.value.code == "above-limit"
    approve_hold(hold=taken, limits=limits, actor=boss, at=at)
    with pytest.raises(Refused) as second:
        approve_hold(hold=taken, limits=LIMITS, actor=cy, at=at)
    assert second.value.code == "approved-already"


def test_approve_hold_refuses_who_may_not(
    club: Club, fund: Account, bo: Actor, cy: Actor, dee: Actor, ann: Actor, at: datetime
) -> None:
    taken = hold(fund, ABOVE, at=at, actor=bo)
    colleague = staff_actor(make_account("bea", "agent", club))
    for actor in (colleague, replace(cy, machine=True), SYSTEM):
        with pytest.raises(Refused) as refused:
            approve_hold(hold=taken, limits=LIMITS, actor=actor, at=at)
        assert refused.value.code == "not-allowed"
    for stranger in (dee, ann):
        with pytest.raises(Missing):
            approve_hold(hold=taken, limits=LIMITS, actor=stranger, at=at)


def test_approve_hold_refuses_what_needs_none_or_has_ended(
    fund: Account, bo: Actor, cy: Actor, at: datetime
) -> None:
    small = hold(fund, 1, at=at, actor=bo)
    with pytest.raises(Refused) as needless:
        approve_hold(hold=small, limits=LIMITS, actor=cy, at=at)
    assert needless.value.code == "approval-not-needed"
    large = hold(fund, ABOVE, at=at, actor=bo)
    release_hold(hold=large, actor=bo, at=at)
    with pytest.raises(Refused) as ended:
        approve_hold(hold=large, limits=LIMITS, actor=cy, at=at)
    assert ended.value.code == "hold-ended"


def test_a_declined_hold_is_free_again_with_the_reason(
    fund: Account, bo: Actor, cy: Actor, at: datetime
) -> None:
    taken = hold(fund, ABOVE, at=at, actor=bo)
    declined = decline_hold(hold=taken, reason="超出同类先例", actor=cy, at=at)
    assert (declined.state, declined.ended_by) == (HoldState.RELEASED, cy.key)
    assert declined.ended_reason == "超出同类先例"
    fund.refresh_from_db()
    assert fund.held == 0
    assert JournalEntry.objects.filter(fact="HoldDeclined").count() == 1
    with pytest.raises(Refused) as refused:
        commit_hold(hold=taken, actor=bo, at=at)
    assert refused.value.code == "hold-released"


def test_decline_hold_refuses_without_a_reason_and_after_approval(
    fund: Account, bo: Actor, cy: Actor, boss: Actor, at: datetime
) -> None:
    taken = hold(fund, ABOVE, at=at, actor=bo)
    with pytest.raises(Refused) as silent:
        decline_hold(hold=taken, reason=" ", actor=cy, at=at)
    assert silent.value.field == "reason"
    approve_hold(hold=taken, limits=LIMITS, actor=cy, at=at)
    with pytest.raises(Refused) as late:
        decline_hold(hold=taken, reason="不同意", actor=boss, at=at)
    assert late.value.code == "approved-already"
