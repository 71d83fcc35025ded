"""How final the figures of a month are, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clubassist.domain.club.models import Club
from clubassist.domain.insight.freezing import Version, latest
from clubassist.pure.figures import FINAL_DAY, Release
from clubassist.web.desk.page import chinese
from clubassist.web.shared.templatetags.sa import moment

REASONS: Final = {
    "reopened": gettext_lazy("a solution did not hold and the case was opened again"),
    "merged": gettext_lazy("two cases turned out to be one matter"),
    "unmerged": gettext_lazy("a merge of two cases was undone"),
    "complexity": gettext_lazy("the limit of a complex case was approved or refused"),
    "replanned": gettext_lazy("a case went over to newer rules"),
    "reclassified": gettext_lazy("a case was given another kind or urgency"),
    "withdrawn": gettext_lazy("an offer was withdrawn"),
}


def releases(versions: Iterable[Version], clubs: Sequence[Club], now: datetime) -> list[str]:
    """Return since when the figures stand at these clubs, and why they were restated; nothing while they are live."""
    by_id = {club.pk: club for club in clubs}
    shown: dict[str, list[str]] = {}
    for club, version in latest(versions).items():
        with timezone.override(by_id[club].zone):
            shown.setdefault(_standing(version, now), []).append(_name(by_id, club))
    return [
        sentence
        if len(clubs) == 1
        else _("{clubs}: {sentence}").format(clubs=_(", ").join(names), sentence=sentence)
        for sentence, names in shown.items()
    ]


def _standing(version: Version, now: datetime) -> str:
    at = moment(version.at, now)
    final = version.release == Release.FINAL
    if not version.restates:
        words = (
            _("Final figures, as at {at}.")
            if final
            else _("Provisional figures, as at {at}; they are final {days} days after the month.")
        )
        return words.format(at=at, days=FINAL_DAY)
    words = (
        _("Final figures, as at {at}, restated {restated}: {reason}.")
        if final
        else _(
            "Provisional figures, as at {at}, restated {restated}: {reason}. Final {days} days after the month."
        )
    )
    return words.format(
        at=at, restated=moment(version.frozen_at, now), reason=REASONS[version.reason], days=FINAL_DAY
    )


def _name(clubs: Mapping[int, Club], club: int) -> str:
    return clubs[club].name if chinese() else clubs[club].name_en
