"""Who the demo is about: two clubs of one chain and the people who work there."""

from __future__ import annotations

from typing import Final

CLUBS: Final = (
    (
        "xr",
        "星锐篮球俱乐部",
        "Star Basketball Club",
        "滨江馆",
        "Riverside",
        ("一号场", "二号场", "更衣室", "前台"),
    ),
    (
        "lf",
        "力方健身俱乐部",
        "Liftfield Fitness",
        "中心店",
        "Central",
        ("器械区", "团课教室", "淋浴间", "前台"),
    ),
)
DEMO_CLUBS: Final = frozenset(club[0] for club in CLUBS)
AREA_EN: Final = {
    "一号场": "Court 1",
    "二号场": "Court 2",
    "更衣室": "Changing room",
    "前台": "Front desk",
    "器械区": "Machine floor",
    "团课教室": "Studio",
    "淋浴间": "Showers",
}
STAFF: Final = (
    ("lina", "李娜", "agent"),
    ("wangmin", "王敏", "service_manager"),
    ("zhangwei", "张伟", "technician"),
    ("zhaolei", "赵磊", "coach"),
)
DEPARTMENTS: Final = {
    "zhangwei": ("maintenance", True),
    "zhaolei": ("training", True),
    "wangmin": ("service", True),
}
"""Where the clubs' colleagues work, and whether they head it (B20)."""
NOT_READ_YET: Final = ("coach", "agent")
"""Who has not confirmed the rules they work by, so that there is something to see (B01)."""
CENTRE: Final = (
    ("centre", "周宁", "service_manager"),
    ("boss", "陈总", "management"),
    ("audit", "孙审", "auditor"),
    ("itsec", "吴安", "it_security"),
    ("finance", "钱会", "finance"),
    ("training", "何培", "training"),
)
