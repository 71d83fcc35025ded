"""The one exception with which an action says no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An action was refused; nothing was changed.

    `code` names the reason for machines, `field` the input at fault ("" when it is the whole), `mend` says in a
    plain sentence what to do. Faces show it at the field; the API as problem+json with `status`.
    `mend` is a lazy translation, so the reader's language decides.
    """

    def __init__(self, code: str, *, mend: Any, field: str = "", status: int = 422) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.mend = mend
        self.status = status

    def __str__(self) -> str:
        return f"{self.code}: {self.mend}"


class Missing(Refused):
    """The thing does not exist or may not be seen: deliberately one answer for both (reliability E5)."""

    def __init__(self, what: str = "not-found", *, mend: Any = "") -> None:
        super().__init__(what, mend=mend, status=404)


class Conflict(Refused):
    """Somebody else changed the thing first; the text typed is kept and both states are shown."""

    def __init__(self, code: str, *, mend: Any, field: str = "") -> None:
        super().__init__(code, mend=mend, field=field, status=409)
