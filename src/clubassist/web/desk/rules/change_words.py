"""What a draft changes and what the lint says of it, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from clubassist.pure.policy import Fate, Finding, KeyChange, Pack, RowChange, Severity, in_chinese
from clubassist.web.desk.page import chinese, said
from clubassist.web.desk.rules.statements import stated

NOUNS: Final = {
    "pack": gettext_lazy("The rules themselves"),
    "switch": gettext_lazy("Choice of reading"),
    "clause": gettext_lazy("Clause"),
    "term": gettext_lazy("Word"),
    "kind": gettext_lazy("Kind of case"),
    "deadline": gettext_lazy("Time limit"),
    "playbook": gettext_lazy("Playbook"),
    "stage": gettext_lazy("Stage"),
    "task": gettext_lazy("Task"),
    "measure": gettext_lazy("Figure"),
    "goal": gettext_lazy("Goal"),
    "notice": gettext_lazy("Notice"),
    "words": gettext_lazy("List of words"),
    "rule": gettext_lazy("Triage rule"),
    "role": gettext_lazy("Role"),
    "department": gettext_lazy("Department"),
    "cause": gettext_lazy("Cause"),
    "limit": gettext_lazy("Limit of an offer"),
    "remedy": gettext_lazy("Remedy"),
    "route": gettext_lazy("Help outside the club"),
    "phrase": gettext_lazy("Phrase for an answer"),
}
FATES: Final = {
    Fate.ADDED: ("ok", "plus", pgettext_lazy("a row of the rules", "Added")),
    Fate.REMOVED: ("breach", "minus", pgettext_lazy("a row of the rules", "Removed")),
    Fate.CHANGED: ("info", "pencil", pgettext_lazy("a row of the rules", "Changed")),
}
SEVERITIES: Final = {
    Severity.ERROR: ("breach", "alert-octagon", gettext_lazy("Contradiction")),
    Severity.WARNING: ("warn", "alert-triangle", gettext_lazy("Doubtful")),
    Severity.NOTE: ("", "info-circle", gettext_lazy("To do")),
}
LANGUAGES: Final = {"zh": "中文", "en": "English"}
KEYS: Final = {
    "aim": gettext_lazy("What it asks"),
    "after": gettext_lazy("Begins so long after"),
    "applies.complexity": gettext_lazy("For cases of complexity"),
    "applies.kinds": gettext_lazy("For kinds of case"),
    "applies.urgency": gettext_lazy("For cases of urgency"),
    "at_least": gettext_lazy("At least"),
    "at_most": gettext_lazy("At most"),
    "calendar": gettext_lazy("Counted"),
    "cites": gettext_lazy("Cites the packs"),
    "clauses": gettext_lazy("Clauses it serves"),
    "confidentiality": gettext_lazy("Confidentiality"),
    "counted": gettext_lazy("Counted in figures"),
    "default_urgency": gettext_lazy("Urgency to begin with"),
    "department": gettext_lazy("Department"),
    "effective_from": gettext_lazy("Written for the time from"),
    "gate": gettext_lazy("Done by the fact"),
    "goal": gettext_lazy("Goal it is shown under"),
    "hint": gettext_lazy("Hint"),
    "interpreter": gettext_lazy("Interpreted by"),
    "kinds": gettext_lazy("For kinds of case"),
    "ladder": gettext_lazy("Who hears at which percentage"),
    "mandatory": gettext_lazy("Must be done"),
    "manager_from_round": gettext_lazy("A manager decides from round"),
    "member_choice": gettext_lazy("What members choose"),
    "member_promise": gettext_lazy("What members are promised"),
    "member_title": gettext_lazy("What members call it"),
    "most": gettext_lazy("At most"),
    "note": gettext_lazy("Remark"),
    "on": gettext_lazy("Switched on"),
    "owner": gettext_lazy("Who answers for it"),
    "pauses": gettext_lazy("May stand still for"),
    "playbook": gettext_lazy("Playbook"),
    "points_to": gettext_lazy("Points to"),
    "prefix": gettext_lazy("Letters of the number"),
    "promise": gettext_lazy("Promise"),
    "ranks": gettext_lazy("Ranks the case in the queue"),
    "reading": gettext_lazy("How we read it"),
    "ref": gettext_lazy("Place in the text"),
    "section": gettext_lazy("Section"),
    "stages": gettext_lazy("Stages, in order"),
    "starts": gettext_lazy("Begins when"),
    "states": gettext_lazy("Numbers in its text"),
    "strictness": gettext_lazy("Promise or goal"),
    "subclasses": gettext_lazy("Sub-classes"),
    "target": gettext_lazy("Limit"),
    "target_if": gettext_lazy("Limit with the choice"),
    "tasks": gettext_lazy("Tasks, in order"),
    "text": gettext_lazy("Text"),
    "title": gettext_lazy("Title"),
    "unit": gettext_lazy("Unit"),
    "version": gettext_lazy("Version"),
    "words": gettext_lazy("Words"),
}
"""What the keys of a pack's rows are called; of one that is not here, people read the key itself."""


def problem_words(sentence: str) -> str:
    """Return what the check says, in the reader's language."""
    return in_chinese(sentence) if chinese() else sentence


def changed_row(row: RowChange) -> dict[str, Any]:
    """Return a row that is added, removed or changed, with its keys before and after."""
    tone, icon, word = FATES[row.fate]
    return {
        "noun": NOUNS[row.table],
        "title": said(row.title),
        "id": row.id,
        "tone": tone,
        "icon": icon,
        "fate": word,
        "keys": [_key(key) for key in row.keys],
    }


def counted_words(rows: Iterable[RowChange]) -> str:
    """Return how many rows are added, removed and changed: `Clause: 1 added, 2 changed. Time limit: 1 changed.`"""
    found = Counter((row.table, row.fate) for row in rows)
    parts = []
    for table in dict.fromkeys(table for table, _fate in found):
        said_of = [_fated(fate, found[table, fate]) for fate in Fate if found[table, fate]]
        parts.append(_("{noun}: {counts}.").format(noun=NOUNS[table], counts=_(", ").join(said_of)))
    return " ".join(parts)


def _fated(fate: Fate, count: int) -> str:
    match fate:
        case Fate.ADDED:
            words = ngettext("{count} added", "{count} added", count)
        case Fate.REMOVED:
            words = ngettext("{count} removed", "{count} removed", count)
        case Fate.CHANGED:
            words = ngettext("{count} changed", "{count} changed", count)
    return words.format(count=count)


def _key(key: KeyChange) -> dict[str, str]:
    directions = {None: "", True: _("stricter"), False: _("less strict")}
    return {
        "name": _key_words(key.key),
        "was": key.was,
        "becomes": key.becomes,
        "direction": directions[key.stricter],
    }


def _key_words(key: str) -> str:
    """Return what a key is called: `Text (English)`, `Limit with the choice hurry`."""
    base, _dot, rest = key.partition(".")
    if key in KEYS:
        return str(KEYS[key])
    if rest in LANGUAGES and base in KEYS:
        return _("{key} ({language})").format(key=KEYS[base], language=LANGUAGES[rest])
    return f"{KEYS[base]} {rest}" if base in KEYS else key


FEW: Final = 4
"""How many clauses of one finding are read without unfolding them."""


def judged(findings: Iterable[Finding], pack: Pack) -> list[dict[str, Any]]:
    """Return what the lint found, each beside the statements of the clauses that it names."""
    clauses = {clause.id: clause for clause in pack.clauses}
    terms = {term.code: term.title for term in pack.terms}
    shown = []
    for one in findings:
        tone, icon, word = SEVERITIES[one.severity]
        shown.append(
            {
                "clauses": [
                    {
                        "id": id,
                        "title": said(clauses[id].title) if id in clauses else "",
                        "statements": [stated(each, terms) for each in clauses[id].states]
                        if id in clauses and one.severity is not Severity.NOTE
                        else [],
                    }
                    for id in one.clauses
                ],
                "many": ngettext("{count} clause", "{count} clauses", len(one.clauses)).format(
                    count=len(one.clauses)
                )
                if len(one.clauses) > FEW
                else "",
                "tone": "" if one.settled else tone,
                "icon": "circle-check" if one.settled else icon,
                "word": word,
                "settled": one.settled,
                "message": said(one.message),
                "mend": said(one.mend),
            }
        )
    return shown
