"""Addresses of the floor, for `demo.wsgi` alone; the product does not include them."""

from django.urls import include, path

from demo.views import floor, landing

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("people/", floor.people, name="people"),
    path("households/<uuid:uid>/", floor.household, name="household"),
    path("find/", floor.find, name="find"),
    path("shelters/", floor.shelters, name="shelters"),
    path("tablet/sync/", landing.land, name="land"),
]
