"""First response: how long people waited for the first word of a human."""

from __future__ import annotations

from clubassist.pure.figures.cohort import Cohort
from clubassist.pure.figures.waits import Wait, Waiting
from clubassist.pure.worktime import Interval


def first_response(cohort: Cohort) -> Waiting:
    """First reply − receipt, in calendar time, of every case somebody waited with; open ones so far (A02, F21).

    Reopening does not touch it, and pauses do not shorten it: a person waits all the same.
    """
    return Waiting(
        tuple(
            Wait(
                life.number,
                Interval(life.received_at, life.responded_at or cohort.at).length,
                ended=life.responded_at is not None,
            )
            for life in cohort.lives
            if life.awaited
        )
    )
