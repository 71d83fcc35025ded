"""Durations and quantities as a pack's author writes them."""

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from clubassist.pure.policy import Duration, Quantity


def duration(written: str) -> Duration:
    return TypeAdapter(Duration).validate_python(written)


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("30 s", timedelta(seconds=30)),
        ("30 min", timedelta(minutes=30)),
        ("2 h", timedelta(hours=2)),
        ("1.5 h", timedelta(minutes=90)),
        ("1 day", timedelta(days=1)),
        ("3 d", timedelta(days=3)),
        ("7 days", timedelta(days=7)),
    ],
)
def test_duration_of_fixed_length_is_a_timedelta(written: str, length: timedelta) -> None:
    assert duration(written).timedelta == length
    assert duration(written).working_days is None
    assert str(duration(written)) == written


def test_duration_in_working_days_needs_a_calendar() -> None:
    legal = duration("15 working days")
    assert legal.working_days == 15
    assert duration("14 days").rank < legal.rank < duration("22 days").rank
    with pytest.raises(ValueError, match=r"15 working days has no fixed length: count it with a working-day"):
        _ = legal.timedelta


def test_duration_refuses_a_part_of_a_working_day() -> None:
    with pytest.raises(ValidationError, match=r"“1.5 working days” is not a whole number of working days"):
        duration("1.5 working days")


def test_duration_speaks_both_languages() -> None:
    words = [duration(written).words for written in ("1 h", "24 h", "15 working days")]
    assert [text.zh for text in words] == ["1 小时", "24 小时", "15 个工作日"]
    assert [text.en for text in words] == ["1 hour", "24 hours", "15 working days"]


@pytest.mark.parametrize(
    ("written", "amount", "unit"),
    [("98 %", 98, "%"), ("95%", 95, "%"), ("+5 points", 5, "points"), ("-10 %", -10, "%"), ("12 h", 12, "h")],
)
def test_quantity_keeps_sign_and_unit(written: str, amount: float, unit: str) -> None:
    quantity = TypeAdapter(Quantity).validate_python(written)
    assert (quantity.amount, quantity.unit, str(quantity)) == (amount, unit, written)


@pytest.mark.parametrize("written", ["soon", "24", "h 24", "", "4 h 30"])
def test_quantity_refuses_what_is_not_a_number_with_a_unit(written: str) -> None:
    with pytest.raises(ValidationError, match=r"is not a number with a unit"):
        TypeAdapter(Quantity).validate_python(written)
