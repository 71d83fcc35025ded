"""Opening a file of a case."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from clubassist.core import clock
from clubassist.core.refusal import Missing
from clubassist.domain.cases.actions import open_file
from clubassist.domain.cases.models import Attachment
from clubassist.web.shared.doors import staff
from clubassist.web.shared.uploads import handed_out
from clubassist.web.shared.visitor import SignedRequest


@staff()
def file(request: SignedRequest, pk: UUID) -> HttpResponse:
    """Hand out a file, and leave a trace of who opened it."""
    row = Attachment.objects.visible_to(request.actor).select_related("case").filter(pk=pk).first()
    if row is None:
        raise Missing
    content = open_file(attachment=row, actor=request.actor, at=clock.now())
    return handed_out(row, content, name=row.case.number)
