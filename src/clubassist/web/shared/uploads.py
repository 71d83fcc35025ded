"""Taking files in by a form, and handing them out: in memory, never on disk in the clear, never as a page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clubassist.core.files import ENDINGS, MOST_BYTES, MOST_FILES, Received, receive, too_large
from clubassist.core.models.file import KeptFile
from clubassist.core.refusal import Refused

MOST_READ: Final = 256 * 1024 * 1024
"""A body beyond this is not read to its end; below, what is too large is told from its size beside what was typed."""


class InMemory(FileUploadHandler):
    """Holds the files of a request in memory; of what is too large or too many it holds nothing but the size."""

    begun = 0

    def handle_raw_input(
        self,
        input_data: Any,
        meta: Mapping[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse a body that nobody sends by mistake."""
        if content_length > MOST_READ:
            raise RequestDataTooBig

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.begun += 1
        self.held = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Hold a piece of it, as long as it may become one that is taken."""
        if start + len(raw_data) <= MOST_BYTES and self.begun <= MOST_FILES:
            self.held += raw_data
        else:
            self.held.clear()

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """Return the file with its whole size."""
        return UploadedFile(BytesIO(self.held), self.file_name, self.content_type, file_size, self.charset)


class FilesInput(forms.FileInput):
    """Lets several files be chosen."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to MOST_FILES files; what comes out are harmless copies of them."""

    widget = FilesInput(attrs={"accept": ",".join((*ENDINGS, "image/gif"))})

    def __init__(self) -> None:
        hint = _("Up to {files} photos or PDF files, {most} MB each.")
        super().__init__(
            label=_("Photos or files"),
            required=False,
            help_text=format_lazy(hint, files=MOST_FILES, most=MOST_BYTES >> 20),
        )

    def clean(self, data: list[UploadedFile[bytes]], initial: Any = None) -> list[Received]:
        """Return the copies; a refusal names the file at fault."""
        if len(data) > MOST_FILES:
            raise forms.ValidationError(_("Send at most %(most)s files at once.") % {"most": MOST_FILES})
        return [_received(file) for file in data]


class UploadsForm(forms.Form):
    """A form that takes files; part of the forms of both faces."""

    uploads = FilesField()

    @property
    def uploads_gone(self) -> bool:
        """Tell whether files were sent with a form that comes back: no browser chooses them again by itself."""
        return bool(self.errors and self.files)


def _received(file: UploadedFile[bytes]) -> Received:
    name = str(file.name)[:60]
    if file.size is None or file.size > MOST_BYTES:
        raise forms.ValidationError(f"{name}: {too_large()}")
    try:
        return receive(file.read())
    except Refused as refusal:
        raise forms.ValidationError(f"{name}: {refusal.mend}") from refusal


def digests_of(request: HttpRequest) -> list[str]:
    """Return the SHA-256 of each file of a request, to tell one request from another."""
    found = []
    for _name, files in sorted(request.FILES.lists()):
        for file in files:
            file.seek(0)
            found.append(hashlib.sha256(file.read()).hexdigest())
    return found


def handed_out(row: KeptFile, content: bytes, *, name: str) -> HttpResponse:
    """Return a file to be saved, never shown: even a page among them could do nothing (reliability H2)."""
    response = HttpResponse(content, content_type=row.content_type)
    short = f"{name}-{row.pk.hex[:8]}.{ENDINGS[row.content_type]}"
    response["Content-Disposition"] = f'attachment; filename="{short}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
