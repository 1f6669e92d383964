"""Addresses of this room."""

from django.urls import path

from dashboard.views import audit, report, today

app_name = "dashboard"
urlpatterns = [
    path("", today.today, name="today"),
    path("report/", report.report, name="situation"),
    path("report/export/", report.export, name="situation_export"),
    path("audit/", audit.audit, name="audit"),
    path("audit/households/<uuid:uid>/", audit.household_audit, name="household_audit"),
]
