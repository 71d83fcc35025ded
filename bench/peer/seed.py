"""Make django-helpdesk's tables, four queues and a hundred thousand tickets with one follow-up each."""

from __future__ import annotations

import os
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peer.settings"
django.setup()

from django.apps import apps  # noqa: E402 - Django must be set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

QUEUES = (("front-desk", "前台"), ("coaching", "教练"), ("equipment", "器材"), ("billing", "账务"))
TICKETS = """
insert into helpdesk_ticket (title, queue_id, created, modified, submitter_email, status, on_hold, description,
                             priority, secret_key)
select '东区器械区的' || (array['跑步机', '划船机', '淋浴', '储物柜', '空调', '单车', '镜子', '门禁'])[1 + n % 8]
       || (array['突然停机', '漏水', '打不开', '有异响', '有异味'])[1 + n / 8 % 5] || ' ' || n,
       (select min(id) from helpdesk_queue) + n % 4,
       now() - n * interval '5 min', now() - n * interval '5 min', 'm' || n % 50000 || '@example.com',
       case when n % 5 = 0 then 1 else 4 end, false, '有安全隐患，希望尽快维修。', 2 + n % 4, gen_random_uuid()::text
from generate_series(1, 100000) n
"""
FOLLOW_UPS = """
insert into helpdesk_followup (ticket_id, date, title, comment, public)
select id, created, 'Ticket Opened Via Web', description, true from helpdesk_ticket
"""


def main() -> None:
    """Seed."""
    call_command("migrate", verbosity=0)
    queues: Any = apps.get_app_config("helpdesk").get_model("Queue")
    for slug, title in QUEUES:
        queues.objects.create(slug=slug, title=title, allow_public_submission=True)
    with connection.cursor() as cursor:
        cursor.execute(TICKETS)
        cursor.execute(FOLLOW_UPS)
        cursor.execute("analyze")


main()
