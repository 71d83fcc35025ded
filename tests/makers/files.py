"""Files as people send them."""

from __future__ import annotations

import hashlib
import io
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clubassist.core.files import Received

PDF: Final = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    """Return an encoded picture of one colour."""
    written = io.BytesIO()
    Image.new(mode, size).save(written, form, **options)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    """Return a picture decoded whole."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def received(content: bytes = PDF, content_type: str = "application/pdf") -> Received:
    """Return a file as if a child process had copied it."""
    return Received(content_type, content, hashlib.sha256(content).digest())


def upload(content: bytes = PDF, name: str = "a.pdf") -> SimpleUploadedFile:
    """Return a file that a browser sends."""
    return SimpleUploadedFile(name, content, content_type="text/html")
