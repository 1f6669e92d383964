"""Where gateways tell what became of messages, and what people wrote back."""

from django.urls import path

from messaging import views

app_name = "messaging"

urlpatterns = [
    path("callbacks/<slug:gateway>/", views.callback, name="callback"),
]
