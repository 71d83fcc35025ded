"""Cases for these tests, in hours after one moment, and arbitrary ones for properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from clubassist.pure.figures import CaseLife, Cohort, Turn, month_span
from clubassist.pure.worktime import Interval

SHANGHAI = "Asia/Shanghai"
OCTOBER = date(2026, 10, 1)
SPAN = month_span(OCTOBER, SHANGHAI)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BEGIN = datetime(2026, 10, 10, 2, tzinfo=UTC)


def hours(count: float) -> datetime:
    """The moment so many hours after BEGIN, at which cases are received unless a test says otherwise."""
    return BEGIN + count * HOUR


def life(
    number: str = "GD-1",
    *,
    received: float = 0,
    responded: float | None = None,
    proposed: float | None = None,
    turns: tuple[tuple[float, Turn], ...] = (),
    pauses: tuple[tuple[float, float], ...] = (),
    **changes: Any,
) -> CaseLife:
    """A case with its times in hours after BEGIN."""
    return CaseLife(
        number,
        hours(received),
        None if responded is None else hours(responded),
        None if proposed is None else hours(proposed),
        tuple((hours(at), turn) for at, turn in turns),
        tuple(Interval(hours(start), hours(end)) for start, end in pauses),
        **changes,
    )


def cohort(*lives: CaseLife, at: datetime) -> Cohort:
    """October's cohort as at `at`."""
    return Cohort.of(lives, SPAN, at)


steady = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
"""For properties: the same examples in every run, however busy the machine is."""


@st.composite
def arbitrary_lives(draw: st.DrawFn, number: str = "GD-1") -> CaseLife:
    """A case received in or about October with arbitrary later events, each on a full hour."""
    received = draw(st.integers(-15 * 24, 30 * 24))
    later = st.integers(received, received + 60 * 24)
    turns = draw(st.lists(st.tuples(later, st.sampled_from(Turn)), max_size=5))
    spans = draw(st.lists(st.tuples(later, later), max_size=3))
    return life(
        number,
        received=received,
        responded=draw(st.none() | later),
        proposed=draw(st.none() | later),
        turns=tuple(sorted(turns, key=lambda turn: turn[0])),
        pauses=tuple((min(span), max(span)) for span in spans),
        counted=draw(st.integers(0, 9)) > 0,
        awaited=draw(st.integers(0, 9)) > 0,
    )


@st.composite
def months_of_lives(draw: st.DrawFn) -> list[CaseLife]:
    """Some cases, a few of them merged into an earlier one of the list."""
    found: list[CaseLife] = []
    for index in range(draw(st.integers(0, 6))):
        one = draw(arbitrary_lives(number=f"GD-{index:02}"))
        into = draw(st.sampled_from([*(each.number for each in found), "", "", ""]))
        found.append(CaseLife(**{**fields_of(one), "merged_into": into}))
    return found


def fields_of(one: CaseLife) -> dict[str, Any]:
    """The fields of a case by name."""
    return {name: getattr(one, name) for name in CaseLife.__slots__}


report_dates = st.integers(-20 * 24, 90 * 24).map(hours)
