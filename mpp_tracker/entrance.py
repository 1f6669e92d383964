"""The doors of allauth that are open here: sign-in, its second factor and one's own password.

Nobody signs up, changes the address of an account or resets a password by e-mail: an administrator opens accounts.
allauth looks those doors up by name, so they exist and lead nowhere.
"""

from typing import NoReturn

from allauth.account import views
from django.http import Http404, HttpRequest
from django.urls import include, path
from django.views.generic import TemplateView


def closed(request: HttpRequest, **parts: str) -> NoReturn:
    """A door that allauth knows and this system keeps shut."""
    raise Http404


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("login/help/", TemplateView.as_view(template_name="account/help.html"), name="account_help"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("confirm-email/", closed, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", closed, name="account_confirm_email"),
    path("password/set/", closed, name="account_set_password"),
    path("password/reset/", closed, name="account_reset_password"),
    path("password/reset/done/", closed, name="account_reset_password_done"),
    path("password/reset/key/<str:key>/", closed, name="account_reset_password_from_key"),
    path("password/reset/key/done/", closed, name="account_reset_password_from_key_done"),
]
