"""Move every case into one month that is over and freeze its figures; print how many and what it took as JSON."""

from __future__ import annotations

import json
import time

import django

django.setup()

from django.db import connection  # noqa: E402 - Django must be set up first

from clubassist.core import clock  # noqa: E402
from clubassist.core.actor import SYSTEM  # noqa: E402
from clubassist.domain.cases.models import Case  # noqa: E402
from clubassist.domain.club.models import Club  # noqa: E402
from clubassist.domain.insight.actions import freeze_month  # noqa: E402
from clubassist.pure.figures import Release, month_of, month_span, months_before  # noqa: E402

BACK = 3

# The clocks of a case move along with it. Cases fall evenly on the first 28 days.
_SHIFT = """
create temporary table moved as
select id, %s::timestamptz + (id * 7919 %% 2419200) * interval '1 s' - received_at as shift from cases_case
"""
_CASES = """
update cases_case c set received_at = received_at + shift, told_at = told_at + shift,
    resolved_at = resolved_at + shift, first_resolved_at = first_resolved_at + shift, closed_at = closed_at + shift
from moved m where m.id = c.id
"""
_CLOCKS = """
update cases_clock k set started_at = started_at + shift, due_at = due_at + shift,
    gross_due_at = gross_due_at + shift, met_at = met_at + shift,
    stopped_at = stopped_at + shift
from moved m where m.id = k.case_id
"""
_RULES = "update club_adoption set effective_from = effective_from - interval '1 year'"


def main() -> None:
    """Move, freeze and print."""
    at = clock.now()
    clubs = list(Club.objects.order_by("pk"))
    month = months_before(month_of(at, clubs[0].zone), BACK)
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(_SHIFT, [month_span(month, clubs[0].zone).start])
        for statement in (_CASES, _CLOCKS, _RULES):
            cursor.execute(statement)
        cursor.execute("set session_replication_role = default")
        cursor.execute("vacuum analyze")
    begun = time.perf_counter()
    for club in clubs:
        freeze_month(club=club, month=month, release=Release.FINAL, actor=SYSTEM, at=at)
    took = round(time.perf_counter() - begun, 2)
    print(json.dumps({"month": f"{month:%Y-%m}", "cases": Case.objects.count(), "freezing": took}))


main()
