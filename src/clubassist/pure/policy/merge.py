"""Several packs in force become one policy; where they meet, the stricter number wins (A20)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from clubassist.pure.policy.policy import Policy
from clubassist.pure.policy.problems import ROWS, PackError, Problem
from clubassist.pure.policy.schema import Deadline, Pack
from clubassist.pure.policy.terms import Duration, Row, Stricter, Text

R = TypeVar("R", bound=Row)


def merge(packs: Sequence[Pack]) -> Policy:
    """The policy of these packs.

    Rows of different ids are united. Of rows with one id the stricter numbers count, clauses are united, the
    wording of the earlier pack stays, and everything else must agree. Clauses of packs that are not in force
    are no longer cited. Raises PackError where two packs disagree.
    """
    rows: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for field, place in ROWS.items():
        if field == "terms":
            continue  # words may differ from pack to pack: nothing is run by them
        met = rows[field] = {}
        for row in (row for pack in packs for row in getattr(pack, field)):
            key = getattr(row, place.key)
            met[key] = _stricter(met[key], row, place.file, key, problems) if key in met else row
    if problems:
        raise PackError(problems)
    in_force = rows["clauses"].keys()
    switches = {code for code, switch in rows["switches"].items() if switch.on}
    return Policy(
        clauses=rows["clauses"],
        kinds=_citing(rows["kinds"].values(), in_force),
        deadlines=tuple(_switched(row, switches) for row in _citing(rows["deadlines"].values(), in_force)),
        playbooks=_citing(rows["playbooks"].values(), in_force),
        measures=_citing(rows["measures"].values(), in_force),
        goals=_citing(rows["goals"].values(), in_force),
        notices=_citing(rows["notices"].values(), in_force),
        vocabularies=tuple(rows["vocabularies"].values()),
        triage_rules=_citing(rows["triage_rules"].values(), in_force),
        roles={row.code: row.title for row in rows["roles"].values()},
        departments={row.code: row.title for row in rows["departments"].values()},
        causes={row.code: row.title for row in rows["causes"].values()},
        terms={row.code: row.title for pack in reversed(packs) for row in pack.terms},
        limits=_citing(rows["limits"].values(), in_force),
        remedies=rows["remedies"],
        routes=_citing(rows["routes"].values(), in_force),
        phrases=_citing(rows["phrases"].values(), in_force),
        switches=_citing(rows["switches"].values(), in_force),
    )


def _stricter(kept: R, other: R, file: str, key: str, problems: list[Problem]) -> R:
    changes: dict[str, object] = {}
    for name, info in type(kept).model_fields.items():
        mine, theirs = getattr(kept, name), getattr(other, name)
        direction = next((mark for mark in info.metadata if isinstance(mark, Stricter)), None)
        if name == "clauses":
            changes[name] = tuple(dict.fromkeys([*mine, *theirs]))
        elif direction is not None:
            changes[name] = _pick(direction, [value for value in (mine, theirs) if value is not None])
        elif mine != theirs and not isinstance(mine, Text):
            mend = f"Let the packs agree on {name}, or give the rows different ids."
            problems.append(Problem(file, f"{key}.{name}", "two packs in force differ", mend))
    return kept.model_copy(update=changes)


def _pick(direction: Stricter, values: list[Any]) -> Any:
    choose = min if direction is Stricter.LOWER else max
    return choose(values, key=lambda v: v.rank if isinstance(v, Duration) else v, default=None)


def _switched(row: Deadline, switches: set[str]) -> Deadline:
    targets = [row.target, *(target for code, target in row.target_if.items() if code in switches)]
    return row.model_copy(update={"target": _pick(Stricter.LOWER, targets)})


def _citing(rows: Iterable[R], in_force: Iterable[str]) -> tuple[R, ...]:
    """The rows, and all inside them, without the clauses that are not in force."""
    known = set(in_force)

    def narrow(row: Any) -> Any:
        changes: dict[str, object] = {}
        for name in ("stages", "tasks"):
            if hasattr(row, name):
                changes[name] = tuple(narrow(part) for part in getattr(row, name))
        if hasattr(row, "aims"):
            changes["aims"] = tuple(aim for aim in row.aims if aim.clause in known)
        if hasattr(row, "clauses"):
            changes["clauses"] = tuple(clause for clause in row.clauses if clause in known)
        return row.model_copy(update=changes)

    return tuple(narrow(row) for row in rows)
