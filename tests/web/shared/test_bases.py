"""The base templates: what they need, what they leave out, and the pages that must come out alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import translation

from clubassist.web import shared

NOW = datetime(2026, 11, 21, 3, 28, tzinfo=UTC)
TEMPLATES = Path(shared.__file__).parent / "templates"


class Report(forms.Form):
    kind = forms.ChoiceField(label="哪方面", widget=forms.RadioSelect, choices=[("a", "服务"), ("b", "场地")])
    story = forms.CharField(label="经过", help_text="写清时间", widget=forms.Textarea)
    photo = forms.FileField(label="照片", required=False)
    anonymous = forms.BooleanField(label="匿名", required=False)


def render(source: str, language: str = "zh-hans", **context: object) -> str:
    template = engines["django"].from_string(source)
    with translation.override(language):
        return template.render({"now": NOW, **context}, RequestFactory().get("/cases/?view=mine"))


def desk(body: str = "", **context: Any) -> str:
    return render(
        '{% extends "shared/desk_base.html" %}{% block title %}工单{% endblock %}' + body, **context
    )


def test_desk_shows_sections_and_marks_the_current_one() -> None:
    nav = [
        {"url": "/", "icon": "home", "label": "今日", "current": False, "key": "t"},
        {"url": "/cases/", "icon": "inbox", "label": "工单", "current": True, "count": 12},
    ]
    html = desk(nav=nav)
    assert re.search(r'<a href="/" data-go="t">.*今日</a>', html)
    assert re.search(r'<a href="/cases/" aria-current="page">.*工单.*12</span></a>', html)


def test_desk_leaves_out_controls_without_a_target() -> None:
    bare = desk(me={"name": "李娜", "line": "前台"})
    assert "登记来电" not in bare
    assert 'role="search"' not in bare
    assert "退出登录" not in bare
    full = desk(
        me={"name": "李娜", "line": "前台"}, call_url="/cases/new/", search_url="/find/", logout_url="/out/"
    )
    assert 'href="/cases/new/" data-key="n"' in full
    assert 'action="/find/" role="search"' in full
    assert "退出登录" in full


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_desk_theme_is_written_by_the_server(theme: str) -> None:
    assert f'<html lang="zh-hans" data-bs-theme="{theme}">' in desk(theme=theme)


def test_desk_follows_the_system_without_a_choice() -> None:
    assert 'data-bs-theme="auto"' in desk()


def test_desk_language_form_returns_to_the_same_page() -> None:
    html = desk(me={"name": "李娜", "line": ""}, language_url="/i18n/")
    assert '<input type="hidden" name="next" value="/cases/?view=mine">' in html
    assert 'name="language" value="en" lang="en"' in html


def test_title_starts_with_the_error() -> None:
    assert "<title>有误： 工单 · ClubAssist</title>" in desk(form=Report({}))
    assert "<title>工单 · ClubAssist</title>" in desk(form=Report())


@pytest.mark.parametrize(("mode", "switch"), [("standard", "长辈版"), ("care", "标准版")])
def test_member_page_needs_no_script_and_offers_the_other_mode(mode: str, switch: str) -> None:
    html = render(
        '{% extends "shared/member_base.html" %}',
        mode=mode,
        mode_url="/m/mode/",
        club={"name": "星锐", "venue": "滨江馆", "phone": "057112345678"},
        urls={"home": "/m/", "cases": "/m/cases/", "me": "/m/me/"},
        tab="cases",
    )
    assert f'data-mode="{mode}"' in html
    assert switch in html
    assert "<script" not in html
    assert 'href="tel:057112345678"' in html
    assert '<a href="/m/cases/" aria-current="page">' in html


def test_error_summary_links_reach_the_fields() -> None:
    html = render(
        '{% include "shared/errors.html" %}{% for field in form %}{% include "shared/fields.html" %}{% endfor %}',
        form=Report({}),
    )
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    links = re.findall(r'href="#([^"]+)"', html)
    assert links == ["id_kind_0", "id_story"]
    assert set(links) <= ids
    described = {name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()}
    assert described == {"id_kind_error", "id_story_helptext", "id_story_error"}
    assert described <= ids
    assert "autofocus" in html


def test_fields_without_errors_are_quiet_and_say_what_is_optional() -> None:
    html = render('{% for field in form %}{% include "shared/fields.html" %}{% endfor %}', form=Report())
    assert html.count('<label class="sa-tile">') == 2
    assert html.count("（选填）") == 1
    assert "sa-error" not in html
    assert "sa-field-bad" not in html


def test_numbered_tiles_answer_to_digits() -> None:
    html = render('{% include "shared/fields.html" with field=form.kind numbered=True %}', form=Report())
    assert 'class="sa-tiles sa-tiles-numbered" data-digits' in html


@pytest.mark.parametrize("code", ["400", "500", "503"])
def test_failure_page_stands_alone_in_two_languages(code: str) -> None:
    html = (TEMPLATES / f"{code}.html").read_text(encoding="utf-8")
    assert "{%" not in html
    assert "{{" not in html
    assert '<html lang="zh-Hans">' in html
    assert '<section class="sa-card" lang="en">' in html
    assert html.count('href="tel:120"') == 2


@pytest.mark.parametrize(
    ("code", "zh", "en"), [("404", "找不到", "not found"), ("403", "不能打开", "cannot open")]
)
def test_refusal_page_speaks_the_readers_language(code: str, zh: str, en: str) -> None:
    source = f'{{% extends "{code}.html" %}}'
    assert zh in render(source)
    assert en in render(source, "en")


def test_pager_offers_only_pages_that_exist() -> None:
    source = '{% include "shared/pager.html" %}'
    assert render(source).strip() == ""
    html = render(source, earlier="?before=9")
    assert 'rel="next" href="?before=9"' in html
    assert 'rel="prev"' not in html


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["text=" + "a" * 1_100_000, "&".join(f"f{n}=1" for n in range(250))])
def test_form_that_is_too_long_is_told_so(client: Client, body: str) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = client.post("/accounts/login/", body, content_type=kind, headers={"cookie": "lang=en"})
    assert answer.status_code == 413
    assert "what you typed is still there" in answer.content.decode()
