"""Addresses of imports."""

from django.urls import path

from sheets import views

app_name = "sheets"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("template.xlsx", views.template, name="template"),
    path("xlsform.xlsx", views.xlsform, name="xlsform"),
    path("<uuid:import_uid>/", views.import_page, name="import"),
    path("<uuid:import_uid>/check/", views.check_again, name="check_again"),
    path("<uuid:import_uid>/in/", views.let_in, name="let_in"),
    path("<uuid:import_uid>/undo/", views.undo, name="undo"),
    path("<uuid:import_uid>/discard/", views.discard, name="discard"),
    path("<uuid:import_uid>/to-correct/", views.to_correct, name="to_correct"),
]
