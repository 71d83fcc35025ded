"""Each rule of the lint, on regulations of two or three statements: what it finds, and what it leaves alone."""

import pytest

from tests.pure.policy.regulation import Said, doubts, regulation, rules, said

URGENT = {"urgency": "urgent"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"at_most": "24 h"}, {"at_most": "2 days"}),
        ({"at_least": "95 %"}, {"at_least": "98 %"}),
        ({"at_most": "24 h", "when": URGENT}, {"at_most": "4 h", "when": URGENT}),
        ({"every": "month"}, {"every": "quarter"}),
        ({"every": "week"}, {"every": "3 h"}),
        ({"every": "month"}, {"at_least": "2 times", "every": "year"}),
        ({"at_least": "15 years"}, {"at_least": "10 年"}),
        ({"at_most": "50 元"}, {"at_most": "0.01 万元"}),
        ({"at_least": "2 guards"}, {"at_least": "3 guard"}),
        ({"change": "+5 points", "every": "half-year"}, {"change": "+5 points", "every": "year"}),
        ({"at_least": "3人"}, {"at_least": "2名"}),
        ({"at_least": "2位老师"}, {"at_least": "3名老师"}),
        ({"at_most": "45 dB"}, {"at_most": "50 分贝"}),
        ({"at_least": "50 ㎡"}, {"at_least": "60 平方米"}),
        ({"at_least": "40 pupils"}, {"at_least": "35 students"}),
        ({"every": "half-year"}, {"at_least": "3 times", "every": "year"}),
        ({"every": "half-year"}, {"at_least": "3 pools", "every": "year"}),
        ({"at_least": "95 %"}, {"at_least": "98 %", "every": "month"}),
        ({"at_most": "7 days", "from": "handed_in"}, {"at_most": "3 days", "from": "handed-in"}),
        ({"at_most": "¥50"}, {"at_most": "60 元"}),
        ({"at_most": "$50"}, {"at_most": "60 美元"}),
        ({"at_most": "80 °F"}, {"at_most": "20 °C"}),
        ({"at_most": "1 working day"}, {"at_most": "4 h"}),
        ({"every": "6 months"}, {"every": "2 years"}),
        ({"every": "24个月"}, {"every": "year"}),
        ({"at_most": "1 h", "from": "received"}, {"at_most": "2 h"}),
    ],
)
def test_two_numbers_for_one_thing_are_found(one: Said, other: Said) -> None:
    found = rules(regulation(said("pool", "kept", **one), said("pool", "kept", **other)))
    assert [rule for rule, _ in found if rule != "endless-change"] == ["different-limits"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"at_most": "30 min"}, {"at_most": "0.5 h"}),
        ({"at_most": "24 小时"}, {"at_most": "1 day"}),
        ({"every": "month"}, {"every": "30 days"}),
        ({"every": "month"}, {"at_least": "12 times", "every": "year"}),
        ({"every": "quarter"}, {"every": "90 d"}),
        ({"at_most": "1 mg/L"}, {"at_most": "0.001 g/L"}),
        ({"at_least": "1 year"}, {"at_least": "365 days"}),
        ({"at_least": "24 months"}, {"at_least": "2 年"}),
        ({"at_most": "10 h"}, {"at_most": "10 %"}),
        ({"at_most": "10 h"}, {"at_least": "2 h"}),
        ({"at_most": "4 h", "when": URGENT}, {"at_most": "24 h", "when": {"urgency": "normal"}}),
        (
            {"at_most": "1 h", "when": {"day": "sunday"}},
            {"at_most": "2 h", "when": {"day": ["monday", "friday"]}},
        ),
        ({"at_most": "4 h", "when": URGENT}, {"at_most": "24 h"}),
        ({"at_least": "3 guards", "when": {"age": "child"}}, {"at_least": "1 guard"}),
        ({"at_most": "100 h", "every": "28 days"}, {"at_most": "1000 h", "every": "year"}),
        ({"at_most": "3 coupons", "every": "month"}, {"at_most": "20 coupons", "every": "year"}),
        ({"at_most": "14 h"}, {"at_most": "60 h", "every": "week"}),
        ({"at_least": "95 %", "every": "month"}, {"at_least": "98 %", "every": "year"}),
        ({"at_least": "1 time", "every": "month"}, {"at_least": "15 times", "every": "year"}),
        ({"at_least": "4 stars", "every": "month"}, {"at_least": "4.5 stars", "every": "year"}),
        ({"at_least": "3人"}, {"at_least": "3 people"}),
        ({"at_least": "2位老师"}, {"at_least": "2 名老师"}),
        ({"at_most": "2 adults"}, {"at_most": "3 children"}),
        ({"at_most": "7 days", "from": "handed_in"}, {"at_most": "3 days", "from": "exam"}),
        ({"at_most": "90 min", "every": "day"}, {"at_most": "5 h", "every": "week"}),
        ({"at_most": "¥50"}, {"at_most": "50 元"}),
        ({"at_most": "0 °F"}, {"at_most": "-18 °C"}),
        ({"every": "6 months"}, {"every": "half-year"}),
        ({"every": "季度"}, {"every": "3个月"}),
        ({"at_most": "72 h"}, {"at_most": "24 h", "from": "discharged"}),
        ({"at_most": "1 h", "when": {"tier": "Gold"}}, {"at_most": "2 h", "when": {"tier": "silver"}}),
    ],
)
def test_equal_or_separate_numbers_are_left_alone(one: Said, other: Said) -> None:
    for order in ((one, other), (other, one)):
        assert rules(regulation(*(said("pool", "kept", **limits) for limits in order))) == []


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (
            {"at_most": "3 coupons", "every": "month"},
            {"at_most": "40 coupons", "every": "year"},
            "swallowed-limit",
        ),
        (
            {"at_most": "30 coupons", "every": "month"},
            {"at_most": "20 coupons", "every": "year"},
            "swallowed-limit",
        ),
        ({"at_least": "98 %", "every": "month"}, {"at_least": "95 %", "every": "year"}, "swallowed-limit"),
        ({"at_most": "14 h"}, {"at_most": "10 h", "every": "day"}, "swallowed-limit"),
        ({"at_least": "2 times", "every": "month"}, {"at_most": "20 times", "every": "year"}, "impossible"),
        ({"at_least": "50 h", "every": "week"}, {"at_most": "100 h", "every": "month"}, "impossible"),
        ({"at_least": "95 %", "every": "month"}, {"at_most": "90 %", "every": "year"}, "impossible"),
        ({"at_least": "45 min"}, {"at_most": "30 min", "every": "day"}, "impossible"),
        ({"at_least": "2 people"}, {"at_most": "1 person"}, "impossible"),
        ({"at_least": "75 °F"}, {"at_most": "22 °C"}, "impossible"),
        ({"at_most": "5 working days"}, {"at_most": "1 week"}, "unlike-days"),
        ({"at_most": "5 working days"}, {"at_most": "10 days"}, "unlike-days"),
        ({"at_most": "1 working day"}, {"at_most": "24 h"}, "unlike-days"),
    ],
)
def test_limits_of_different_times_and_units_clash_where_both_cannot_count(
    one: Said, other: Said, rule: str
) -> None:
    for order in ((one, other), (other, one)):
        found = rules(regulation(*(said("pool", "kept", **limits) for limits in order)))
        assert [name for name, _ in found] == [rule]


@pytest.mark.parametrize(
    "mean", ["avg_wait", "wait_mean", "mean-wait", "median_wait", "average_wait", "p90_wait"]
)
def test_a_middle_is_known_by_any_of_its_names(mean: str) -> None:
    each, middle = said("queue", "wait", at_most="10 min"), said("queue", mean, at_most="12 min")
    assert rules(regulation(each, middle)) == [("void-mean", ("P02", "P01"))]


def test_two_names_of_one_mean_are_one_promise() -> None:
    pack = regulation(said("queue", "avg_wait", at_most="5 min"), said("queue", "wait-mean", at_most="8 min"))
    assert rules(pack) == [("different-limits", ("P02", "P01"))]


def test_an_earlier_promise_that_must_take_longer_than_the_later_may_is_impossible() -> None:
    terms = [{"code": "discharged", "after": "observed"}]
    seen, home = (
        said("patient", "observed", at_least="30 min"),
        said("patient", "discharged", at_most="20 min"),
    )
    assert rules(regulation(seen, home, terms=terms)) == [("impossible", ("P01", "P02"))]
    assert rules(regulation([seen, home], terms=terms)) == [("impossible", ("P01",))]
    assert rules(regulation(seen, home)) == []
    later = said("patient", "discharged", at_most="20 min", **{"from": "observed"})
    assert rules(regulation(seen, later, terms=terms)) == []


def test_a_time_that_counts_from_something_else_is_not_implied() -> None:
    terms = [{"code": "letter", "after": "discharged"}]
    home, letter = said("patient", "discharged", at_most="72 h"), said("patient", "letter", at_most="24 h")
    assert rules(regulation(home, letter, terms=terms)) == [("implied-limit", ("P01", "P02"))]
    assert rules(regulation(home, letter | {"from": "discharged"}, terms=terms)) == []


@pytest.mark.parametrize(
    ("about", "promise"),
    [
        ("satisfaction", "level"),
        ("room", "occupancy"),
        ("attendance_rate", "level"),
        ("member-satisfaction", "score"),
    ],
)
def test_a_share_known_by_its_name_cannot_rise_for_ever(about: str, promise: str) -> None:
    rise = said(about, promise, change="+5 %", every="quarter")
    assert rules(regulation(rise)) == [("endless-change", ("P01",))]


@pytest.mark.parametrize(
    ("zh", "ends"), [("满意度", True), ("复购率", True), ("心率", False), ("房价", False)]
)
def test_a_share_is_known_by_its_chinese_title(zh: str, ends: bool) -> None:
    terms = [{"code": "figure", "title": {"zh": zh, "en": "Figure"}}]
    rise = said("figure", "level", change="+5 %", every="quarter")
    assert rules(regulation(rise, terms=terms)) == ([("endless-change", ("P01",))] if ends else [])


@pytest.mark.parametrize(
    "every",
    ["6 months", "2 years", "24个月", "3 季度", "2 half-years", "10 days", "5 working days", "月", "季度"],
)
def test_a_frequency_is_a_number_of_any_period(every: str) -> None:
    assert rules(regulation(said("drill", "held", every=every))) == []


def test_other_subjects_and_other_promises_are_left_alone() -> None:
    day, hour = {"at_most": "24 h"}, {"at_most": "1 h"}
    assert rules(regulation(said("pool", "cleaned", **day), said("sauna", "cleaned", **hour))) == []
    assert rules(regulation(said("pool", "cleaned", **day), said("pool", "tested", **hour))) == []


@pytest.mark.parametrize(
    "loose",
    [{"at_most": "72 h", "when": {"complexity": "complex"}}, {"at_most": "3 days", "when": URGENT}],
)
def test_a_limit_that_a_stricter_one_for_all_swallows_is_found(loose: Said) -> None:
    pack = regulation(said("call", "answered", at_most="24 h"), said("call", "answered", **loose))
    assert rules(pack) == [("swallowed-limit", ("P02", "P01"))]


def test_a_part_of_a_subject_is_found_by_its_name_and_by_its_term() -> None:
    whole, part = said("fault", "mended", at_most="2 h"), said("fault.pump", "mended", at_most="1 day")
    assert rules(regulation(whole, part)) == [("swallowed-limit", ("P02", "P01"))]
    pump = said("pump", "mended", at_most="1 day")
    assert rules(regulation(whole, pump)) == []
    terms = [{"code": "pump", "within": "fault"}]
    assert rules(regulation(whole, pump, terms=terms)) == [("swallowed-limit", ("P02", "P01"))]


def test_a_wider_condition_is_found_by_its_term() -> None:
    child = said("guard", "on_duty", at_least="1 person", when={"age": "under_14"})
    young = said("guard", "on_duty", at_least="2 persons", when={"age": "under_18"})
    assert rules(regulation(child, young)) == []
    terms = [{"code": "under_14", "within": "under_18"}]
    assert rules(regulation(child, young, terms=terms)) == [("swallowed-limit", ("P01", "P02"))]


def test_cases_that_fall_under_two_conditions_are_found() -> None:
    urgent = said("call", "answered", at_most="4 h", when=URGENT)
    at_night = said("call", "answered", at_most="8 h", when={"time": "night"})
    assert rules(regulation(urgent, at_night)) == [("crossing-limits", ("P01", "P02"))]


def test_a_clause_may_name_its_own_exceptions() -> None:
    both = [said("call", "answered", at_most="24 h"), said("call", "answered", at_most="72 h", when=URGENT)]
    assert rules(regulation(both)) == []
    twice = [said("call", "answered", at_most="24 h"), said("call", "answered", at_most="72 h")]
    assert rules(regulation(twice)) == [("different-limits", ("P01",))]


def test_a_stricter_exception_is_shown_only_within_a_knot() -> None:
    plain, urgent = (
        said("call", "answered", at_most="24 h"),
        said("call", "answered", at_most="4 h", when=URGENT),
    )
    assert rules(regulation(plain, urgent)) == []
    again = said("call", "answered", at_most="2 days")
    [knot] = doubts(regulation(plain, urgent, again))
    assert (knot.rule, set(knot.clauses)) == ("different-limits", {"P01", "P02", "P03"})
    assert "P02 “call · answered (urgent): at most 4 hours” is stricter than P01" in knot.message.en


def test_an_earlier_promise_with_no_less_time_than_the_later_is_found() -> None:
    terms = [{"code": "mended", "after": "looked_at"}, {"code": "looked_at", "after": "heard"}]
    heard, mended = said("fault", "heard", at_most="2 h"), said("fault", "mended", at_most="120 min")
    assert rules(regulation(heard, mended, terms=terms)) == [("implied-limit", ("P01", "P02"))]
    assert rules(regulation(mended, heard, terms=terms)) == [("implied-limit", ("P02", "P01"))]
    assert rules(regulation(said("fault", "heard", at_most="1 h"), mended, terms=terms)) == []
    assert rules(regulation(heard, mended)) == []
    assert rules(regulation([heard, mended], terms=terms)) == []


def test_a_floor_above_a_ceiling_is_found() -> None:
    floor, ceiling = said("lost", "kept", at_least="14 days"), said("lost", "kept", at_most="1 week")
    assert rules(regulation(floor, ceiling)) == [("impossible", ("P01", "P02"))]
    assert rules(regulation(ceiling, floor)) == [("impossible", ("P02", "P01"))]
    assert rules(regulation(ceiling, said("lost", "kept", at_least="7 days"))) == []


@pytest.mark.parametrize(
    ("mean", "rule"), [("12 min", "void-mean"), ("10 min", "void-mean"), ("8 min", None)]
)
def test_a_mean_above_the_limit_of_each_case_is_void(mean: str, rule: str | None) -> None:
    each, average = (
        said("queue", "wait", at_most="10 min"),
        said("queue", "mean_wait", at_most=mean, every="month"),
    )
    for pack in (regulation(average, each), regulation(each, average)):
        assert [found.rule for found in doubts(pack)] == ([rule] if rule else [])


def test_a_mean_is_void_only_where_the_limit_holds_for_every_case() -> None:
    mean = said("queue", "mean_wait", at_most="12 min")
    weekend = said("queue", "wait", at_most="10 min", when={"day": "sunday"})
    assert rules(regulation(mean, weekend)) == []
    average = said("queue", "typical", at_most="12 min")
    each = said("queue", "wait", at_most="10 min")
    assert rules(regulation(average, each)) == []
    terms = [{"code": "typical", "mean_of": "wait"}]
    assert rules(regulation(average, each, terms=terms)) == [("void-mean", ("P01", "P02"))]


def test_a_mean_below_what_each_case_must_take_is_impossible() -> None:
    pack = regulation(
        said("lesson", "length", at_least="45 min"), said("lesson", "mean_length", at_most="0.5 h")
    )
    assert rules(pack) == [("impossible", ("P01", "P02"))]


@pytest.mark.parametrize(
    ("change", "every", "end"),
    [
        ("+5 points", "quarter", "it ends at 100%, after 20 times at the latest."),
        ("-2 points", "30 days", "it ends at 0%, after 50 times at the latest."),
        ("-1 incidents", "month", "it ends at zero."),
        ("-30 s", "year", "it ends at zero."),
    ],
)
def test_a_repeated_change_towards_an_end_is_found(change: str, every: str, end: str) -> None:
    [found] = doubts(regulation(said("pool", "level", change=change, every=every)))
    assert (found.rule, found.clauses) == ("endless-change", ("P01",))
    assert end in found.message.en


@pytest.mark.parametrize(
    "limits",
    [
        {"change": "+5 points"},
        {"change": "+10 %"},
        {"change": "+3 %", "every": "year"},
        {"change": "-3 %", "every": "year"},
        {"change": "+3 points"},
        {"change": "+100 points", "every": "month"},
        {"change": "+20 visitors", "every": "month"},
        {"change": "-1 °C", "every": "week"},
    ],
)
def test_a_change_that_happens_once_or_has_no_end_is_left_alone(limits: Said) -> None:
    assert rules(regulation(said("pool", "level", **limits))) == []


def test_a_rise_ends_where_a_share_a_limit_or_a_scale_does() -> None:
    share = regulation(
        said("member", "renewed", at_least="60 %"), said("member", "renewed", change="+5 %", every="year")
    )
    assert rules(share) == [("endless-change", ("P02",))]
    rise = said("visitor", "inside", change="+20 visitors", every="month")
    limit = regulation(rise, said("visitor", "inside", at_most="300 visitors"))
    assert rules(limit) == [("endless-change", ("P01", "P02"))]
    stars = said("rating", "level", change="+0.5 stars", every="year")
    assert rules(regulation(stars)) == []
    [found] = doubts(regulation(stars, terms=[{"code": "rating", "most": "5 stars"}]))
    assert "it ends at 5 stars, after 10 times at the latest." in found.message.en


def test_a_duty_without_an_owner_is_found_and_a_pointer_is_not() -> None:
    duty = said("pool", "cleaned", every="day")
    assert rules(regulation(duty, owner=None)) == [("no-owner", ("P01",))]
    pointing = regulation(duty, owner=None, points_to=("P09",))
    assert rules(pointing) == []


def test_a_reading_on_every_clause_settles_a_finding() -> None:
    clash = (said("pool", "kept", at_most="1 h"), said("pool", "kept", at_most="2 h"))
    reading = {"zh": "按 1 小时执行。", "en": "We run the hour."}
    assert [found.open for found in doubts(regulation(*clash))] == [True]
    settled = regulation(*clash, reading=reading)
    assert [found.open for found in doubts(settled)] == [False]
    half = (settled.clauses[0], settled.clauses[1].model_copy(update={"reading": None}))
    assert [found.open for found in doubts(settled.model_copy(update={"clauses": half}))] == [True]


def test_terms_that_lead_in_a_circle_end_the_walk() -> None:
    terms = [{"code": "pool", "within": "water"}, {"code": "water", "within": "pool"}]
    pack = regulation(said("pool", "kept", at_most="1 h"), said("water", "kept", at_most="2 h"), terms=terms)
    assert rules(pack) == [("different-limits", ("P02", "P01"))]


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("15 years", "至少 15 年", "at least 15 years”"),
        ("1 time", "至少 1 次", "at least 1 time”"),
        ("1 points", "至少 1 个百分点", "at least 1 percentage point”"),
        ("98%", "至少 98%", "at least 98%”"),
    ],
)
def test_numbers_are_quoted_as_people_say_them(written: str, zh: str, en: str) -> None:
    more = written.replace("1", "3", 1) if written[0] == "1" else "99%"
    [found] = doubts(regulation(said("pool", "kept", at_least=written), said("pool", "kept", at_least=more)))
    assert zh in found.message.zh
    assert en in found.message.en
