"""Addresses of the desk."""

from __future__ import annotations

from django.urls import include, path

from clubassist.web.desk import (
    access_log,
    case_deeds,
    case_page,
    entrance,
    intake,
    people,
    queue,
    step_deeds,
    today,
    worklists,
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
    path("cases/<slug:number>/resolve/", case_deeds.resolve, name="desk_resolve"),
    path("cases/<slug:number>/close/", case_deeds.close, name="desk_close"),
    path("cases/<slug:number>/ask/", step_deeds.ask, name="desk_ask"),
    path("cases/<slug:number>/report/", step_deeds.report, name="desk_report"),
    path("reports/", worklists.reports, name="desk_reports"),
    path("reports/<int:pk>/read/", step_deeds.report_read, name="desk_report_read"),
    path("follow-ups/", worklists.calls, name="desk_calls"),
    path("follow-ups/<int:pk>/", step_deeds.follow_up, name="desk_follow_up"),
    path("tasks/", worklists.tasks, name="desk_tasks"),
    path("tasks/<int:pk>/skip/", step_deeds.task_skip, name="desk_task_skip"),
    path("tasks/<int:pk>/send/", step_deeds.task_send, name="desk_task_send"),
    path("tasks/<int:pk>/take-on/", worklists.take_on, name="desk_task_take_on"),
    path("tasks/<int:pk>/finish/", worklists.finish, name="desk_task_finish"),
    path("tasks/<int:pk>/hand/", worklists.hand, name="desk_task_hand"),
    path("tasks/<int:pk>/done/", case_deeds.task_done, name="desk_task_done"),
    path("members/", people.members, name="desk_members"),
    path("members/<uuid:pk>/", people.member, name="desk_member"),
    path("contacts/<uuid:pk>/reveal/", people.reveal, name="desk_reveal"),
    path("access-log/", access_log.access_log, name="desk_access"),
    path("rules/", include("clubassist.web.desk.rules.urls")),
    path("welcome/", entrance.welcome, name="desk_welcome"),
    path("theme/", entrance.theme, name="desk_theme"),
]
