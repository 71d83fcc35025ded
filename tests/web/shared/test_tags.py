"""The template tags: moments, lengths of time, amounts, icons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from clubassist.web.shared.templatetags.sa import moment, money, span

NOW = datetime(2026, 11, 21, 3, 28, tzinfo=UTC)  # 11:28 in Shanghai


def render(source: str, language: str = "zh-hans", **context: object) -> str:
    with translation.override(language), timezone.override("Asia/Shanghai"):
        return Template("{% load sa %}" + source).render(Context({"now": NOW, **context}))


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        (datetime(2026, 11, 21, 2, 6, tzinfo=UTC), "今天 10:06", "today 10:06"),
        (datetime(2026, 11, 20, 15, 59, tzinfo=UTC), "昨天 23:59", "yesterday 23:59"),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "今天 00:00", "today 00:00"),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), "明天 00:00", "tomorrow 00:00"),
        (datetime(2026, 11, 1, 1, 5, tzinfo=UTC), "11 月 1 日 09:05", "1 Nov 09:05"),
        (datetime(2025, 11, 21, 2, 6, tzinfo=UTC), "2025 年 11 月 21 日 10:06", "21 Nov 2025 10:06"),
    ],
)
def test_moment_is_said_in_the_readers_language_and_zone(at: datetime, zh: str, en: str) -> None:
    with timezone.override("Asia/Shanghai"):
        with translation.override("zh-hans"):
            assert moment(at, NOW) == zh
        with translation.override("en"):
            assert moment(at, NOW) == en


def test_when_gives_machines_the_same_instant() -> None:
    html = render("{% when at %}", at=datetime(2026, 11, 21, 2, 6, tzinfo=UTC))
    assert html == '<time datetime="2026-11-21T02:06:00+00:00">今天 10:06</time>'


def test_when_of_nothing_is_empty() -> None:
    assert render("{% when at %}", at=None) == ""


@pytest.mark.parametrize(
    ("length", "style", "zh", "en"),
    [
        (timedelta(hours=3, minutes=42, seconds=10), "", "3:42:10", "3:42:10"),
        (timedelta(minutes=38, seconds=5), "", "0:38:05", "0:38:05"),
        (timedelta(minutes=38, seconds=5), "short", "0:38", "0:38"),
        (timedelta(hours=71, minutes=59, seconds=59), "", "71:59:59", "71:59:59"),
        (timedelta(hours=72), "", "3 天", "3 d"),
        (timedelta(days=27, hours=23), "", "27 天", "27 d"),
        (timedelta(minutes=-12, seconds=-5), "", "超 0:12:05", "0:12:05 over"),
        (timedelta(days=-4), "short", "超 4 天", "4 d over"),
        (timedelta(0), "", "0:00:00", "0:00:00"),
    ],
)
def test_span_counts_hours_then_days(length: timedelta, style: str, zh: str, en: str) -> None:
    with translation.override("zh-hans"):
        assert span(length, style) == zh
    with translation.override("en"):
        assert span(length, style) == en


def test_countdown_carries_the_due_time_for_the_browser() -> None:
    html = render('{% countdown due "short" "修复" %}', due=NOW + timedelta(minutes=38, seconds=5))
    assert 'data-due="2026-11-21T04:06:05.000+00:00"' in html
    assert 'data-style="short" data-say="修复">0:38</span>' in html
    assert "data-late" not in html


def test_countdown_marks_what_is_late() -> None:
    assert "data-late>超 0:00:01<" in render("{% countdown due %}", due=NOW - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (128000, "¥1,280.00"),
        (5, "¥0.05"),
        (0, "¥0.00"),
        (-18050, "-¥180.50"),
        (123456789012, "¥1,234,567,890.12"),
    ],
)
def test_money_is_exact(fen: int, text: str) -> None:
    assert money(fen) == text


def test_icon_points_into_the_sprite_and_escapes() -> None:
    assert 'shared/icons.svg#clock"/>' in render('{% icon "clock" %}')
    assert "<b>" not in render("{% icon name %}", name='"><b>')
