"""A file's type is told by its content; a picture is drawn anew, so that nothing hidden in it comes along."""

from __future__ import annotations

import io
from typing import Final, NamedTuple

import puremagic
from PIL import Image, ImageOps

PDF: Final = "application/pdf"
PICTURES: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
"""The pictures that are taken, by type, with the one decoder that may open each."""
MOST_PIXELS: Final = 50_000_000
"""More than this is refused before a pixel is decoded; a phone's camera takes 12 to 50 million."""
LONGEST_SIDE: Final = 4_096
QUALITY: Final = 88


class Unreadable(ValueError):
    """No file that is taken; `code` is type-unknown, unreadable or too-many-pixels."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Copy(NamedTuple):
    """The harmless copy of a file, and its type."""

    content_type: str
    content: bytes


def harmless_copy(sent: bytes) -> Copy:
    """Return a picture drawn anew, upright and at most 4,096 pixels long, without EXIF, comments or a second content.

    Of a moving picture the first frame; a GIF becomes a PNG. A PDF stays as it was sent. Raises Unreadable for
    anything else and for what cannot be decoded whole. Foreign bytes are parsed here: call it in a child process.
    """
    content_type = _type_of(sent)
    if content_type == PDF:
        return Copy(PDF, sent)
    try:
        return _drawn_anew(sent, PICTURES[content_type])
    except (Image.DecompressionBombError, MemoryError) as error:
        raise Unreadable("too-many-pixels") from error
    except (OSError, SyntaxError, EOFError) as error:
        raise Unreadable("unreadable") from error


def _type_of(sent: bytes) -> str:
    try:
        guesses: list[str] = [guess.mime_type for guess in puremagic.magic_string(sent)]
    except (ValueError, puremagic.PureError) as error:
        raise Unreadable("type-unknown") from error
    for content_type in guesses:
        if content_type in PICTURES or content_type == PDF:
            return content_type
    raise Unreadable("type-unknown")


def _drawn_anew(sent: bytes, decoder: str) -> Copy:
    with Image.open(io.BytesIO(sent), formats=[decoder]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Unreadable("too-many-pixels")
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        clear = decoder != "JPEG" and upright.has_transparency_data
        bare = upright.convert("RGBA" if clear else "RGB")
    bare.info.clear()  # comments and profiles would be written again
    encoder = "PNG" if decoder == "GIF" else decoder
    written = io.BytesIO()
    bare.save(written, encoder, quality=QUALITY)
    return Copy(f"image/{encoder.lower()}", written.getvalue())
