"""The addresses of the texts."""

from django.urls import path

from words import views

app_name = "words"
urlpatterns = [
    path("", views.texts, name="texts"),
    path("<slug:language>/<slug:purpose>/<slug:way>/", views.text, name="text"),
    path("<slug:language>/<slug:purpose>/<slug:way>/preview/", views.preview, name="preview"),
    path("<slug:language>/<slug:purpose>/<slug:way>/sign/", views.sign, name="sign"),
]
