"""Files that come with a message or a piece of evidence, and opening them (B18, B23)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core import access
from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.files import MOST_FILES, Received, content_of, keep
from clubassist.core.journal import record
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases.facts import FileAttached
from clubassist.domain.cases.models import Attachment, Case, Evidence
from clubassist.domain.channels.models import Message

MOST_ON_A_CASE: Final = 50


def attach(
    case: Case,
    files: Sequence[Received],
    *,
    message: Message | None = None,
    evidence: Evidence | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep files of a message or of a piece of evidence; nothing without any. The caller checked the right.

    Records FileAttached for each. Raises Refused at `uploads` for too many at once or on the case, and without room.
    """
    if not files:
        return
    if len(files) > MOST_FILES:
        mend = _("Send at most %(most)s files at once.") % {"most": MOST_FILES}
        raise Refused("too-many-files", field="uploads", mend=mend)
    if case.attachments.count() + len(files) > MOST_ON_A_CASE:
        mend = _("There are %(most)s files here already. Send it without files.") % {"most": MOST_ON_A_CASE}
        raise Refused("case-full-of-files", field="uploads", mend=mend)
    for file in files:
        row = Attachment(case=case, message=message, evidence=evidence, by_id=actor.account)
        row = keep(row, file, at=at)
        fact = FileAttached(case_id=case.pk, file_id=row.pk, digest=bytes(row.digest).hex())
        record(fact, actor=actor, at=at, scope=case.club_id)


@action
def open_file(*, attachment: Attachment, actor: Actor, at: datetime) -> bytes:
    """Return the content of a file, and log who opened it (F25). Raises Missing, Refused (410) when it is gone."""
    seen = Attachment.objects.visible_to(actor).select_related("case")
    row = seen.filter(pk=attachment.pk).first()
    if row is None:
        raise Missing
    content = content_of(row)
    access.looked("read", ("file", str(row.pk)), actor=actor, at=at, scope=row.case.club_id)
    return content
