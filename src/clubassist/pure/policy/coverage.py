"""What carries each clause of a pack out, and which clauses nothing carries out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from clubassist.pure.policy.carriers import Carrier, carriers_by_clause, carriers_of
from clubassist.pure.policy.schema import Pack


class Coverage(NamedTuple):
    """A clause and the rows that carry it out; without any it is a gap."""

    clause: str
    carriers: tuple[Carrier, ...]

    @property
    def gap(self) -> bool:
        """Whether nothing carries the clause out."""
        return not self.carriers


def coverage(pack: Pack, among: Iterable[Pack] = ()) -> tuple[Coverage, ...]:
    """Each clause of the pack with its carriers in the pack and in those of `among`, in order."""
    packs = [pack, *(other for other in among if other.name != pack.name)]
    indexes = [carriers_by_clause(each) for each in packs]
    return tuple(Coverage(clause.id, carriers_of(clause, indexes)) for clause in pack.clauses)
