"""Addresses of this room. What is none of them is a problem document too."""

from django.urls import path, re_path

from api.views.arrivals import Arrivals
from api.views.base import Missing
from api.views.documents import Schema, docs
from api.views.households import Find, Households, OneHousehold
from api.views.shelters import OneShelter, Shelters
from api.views.stays import EndStay, Stays
from api.views.tokens import Token

app_name = "api"
urlpatterns = [
    path("token/", Token.as_view(), name="token"),
    path("v1/schema/", Schema.as_view(), name="schema"),
    path("v1/docs/", docs, name="docs"),
    path("v1/shelters/", Shelters.as_view(), name="shelters"),
    path("v1/shelters/<uuid:uid>/", OneShelter.as_view(), name="shelter"),
    path("v1/households/", Households.as_view(), name="households"),
    path("v1/households/<uuid:uid>/", OneHousehold.as_view(), name="household"),
    path("v1/find/", Find.as_view(), name="find"),
    path("v1/arrivals/", Arrivals.as_view(), name="arrivals"),
    path("v1/stays/", Stays.as_view(), name="stays"),
    path("v1/stays/<uuid:uid>/end/", EndStay.as_view(), name="end_stay"),
    re_path(r"", Missing.as_view(), name="missing"),
]
