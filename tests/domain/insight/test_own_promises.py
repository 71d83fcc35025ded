"""What we promise ourselves of a complaint is counted on the pages of its clauses, as any promise is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import assess, complete_facts
from clubassist.domain.club.models import Club
from tests.domain.insight.cohorts import MID_MONTH, counts, figure_of, row_of
from tests.makers.cases import make_case, verify, work_up_to

MINUTE = timedelta(minutes=1)
OPEN = MID_MONTH.replace(hour=4)  # noon in Shanghai, the desk is open


@pytest.mark.req("B18", "B19", "B23")
def test_in_time_and_late_are_counted_under_their_clauses(club: Club, bo: Actor, cy: Actor) -> None:
    whole = make_case(club, at=OPEN)
    gaps = make_case(club, at=OPEN, people="")
    assess(case=whole, actor=bo, at=OPEN + 14 * MINUTE)
    assess(case=gaps, actor=bo, at=OPEN + 16 * MINUTE)
    complete_facts(case=gaps, people="本人", actor=bo, at=OPEN + 11 * MINUTE)
    verify(work_up_to(whole, "verify", actor=bo, at=OPEN + 60 * MINUTE), actor=bo, at=OPEN + 90 * MINUTE)
    shown = {
        clause: counts(figure_of(row_of(clause, club, actor=cy), measure))
        for clause, measure in (
            ("B18", "complaint-recorded"),
            ("B19", "complaint-judged"),
            ("B23", "complaint-verified"),
        )
    }
    assert shown == {
        "B18": {"met": 1, "late": 1},
        "B19": {"met": 1, "late": 1},
        "B23": {"met": 1, "late": 1},
    }
