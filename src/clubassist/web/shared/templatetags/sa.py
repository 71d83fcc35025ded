"""Template tags of every page. They run a hundred times per page, so they do no more than format."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

# A promise is counted in hours up to 72, which is the longest the regulations write in hours.
HOURS_LIMIT = timedelta(hours=72)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, css: str = "") -> SafeString:
    """Return the decorative icon `name` of the sprite; give the control around it a text or an aria-label."""
    href = static("shared/icons.svg")
    return format_html('<svg class="sa-ic {}" aria-hidden="true"><use href="{}#{}"/></svg>', css, href, name)


def moment(at: datetime, now: datetime) -> str:
    """Say when `at` is, seen from `now`, in the current time zone and language.

    `今天 10:06`, `昨天`, `明天`, then `11 月 21 日 10:06`, with the year when it is not this one.
    """
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    time = f"{local:%H:%M}"
    match (local.date() - today).days:
        case 0:
            return _("today {time}").format(time=time)
        case -1:
            return _("yesterday {time}").format(time=time)
        case 1:
            return _("tomorrow {time}").format(time=time)
    words = _("{day} {name} {time}") if local.year == today.year else _("{day} {name} {year} {time}")
    name = MONTHS_3[local.month].title()
    return words.format(day=local.day, month=local.month, name=name, year=local.year, time=time)


@register.simple_tag(takes_context=True)
def when(context: dict[str, Any], at: datetime | None) -> str:
    """Return `at` in words inside a `<time>` element, seen from `now` of the context; nothing for None."""
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>',
        at.astimezone(UTC).isoformat("T", "seconds"),
        moment(at, context["now"]),
    )


@register.filter
def span(length: timedelta, style: str = "") -> str:
    """Return a length of time: `3:42:10`, from 72 hours on `27 天`; a negative one as `超 0:12:05`.

    With the style `short` the seconds are left out, for lists.
    """
    seconds = int(abs(length).total_seconds())
    if abs(length) >= HOURS_LIMIT:
        text = _("{days} d").format(days=seconds // 86_400)
    else:
        text = f"{seconds // 3600}:{seconds // 60 % 60:02}"
        if style != "short":
            text += f":{seconds % 60:02}"
    return _("{span} over").format(span=text) if length < timedelta(0) else text


@register.simple_tag(takes_context=True)
def countdown(context: dict[str, Any], due: datetime, style: str = "", label: str = "") -> SafeString:
    """Return the time left until `due` as a timer that the desk's script keeps ticking.

    `style` as in `span`. With a `label` the remaining time is also spoken at 30, 10 and 5 minutes.
    """
    left = due - context["now"]
    return format_html(
        '<span role="timer" data-due="{}" data-style="{}" data-say="{}"{}>{}</span>',
        due.astimezone(UTC).isoformat("T", "milliseconds"),
        style,
        label,
        SafeString(" data-late") if left < timedelta(0) else "",
        span(left, style),
    )


@register.filter
def money(fen: int) -> str:
    """Return an amount in fen as yuan: 128000 is `¥1,280.00`."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{yuan:,}.{rest:02}"
