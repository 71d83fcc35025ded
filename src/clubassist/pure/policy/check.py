"""What a pack's shape cannot tell: whether its rows fit together and cite what exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from clubassist.pure.policy.problems import ROWS, Problem
from clubassist.pure.policy.schema import Deadline, Pack, Playbook
from clubassist.pure.policy.spoken_rows import Notice
from clubassist.pure.policy.terms import Complexity, Department, Urgency, covers_kind


def check(pack: Pack, among: Iterable[Pack] = ()) -> list[Problem]:
    """Every problem of the pack; references run over the pack and those of `among` that it cites."""
    others = {other.name: other for other in among if other.name != pack.name}
    scope = [pack, *(others[name] for name in pack.cites if name in others)]
    problems = [
        Problem("pack.toml", f"cites.{name}", f"the pack “{name}” is not there", "Check the packs together.")
        for name in pack.cites
        if name not in others
    ]
    problems += _duplicates(pack, others.values())
    problems += _clause_references(pack, scope)
    problems += _pointing_in_a_circle(pack, scope)
    problems += _goals(pack, scope)
    problems += _terms(pack, scope)
    problems += check_run(pack, scope)
    return problems


def check_run(pack: Pack, scope: Sequence[Pack]) -> list[Problem]:
    """What keeps the pack from being run where the packs of `scope`, itself among them, are in force and no others.

    Clauses are left out: those of packs that are not in force are no longer cited.
    """
    problems = [*_owners(pack, scope), *_kind_references(pack, scope)]
    problems += (problem for deadline in pack.deadlines for problem in _deadline(deadline, scope))
    problems += _measures(pack, scope)
    problems += (problem for playbook in pack.playbooks for problem in _playbook(playbook, scope))
    problems += (problem for notice in pack.notices for problem in _due(notice, scope))
    problems += _triage(pack, scope)
    return problems


def _duplicates(pack: Pack, others: Iterable[Pack]) -> Iterator[Problem]:
    for field, place in ROWS.items():
        counts = Counter(getattr(row, place.key) for row in getattr(pack, field))
        yield from _repeated(place.file, "", counts)
    taken = {clause.id: other.name for other in others for clause in other.clauses}
    for clause in pack.clauses:
        if clause.id in taken:
            message = f"the pack “{taken[clause.id]}” has a clause of this id"
            yield Problem("clauses.toml", clause.id, message, "Use another letter before the number.")


def _repeated(file: str, place: str, counts: Counter[str]) -> Iterator[Problem]:
    for key, count in counts.items():
        if count > 1:
            yield Problem(file, place + key, f"{count} rows have this id", "Give each its own id.")


def _cited(pack: Pack) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(file, key, clauses) of every row that cites clauses."""
    for clause in pack.clauses:
        yield "clauses.toml", f"{clause.id}.points_to", clause.points_to
    for field in (
        "switches",
        "kinds",
        "deadlines",
        "measures",
        "goals",
        "notices",
        "triage_rules",
        "limits",
        "routes",
        "phrases",
    ):
        for row in getattr(pack, field):
            yield ROWS[field].file, f"{getattr(row, ROWS[field].key)}.clauses", row.clauses
    for goal in pack.goals:
        yield "goals.toml", f"{goal.code}.aim", tuple(aim.clause for aim in goal.aims)
    for playbook in pack.playbooks:
        for stage in playbook.stages:
            place = f"{playbook.id}.stage.{stage.id}"
            yield "playbooks.toml", f"{place}.clauses", stage.clauses
            for task in stage.tasks:
                yield "playbooks.toml", f"{place}.task.{task.id}.clauses", task.clauses


def _clause_references(pack: Pack, scope: Sequence[Pack]) -> Iterator[Problem]:
    known = {clause.id for each in scope for clause in each.clauses}
    for file, key, clauses in _cited(pack):
        for clause in clauses:
            if clause not in known:
                mend = "Correct the number, or add the pack that has it to cites in pack.toml."
                yield Problem(file, key, f"there is no clause {clause}", mend)


def _goals(pack: Pack, scope: Sequence[Pack]) -> Iterator[Problem]:
    """Measures of goals that no pack has. Where a goal's own pack is not in force, its measures run without it."""
    known = {goal.code for each in scope for goal in each.goals}
    for measure in pack.measures:
        if measure.goal is not None and measure.goal not in known:
            mend = "Add it to goals.toml, or name one that exists."
            yield Problem("measures.toml", f"{measure.id}.goal", f"there is no goal “{measure.goal}”", mend)


def _pointing_in_a_circle(pack: Pack, scope: Sequence[Pack]) -> Iterator[Problem]:
    points = {clause.id: clause.points_to for each in scope for clause in each.clauses}
    for clause in pack.clauses:
        if _comes_back(clause.id, points):
            mend = "Point only to clauses with a duty of their own."
            yield Problem("clauses.toml", f"{clause.id}.points_to", "the clause points back to itself", mend)


def _terms(pack: Pack, scope: Sequence[Pack]) -> Iterator[Problem]:
    terms = {term.code: term for each in reversed(scope) for term in each.terms}
    known = terms.keys() | {code for each in scope for code in _spoken(each)}
    for relation in ("within", "after", "mean_of"):
        steps = {code: _named(getattr(term, relation)) for code, term in terms.items()}
        for term in pack.terms:
            key = f"{term.code}.{relation}"
            for code in steps[term.code]:
                if code not in known:
                    mend = "Add it, or name a word that the terms or statements use."
                    yield Problem("terms.toml", key, f"there is no word “{code}”", mend)
            if _comes_back(term.code, steps):
                mend = "Take the step that closes the circle out."
                yield Problem("terms.toml", key, "the term leads back to itself", mend)


def _spoken(pack: Pack) -> Iterator[str]:
    """The words of the pack's statements."""
    for statement in (statement for clause in pack.clauses for statement in clause.states):
        yield statement.about
        yield statement.promise
        yield from (value for values in statement.when.values() for value in values)


def _named(code: str | None) -> tuple[str, ...]:
    return () if code is None else (code,)


def _comes_back(start: str, steps: Mapping[str, tuple[str, ...]]) -> bool:
    seen: set[str] = set()
    ahead = list(steps[start])
    while ahead:
        step = ahead.pop()
        if step not in seen:
            seen.add(step)
            ahead += steps.get(step, ())
    return start in seen


def _owners(pack: Pack, scope: Sequence[Pack]) -> Iterator[Problem]:
    known = {*Department, *(row.code for each in scope for row in each.departments)}
    owners = [("pack.toml", "owner", pack.owner), ("pack.toml", "interpreter", pack.interpreter)]
    owners += [("clauses.toml", f"{row.id}.owner", row.owner) for row in pack.clauses if row.owner]
    for file, key, code in owners:
        if code not in known:
            mend = f"Add it to owners.toml, or use one of {', '.join(sorted(known))}."
            yield Problem(file, key, f"there is no department “{code}”", mend)


def _kind_references(pack: Pack, scope: Sequence[Pack]) -> Iterator[Problem]:
    playbooks = {playbook.id for each in scope for playbook in each.playbooks}
    for kind in pack.kinds:
        parts = Counter(row.code for row in kind.subclasses)
        yield from _repeated("kinds.toml", f"{kind.code}.subclasses.", parts)
        if kind.playbook not in playbooks:
            message, mend = f"there is no playbook “{kind.playbook}”", "Add it, or name one that exists."
            yield Problem("kinds.toml", f"{kind.code}.playbook", message, mend)
        if kind.class_ != kind.code.partition(".")[0]:
            message, mend = f"the code is not of the class “{kind.class_}”", "Begin the code with its class."
            yield Problem("kinds.toml", f"{kind.code}.class", message, mend)
    codes = [kind.code for each in scope for kind in each.kinds]
    patterns = [
        *(("deadlines.toml", f"{row.id}.applies.kinds", row.applies.kinds) for row in pack.deadlines),
        *(("measures.toml", f"{row.id}.applies.kinds", row.applies.kinds) for row in pack.measures),
        *(("notices.toml", f"{row.id}.kinds", row.kinds) for row in pack.notices),
        *(("phrases.toml", f"{row.id}.kinds", row.kinds) for row in pack.phrases),
    ]
    for file, key, kinds in patterns:
        for pattern in kinds:
            if not any(covers_kind([pattern], code) for code in codes):
                mend = "Correct it, or add the kind to kinds.toml."
                yield Problem(file, key, f"no kind is “{pattern}”", mend)


def _deadline(deadline: Deadline, scope: Sequence[Pack]) -> Iterator[Problem]:
    percents = [rung.percent for rung in deadline.ladder]
    if percents != sorted(set(percents)):
        message, mend = "the ladder does not rise", "Give each rung a higher percentage than the one before."
        yield Problem("deadlines.toml", f"{deadline.id}.ladder", message, mend)
    for code, target in deadline.target_if.items():
        if target.rank > deadline.target.rank:
            message = f"“{target}” is longer than the target “{deadline.target}”"
            mend = "A switch may only make the limit stricter: give it the shorter time."
            yield Problem("deadlines.toml", f"{deadline.id}.target_if.{code}", message, mend)
    codes = Counter(pause.code for pause in deadline.pauses)
    yield from _repeated("deadlines.toml", f"{deadline.id}.pauses.", codes)
    switches = {switch.code for each in scope for switch in each.switches}
    for code in deadline.target_if.keys() - switches:
        message, mend = f"there is no switch “{code}”", "Add it to pack.toml, or name one that exists."
        yield Problem("deadlines.toml", f"{deadline.id}.target_if", message, mend)


def _measures(pack: Pack, scope: Sequence[Pack]) -> Iterator[Problem]:
    promises = {deadline.promise for each in scope for deadline in each.deadlines}
    for measure in pack.measures:
        if measure.promise is not None and measure.promise not in promises:
            message = f"no deadline makes the promise “{measure.promise}”"
            yield Problem(
                "measures.toml", f"{measure.id}.promise", message, "Name the promise of a deadline."
            )


def _playbook(playbook: Playbook, scope: Sequence[Pack]) -> Iterator[Problem]:
    promises = {deadline.promise for each in scope for deadline in each.deadlines}
    stages = Counter(stage.id for stage in playbook.stages)
    tasks = Counter(task.id for stage in playbook.stages for task in stage.tasks)
    yield from _repeated("playbooks.toml", f"{playbook.id}.stage.", stages)
    yield from _repeated("playbooks.toml", f"{playbook.id}.task.", tasks)
    for stage in playbook.stages:
        if stage.promise is not None and stage.promise not in promises:
            key = f"{playbook.id}.stage.{stage.id}.promise"
            message = f"no deadline makes the promise “{stage.promise}”"
            yield Problem("playbooks.toml", key, message, "Name the promise of a deadline.")
        for task in stage.tasks:
            if task.promise is not None and task.promise not in promises:
                key = f"{playbook.id}.stage.{stage.id}.task.{task.id}.promise"
                message = f"no deadline makes the promise “{task.promise}”"
                yield Problem("playbooks.toml", key, message, "Name the promise of a deadline.")


def _due(notice: Notice, scope: Sequence[Pack]) -> Iterator[Problem]:
    """A notice that names a time needs a clock in every case that it is sent for: at receipt the first answer's."""
    if "{due}" not in notice.text.zh:
        return
    if notice.event not in ("case.opened", "clock.moved"):
        mend = "Only case.opened and clock.moved have a time; take {due} out."
        yield Problem(
            "notices.toml", f"{notice.id}.text", f"{notice.event} has no time to put for {{due}}", mend
        )
        return
    deadlines = [row for each in scope for row in each.deadlines]
    if notice.event == "case.opened":
        deadlines = [row for row in deadlines if row.starts == "received" and row.promise == "first_response"]
    for kind in (kind for each in scope for kind in each.kinds if covers_kind(notice.kinds, kind.code)):
        for urgency, complexity in product(Urgency, Complexity):
            if not any(row.applies.covers(kind.code, urgency, complexity) for row in deadlines):
                message = (
                    f"{urgency}, {complexity} cases of kind “{kind.code}” have no time to put for {{due}}"
                )
                mend = "Write them a notice of their own, or give them a deadline."
                yield Problem("notices.toml", f"{notice.id}.text", message, mend)
                break


def _triage(pack: Pack, scope: Sequence[Pack]) -> Iterator[Problem]:
    lists = {row.id for each in scope for row in each.vocabularies}
    named = [(f"{row.id}.denied_by", (row.denied_by,)) for row in pack.vocabularies if row.denied_by]
    for rule in pack.triage_rules:
        named += [
            (f"{rule.id}.{key}", getattr(rule, key)) for key in ("of", "unless", "unless_anywhere", "names")
        ]
    for key, codes in named:
        for code in codes:
            if code not in lists:
                mend = "Add it as [[words]], or name one that exists."
                yield Problem("triage.toml", key, f"there is no list of words “{code}”", mend)
    kinds = {kind.code for each in scope for kind in each.kinds}
    for rule in pack.triage_rules:
        if rule.kind is not None and rule.kind not in kinds:
            mend = "Correct it, or add the kind to kinds.toml."
            yield Problem("triage.toml", f"{rule.id}.kind", f"no kind is “{rule.kind}”", mend)
