"""What cases count as, over the clubs of a chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import reply
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from clubassist.domain.insight.lives import Lived, lives
from clubassist.domain.insight.tallies import OF_CASES, marks_of
from tests.domain.insight.cohorts import LATER, MID_MONTH, NOVEMBER
from tests.makers.cases import make_case

HOUR = timedelta(hours=1)


class Counted(list[Lived]):
    """Lives that know how often somebody went through them."""

    times = 0

    def __iter__(self) -> Iterator[Lived]:
        self.times += 1
        return super().__iter__()


def test_a_chain_is_its_clubs_together_and_gone_through_once(club: Club, other_club: Club, cy: Actor) -> None:
    Club.objects.filter(pk=other_club.pk).update(zone="Europe/Berlin")
    other_club.refresh_from_db()
    for where in (club, club, other_club):
        make_case(where, at=MID_MONTH)
    reply(case=Case.objects.filter(club=club)[0], text="在查。", actor=cy, at=MID_MONTH + HOUR)
    found = Counted(lives(Case.objects.all()))
    chain = list(marks_of(found, [club, other_club], NOVEMBER, LATER, OF_CASES))
    assert found.times == 1
    alone = [
        mark
        for each in (club, other_club)
        for mark in marks_of(
            [lived for lived in found if lived.club == each.pk], [each], NOVEMBER, LATER, OF_CASES
        )
    ]
    assert sorted(chain, key=str) == sorted(alone, key=str)
    assert len(chain) == 3 * len(OF_CASES)
