"""Addresses of the member pages."""

from __future__ import annotations

from django.urls import path

from clubassist.web.portal import case_views, files, home, offers, reporting, tracking

urlpatterns = [
    path("m/", home.home, name="portal_home"),
    path("m/report/", reporting.report, name="portal_report"),
    path("m/track/", tracking.track, name="portal_track"),
    path("m/cases/", case_views.cases, name="portal_cases"),
    path("m/cases/<slug:number>/", case_views.case, name="portal_case"),
    path("m/cases/<slug:number>/write/", case_views.case_write, name="portal_case_write"),
    path("m/cases/<slug:number>/files/<uuid:pk>/", files.case_file, name="portal_case_file"),
    path("m/cases/<slug:number>/solved/", case_views.case_solved, name="portal_case_solved"),
    path("m/cases/<slug:number>/not-solved/", case_views.case_not_solved, name="portal_case_not_solved"),
    path("m/cases/<slug:number>/accept/", offers.case_accept, name="portal_case_accept"),
    path("m/cases/<slug:number>/decline/", offers.case_decline, name="portal_case_decline"),
    path("m/promise/", home.promise, name="portal_promise"),
    path("m/privacy/", home.privacy, name="portal_privacy"),
    path("m/me/", home.me, name="portal_me"),
    path("t/<slug:code>/", tracking.link, name="portal_link"),
    path("t/<slug:code>/files/<uuid:pk>/", files.link_file, name="portal_link_file"),
    path("t/<slug:code>/solved/", tracking.link_solved, name="portal_link_solved"),
    path("t/<slug:code>/not-solved/", tracking.link_not_solved, name="portal_link_not_solved"),
    path("t/<slug:code>/accept/", offers.link_accept, name="portal_link_accept"),
    path("t/<slug:code>/decline/", offers.link_decline, name="portal_link_decline"),
    path("t/<slug:code>/write/", tracking.link_write, name="portal_link_write"),
]
