"""Names as they are typed on a keyboard: 张伟 is also zhangwei and zw."""

from __future__ import annotations

import os
from functools import cache
from itertools import product
from typing import Final

from clubassist.pure.text.fold import fold
from clubassist.pure.text.words import lexemes

READINGS: Final = 24
"""Readings of one name that are kept: a character in three has more than one."""
VARIED: Final = 4
"""Characters of a name that are read in every way, those after them in the first."""


def name_lexemes(name: str) -> set[str]:
    """Return the words by which a name is found: its characters, its pinyin and the initials, in every reading.

    Each from any syllable on, so that "zhang wei" and "wei" find 张伟 too.
    """
    found = lexemes(name)
    syllables = [readings for one in fold(name).text if (readings := _readings(one))]
    varied = [*syllables[:VARIED], *(readings[:1] for readings in syllables[VARIED:])]
    choices = sorted(product(*(range(len(readings)) for readings in varied)), key=sum)
    for choice in choices[:READINGS]:
        reading = [readings[index] for readings, index in zip(varied, choice, strict=True)]
        for begin in range(len(reading)):
            found |= {"".join(reading[begin:]), "".join(each[0] for each in reading[begin:])}
    return found


@cache
def _readings(character: str) -> tuple[str, ...]:
    """Return a character's syllables without tones, ü both as keyboards have it (v) and as passports do (u)."""
    # Phrases would take 40 MiB and say nothing about names.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415 - only where names are kept, and after the word above

    found = pinyin(character, heteronym=True, style=Style.NORMAL, errors="ignore")
    syllables = found[0] if found else []
    return tuple(dict.fromkeys(each for one in syllables for each in (one, one.replace("v", "u"))))
