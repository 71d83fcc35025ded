"""Phone numbers: one normal form (ITU-T E.164) for however people type them."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

# The invisible ones come along when a number is pasted from a phone's address book.
_FILLERS = re.compile(r"[\s().·\-‐‑‒–—−\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_MOBILE = r"1[3-9]\d{9}"
_LANDLINE = r"(?:10|2\d)\d{8}|[3-9]\d{2}\d{7,8}"
_SERVICE = r"[48]00\d{7}"
_CHINA = re.compile(rf"0?({_MOBILE}|{_LANDLINE}|{_SERVICE})", re.ASCII)
_CHINA_BARE = re.compile(rf"(?:86|0)?({_MOBILE})|0({_LANDLINE})|({_SERVICE})", re.ASCII)
_ABROAD = re.compile(r"[1-9]\d{6,14}", re.ASCII)


def normal_phone(text: str) -> str:
    """Return the number in E.164 form ("+8613812345678"); without a country code it is taken as Chinese.

    Understands full-width digits, spaces, dashes, brackets, 00 for + and the area code's leading 0. A number
    in normal form comes back unchanged. Raises ValueError whose text says what to mend, without the number.
    """
    typed = _FILLERS.sub("", unicodedata.normalize("NFKC", text))
    if typed.startswith("00"):
        typed = f"+{typed[2:]}"
    if typed.startswith("+86"):
        found = _CHINA.fullmatch(typed, 3)
    elif typed.startswith("+"):
        if _ABROAD.fullmatch(typed, 1):
            return typed
        raise ValueError(_("After + write the country code and the number, 7 to 15 digits in all."))
    else:
        found = _CHINA_BARE.fullmatch(typed)
    if found is None:
        raise ValueError(
            _(
                "Write an 11-digit mobile number, or a landline with its area code (010 1234 5678), "
                "or a foreign number with + and its country code."
            )
        )
    return f"+86{found[found.lastindex or 0]}"
