"""What a clause states, as its page says it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from clubassist.pure.policy import Statement, Text
from clubassist.web.desk.rules.statements import stated

TERMS = {
    "freezer": Text(zh="冷柜", en="Freezer"),
    "kept": Text(zh="保持", en="Kept"),
    "discharged": Text(zh="出院", en="Discharge"),
    "guards": Text(zh="名救生员", en="guards"),
}


@pytest.mark.parametrize(
    ("limits", "zh", "en"),
    [
        ({"at_most": "-18 °C"}, "不超过 -18 °C", "at most -18 °C"),
        ({"at_least": "15 year"}, "至少 15 年", "at least 15 years"),
        ({"at_least": "1 years"}, "至少 1 年", "at least 1 year"),
        ({"at_most": "0 h"}, "不超过 0 小时", "at most 0 hours"),
        ({"at_most": "1.5 working days"}, "不超过 1.5 个工作日", "at most 1.5 working days"),
        ({"change": "-2 min"}, "-2 分钟", "-2 minutes"),
        (
            {"change": "+5 points", "every": "quarter"},
            "每季度 +5 个百分点",
            "+5 percentage points every quarter",
        ),
        ({"at_least": "98 %", "every": "month"}, "每月至少 98%", "at least 98% every month"),
        ({"every": "6 months"}, "每 6 个月", "every 6 months"),
        ({"at_least": "1 guards"}, "至少 1 名救生员", "at least 1 guard"),
        ({"at_least": "2 guards"}, "至少 2 名救生员", "at least 2 guards"),
        ({"at_least": "1 times", "every": "year"}, "每年至少 1 次", "at least 1 time every year"),
        (
            {"at_least": "26 °C", "at_most": "28 °C"},
            "不超过 28 °C，至少 26 °C",
            "at most 28 °C, at least 26 °C",
        ),
    ],
)
def test_limits_are_said_with_sign_number_and_plural(limits: dict[str, Any], zh: str, en: str) -> None:
    statement = Statement(about="freezer", promise="kept", **limits)
    with override("en"):
        assert stated(statement, TERMS) == f"Freezer · Kept: {en}"
    with override("zh-hans"):
        assert stated(statement, TERMS) == f"冷柜 · 保持：{zh}"


def test_cases_and_the_start_of_the_time_are_said() -> None:
    statement = Statement.model_validate(
        {
            "about": "freezer",
            "promise": "kept",
            "when": {"age": "child"},
            "from": "discharged",
            "at_most": "2 h",
        }
    )
    with override("en"):
        assert stated(statement, TERMS) == "Freezer · Kept (child, from “Discharge”): at most 2 hours"
    with override("zh-hans"):
        assert stated(statement, TERMS) == "冷柜 · 保持（child、从“出院”起）：不超过 2 小时"
