"""Addresses of the desk."""

from __future__ import annotations

from django.urls import include, path

from clubassist.web.desk import (
    access_log,
    case_deeds,
    case_page,
    clock_deeds,
    entrance,
    intake,
    matter_deeds,
    people,
    queue,
    today,
)

urlpatterns = [
    path("", today.today, name="desk_today"),
    path("notices/read/", today.read_notices, name="desk_read_notices"),
    path("cases/", queue.queue, name="desk_queue"),
    path("cases/new/", intake.new, name="desk_new"),
    path("cases/<slug:number>/", case_page.case, name="desk_case"),
    path("cases/<slug:number>/reply/", case_deeds.reply, name="desk_reply"),
    path("cases/<slug:number>/note/", case_deeds.note, name="desk_note"),
    path("cases/<slug:number>/call/", case_deeds.call, name="desk_call"),
    path("cases/<slug:number>/assign/", case_deeds.assign, name="desk_assign"),
    path("cases/<slug:number>/contact/", case_deeds.contact, name="desk_contact"),
    path("cases/<slug:number>/facts/", case_deeds.facts, name="desk_facts"),
    path("cases/<slug:number>/clocks/<int:pk>/pause/", clock_deeds.pause, name="desk_pause"),
    path("cases/<slug:number>/clocks/<int:pk>/resume/", clock_deeds.resume, name="desk_resume"),
    path("cases/<slug:number>/complex/", matter_deeds.ask_complex, name="desk_complex"),
    path("cases/<slug:number>/complex/<int:pk>/decide/", matter_deeds.decide_complex, name="desk_decide"),
    path("cases/<slug:number>/merge/", matter_deeds.merge, name="desk_merge"),
    path("cases/<slug:number>/merges/<int:pk>/undo/", matter_deeds.unmerge, name="desk_unmerge"),
    path("cases/<slug:number>/link/", matter_deeds.link, name="desk_link"),
    path("cases/<slug:number>/links/<int:pk>/remove/", matter_deeds.unlink, name="desk_unlink"),
    path("cases/<slug:number>/resolve/", case_deeds.resolve, name="desk_resolve"),
    path("cases/<slug:number>/close/", case_deeds.close, name="desk_close"),
    path("tasks/<int:pk>/done/", case_deeds.task_done, name="desk_task_done"),
    path("members/", people.members, name="desk_members"),
    path("members/<uuid:pk>/", people.member, name="desk_member"),
    path("contacts/<uuid:pk>/reveal/", people.reveal, name="desk_reveal"),
    path("access-log/", access_log.access_log, name="desk_access"),
    path("rules/", include("clubassist.web.desk.rules.urls")),
    path("welcome/", entrance.welcome, name="desk_welcome"),
    path("theme/", entrance.theme, name="desk_theme"),
]
