"""The fast working-time arithmetic must give the same answers as the minute walk of `oracle.py`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clubassist.pure.worktime import Calendar, Interval, Window, add_worktime, worktime_between
from tests.pure.worktime.oracle import DAY, MINUTE, Case, Windows, counted_minutes, due_after, worktime

EVERYDAY_EXAMPLES = 300
EVERYDAY_LONG_EXAMPLES = 12
FULL_EXAMPLES = 200_000
FULL_LONG_EXAMPLES = 500

ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Sao_Paulo",
)
APIA_SKIPS_A_DATE = datetime(2011, 12, 30, 10, tzinfo=UTC)
AROUND_THE_CLOCK: tuple[Windows, ...] = (((0, 1440),),) * 7
NINE_TO_SIX: tuple[Windows, ...] = (((540, 1080),),) * 7
ONE_TO_TWO: tuple[Windows, ...] = (((60, 120),),) * 7
TWO_TO_THREE: tuple[Windows, ...] = (((120, 180),),) * 7

Between = Callable[[Case], timedelta]
Due = Callable[[Case, timedelta], datetime | None]


# The product's calculator, asked in the oracle's terms


def calendar_of(case: Case) -> Calendar:
    def windows(pairs: Windows) -> tuple[Window, ...]:
        return tuple(Window(opens, closes) for opens, closes in pairs)

    monday, tuesday, wednesday, thursday, friday, saturday, sunday = map(windows, case.weekly)
    return Calendar(
        zone=case.zone,
        weekly=(monday, tuesday, wednesday, thursday, friday, saturday, sunday),
        days={day: windows(pairs) for day, pairs in case.days.items()},
    )


def product_between(case: Case) -> timedelta:
    pauses = [Interval(begins, ends) for begins, ends in case.pauses]
    return worktime_between(calendar_of(case), case.start, case.end, pauses)


def product_due(case: Case, amount: timedelta) -> datetime:
    pauses = [Interval(begins, ends) for begins, ends in case.pauses]
    return add_worktime(calendar_of(case), case.start, amount, pauses)


# Cases


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """UTC midnights of the days, 1985 to 2030, on which the zone's offset changes."""
    found = []
    midnight = datetime(1985, 1, 1, tzinfo=UTC)
    local = ZoneInfo(zone)
    while midnight.year < 2031:
        following = midnight + DAY
        if midnight.astimezone(local).utcoffset() != following.astimezone(local).utcoffset():
            found.append(midnight)
        midnight = following
    return tuple(found)


def day_windows() -> st.SearchStrategy[Windows]:
    """A day's windows: closed, one, two around lunch, all day, overnight, or up to three in any order."""
    opening = st.integers(0, 23).map(lambda hour: hour * 60) | st.integers(0, 1439)
    closing = st.integers(1, 48).map(lambda hour: hour * 60) | st.integers(1, 2880)
    window = st.tuples(opening, closing).filter(lambda pair: pair[0] < pair[1])
    overnight = st.tuples(opening, st.integers(1441, 2880))
    lunch = st.lists(st.integers(0, 1440), min_size=4, max_size=4, unique=True).map(sorted)
    return st.one_of(
        st.just(()),
        st.tuples(window),
        lunch.map(lambda four: ((four[0], four[1]), (four[2], four[3]))),
        st.just(((0, 1440),)),
        st.tuples(overnight),
        st.lists(window, max_size=3).map(tuple),
    )


def starts(zone: str) -> st.SearchStrategy[tuple[str, datetime]]:
    """The zone with a whole minute, most often less than two days before a change of the zone's offset."""
    somewhen = st.integers(0, 45 * 365).map(lambda day: datetime(1985, 1, 1, tzinfo=UTC) + day * DAY)
    change = st.sampled_from(changes(zone))
    days = [somewhen, change, change.map(lambda day: day - DAY), change.map(lambda day: day - 2 * DAY)]
    if zone == "Pacific/Apia":
        days.append(st.just(APIA_SKIPS_A_DATE - DAY))
    return st.builds(
        lambda day, minutes: (zone, day + minutes * MINUTE), st.one_of(days), st.integers(0, 1440)
    )


def make_case(
    place: tuple[str, datetime],
    weekly: tuple[Windows, ...],
    length: tuple[int, int],
    days: dict[int, Windows],
    pauses: list[tuple[int, int]],
    pick: int,
) -> Case:
    """A case from numbers: days count from the date of the start, pauses are (begin, length) in minutes."""
    zone, start = place
    return Case(
        zone=zone,
        weekly=weekly,
        start=start,
        end=start + length[0] * DAY + length[1] * MINUTE,
        days={start.date() + shift * DAY: windows for shift, windows in days.items()},
        pauses=tuple(
            (start + begin * MINUTE, start + (begin + minutes) * MINUTE) for begin, minutes in pauses
        ),
        pick=pick,
    )


@cache
def cases(longest_days: int) -> st.SearchStrategy[Case]:
    """Any case of the given zones whose span is at most this many days."""
    windows = day_windows()
    week = st.tuples(*[windows] * 7)
    longest = longest_days * 1440
    return st.builds(
        make_case,
        place=st.one_of([starts(zone) for zone in ZONES]),
        weekly=st.one_of(st.just(AROUND_THE_CLOCK), windows.map(lambda day: (day,) * 7), week),
        length=st.tuples(st.integers(0, longest_days - 1), st.integers(0, 1440)),
        days=st.dictionaries(st.integers(-2, longest_days + 1), windows, max_size=4),
        pauses=st.lists(
            st.tuples(st.integers(-300, longest), st.integers(0, 120) | st.integers(0, longest)), max_size=4
        ),
        pick=st.sampled_from((0, -1)) | st.integers(0, longest),
    )


def compare(between: Between, due: Due, *, examples: int, longest_days: int = 4, shrink: bool = True) -> None:
    """Fail with the smallest case found on which the two calculators differ from the minute walk."""

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
    )
    @given(cases(longest_days))
    def same_answers(case: Case) -> None:
        counted = counted_minutes(case)
        assert between(case) == len(counted) * MINUTE
        if counted:
            position = case.pick % len(counted)
            assert due(case, (position + 1) * MINUTE) == counted[position] + MINUTE

    same_answers()


@pytest.mark.req("F37")
def test_arithmetic_equals_minute_walk() -> None:
    compare(product_between, product_due, examples=EVERYDAY_EXAMPLES)


def test_arithmetic_equals_minute_walk_over_weeks() -> None:
    compare(product_between, product_due, examples=EVERYDAY_LONG_EXAMPLES, longest_days=45)


@pytest.mark.full
def test_arithmetic_equals_minute_walk_in_many_cases() -> None:
    compare(product_between, product_due, examples=FULL_EXAMPLES)


@pytest.mark.full
def test_arithmetic_equals_minute_walk_over_weeks_in_many_cases() -> None:
    compare(product_between, product_due, examples=FULL_LONG_EXAMPLES, longest_days=45)


# Controls: calculators that are wrong in one way each must be caught by the same comparison


def in_naive_local_time(case: Case) -> Case:
    def naive(instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(case.zone)).replace(tzinfo=UTC)

    pauses = tuple((naive(begins), naive(ends)) for begins, ends in case.pauses)
    return replace(case, zone="UTC", start=naive(case.start), end=naive(case.end), pauses=pauses)


def with_windows_cut_at_midnight(case: Case) -> Case:
    def cut(pairs: Windows) -> Windows:
        return tuple((opens, min(closes, 1440)) for opens, closes in pairs)

    weekly = tuple(map(cut, case.weekly))
    return replace(case, weekly=weekly, days={day: cut(pairs) for day, pairs in case.days.items()})


def without_special_days(case: Case) -> Case:
    return replace(case, days={})


def with_special_days_added(case: Case) -> Case:
    days = {day: pairs + case.weekly[day.weekday()] for day, pairs in case.days.items()}
    return replace(case, days=days)


def without_pauses(case: Case) -> Case:
    return replace(case, pauses=())


MISTAKES = (
    with_windows_cut_at_midnight,
    without_special_days,
    with_special_days_added,
    without_pauses,
)


@pytest.mark.parametrize("mistake", [in_naive_local_time, *MISTAKES])
def test_comparison_catches_wrong_worktime(mistake: Callable[[Case], Case]) -> None:
    with pytest.raises(AssertionError):
        compare(lambda case: worktime(mistake(case)), due_after, examples=EVERYDAY_EXAMPLES, shrink=False)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_comparison_catches_wrong_due_time(mistake: Callable[[Case], Case]) -> None:
    def wrong_due(case: Case, amount: timedelta) -> datetime | None:
        return due_after(mistake(case), amount)

    with pytest.raises(AssertionError):
        compare(worktime, wrong_due, examples=EVERYDAY_EXAMPLES, shrink=False)


def test_comparison_catches_due_time_in_naive_local_time() -> None:
    def naive_due(case: Case, amount: timedelta) -> datetime | None:
        found = due_after(in_naive_local_time(case), amount)
        return found.replace(tzinfo=ZoneInfo(case.zone)).astimezone(UTC) if found else None

    with pytest.raises(AssertionError):
        compare(worktime, naive_due, examples=EVERYDAY_EXAMPLES, shrink=False)


def test_comparison_catches_overlapping_pauses_taken_twice() -> None:
    def twice(case: Case) -> timedelta:
        open_time = worktime(without_pauses(case))
        return open_time - sum(
            (open_time - worktime(replace(case, pauses=(pause,))) for pause in case.pauses), timedelta()
        )

    with pytest.raises(AssertionError):
        compare(twice, due_after, examples=EVERYDAY_EXAMPLES, shrink=False)


# The oracle against answers worked out by hand


@pytest.mark.parametrize(
    ("zone", "weekly", "start", "end", "minutes"),
    [
        pytest.param("Asia/Shanghai", NINE_TO_SIX, "2026-11-20T01Z", "2026-11-21T02Z", 600, id="plain"),
        pytest.param("Europe/Berlin", AROUND_THE_CLOCK, "2024-03-30T23Z", "2024-03-31T22Z", 1380, id="gap"),
        pytest.param("Europe/Berlin", TWO_TO_THREE, "2024-03-30T23Z", "2024-03-31T22Z", 0, id="in gap"),
        pytest.param("Europe/Berlin", TWO_TO_THREE, "2024-10-26T22Z", "2024-10-27T23Z", 120, id="fold"),
        pytest.param(
            "Australia/Lord_Howe", ONE_TO_TWO, "2024-04-06T13Z", "2024-04-07T13Z", 90, id="half fold"
        ),
        pytest.param("Pacific/Apia", NINE_TO_SIX, "2011-12-29T10Z", "2011-12-31T10Z", 1080, id="no date"),
    ],
)
def test_oracle_gives_answer_worked_out_by_hand(
    zone: str, weekly: tuple[Windows, ...], start: str, end: str, minutes: int
) -> None:
    case = Case(zone, weekly, datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert worktime(case) == minutes * MINUTE


def test_oracle_counts_night_of_make_up_workday_and_subtracts_pause() -> None:
    night: Windows = ((1320, 1560),)
    case = Case(
        zone="Asia/Shanghai",
        weekly=((),) * 7,
        days={date(2025, 1, 26): night},
        start=datetime(2025, 1, 26, 12, tzinfo=UTC),
        end=datetime(2025, 1, 27, 12, tzinfo=UTC),
        pauses=((datetime(2025, 1, 26, 15, tzinfo=UTC), datetime(2025, 1, 26, 17, tzinfo=UTC)),),
    )
    assert worktime(case) == 120 * MINUTE
    assert due_after(case, 61 * MINUTE) == datetime(2025, 1, 26, 17, 1, tzinfo=UTC)
