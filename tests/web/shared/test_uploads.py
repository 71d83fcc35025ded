"""Files of a request stay in memory, and what is too large or too many is not even held there."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from clubassist.core.files import MOST_BYTES, MOST_FILES
from clubassist.web.shared.uploads import UploadsForm
from tests.makers.files import PDF, upload

pytestmark = pytest.mark.req("B18")


def sent(*contents: bytes) -> MultiValueDict[str, UploadedFile[Any]]:
    """Return the files of a request as the product reads it."""
    files = [upload(content) for content in contents]
    return RequestFactory().post("/", {"uploads": files, "text": "words"}).FILES


def test_files_are_never_on_the_disk_in_the_clear() -> None:
    (file,) = sent(bytes(MOST_BYTES)).getlist("uploads")
    assert not isinstance(file, TemporaryUploadedFile)
    assert (file.size, len(file.read())) == (MOST_BYTES, MOST_BYTES)


def test_of_a_file_over_the_limit_only_the_size_is_held() -> None:
    large, small = sent(bytes(MOST_BYTES + 1), PDF).getlist("uploads")
    assert (large.size, large.read()) == (MOST_BYTES + 1, b"")
    assert small.read() == PDF


def test_of_too_many_files_the_rest_is_not_held() -> None:
    held = [file.read() for file in sent(*[PDF] * (MOST_FILES + 2)).getlist("uploads")]
    assert held == [PDF] * MOST_FILES + [b""] * 2


def test_a_form_without_files_has_none() -> None:
    for form in (UploadsForm(QueryDict()), UploadsForm(QueryDict(), MultiValueDict())):
        assert form.is_valid()
        assert form.cleaned_data["uploads"] == []
    assert not UploadsForm().uploads_gone
