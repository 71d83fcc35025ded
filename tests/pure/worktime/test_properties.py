"""Laws of elapsed opening time, to the second, in zones and on days that are hard."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from clubassist.pure.worktime import Calendar, Interval, Window, add_worktime, explain, worktime_between

SECOND = timedelta(seconds=1)
# Each is the start of a span that holds a change of offset in its zone, a skipped date in Apia.
PLACES = (
    ("Asia/Shanghai", datetime(2026, 9, 30, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 28, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 24, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 3, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 29, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 3, tzinfo=UTC)),
)

windows = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda pair: Window(pair[0], sum(pair))),
    min_size=1,
    max_size=3,
).map(tuple)
seconds = st.integers(0, 4 * 86_400).map(lambda count: count * SECOND)


@st.composite
def clocks(draw: st.DrawFn) -> tuple[Calendar, datetime, list[Interval]]:
    """A calendar that opens every day, the start of a clock, and pauses that may overlap."""
    zone, start = draw(st.sampled_from(PLACES))
    calendar = Calendar(zone, tuple(draw(windows) for _ in range(7)))
    pairs = draw(st.lists(st.tuples(seconds, seconds), max_size=3))
    return calendar, start, [Interval(start + begin, start + begin + length) for begin, length in pairs]


@settings(deadline=None, derandomize=True)
@given(clocks(), seconds, seconds)
def test_elapsed_time_is_additive_monotone_and_within_wall_time(
    clock: tuple[Calendar, datetime, list[Interval]], first: timedelta, second: timedelta
) -> None:
    calendar, start, pauses = clock
    split, end = start + first, start + first + second
    before = worktime_between(calendar, start, split, pauses)
    after = worktime_between(calendar, split, end, pauses)
    assert worktime_between(calendar, start, end, pauses) == before + after
    assert timedelta() <= after <= second
    assert after <= worktime_between(calendar, split, end)


@settings(deadline=None, derandomize=True)
@given(clocks(), seconds.filter(bool))
def test_due_is_the_first_instant_at_which_the_amount_has_elapsed(
    clock: tuple[Calendar, datetime, list[Interval]], amount: timedelta
) -> None:
    calendar, start, pauses = clock
    due = add_worktime(calendar, start, amount, pauses)
    assert worktime_between(calendar, start, due, pauses) == amount
    assert worktime_between(calendar, start, due - SECOND, pauses) == amount - SECOND


@settings(deadline=None, derandomize=True)
@given(clocks(), seconds.filter(bool))
def test_working_adds_up(clock: tuple[Calendar, datetime, list[Interval]], amount: timedelta) -> None:
    calendar, start, pauses = clock
    working = explain(calendar, start, amount, pauses)
    assert sum((interval.length for interval in working.consumed), timedelta()) == amount
    assert all(calendar.is_open(interval.start) for interval in working.consumed)
    assert not [
        p for p in pauses for c in working.consumed if p.start < c.end and c.start < p.end and p.length
    ]
    assert explain(calendar, start, amount, working.pauses).due == working.due
