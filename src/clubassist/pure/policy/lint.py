"""What a careful reader would ask about a regulation: rules over statements, blind to any clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from clubassist.pure.policy.bounds import Bound, bound_words, bounds_of
from clubassist.pure.policy.clashes import Clash, Pair, knots, pairs
from clubassist.pure.policy.coverage import coverage
from clubassist.pure.policy.endless import Endless, endless
from clubassist.pure.policy.lexicon import Lexicon
from clubassist.pure.policy.practice import Practice, practice
from clubassist.pure.policy.problems import ROWS
from clubassist.pure.policy.schema import Deadline, Measure, Pack
from clubassist.pure.policy.terms import Text


class Severity(StrEnum):
    """How much a finding asks of the reader, the heaviest first."""

    ERROR = "error"
    """The text contradicts itself: it cannot be carried out as it stands."""
    WARNING = "warning"
    """Something the text says has no effect, no end or nobody to do it."""
    NOTE = "note"
    """Work to do in the pack, no fault of the text."""


class Place(NamedTuple):
    """A row that a finding is about: the pack, its file, the key in it."""

    pack: str
    file: str
    key: str


class Finding(NamedTuple):
    """What the lint found, in words for people; `settled` when every clause it names has a reading."""

    rule: str
    severity: Severity
    clauses: tuple[str, ...]
    places: tuple[Place, ...]
    message: Text
    mend: Text
    settled: bool

    @property
    def open(self) -> bool:
        """Whether somebody still has to decide."""
        return not self.settled and self.severity is not Severity.NOTE


SEVERITIES = {
    Clash.IMPOSSIBLE: Severity.ERROR,
    Clash.DIFFERENT: Severity.ERROR,
    Clash.UNLIKE_DAYS: Severity.WARNING,
    Clash.CROSSING: Severity.WARNING,
    Clash.SWALLOWED: Severity.WARNING,
    Clash.IMPLIED: Severity.WARNING,
    Clash.VOID_MEAN: Severity.WARNING,
    Clash.EXCEPTION: Severity.NOTE,
}
CLASH_WORDS = {
    Clash.IMPOSSIBLE: Text(zh="{one}与 {other}不可能同时做到。", en="{one} and {other} cannot both be kept."),
    Clash.DIFFERENT: Text(
        zh="同一件事有两个数字：{one}，而 {other}。",
        en="There are two numbers for the same thing: {one}, but {other}.",
    ),
    Clash.UNLIKE_DAYS: Text(
        zh="{one}按工作日数，{other}按自然日数，遇上节假日哪个更长会变。",
        en="{one} and {other} count working and calendar days: which is longer depends on the holidays.",
    ),
    Clash.CROSSING: Text(
        zh="两条都适用的情形有两个数字：{one}，而 {other}。",
        en="Cases that fall under both have two numbers: {one}, but {other}.",
    ),
    Clash.SWALLOWED: Text(
        zh="{one}落空：{other}也管这些情形，而且更严。",
        en="{one} never takes effect: {other} covers the same cases and is stricter.",
    ),
    Clash.IMPLIED: Text(
        zh="{one}不会先到期：{other}在它之后完成，时限却不更长。",
        en="{one} is never due first: {other} is kept after it and allows no more time.",
    ),
    Clash.VOID_MEAN: Text(
        zh="{one}不起作用：{other}已经让每一件都在这个平均值之内。",
        en="{one} has no effect: {other} already keeps every single case within that mean.",
    ),
    Clash.EXCEPTION: Text(
        zh="{one}比 {other}更严，两条都适用时按严的。",
        en="{one} is stricter than {other}; where both apply, the stricter counts.",
    ),
}
MOST_PAIRS = 50
"""How many clashes of one knot are told, the worst first: whoever mends them sees the others."""
DECIDE = Text(
    zh="写错的数字请改正；原文如此的，请解释人定下按哪个执行，写进这几条的 reading。",
    en="Correct a number that was mistyped. Where the text is so, have the interpreter decide what is run and "
    "say so in the reading of each of these clauses.",
)
END = Text(
    zh="请在这一条的 reading 里写明到哪里为止、到了之后怎么办。",
    en="Say in the clause's reading where it ends and what happens then.",
)
RUN = Text(
    zh="请把时限或目标改成条文的数字；有意不同的，把实际执行的写进这一条的 reading。",
    en="Give the deadline or goal the stated number. Where the difference is meant, say in the clause's reading "
    "what is run.",
)
OWNER = Text(
    zh="请给它写上 owner：由哪个部门负责。", en="Give it an owner: the department that answers for it."
)
CARRY = Text(
    zh="请在时限、流程、指标或通知里引用这些条款；逐条情况见 clubassist pack coverage。",
    en="Cite them from a deadline, playbook, measure or notice; `clubassist pack coverage` shows each clause.",
)


def lint(packs: Sequence[Pack], among: Iterable[Pack] = ()) -> tuple[Finding, ...]:
    """What is doubtful in these packs taken together, the open findings first, then the heaviest.

    The packs of `among` lend their words and what carries clauses out; their own statements are not judged. What is
    run is taken from these packs, those that they cite and those that cite them.
    """
    names = {pack.name for pack in packs}
    others = [pack for pack in among if pack.name not in names]
    related = [
        one for one in others if any(one.name in each.cites or each.name in one.cites for each in packs)
    ]
    bounds = bounds_of(packs)
    terms = [term for pack in [*packs, *others] for term in pack.terms]
    lexicon = Lexicon(terms)
    found = [
        *(_knot(group, lexicon) for group in knots(pairs(bounds, lexicon))),
        *(_endless(each, lexicon) for each in endless(bounds, lexicon)),
        *(_practice(each, lexicon) for each in practice(bounds, [*packs, *related], lexicon)),
        *_unowned(packs),
        *_uncarried(packs, others),
    ]
    weight = list(Severity)
    return tuple(sorted(found, key=lambda one: (not one.open, weight.index(one.severity))))


def _knot(group: list[Pair], lexicon: Lexicon) -> Finding:
    order = list(Clash)
    group = sorted(group, key=lambda pair: order.index(pair.clash))[:MOST_PAIRS]
    said = [
        CLASH_WORDS[pair.clash].fill(
            {"one": bound_words(pair.one, lexicon), "other": bound_words(pair.other, lexicon)}
        )
        for pair in group
    ]
    message = Text(zh="".join(one.zh for one in said), en=" ".join(one.en for one in said))
    bounds = [bound for pair in group for bound in (pair.one, pair.other)]
    return _about(group[0].clash, SEVERITIES[group[0].clash], bounds, message, DECIDE)


def _endless(found: Endless, lexicon: Lexicon) -> Finding:
    words: dict[str, Text | str] = {
        "bound": bound_words(found.bound, lexicon),
        "end": found.end,
        "times": str(found.times),
    }
    message = Text(
        zh="{bound}不能一直做下去：到 {end} 就到头了", en="{bound} cannot go on for ever: it ends at {end}"
    )
    if found.times:
        last = Text(zh="，最多 {times} 次。", en=", after {times} times at the latest.")
    else:
        last = Text(zh="。", en=".")
    message = Text(zh=message.zh + last.zh, en=message.en + last.en).fill(words)
    bounds = [found.bound, found.by] if found.by else [found.bound]
    return _about("endless-change", Severity.WARNING, bounds, message, END)


def _practice(found: Practice, lexicon: Lexicon) -> Finding:
    bound, row = found.bound, found.row
    kinds = Text(zh="、".join(k.title.zh for k in found.kinds), en=", ".join(k.title.en for k in found.kinds))
    words: dict[str, Text | str] = {"bound": bound_words(bound, lexicon), "kinds": kinds}
    if row is None:
        message = Text(
            zh="{bound}没有时限在执行，涉及：{kinds}。", en="No deadline runs {bound} for: {kinds}."
        )
        return _about("not-run", Severity.WARNING, [bound], message.fill(words), RUN)
    field = "deadlines" if isinstance(row, Deadline) else "measures"
    message = Text(
        zh="实际执行比条文松：{bound}，而“{row}”是{run}（{kinds}）。",
        en="Run looser than stated: {bound}, but “{row}” has {run} ({kinds}).",
    ).fill(words | {"row": row.title, "run": _run(row)})
    finding = _about("looser-than-stated", Severity.WARNING, [bound], message, RUN)
    return finding._replace(places=(*finding.places, Place(found.pack, ROWS[field].file, row.id)))


def _run(row: Deadline | Measure) -> Text:
    if isinstance(row, Measure):
        if row.takes_time:
            return Text(zh=f"目标 {row.at_most:g} 小时", en=f"a goal of {row.at_most:g} hours")
        return Text(zh=f"目标 {row.at_least:g}%", en=f"a goal of {row.at_least:g}%")
    length = row.target.words
    if row.after:
        length = Text(
            zh=f"{row.after.words.zh}之后 {length.zh}", en=f"{length.en} after {row.after.words.en}"
        )
    if row.calendar == "opening":
        return Text(zh=f"营业时间内 {length.zh}", en=f"{length.en} of opening hours")
    return length


def _about(rule: str, severity: Severity, bounds: Sequence[Bound], message: Text, mend: Text) -> Finding:
    clauses = {bound.clause.id: bound.clause for bound in bounds}
    places = dict.fromkeys(Place(bound.pack, ROWS["clauses"].file, bound.key) for bound in bounds)
    settled = all(clause.reading is not None for clause in clauses.values())
    return Finding(rule, severity, tuple(clauses), tuple(places), message, mend, settled)


def _unowned(packs: Iterable[Pack]) -> Iterator[Finding]:
    for pack in packs:
        for clause in pack.clauses:
            if clause.owner is None and not clause.points_to:
                message = Text(
                    zh=f"{clause.id}“{clause.title.zh}”没有写由谁负责。",
                    en=f"Nobody answers for {clause.id} “{clause.title.en}”.",
                )
                place = Place(pack.name, ROWS["clauses"].file, f"{clause.id}.owner")
                yield Finding("no-owner", Severity.WARNING, (clause.id,), (place,), message, OWNER, False)


def _uncarried(packs: Sequence[Pack], others: Sequence[Pack]) -> Iterator[Finding]:
    for pack in packs:
        covered = coverage(pack, [*packs, *others])
        gaps = [row.clause for row in covered if not row.carriers]
        if not gaps:
            continue
        message = Text(
            zh=f"{pack.title.zh}：{len(covered)} 条里有 {len(gaps)} 条还没有任何东西来执行。",
            en=f"{pack.title.en}: nothing carries out {len(gaps)} of its {len(covered)} clauses.",
        )
        place = Place(pack.name, ROWS["clauses"].file, "clause")
        yield Finding("not-carried-out", Severity.NOTE, tuple(gaps), (place,), message, CARRY, False)
