"""The packs that come with the product: sound, complete, and with the readings the club relies on."""

import re
import time

import pytest

from clubassist.pure.policy import (
    Department,
    Pack,
    Policy,
    Role,
    check,
    coverage,
    merge,
    shipped_names,
    shipped_pack,
)

PACKS = [shipped_pack(name) for name in shipped_names()]
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return merge(PACKS)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_shipped_pack_checks_clean(pack: Pack) -> None:
    assert check(pack, PACKS) == []


@pytest.mark.parametrize(("name", "letter", "count"), [("fitness", "F", 78), ("basketball", "B", 107)])
def test_shipped_pack_has_every_clause_in_order(name: str, letter: str, count: int) -> None:
    assert [clause.id for clause in shipped_pack(name).clauses] == [
        f"{letter}{n:02}" for n in range(1, count + 1)
    ]


def clocks(policy: Policy, kind: str, urgency: str, complexity: str = "ordinary") -> list[tuple[str, ...]]:
    return [
        (row.promise, str(row.target), row.strictness, row.calendar, row.clauses[0])
        for row in policy.deadlines_for(kind, urgency, complexity)
    ]


URGENT_ANSWER = ("first_response", "4 h", "breach", "always", "F14")
ANSWER = ("first_response", "24 h", "breach", "always", "F49")
SOLUTION = ("solution", "24 h", "target", "always", "F03")
COMPLEX_SOLUTION = ("solution", "72 h", "breach", "always", "F50")
OURSELVES = [
    ("recorded", "10 min", "target", "opening", "B18"),
    ("judged", "15 min", "target", "opening", "B19"),
    ("verified", "24 h", "target", "always", "B23"),
]
ENQUIRY_ANSWER = ("first_response", "24 h", "breach", "always", "F15")


@pytest.mark.req("F03")
@pytest.mark.req("F13")
@pytest.mark.req("F14")
@pytest.mark.req("F49")
@pytest.mark.req("F50")
@pytest.mark.parametrize("kind", ["complaint.service", "complaint.venue", "complaint.event"])
@pytest.mark.parametrize(
    ("urgency", "complexity", "expected"),
    [
        ("normal", "ordinary", [ANSWER, SOLUTION]),
        ("normal", "complex", [ANSWER, COMPLEX_SOLUTION]),
        ("urgent", "ordinary", [URGENT_ANSWER, SOLUTION]),
        ("urgent", "complex", [URGENT_ANSWER, COMPLEX_SOLUTION]),
        ("emergency", "ordinary", [URGENT_ANSWER, SOLUTION]),
    ],
)
def test_complaints_get_the_two_clocks_of_the_reading(
    policy: Policy, kind: str, urgency: str, complexity: str, expected: list[tuple[str, ...]]
) -> None:
    assert clocks(policy, kind, urgency, complexity) == [*expected, *OURSELVES]


@pytest.mark.req("B05", "B18", "B19", "B23")
def test_what_we_promise_ourselves_of_a_complaint_ranks_nothing_and_tells_nobody(policy: Policy) -> None:
    ours = {row.id for row in policy.deadlines if row.promise in {each[0] for each in OURSELVES}}
    assert ours == set(policy.unranked)
    assert not [row for row in policy.deadlines if row.id in ours and row.member_promise]


@pytest.mark.req("F15")
@pytest.mark.parametrize("urgency", ["normal", "urgent", "emergency"])
def test_enquiries_are_answered_within_a_day(policy: Policy, urgency: str) -> None:
    assert clocks(policy, "inquiry", urgency) == [ENQUIRY_ANSWER]


@pytest.mark.req("F14")
@pytest.mark.parametrize(
    ("kind", "urgency", "target"),
    [
        ("equipment.fault", "normal", "2 h"),
        ("equipment.fault", "urgent", "2 h"),
        ("complaint.venue", "urgent", "4 h"),
        ("emergency.injury", "urgent", "4 h"),
    ],
)
def test_faults_of_machines_gates_app_and_premises_are_answered_day_and_night(
    policy: Policy, kind: str, urgency: str, target: str
) -> None:
    [response] = [row for row in policy.deadlines_for(kind, urgency) if row.promise == "first_response"]
    assert (str(response.target), response.calendar) == (target, "always")
    assert "F14" in response.clauses
    assert "opening hours" not in str(response.member_words)


def test_reading_of_help_before_joining_names_the_limit_that_is_run(policy: Policy) -> None:
    reading = policy.clauses["F07"].reading
    assert reading is not None
    assert "24 小时" in reading.zh
    assert "4 小时" not in reading.zh.replace("24 小时", "")


def test_praise_has_no_clock_and_is_in_no_rate(policy: Policy) -> None:
    assert policy.deadlines_for("praise_or_other", "normal") == ()
    assert [kind.code for kind in policy.kinds if not kind.counted] == ["praise_or_other"]


@pytest.mark.req("F14")
def test_strict_switch_answers_every_complaint_within_four_hours() -> None:
    common = shipped_pack("common")
    [switch] = common.switches
    assert (switch.code, switch.on) == ("strict_complaint_response", False)
    strict = merge([common.model_copy(update={"switches": (switch.model_copy(update={"on": True}),)})])
    response = strict.deadlines_for("complaint.service", "normal")[0]
    assert (str(response.target), response.member_words and response.member_words.zh) == (
        "4 h",
        "我们会在 4 小时内由专人答复您。",
    )


def test_clocks_alarm_owner_and_managers_on_the_way(policy: Policy) -> None:
    usual = [(50, "owner"), (75, "service_manager"), (100, "service_manager"), (150, "management")]
    ladders = {
        row.id: [tuple(rung) for rung in row.ladder]
        for row in policy.deadlines
        if row.starts == "received" and row.ranks
    }
    assert ladders.pop("emergency-on-scene")[0] == (0, "everybody")
    assert all(ladder == usual for ladder in ladders.values())


@pytest.mark.req("F48")
def test_complaint_goes_through_the_stages_in_order(policy: Policy) -> None:
    stages = policy.playbook("complaint.venue").stages
    assert [stage.id for stage in stages] == [
        "accept",
        "verify",
        "propose",
        "decide",
        "implement",
        "summarise",
        "follow_up",
    ]
    assert {stage.id: stage.promise for stage in stages if stage.promise} == {
        "accept": "first_response",
        "propose": "solution",
        "implement": "implementation",
    }
    assert [stage.id for stage in policy.playbook("inquiry").stages] == ["answer", "done"]


def test_member_sees_five_steps_of_a_complaint(policy: Policy) -> None:
    steps = policy.playbook("complaint.service").member_steps
    assert [step.zh for step in steps] == ["受理", "核实", "确认方案", "落实方案", "办结回访"]


@pytest.mark.parametrize("event", ["case.opened", "case.stage", "case.resolved", "case.closed"])
def test_complaints_have_a_message_for_every_event(policy: Policy, event: str) -> None:
    notice = policy.notice(event, "complaint.venue")
    assert notice is not None
    assert "{track_url}" in notice.text.zh
    assert "您" in notice.text.zh
    assert "你" not in notice.text.zh


def test_praise_is_thanked_without_a_promised_time(policy: Policy) -> None:
    opened = policy.notice("case.opened", "praise_or_other")
    assert opened is not None
    assert "{due}" not in opened.text.zh + opened.text.en
    assert policy.notice("case.stage", "praise_or_other") is None


def test_every_role_and_department_has_a_title(policy: Policy) -> None:
    assert set(policy.roles) == set(Role)
    assert set(policy.departments) == set(Department)


def test_clauses_are_carried_by_what_the_product_really_does(policy: Policy) -> None:
    assert {carrier.mechanism for carrier in policy.carriers("F49")} == {"deadline", "measure"}
    assert [carrier.id for carrier in policy.carriers("F52")] == [
        "call-back-3",
        "call-back-30",
        "complaint/follow_up",
        "complaint/follow_up/call-back-3",
        "complaint/follow_up/call-back-30",
        "complaint-reopening",
        "case.reopened complaint.* inquiry",
    ]
    gaps = [row.clause for row in coverage(shipped_pack("fitness"), PACKS) if not row.carriers]
    assert "F40" in gaps
    assert "F49" not in gaps


@pytest.mark.parametrize("name", shipped_names())
def test_a_club_with_one_regulation_keeps_its_complaint_clocks(name: str) -> None:
    policy = merge([shipped_pack(other) for other in {"common", name}])
    rows = policy.deadlines_for("complaint.service", "urgent", "complex")
    assert [str(row.target) for row in rows if row.ranks] == ["4 h", "72 h"]
    assert all(clause in policy.clauses for row in policy.deadlines for clause in row.clauses)


def texts(value: object) -> list[dict[str, str]]:
    if isinstance(value, dict):
        return [value] if value.keys() == {"zh", "en"} else [t for v in value.values() for t in texts(v)]
    return [t for v in value for t in texts(v)] if isinstance(value, list) else []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_texts_stand_in_their_own_language(pack: Pack) -> None:
    found = texts(pack.document())
    assert found
    assert [text for text in found if not HAN.search(text["zh"]) or HAN.search(text["en"])] == []
    halves = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;!?()][\u4e00-\u9fff]")
    assert [text["zh"] for text in found if halves.search(text["zh"])] == []


def test_policy_is_rebuilt_from_documents_within_fifty_milliseconds() -> None:
    documents = [pack.document() for pack in PACKS]
    times = []
    for _ in range(5):
        start = time.process_time()
        merge([Pack.from_document(document) for document in documents])
        times.append(time.process_time() - start)
    assert min(times) < 0.05
