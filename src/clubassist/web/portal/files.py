"""Opening a file of one's own matter."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing
from clubassist.domain.cases.actions import open_file
from clubassist.domain.cases.models import Attachment
from clubassist.web.portal.case_page import visible_case
from clubassist.web.portal.case_views import named_by
from clubassist.web.portal.tracking import opened_by
from clubassist.web.shared.doors import member, public
from clubassist.web.shared.uploads import handed_out
from clubassist.web.shared.visitor import SignedRequest


@member()
def case_file(request: SignedRequest, number: str, pk: UUID) -> HttpResponse:
    """Hand out a file of one of the member's matters."""
    return _file(request.actor, number, pk)


@public()
def link_file(request: SignedRequest, code: str, pk: UUID) -> HttpResponse:
    """Hand out a file of the matter that the link opens."""
    actor, case = opened_by(request, code)
    return _file(actor, case, pk)


def _file(actor: Actor, which: int | str, pk: UUID) -> HttpResponse:
    case = visible_case(actor, **named_by(which))
    row = Attachment.objects.visible_to(actor).on(case).filter(pk=pk).first()
    if row is None:
        raise Missing
    content = open_file(attachment=row, actor=actor, at=clock.now())
    return handed_out(row, content, name=case.number)
