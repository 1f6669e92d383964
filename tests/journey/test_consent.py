"""What a family agreed to: asked purpose by purpose, told how it came about, withdrawn with effect at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.actors import actor_of
from accounts.models import User
from api.actors import actor_of as partner_of
from audit.actions import dispatch_pending
from audit.models import Event, EventType
from cases.actions.consent import WitnessAsked, note_consent
from cases.models import Consent, Household
from core.actors import Actor
from journey.notices import DRAFT_OF, NOTICES
from messaging.models import Message
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.api import PartnerClientFactory
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.hearings import HearingFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db

P = Consent.Purpose


@pytest.fixture(autouse=True)
def story_time(now: datetime) -> object:
    with time_machine.travel(now, tick=False):
        yield


class TestNoteConsent:
    def test_keeps_version_language_way_and_who_asked_before_whom(
        self, staff_in: Callable[..., User], now: datetime
    ) -> None:
        asked, witness = staff_in("reception"), UserFactory(name="Irene Salas")
        household = HouseholdFactory()
        note_consent(
            household=household,
            answers={P.MESSAGES: True},
            language="hat",
            way=Consent.Way.INTERPRETER,
            witness=witness,
            actor=actor_of(asked),
            at=now,
        )
        consent = Consent.objects.get()
        assert (consent.notice_version, consent.notice_language, consent.notice_way) == (
            "2021-12",
            "hat",
            "interpreter",
        )
        assert (consent.noted_by, consent.noted_by_name) == (str(asked.pk), asked.name)
        assert (consent.witness, consent.witness_name) == (str(witness.pk), "Irene Salas")

    def test_refuses_who_asked_as_witness(self, staff_in: Callable[..., User], now: datetime) -> None:
        asked = staff_in("reception")
        with pytest.raises(WitnessAsked):
            note_consent(
                household=HouseholdFactory(),
                answers={P.MESSAGES: True},
                language="spa",
                witness=asked,
                actor=actor_of(asked),
                at=now,
            )

    def test_leaves_what_was_not_asked_as_it_was(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household = HouseholdFactory()
        ConsentFactory(household=household, purpose=P.PARTNERS)
        note_consent(
            household=household, answers={P.MESSAGES: False}, language="spa", actor=actor_in("reception"), at=now
        )
        standing = Consent.objects.filter(withdrawn_at=None).values_list("purpose", "is_given")
        assert set(standing) == {("partners", True), ("messages", False)}

    def test_nothing_asked_is_nothing_noted(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household = HouseholdFactory()
        note_consent(household=household, answers={}, language="spa", actor=actor_in("reception"), at=now)
        assert not Event.objects.filter(type=EventType.CONSENT_RECORDED).exists()


class TestWithdrawal:
    def withdraw(self, household: Household, purpose: Consent.Purpose, actor: Actor, at: datetime) -> None:
        note_consent(household=household, answers={purpose: False}, language="spa", actor=actor, at=at)

    def test_from_messages_takes_back_the_reminders_that_wait(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        household = HouseholdFactory()
        PersonFactory(household=household, phone="+526561234567", phone_owner="own")
        HearingFactory(household=household)
        actor = actor_in("reception")
        note_consent(household=household, answers={P.MESSAGES: True}, language="spa", actor=actor, at=now)
        dispatch_pending(at=now)
        waiting = Message.objects.about(household.uid).exclude(status=Message.Status.WITHDRAWN)
        assert waiting.exists()
        self.withdraw(household, P.MESSAGES, actor, now)
        dispatch_pending(at=now)
        assert not waiting.exists()

    def test_from_partners_hides_the_family_from_them_at_once(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        household = HouseholdFactory(site=SiteFactory(code="JZ"))
        partner = partner_of(PartnerClientFactory(sites=[household.site]), ["households:read"])
        ConsentFactory(household=household, purpose=P.PARTNERS)
        assert Household.objects.visible_to(partner).get() == household
        self.withdraw(household, P.PARTNERS, actor_in("reception"), now)
        assert not Household.objects.visible_to(partner).exists()


class TestConsentPage:
    def url(self, household: Household) -> str:
        return f"/households/{household.uid}/consent/"

    def test_notes_only_what_changed(self, client_of: Callable[..., Client]) -> None:
        household = HouseholdFactory(site=SiteFactory(code="JZ"))
        standing = ConsentFactory(household=household, purpose=P.MESSAGES)
        sent = {"messages": "yes", "partners": "no", "reception": "", "language": "spa", "way": "aloud", "witness": ""}
        client_of("reception").post(self.url(household), sent)
        noted = Consent.objects.get(withdrawn_at=None, purpose=P.PARTNERS)
        assert (noted.is_given, noted.notice_way) == (False, "aloud")
        assert Consent.objects.get(withdrawn_at=None, purpose=P.MESSAGES) == standing
        assert not Consent.objects.filter(purpose=P.RECEPTION).exists()

    def test_offers_colleagues_of_the_site_as_witnesses_and_nobody_else(self, client_of: Callable[..., Client]) -> None:
        site = SiteFactory(code="JZ")
        household = HouseholdFactory(site=site)
        colleague = MembershipFactory(user=UserFactory(name="Irene Salas"), role="protection", site=site).user
        MembershipFactory(user=UserFactory(name="Tomás Lerma"), role="protection", site=SiteFactory(code="TJ"))
        page = client_of("reception").get(self.url(household)).content.decode()
        assert f'<option value="{colleague.pk}">Irene Salas</option>' in page
        assert "Tomás Lerma" not in page

    def test_the_file_says_when_before_whom_and_after_which_notice(self, client_of: Callable[..., Client]) -> None:
        household = HouseholdFactory(people=1, site=SiteFactory(code="JZ"))
        ConsentFactory(
            household=household,
            notice_language="hat",
            notice_way=Consent.Way.INTERPRETER,
            noted_by_name="Maribel Ontiveros",
            witness_name="Irene Salas",
            noted_at=datetime.fromisoformat("2021-12-08T17:30:00+00:00") - timedelta(days=1),
        )
        page = client_of("reception").get(f"/households/{household.uid}/").content.decode()
        agreed = page.split('id="agreed"')[1].split("</section>")[0]
        for told in ("7 dic 2021", "Maribel Ontiveros", "Irene Salas", "2021-12", "criollo haitiano"):
            assert told in agreed


class TestNotices:
    def test_have_words_in_each_language_and_mark_the_drafts(
        self, client_of: Callable[..., Client], reference_data: None
    ) -> None:
        page = client_of("reception").get("/arrivals/new/").content.decode()
        for notice in NOTICES:
            words = page.split(f'data-notice="{notice.language}"')[1].split("</div>")[0]
            assert words.count("<p>") == 2
            assert ("x-pill warn" in words) is DRAFT_OF[notice.language]
