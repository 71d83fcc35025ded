"""`clubassist jobs`: the operator sees what was given up and has it tried again."""

from __future__ import annotations

import pytest
from django.db import connection
from typer.testing import CliRunner

from clubassist.cli.commands import app

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost() -> int:
    """One job that was given up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, attempts)"
            " values ('facts', 'clubassist.core.journal.deliver', 'failed', 8) returning id"
        )
        return int(cursor.fetchone()[0])


def test_failed_jobs_are_listed_and_tried_again(lost: int) -> None:
    assert f"{lost}  clubassist.core.journal.deliver" in CliRunner().invoke(app, ["jobs", "failed"]).output
    assert CliRunner().invoke(app, ["jobs", "retry", str(lost)]).exit_code == 0
    assert "No job has failed." in CliRunner().invoke(app, ["jobs", "failed"]).output


@pytest.mark.parametrize("words", [[], ["--all", "1"], ["999999"]])
def test_retry_refuses_what_it_cannot_do_and_changes_nothing(lost: int, words: list[str]) -> None:
    assert CliRunner().invoke(app, ["jobs", "retry", *words]).exit_code == 2
    assert str(lost) in CliRunner().invoke(app, ["jobs", "failed"]).output
