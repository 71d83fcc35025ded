"""A regulation as short as a rule of the lint needs it: one clause for each list of statements."""

from typing import Any

from clubassist.pure.policy import Finding, Pack, lint

Said = dict[str, Any]


def regulation(*clauses: Said | list[Said], terms: list[Said] | None = None, **changes: Any) -> Pack:
    """Clauses P01, P02 … that state this; `changes` are keys of every clause."""
    rows = []
    for number, states in enumerate(clauses, 1):
        words = {"zh": "按规定办", "en": "As laid down"}
        row = {"id": f"P{number:02}", "ref": str(number), "section": words, "title": words, "text": words}
        said = states if isinstance(states, list) else [states]
        rows.append(row | {"owner": "service", "states": said} | changes)
    named = [{"title": {"zh": "词", "en": "word"}} | term for term in terms or []]
    head = {"name": "pool", "title": {"zh": "泳池", "en": "Pool"}, "version": "1"}
    dated = {"effective_from": "2026-01-01", "languages": ["zh-Hans"]}
    people = {"owner": "service", "interpreter": "service"}
    return Pack.from_document(head | dated | people | {"clauses": rows, "terms": named})


def said(about: str, promise: str, **limits: Any) -> Said:
    """A statement."""
    return {"about": about, "promise": promise, **limits}


def doubts(pack: Pack) -> list[Finding]:
    """What the lint finds in the statements alone."""
    return [found for found in lint([pack]) if found.rule != "not-carried-out"]


def rules(pack: Pack) -> list[tuple[str, tuple[str, ...]]]:
    """The rules that found something, and the clauses they name."""
    return [(found.rule, found.clauses) for found in doubts(pack)]
