"""A proposal and its reasons: which words were found where, what denies them, what raises the urgency."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.policy import Urgency, merge, shipped_names, shipped_pack
from clubassist.pure.triage import Rules, Verdict, triage

RULES = Rules(merge([shipped_pack(name) for name in shipped_names()]))


def propose(text: str) -> Verdict:
    return triage(text, RULES)


@pytest.mark.req("B19")
def test_a_proposal_says_which_words_speak_for_it_and_where() -> None:
    typed = "您好，籃板掉下來了！"
    verdict = propose(typed)
    assert verdict.kind == "equipment.fault"
    reason = verdict.reasons[0]
    assert [(one.words, one.start, one.end) for one in reason.found] == [("籃板", 3, 5), ("掉下來", 5, 8)]
    assert reason.said.zh == "一台设备坏了：“籃板”、“掉下來”"
    assert reason.said.en == "A device fails: “籃板”, “掉下來”"
    assert all(typed[one.start : one.end] == one.words for why in verdict.reasons for one in why.found)


@pytest.mark.req("B12")
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("孩子摔倒了，流血了", "emergency.injury"),
        ("孩子摔倒了，没有流血，也没有受伤", "emergency.injury"),
        ("器械晃得厉害，没有人受伤", "equipment.fault"),
        ("The machine is broken, nobody was hurt", "equipment.fault"),
        ("有人受傷", "emergency.injury"),
        ("有人受伤，没人管", "emergency.injury"),
        ("真让人伤心，教练态度太差", "complaint.service"),
        ("如果在馆里受伤了怎么办", "inquiry"),
        ("今天的球笑死我了", "praise_or_other"),
    ],
)
def test_denied_supposed_and_figurative_harm_does_not_count(text: str, kind: str) -> None:
    assert propose(text).kind == kind


@pytest.mark.req("B13")
def test_a_missing_breath_is_no_denial() -> None:
    verdict = propose("他没有呼吸了")
    assert (verdict.kind, verdict.urgency, verdict.safety) == ("emergency.illness", Urgency.EMERGENCY, True)


@pytest.mark.req("F14")
@pytest.mark.parametrize(
    "threat", ["我要打12315", "我已经找了记者", "律师函准备好了", "再不处理就上法院", "I will call my lawyer"]
)
def test_a_threat_to_go_further_is_urgent_and_hints_at_complexity(threat: str) -> None:
    calm = propose("前台态度很差")
    raised = propose(f"前台态度很差，{threat}")
    assert (calm.kind, calm.urgency, calm.complex) == ("complaint.service", Urgency.NORMAL, False)
    assert (raised.kind, raised.urgency, raised.complex) == ("complaint.service", Urgency.URGENT, True)


@pytest.mark.req("B09")
def test_the_person_complained_of_is_named_as_in_the_message() -> None:
    assert propose("那个姓王的教练上课迟到").persons == ("姓王的教练", "教练")
    assert propose("李教练人很好，谢谢").persons == ()


@pytest.mark.req("B22")
@pytest.mark.parametrize(
    ("text", "emotion"),
    [("空调不凉", "calm"), ("空调不凉，很失望", "upset"), ("空调不凉，太过分了", "angry")],
)
def test_emotion_is_proposed(text: str, emotion: str) -> None:
    assert propose(text).emotion == emotion


@pytest.mark.parametrize("text", ["", "。", "嗯"])
def test_what_is_not_recognised_goes_to_a_person_without_confidence(text: str) -> None:
    verdict = propose(text)
    assert (verdict.kind, verdict.urgency, verdict.confidence) == ("inquiry", Urgency.NORMAL, 0.0)
    assert [reason.rule.id for reason in verdict.reasons] == ["unsorted"]


def test_rules_of_no_pack_propose_nothing() -> None:
    common = shipped_pack("common").model_copy(update={"triage_rules": (), "vocabularies": ()})
    verdict = triage("有人受伤", Rules(merge([common])))
    assert (verdict.kind, verdict.urgency, verdict.reasons) == (None, Urgency.NORMAL, ())


@given(st.text(alphabet=st.sampled_from("教练态度差没有受伤跑步机坏了，。!a 人头血不"), max_size=300))
def test_any_text_gets_a_proposal_and_true_places(text: str) -> None:
    verdict = propose(text)
    assert 0 <= verdict.confidence < 1
    assert all(text[one.start : one.end] == one.words for why in verdict.reasons for one in why.found)


def test_a_long_message_of_trigger_words_is_read_within_a_second() -> None:
    text = "教练跑步机坏了没有受伤人头血" * 300
    start = time.process_time()
    propose(text)
    assert time.process_time() - start < 1
