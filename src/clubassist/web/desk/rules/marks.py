"""How clauses and figures stand, as tags: never by their colour alone."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clubassist.domain.insight.rules import State

STATE_WORDS: Final = {
    State.MET: ("ok", "circle-check", gettext_lazy("Met")),
    State.NEAR: ("warn", "alert-triangle", gettext_lazy("Near")),
    State.MISSED: ("breach", "alert-octagon", gettext_lazy("Not met")),
    State.WITHHELD: ("", "eye-off", gettext_lazy("Withheld")),
    State.NO_SAMPLE: ("", "minus", gettext_lazy("No sample this month")),
    State.CARRIED: ("", "list-check", gettext_lazy("Carried out, not measured")),
    State.GAP: ("wait", "help-circle", gettext_lazy("Nothing carries it out yet")),
}


class Mark(NamedTuple):
    """A state as a tag: never its colour alone."""

    tone: str
    icon: str
    word: str


def state_mark(state: State, *, broken: bool) -> Mark:
    """Return a state's tag; a missed goal is amber, only a broken promise red (A01)."""
    tone, icon, word = STATE_WORDS[state]
    if state is State.MISSED and not broken:
        return Mark("warn", "alert-triangle", _("Goal not reached"))
    return Mark(tone, icon, str(word))
