"""Working days of the state calendar, with make-up workdays, and the refusal to guess a year."""

from datetime import date

import pytest

from clubassist.pure.worktime import UnknownYear, WorkingDayTable, china_working_days, nth_working_day

CHINA = china_working_days(*range(2006, 2027))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        pytest.param(date(2025, 1, 26), True, id="Sunday worked before Spring Festival"),
        pytest.param(date(2025, 2, 8), True, id="Saturday worked after Spring Festival"),
        pytest.param(date(2025, 1, 28), False, id="New Year's Eve of 2025 is a holiday"),
        pytest.param(date(2025, 2, 1), False, id="Saturday in Spring Festival"),
        pytest.param(date(2026, 1, 2), False, id="Friday bridged"),
        pytest.param(date(2026, 1, 4), True, id="Sunday worked for it"),
        pytest.param(date(2026, 2, 14), True, id="Saturday worked before Spring Festival 2026"),
        pytest.param(date(2026, 2, 23), False, id="Monday in Spring Festival 2026"),
        pytest.param(date(2026, 10, 10), True, id="Saturday worked after National Day 2026"),
        pytest.param(date(2020, 1, 31), False, id="holiday extended in 2020"),
        pytest.param(date(2006, 12, 31), True, id="worked by the notice for the next year"),
        pytest.param(date(2026, 11, 20), True, id="plain Friday"),
        pytest.param(date(2026, 11, 21), False, id="plain Saturday"),
    ],
)
def test_state_calendar_knows_make_up_workdays(day: date, worked: bool) -> None:
    assert CHINA.is_working_day(day) is worked


def test_every_published_year_is_known() -> None:
    assert CHINA.known_years == frozenset(range(2006, 2027))


@pytest.mark.req("L13")
def test_refund_within_fifteen_working_days_spans_national_day() -> None:
    assert nth_working_day(date(2026, 9, 18), 15, CHINA) == date(2026, 10, 15)


@pytest.mark.req("L15")
def test_authority_clocks_of_seven_and_forty_five_working_days() -> None:
    assert nth_working_day(date(2025, 1, 24), 7, CHINA) == date(2025, 2, 10)
    assert nth_working_day(date(2026, 7, 1), 45, CHINA) == date(2026, 9, 2)


def test_start_day_itself_is_not_counted() -> None:
    assert nth_working_day(date(2026, 11, 16), 1, CHINA) == date(2026, 11, 17)
    assert nth_working_day(date(2026, 11, 21), 1, CHINA) == date(2026, 11, 23)


def test_count_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        nth_working_day(date(2026, 11, 16), 0, CHINA)


def test_unpublished_year_is_refused_with_its_mend() -> None:
    table = china_working_days(*range(2026, 2046))
    assert 2045 not in table.known_years
    with pytest.raises(UnknownYear, match="upload the State Council's holiday notice for 2045") as refused:
        table.is_working_day(date(2045, 3, 1))
    assert refused.value.year == 2045


def test_count_that_reaches_an_unknown_year_is_refused() -> None:
    assert nth_working_day(date(2026, 12, 30), 1, CHINA) == date(2026, 12, 31)
    with pytest.raises(UnknownYear) as refused:
        nth_working_day(date(2026, 12, 30), 2, CHINA)
    assert refused.value.year == 2027


def test_year_before_the_checked_data_is_refused() -> None:
    assert china_working_days(2005).known_years == frozenset()


def test_upload_adds_an_unknown_year() -> None:
    upload = WorkingDayTable(frozenset({2027}), frozenset({date(2027, 1, 1)}), frozenset({date(2027, 1, 2)}))
    table = CHINA.updated(upload)
    assert nth_working_day(date(2026, 12, 31), 1, table) == date(2027, 1, 2)
    assert table.is_working_day(date(2026, 1, 4))


def test_upload_replaces_a_known_year_whole() -> None:
    upload = WorkingDayTable(frozenset({2026}), frozenset({date(2026, 1, 1)}), frozenset())
    table = CHINA.updated(upload)
    assert table.is_working_day(date(2026, 1, 2))
    assert not table.is_working_day(date(2026, 1, 4))
    assert table.is_working_day(date(2025, 1, 26))
