"""The words of the statements of several packs, and how they stand to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clubassist.pure.policy.schema import Statement, Term
from clubassist.pure.policy.terms import Quantity, Text

MEANS = ("mean_", "average_")


class Lexicon:
    """Built from terms; of two terms of one code the first counts. Circles of terms are walked once."""

    def __init__(self, terms: Iterable[Term], promises: Iterable[str]) -> None:
        self._terms: dict[str, Term] = {}
        for term in terms:
            self._terms.setdefault(term.code, term)
        self._promises = frozenset(promises)

    def title(self, code: str) -> Text:
        """What a code is called; without a term, the code itself."""
        term = self._terms.get(code)
        return term.title if term else Text(zh=code, en=code)

    def covers(self, wide: str, narrow: str) -> bool:
        """Whether `narrow` is `wide` or a part of it: by its term, or by its name (`complaint.service`)."""
        return wide in self._chain(narrow, "within")

    def follows(self, later: str, earlier: str) -> bool:
        """Whether the promise `later` can only be kept after `earlier`."""
        return later != earlier and earlier in self._chain(later, "after")

    def mean_of(self, promise: str) -> str | None:
        """The promise whose mean this is: by its term, or by its name (`mean_wait` of `wait`)."""
        term = self._terms.get(promise)
        if term and term.mean_of:
            return term.mean_of
        names = (promise.removeprefix(prefix) for prefix in MEANS if promise.startswith(prefix))
        return next((name for name in names if name in self._promises), None)

    def most(self, statement: Statement) -> Quantity | None:
        """The top of the scale that the statement is about, where a term names it."""
        terms = (self._terms.get(code) for code in (statement.promise, statement.about))
        return next((term.most for term in terms if term and term.most), None)

    def _chain(self, code: str, relation: str) -> Iterator[str]:
        seen: set[str] = set()
        ahead = [code]
        while ahead:
            one = ahead.pop()
            if one in seen:
                continue
            seen.add(one)
            yield one
            term = self._terms.get(one)
            if term and getattr(term, relation):
                ahead.append(getattr(term, relation))
            if relation == "within" and "." in one:
                ahead.append(one.rpartition(".")[0])
