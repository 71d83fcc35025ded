"""Masks: what may be shown of a name, phone or mail address where nobody asked to see all of it."""

from __future__ import annotations

_COMPOUND_SURNAMES = frozenset(
    surname
    for line in (
        "欧阳 歐陽 上官 司马 司馬 司徒 司空 诸葛 諸葛 夏侯 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐",
        "长孙 長孫 宇文 东方 東方 南宫 南宮 端木 轩辕 軒轅 独孤 獨孤 西门 西門 申屠 澹台 澹臺",
        "钟离 鍾離 闻人 聞人 濮阳 濮陽 淳于 呼延 百里 第五",
    )
    for surname in line.split()
)


def mask_phone(phone: str) -> str:
    """Return `138****5678` of a Chinese mobile number in E.164 form, `****5678` of any other."""
    if len(phone) < 8:
        return "****"
    mobile = phone.startswith("+861") and len(phone) == 14
    return f"{phone[3:6] if mobile else ''}****{phone[-4:]}"


def mask_name(name: str) -> str:
    """Return the surname of a Chinese name, or the first letter of any other, and a star: 张*, 欧阳*, J*."""
    bare = name.strip()
    shown = 2 if bare[:2] in _COMPOUND_SURNAMES and len(bare) > 2 else 1
    return f"{bare[:shown]}*" if bare else ""


def mask_mail(address: str) -> str:
    """Return `z***@qq.com`: the first letter and the domain. Text without an @ is masked whole."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local[:1]}***@{domain}" if at else "***"
