"""A pack small enough to read whole, as the folder of files that its author writes."""

from pathlib import Path

from clubassist.pure.policy import Pack, load_pack

Change = tuple[str, str, str]
"""(file, old text, new text)"""

SMALL = {
    "pack.toml": """
name = "small"
title = {zh = "小规则", en = "Small rules"}
version = "1"
effective_from = 2026-01-01
owner = "service"
interpreter = "management"
languages = ["zh-Hans", "en"]

[[switch]]
code = "hurry"
title = {zh = "加快", en = "Hurry"}
on = false
clauses = ["X01"]
""",
    "clauses.toml": """
[[clause]]
id = "X01"
ref = "一"
section = {zh = "目标", en = "Goals"}
title = {zh = "按时答复", en = "Answer in time"}
text = {zh = "一天内答复。", en = "Answer within a day."}
owner = "service"
[[clause.states]]
about = "complaint"
promise = "first_response"
at_most = "24 h"

[[clause]]
id = "X02"
ref = "二"
section = {zh = "目标", en = "Goals"}
title = {zh = "同上", en = "As above"}
text = {zh = "见第一条。", en = "See the first clause."}
owner = "service"
points_to = ["X01"]
""",
    "kinds.toml": """
[[kind]]
code = "complaint.service"
class = "complaint"
title = {zh = "投诉", en = "Complaint"}
hint = {zh = "不满", en = "Unhappy"}
prefix = "GD"
playbook = "complaint"
confidentiality = "personal"
""",
    "deadlines.toml": """
[[deadline]]
id = "answer"
promise = "first_response"
title = {zh = "答复", en = "Answer"}
applies = {kinds = ["complaint.*"]}
target = "24 h"
target_if = {hurry = "4 h"}
calendar = "always"
strictness = "breach"
clauses = ["X01"]
ladder = [[50, "owner"], [100, "management"]]
member_promise = {zh = "{target}内答复您。", en = "We answer within {target}."}
""",
    "playbooks.toml": """
[[playbook]]
id = "complaint"
title = {zh = "投诉", en = "Complaint"}
[[playbook.stage]]
id = "accept"
title = {zh = "受理", en = "Accept"}
member_title = {zh = "受理", en = "Received"}
promise = "first_response"
clauses = ["X01"]
[[playbook.stage.task]]
id = "listen"
title = {zh = "倾听", en = "Listen"}
clauses = ["X01"]
""",
    "measures.toml": """
[[measure]]
id = "answered"
title = {zh = "按时率", en = "In time"}
promise = "first_response"
applies = {kinds = ["complaint.*"]}
formula = "attainment"
at_least = 98
unit = "%"
clauses = ["X01"]
""",
    "notices.toml": """
[[notice]]
event = "case.opened"
kinds = ["*"]
title = {zh = "收到", en = "Received"}
text = {zh = "您的编号 {number}，{due} 前答复。", en = "Your number is {number}; answer by {due}."}
clauses = ["X01"]
""",
    "triage.toml": """
[[words]]
id = "not"
words = ["没有", "not"]

[[words]]
id = "unhappy"
words = ["不满"]
denied_by = "not"

[[rule]]
id = "unhappy"
title = {zh = "不满", en = "Unhappy"}
of = ["unhappy"]
unless = ["not"]
kind = "complaint.service"
weight = 3
clauses = ["X01"]
""",
    "owners.toml": """
[[role]]
code = "agent"
title = {zh = "客服", en = "Agent"}
""",
}


def write(folder: Path, *changes: Change) -> Path:
    """Writes the small pack with these changes, and gives its folder back."""
    files = dict(SMALL)
    for file, old, new in changes:
        assert old in files[file], f"{file} has no {old!r}"
        files[file] = files[file].replace(old, new)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def make(folder: Path, *changes: Change) -> Pack:
    """The small pack with these changes, loaded."""
    return load_pack(write(folder, *changes))


def twice(file: str) -> Change:
    """Every row of the file stands in it a second time."""
    return file, SMALL[file], SMALL[file] * 2
