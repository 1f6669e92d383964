"""Secret addresses of calendars: who opens them, what they answer, when they end."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from audit.models import Event, EventType, Read
from core.errors import NotAllowed
from docket.actions.feeds import AddressAlreadyShown, TooManyFeeds, end_feed, open_feed
from docket.models import CalendarEntry, CalendarFeed
from hearings.models import Hearing
from places.models import Site
from tests.docket.calendars.reading import address
from tests.factories.places import SiteFactory

PAGE = reverse("docket:calendars")


Kind = CalendarFeed.Kind


class TestOpenFeed:
    pytestmark = pytest.mark.django_db

    def test_keeps_a_checksum_and_not_the_token(self, opened):
        feed, token = opened()
        assert len(token) >= 43
        assert token not in str(CalendarFeed.objects.values().get())
        assert feed.expires_at - feed.opened_at == timedelta(days=365)

    def test_opens_one_for_a_form_that_is_sent_twice(self, officer, site, now):
        uid = uuid.uuid4()
        open_feed(uid=uid, kind=Kind.OFFICE, site=site, actor=officer, at=now)
        with pytest.raises(AddressAlreadyShown):
            open_feed(uid=uid, kind=Kind.OFFICE, site=site, actor=officer, at=now)

    def test_refuses_a_thirteenth(self, opened):
        for _ in range(12):
            opened()
        with pytest.raises(TooManyFeeds):
            opened()

    @pytest.mark.parametrize("role", ["shelter", "protection", "dpo", "administrator"])
    def test_refuses_the_hearings_to_those_who_do_not_work_on_them(self, opened, actor_in, role):
        with pytest.raises(NotAllowed):
            opened(Kind.OFFICE, actor_in(role))

    def test_refuses_another_city(self, opened, actor_in):
        with pytest.raises(NotAllowed):
            opened(Kind.OFFICE, actor_in("hearings", "TJ"))


class TestTheAddress:
    """Asked for by a program that never signed in."""

    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def token(self, opened, note):
        note()
        return opened()[1]

    def ask(self, token, at, **headers):
        with time_machine.travel(at, tick=False):
            return Client().get(address(token), headers=headers)

    def test_answers_with_a_calendar_that_no_proxy_keeps(self, token, now):
        answer = self.ask(token, now)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert "private" in answer["Cache-Control"]
        assert not answer.cookies
        feed = CalendarFeed.objects.get()
        assert (feed.last_fetched_at, feed.fetches) == (now, 1)

    def test_says_that_nothing_changed(self, token, now):
        first = self.ask(token, now)
        again = self.ask(token, now + timedelta(hours=1), if_none_match=first["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        Hearing.objects.update(status=Hearing.Status.CANCELLED)
        assert self.ask(token, now + timedelta(hours=2), if_none_match=first["ETag"]).status_code == 200

    def test_is_in_the_read_log_whenever_it_told_something(self, token, now):
        etag = self.ask(token, now)["ETag"]
        self.ask(token, now + timedelta(hours=1), if_none_match=etag)
        read = Read.objects.get(page="calendar")
        assert read.households == [Hearing.objects.get().household.uid]
        assert read.actor_id == str(CalendarFeed.objects.get().user_id)

    def test_answers_no_more_once_ended_like_one_that_never_was(self, token, now, officer):
        end_feed(feed=CalendarFeed.objects.get(), actor=officer, at=now)
        ended, unknown = self.ask(token, now), self.ask("x" * 43, now)
        assert (ended.status_code, ended.content) == (unknown.status_code, unknown.content)
        assert ended.status_code == 404

    def test_ends_after_a_year(self, token, now):
        assert self.ask(token, now + timedelta(days=366)).status_code == 404

    @pytest.mark.parametrize("loss", ["role", "site", "account"])
    def test_ends_for_good_with_the_role_the_site_or_the_account(self, token, now, loss, site):
        membership = Membership.objects.get(user__calendar_feeds__isnull=False)
        if loss == "role":
            Membership.objects.filter(pk=membership.pk).update(role="protection")
        if loss == "site":
            Membership.objects.filter(pk=membership.pk).update(site=SiteFactory(code="TJ"))
        if loss == "account":
            User.objects.update(is_active=False)
        assert self.ask(token, now).status_code == 404
        User.objects.update(is_active=True)
        Membership.objects.filter(pk=membership.pk).update(role="hearings", site=site)
        assert self.ask(token, now).status_code == 404
        assert Event.objects.get(type=EventType.FEED_ENDED).facts["reason"] == "no_longer_entitled"
        assert not CalendarEntry.objects.exists()

    def test_is_not_asked_more_than_once_a_second(self, token, now):
        answers = {self.ask(token, now).status_code for _ in range(61)}
        assert answers == {200, 429}

    def test_does_not_let_strangers_guess_on(self, db, now):
        assert [self.ask(f"guess{number:038}", now).status_code for number in range(61)] == [404] * 60 + [429]


class TestThePage:
    pytestmark = pytest.mark.django_db

    def test_shows_the_address_once(self, client_of, now):
        browser = client_of("hearings")
        site = Site.objects.get(code="JZ")
        with time_machine.travel(now, tick=False):
            page = browser.post(PAGE, {"uid": uuid.uuid4(), "what": f"office-{site.pk}"})
            shown = page.context["address"]
            assert shown in page.content.decode()
            assert shown not in browser.get(PAGE).content.decode()
            assert Client().get(shown).status_code == 200

    def test_opens_it_on_the_device_over_tls(self, client_of):
        browser, site = client_of("hearings"), Site.objects.get(code="JZ")
        form = {"uid": uuid.uuid4(), "what": f"office-{site.pk}"}
        assert browser.post(PAGE, form, secure=True).context["webcal"].startswith("webcals://")

    def test_offers_only_what_its_reader_may_hold(self, client_of):
        for role, expected in {"hearings": ["office", "bridge"], "reception": ["bridge"]}.items():
            form = client_of(role).get(PAGE).context["form"]
            assert [key.split("-")[0] for key, _ in form.fields["what"].choices] == expected

    def test_ends_one(self, client_of, opened, now):
        feed, token = opened()
        client_of("hearings").post(reverse("docket:end_calendar", args=[feed.uid]))
        assert Client().get(address(token)).status_code == 404

    def test_ends_nobody_elses(self, client_of, opened):
        feed, _token = opened()
        assert client_of("coordinator").post(reverse("docket:end_calendar", args=[feed.uid])).status_code == 404
