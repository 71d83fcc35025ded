"""Rules over one message: which hold, which kind leads, how soon somebody must look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from clubassist.pure.policy import Emotion, TriageRule, Urgency
from clubassist.pure.text import Folded, fold
from clubassist.pure.triage.rules import Hits, Rules
from clubassist.pure.triage.verdict import Found, Reason, Verdict
from clubassist.pure.triage.words import Hit, Marks

URGENCIES: Final = tuple(Urgency)
EMOTIONS: Final[tuple[Emotion, ...]] = ("calm", "upset", "angry")


def triage(text: str, rules: Rules) -> Verdict:
    """Propose kind, urgency, emotion and hints for a message, with the reasons (B19; labels as in requirements A.4).

    The weights of the rules that hold are added for each kind and the heaviest leads; of equal ones the kind whose
    rule stands first. The highest urgency and emotion of any rule counts. A text without words gives the fallback.
    """
    folded = fold(text)
    marks = Marks(folded.text)
    hits = rules.hits(marks)
    reasons = tuple(
        Reason(rule, _found(text, folded, together))
        for rule in rules.rows
        if (together := _together(rule, hits, marks)) is not None
    )
    scores: dict[str, int] = {}
    for rule, _ in reasons:
        if rule.kind is not None:
            scores[rule.kind] = scores.get(rule.kind, 0) + rule.weight
    kind = max(scores, key=lambda code: scores[code], default=None)
    return Verdict(
        kind=kind,
        urgency=max(
            (rule.urgency for rule, _ in reasons if rule.urgency), key=URGENCIES.index, default=Urgency.NORMAL
        ),
        emotion=max(
            (rule.emotion for rule, _ in reasons if rule.emotion), key=EMOTIONS.index, default="calm"
        ),
        complex=any(rule.complexity == "complex" for rule, _ in reasons),
        safety=any(rule.safety for rule, _ in reasons),
        persons=tuple(dict.fromkeys(_named(text, reasons))),
        confidence=_confidence(sorted(scores.values(), reverse=True), reasons),
        reasons=tuple(sorted(reasons, key=lambda reason: (reason.rule.kind != kind, -reason.rule.weight))),
    )


def _together(rule: TriageRule, hits: dict[str, Hits], marks: Marks) -> tuple[Hit, ...] | None:
    """One word of each list of the rule, in one sentence and near enough; None when the rule does not hold."""
    if any(hits[code] for code in rule.unless_anywhere):
        return None
    if not rule.of:
        return ()
    first, *others = (hits[code] for code in rule.of)
    for sentence in first:
        if any(sentence in hits[code] for code in rule.unless):
            continue
        lists = [first[sentence], *(of_one.get(sentence, []) for of_one in others)]
        chosen = next(_choices(lists, rule.within, marks), None)
        if chosen is not None:
            return chosen
    return None


def _choices(lists: list[list[Hit]], within: int, marks: Marks) -> Iterator[tuple[Hit, ...]]:
    """Every choice of one word from each list, side by side and near enough, as they stand in the text."""
    if not lists:
        yield ()
        return
    for rest in _choices(lists[:-1], within, marks):
        for hit in lists[-1]:
            chosen = tuple(sorted((*rest, hit)))
            if all(_near(left, right, within, marks) for left, right in pairwise(chosen)):
                yield chosen


def _near(left: Hit, right: Hit, within: int, marks: Marks) -> bool:
    return left.end <= right.start and (not within or marks.between(left.end, right.start) <= within)


def _found(text: str, folded: Folded, hits: Iterable[Hit]) -> tuple[Found, ...]:
    places = [(*folded.origin(hit.start, hit.end), hit.list) for hit in hits]
    return tuple(Found(text[start:end], start, end, code) for start, end, code in places)


def _named(text: str, reasons: Iterable[Reason]) -> Iterator[str]:
    for rule, found in reasons:
        named = [one for one in found if one.list in rule.names]
        if named:
            yield text[named[0].start : named[-1].end]


def _confidence(scores: list[int], reasons: Iterable[Reason]) -> float:
    """How clearly the first score leads the second; 0 where no word was found for any kind."""
    if not any(rule.kind and found for rule, found in reasons):
        return 0.0
    first, second = [*scores, 0][:2]
    return round(first / (first + second) * first / (first + 2), 2)
