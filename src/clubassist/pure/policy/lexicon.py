"""The words of the statements of several packs, and how they stand to each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from clubassist.pure.policy.schema import Statement, Term
from clubassist.pure.policy.terms import Quantity, Text

MIDDLES = {"mean": "mean", "average": "mean", "avg": "mean", "median": "median"}
PERCENTILE = re.compile(r"p\d\d")
SHARES = frozenset(
    (
        "satisfaction",
        "share",
        "percentage",
        "proportion",
        "attainment",
        "occupancy",
        "punctuality",
        "compliance",
    )
)
RATES_OF_ANOTHER_KIND = frozenset(
    (
        "room",
        "pay",
        "wage",
        "heart",
        "pulse",
        "exchange",
        "interest",
        "flow",
        "growth",
        "hourly",
        "daily",
        "tax",
    )
)
# 心率, 汇率, 利率, 费率, 频率, 功率: rates that may rise for ever.
SHARE_TITLE = re.compile(r"(满意度|占比|比例|(?<![心汇利费频功速倍])率)$")


class Figure(NamedTuple):
    """A promise, or the middle or percentile of many: `avg_wait`, `wait-mean` and `mean_wait` are one figure."""

    middle: str
    promise: str


class Lexicon:
    """Built from terms; of two terms of one code the first counts. Circles of terms are walked once.

    Capitals and the kind of hyphen make no difference: `First-Response` is `first_response`.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: dict[str, Term] = {}
        for term in terms:
            self._terms.setdefault(plain(term.code), term)

    def title(self, code: str) -> Text:
        """What a code is called; without a term, the code itself."""
        term = self._terms.get(plain(code))
        return term.title if term else Text(zh=code, en=code)

    def covers(self, wide: str, narrow: str) -> bool:
        """Whether `narrow` is `wide` or a part of it: by its term, or by its name (`complaint.service`)."""
        return plain(wide) in self._chain(narrow, "within")

    def follows(self, later: str, earlier: str) -> bool:
        """Whether the promise `later` can only be kept after `earlier`."""
        return plain(later) != plain(earlier) and plain(earlier) in self._chain(later, "after")

    def figure(self, promise: str) -> Figure:
        """What is promised, by its term, or by its name (`mean_wait` of `wait`)."""
        words = re.split(r"[_.]", plain(promise))
        middles = [MIDDLES.get(word, word) for word in words if word in MIDDLES or PERCENTILE.fullmatch(word)]
        rest = "_".join(word for word in words if word not in MIDDLES and not PERCENTILE.fullmatch(word))
        term = self._terms.get(plain(promise))
        if term and term.mean_of:
            return Figure(middles[0] if middles else "mean", plain(term.mean_of))
        return Figure(middles[0], rest) if middles and rest else Figure("", plain(promise))

    def is_share(self, statement: Statement) -> bool:
        """Whether what the statement speaks of is, by its name, a share of a whole."""
        codes = (statement.about, statement.promise)
        words = {word for code in codes for word in re.split(r"[_.]", plain(code))}
        named = SHARES & words or ("rate" in words and not RATES_OF_ANOTHER_KIND & words)
        return bool(named) or any(SHARE_TITLE.search(self.title(code).zh) for code in codes)

    def most(self, statement: Statement) -> Quantity | None:
        """The top of the scale that the statement is about, where a term names it."""
        terms = (self._terms.get(plain(code)) for code in (statement.promise, statement.about))
        return next((term.most for term in terms if term and term.most), None)

    def _chain(self, code: str, relation: str) -> Iterator[str]:
        seen: set[str] = set()
        ahead = [plain(code)]
        while ahead:
            one = ahead.pop()
            if one in seen:
                continue
            seen.add(one)
            yield one
            term = self._terms.get(one)
            if term and getattr(term, relation):
                ahead.append(plain(getattr(term, relation)))
            if relation == "within" and "." in one:
                ahead.append(one.rpartition(".")[0])


def plain(code: str) -> str:
    """The code in one spelling, whatever its capitals and hyphens."""
    return code.strip().lower().replace("-", "_")
