"""The triage rules of a club, made ready once and used for many messages."""

from __future__ import annotations

from bisect import bisect_right

from clubassist.pure.policy import Policy
from clubassist.pure.triage.words import MOST, Hit, Marks, WordList

Hits = dict[int, list[Hit]]
"""The words of a list, for each sentence that holds some."""

NEAR = 2
"""So many steps may stand between a negation and the word that it denies."""


class Rules:
    """The lists of words and the rules of the packs in force. Immutable; safe to share between threads."""

    def __init__(self, policy: Policy) -> None:
        self.rows = policy.triage_rules
        self._lists = {row.id: WordList(row) for row in policy.vocabularies}

    def hits(self, marks: Marks) -> dict[str, Hits]:
        """For each list its words in the text, without those that are denied."""
        found = {code: words.hits(marks) for code, words in self._lists.items()}
        kept = {
            code: found[code]
            if words.denied_by is None
            else [hit for hit in found[code] if not _denied(hit, found[words.denied_by], marks)]
            for code, words in self._lists.items()
        }
        return {code: _by_sentence(hits, marks) for code, hits in kept.items()}


def _by_sentence(hits: list[Hit], marks: Marks) -> Hits:
    sentences: Hits = {}
    for hit in hits:
        of_one = sentences.setdefault(marks.sentence(hit.start), [])
        if len(of_one) < MOST:
            of_one.append(hit)
    return sentences


def _denied(hit: Hit, negations: list[Hit], marks: Marks) -> bool:
    """Whether the last negation before the word is in its clause and near enough."""
    before = bisect_right(negations, hit.start, key=lambda no: no.end)
    if not before:
        return False
    no = negations[before - 1]
    near = marks.between(no.end, hit.start) <= NEAR
    return near and marks.clause(no.start) == marks.clause(hit.start)
