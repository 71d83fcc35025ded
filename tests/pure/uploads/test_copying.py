"""What a file is, is told by its content; what comes out holds nothing but what it shows (reliability H2)."""

from __future__ import annotations

import zlib

import pytest
from PIL import Image

from clubassist.pure.uploads import PDF, PICTURES, Unreadable, harmless_copy
from tests.makers.files import PDF as A_PDF
from tests.makers.files import opened, picture

pytestmark = pytest.mark.req("B18")
CANARY = b"canary-in-a-picture"


@pytest.mark.parametrize(
    ("form", "content_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/png")],
)
def test_pictures_are_drawn_anew(form: str, content_type: str) -> None:
    copy = harmless_copy(picture(form))
    assert copy.content_type == content_type
    assert opened(copy.content).size == (40, 30)
    assert opened(copy.content).format == PICTURES[content_type]


def test_where_and_when_a_photo_was_taken_is_left_out() -> None:
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825)[1] = "N"
    copy = harmless_copy(picture("JPEG", exif=exif, comment=CANARY))
    assert CANARY in picture("JPEG", exif=exif, comment=CANARY)
    assert CANARY not in copy.content
    assert not opened(copy.content).getexif()


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(harmless_copy(picture("JPEG", exif=exif)).content).size == (30, 40)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_second_content_behind_a_picture_does_not_come_along(form: str) -> None:
    copy = harmless_copy(picture(form) + b"<script>" + CANARY)
    assert CANARY not in copy.content


def test_what_shines_through_still_does() -> None:
    assert opened(harmless_copy(picture(mode="RGBA")).content).mode == "RGBA"
    assert opened(harmless_copy(picture("JPEG", mode="CMYK")).content).mode == "RGB"


def test_a_large_photo_is_made_smaller() -> None:
    assert opened(harmless_copy(picture("JPEG", (6000, 1500))).content).size == (4096, 1024)


def test_a_pdf_stays_as_it_was_sent() -> None:
    assert harmless_copy(A_PDF) == (PDF, A_PDF)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"hello",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"PK\x03\x04" + bytes(60),
        b"MZ" + bytes(60),
        b"\x7fELF" + bytes(60),
        picture("TIFF"),
        picture("BMP"),
        b"\n" + A_PDF,
    ],
)
def test_other_types_are_not_taken(sent: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        harmless_copy(sent)
    assert refused.value.code == "type-unknown"


@pytest.mark.parametrize("sent", [picture()[:-30], picture("JPEG")[:300], b"GIF89a<script>", picture()[:40]])
def test_half_a_picture_is_not_taken(sent: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        harmless_copy(sent)
    assert refused.value.code == "unreadable"


def test_a_bomb_is_refused_before_a_pixel_is_decoded() -> None:
    small = picture(mode="L")
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + small[24:29]
    bomb = small[:12] + header + zlib.crc32(header).to_bytes(4, "big") + small[33:]
    with pytest.raises(Unreadable) as refused:
        harmless_copy(bomb)
    assert refused.value.code == "too-many-pixels"
