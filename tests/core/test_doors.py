"""The door of every staff page."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from core.actors import Actor, ActorKind, Capability
from core.doors import answering, go_to, refused_in, staff_page
from core.errors import NotAllowed

RECEPTION = Actor(kind=ActorKind.STAFF, id="1", name="Rosa", capabilities=frozenset({Capability.SEE_PEOPLE}))


@staff_page(Capability.SEE_PEOPLE, Capability.SEE_AUDIT)
def page(request):
    return HttpResponse("in")


@staff_page()
def open_page(request):
    return HttpResponse("in")


def request_of(actor, path="/page/", method="get", htmx=False):
    request = getattr(RequestFactory(), method)(path)
    request.actor, request.htmx = actor, htmx
    return request


class TestStaffPage:
    def test_opens_to_any_one_of_its_capabilities(self):
        assert page(request_of(RECEPTION)).content == b"in"

    def test_without_any_named_opens_to_all_staff(self):
        nobody = Actor(kind=ActorKind.STAFF, id="1", name="Rosa")
        assert open_page(request_of(nobody)).content == b"in"

    def test_is_missing_for_a_role_without_the_capability(self):
        with pytest.raises(Http404):
            page(request_of(Actor(kind=ActorKind.STAFF, id="1", name="Rosa")))

    def test_sends_the_anonymous_to_sign_in_and_back(self):
        response = page(request_of(None, "/page/?day=2021-12-16"))
        assert response["Location"] == "/account/login/?next=/page/%3Fday%3D2021-12-16"

    def test_sends_them_back_to_a_page_not_to_a_deed(self):
        assert page(request_of(None, method="post"))["Location"] == "/account/login/?next=/"

    def test_is_never_stored(self):
        assert "no-store" in page(request_of(RECEPTION))["Cache-Control"]

    def test_lets_a_page_say_otherwise(self):
        @staff_page()
        def figures(request):
            return HttpResponse(headers={"Cache-Control": "private, no-cache"})

        assert figures(request_of(RECEPTION))["Cache-Control"] == "private, no-cache"


class TestGoTo:
    def test_answers_a_form_with_a_redirect(self):
        assert go_to(request_of(RECEPTION), "/")["Location"] == "/"

    def test_answers_htmx_with_its_header(self):
        response = go_to(request_of(RECEPTION, htmx=True), "/")
        assert (response.status_code, response["HX-Redirect"]) == (200, "/")


class TestAnswering:
    @pytest.fixture
    def request_with_words(self):
        request = request_of(RECEPTION)
        request._messages = CookieStorage(request)
        return request

    def said(self, request):
        return [(each.level_tag, str(each)) for each in get_messages(request)]

    def test_says_what_was_done(self, request_with_words):
        with answering(request_with_words, "Noted."):
            pass
        assert self.said(request_with_words) == [("success", "Noted.")]

    def test_says_why_it_was_refused_and_lets_the_view_go_on(self, request_with_words):
        with answering(request_with_words, "Noted."):
            raise NotAllowed()
        assert self.said(request_with_words) == [("warning", str(NotAllowed.message))]

    def test_says_nothing_of_what_tells_by_itself(self, request_with_words):
        with answering(request_with_words):
            pass
        assert not self.said(request_with_words)

    def test_hides_no_bug(self, request_with_words):
        with pytest.raises(KeyError), answering(request_with_words, "Noted."):
            raise KeyError("bug")


class TestRefusedIn:
    class Form(forms.Form):
        number = forms.IntegerField()

    def test_keeps_the_refusal_beside_what_was_typed(self):
        form = self.Form({"number": "7"})
        with refused_in(form):
            raise NotAllowed()
        assert form.non_field_errors() == [str(NotAllowed.message)]
        assert form["number"].value() == "7"

    def test_leaves_a_form_alone_whose_deed_is_done(self):
        form = self.Form({"number": "7"})
        with refused_in(form):
            pass
        assert form.is_valid()
