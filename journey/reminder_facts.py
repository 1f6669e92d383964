"""What wording reminders reads, for all that a sender takes in hand: as many queries for twenty as for one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import OuterRef, Q

from cases.models import Person
from core.actors import Actor
from hearings.models import Hearing
from journey import reminders
from journey.ways import agreed_by
from messaging.models import Message, is_due
from words.book import Book, book

GONE = (Message.Status.CLAIMED, Message.Status.UNCERTAIN, Message.Status.SENT)
READ_OF_PEOPLE = "uid household given_names surnames phone phone_owner email reached_by reads".split()


class Facts:
    """What is so at `at` of the hearings that `messages` are about, and of their people."""

    def __init__(self, messages: Sequence[Message], actor: Actor, at: datetime) -> None:
        self.at = at
        self._messages, self._actor = messages, actor

    def hearing_of(self, message: Message) -> Hearing | None:
        """The hearing of `message` (`with_planning`), with `agreed_at`: when its household last agreed to messages."""
        return self._hearings.get(str(message.params["hearing"]))

    def people_of(self, hearing: Hearing) -> list[Person]:
        """The household of `hearing`."""
        return self._people[hearing.household_id]

    def is_overtaken(self, message: Message) -> bool:
        """Whether a later step for the same person is due as well, or went out: after days without a sweep people get one text."""
        last = self._last_due.get((reminders.version_of(message.plan_key), message.recipient))
        return last is not None and last > message.due_at

    @cached_property
    def texts(self) -> Book:
        """Every text in force."""
        return book()

    @cached_property
    def told_otherwise(self) -> dict[int, dict[UUID, datetime]]:
        """Who heard of another date; asked only in the night."""
        return reminders.told_otherwise(self._hearings.values(), at=self.at)

    @cached_property
    def _hearings(self) -> dict[str, Hearing]:
        about = Hearing.objects.visible_to(self._actor).filter(
            uid__in={message.params["hearing"] for message in self._messages}
        )
        found = reminders.with_planning(about).annotate(agreed_at=agreed_by(OuterRef("household")))
        return {str(hearing.uid): hearing for hearing in found}

    @cached_property
    def _people(self) -> dict[int, list[Person]]:
        people: dict[int, list[Person]] = defaultdict(list)
        households = {hearing.household_id for hearing in self._hearings.values()}
        found = Person.objects.visible_to(self._actor).filter(household__in=households).only(*READ_OF_PEOPLE)
        for person in found:
            people[person.household_id].append(person)
        return people

    @cached_property
    def _last_due(self) -> dict[tuple[str, UUID], datetime]:
        said = Message.objects.about(*{message.subject for message in self._messages}).filter(purpose=reminders.PURPOSE)
        due_or_gone = is_due(self.at) | Q(status__in=GONE, due_at__lte=self.at)
        last = said.filter(due_or_gone).order_by("due_at").values_list("plan_key", "recipient", "due_at")
        return {(reminders.version_of(plan_key), recipient): due_at for plan_key, recipient, due_at in last}
