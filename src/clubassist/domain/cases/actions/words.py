"""What somebody typed, before an action keeps it."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.refusal import Refused

LONG_TEXT: Final = 10_000
"""Characters in what is said, noted or reported."""
SHORT_TEXT: Final = 300
"""Characters in a reason, a remark or what a department is asked."""


def checked_words(text: str, most: int, *, field: str = "text", needed: Any = "") -> str:
    """Return a text without blanks around it. Raises Refused at `field` when it is longer than `most` characters.

    An empty one is refused with `needed`, which says what to write; without it the text may be empty.
    """
    text = text.strip()
    if needed and not text:
        raise Refused(f"{field.rpartition('_')[2]}-missing", field=field, mend=needed)
    if len(text) > most:
        mend = _("Shorten this to %(most)s characters.") % {"most": f"{most:,}"}
        raise Refused("text-too-long", field=field, mend=mend)
    return text
