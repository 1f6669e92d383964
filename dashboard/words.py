"""The log in words: rooms record codes and ids, people read sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.models import Event, EventType
from cases.states import Step
from core.actors import ActorKind

# What each page that shows people calls itself in the read log.
PAGES = {
    "household": gettext_lazy("Household page"),
    "import": gettext_lazy("Sheet that was brought in"),
    "import.corrected": gettext_lazy("Sheet that was brought in, rows to correct"),
    "household.numbers": gettext_lazy("Household page, with A-numbers"),
    "reception": gettext_lazy("Reception board"),
    "expected": gettext_lazy("Expected list"),
    "expected.log": gettext_lazy("Arrival form, filled from the expected list"),
    "expiring": gettext_lazy("Documents that expire"),
    "isolation": gettext_lazy("Health worklist"),
    "tablet": gettext_lazy("Reception board, taken along on a tablet"),
    "conflicts": gettext_lazy("Differences with tablets"),
    "incomplete": gettext_lazy("Files that owe something"),
    "likeness": gettext_lazy("Hints of likely records, while writing"),
    "same": gettext_lazy("Files that may be the same"),
    "compare": gettext_lazy("Two files side by side"),
    "merge": gettext_lazy("Merging of two files"),
    "access": gettext_lazy("Requests for access"),
    "belonging": gettext_lazy("Who belongs to whom"),
    "card": gettext_lazy("Card"),
    "card.print": gettext_lazy("Card, printed"),
    "cards": gettext_lazy("Cards of a family"),
    "scan": gettext_lazy("Scanned card"),
    "find": gettext_lazy("Search results"),
    "people": gettext_lazy("List of people"),
    "hearings": gettext_lazy("Hearings of a day"),
    "roll_call": gettext_lazy("Roll call of a shelter"),
    "shelter": gettext_lazy("Guests of a shelter"),
    "shelters": gettext_lazy("Families that wait for a place"),
    "placing": gettext_lazy("Finding a place"),
    "waiting": gettext_lazy("Waiting list for places"),
    "holds": gettext_lazy("Places that are kept"),
    "plan": gettext_lazy("Plan of places for many families"),
    "move": gettext_lazy("Moving to another room"),
    "going": gettext_lazy("Leaving a shelter, or out for a while"),
    "transfers": gettext_lazy("Transfers under way"),
    "transfer": gettext_lazy("Transfer of a family"),
    "replies": gettext_lazy("What people wrote back"),
    "replies.numbers": gettext_lazy("The number somebody wrote from, to call them"),
    "checks": gettext_lazy("What to ask the EOIR line about"),
    "checks.numberless": gettext_lazy("Hearings of people without an A-number"),
    "line": gettext_lazy("A-number, to ask the EOIR line"),
    "representation": gettext_lazy("Representative, with phone and e-mail"),
    "legal_help": gettext_lazy("List of free legal help, for a family"),
    "hearings.conflicts": gettext_lazy("Hearings whose sources differ"),
    "hearings.zones": gettext_lazy("Hearings that newer rules of the clocks moved"),
    "outcomes": gettext_lazy("Hearings whose outcome is missing"),
    "outcomes.numbers": gettext_lazy("Phones of a family, to ask after it"),
    "evidence": gettext_lazy("Packet of evidence, before it was made"),
    "evidence.print": gettext_lazy("Packet of evidence, as a file"),
    "postponement": gettext_lazy("Postponement of many hearings"),
    "calendar": gettext_lazy("Calendar behind a secret address"),
    "closing": gettext_lazy("Guests of a shelter that closes"),
    "departure_sheet": gettext_lazy("Run sheet"),
    "departure_sheet.print": gettext_lazy("Run sheet, as a file"),
    "docket_sheet": gettext_lazy("Docket of a day, on paper"),
    "docket_sheet.print": gettext_lazy("Docket of a day, as a file"),
    "not_reached": gettext_lazy("Families that nobody told of their hearing"),
    "not_reached.numbers": gettext_lazy("Phones of a family, to tell it of its hearing"),
    "api:households": gettext_lazy("Households, over the API"),
    "api:household": gettext_lazy("Household, over the API"),
    "api:find": gettext_lazy("Search, over the API"),
}
ACTORS = {
    ActorKind.STAFF: gettext_lazy("Staff"),
    ActorKind.PARTNER: gettext_lazy("Partner agency"),
    ActorKind.SYSTEM: gettext_lazy("The system"),
}


def of_page(page: str) -> str:
    """Which page was looked at."""
    return str(PAGES.get(page, page))


def of_actor(kind: str) -> str:
    """What kind of actor it was."""
    return str(ACTORS[ActorKind(kind)])


def of_event(event: Event) -> str:
    """What happened; a type that this version does not know keeps its code."""
    return event.words if event.type in EventType.values else event.type


def of_facts(facts: dict[str, object]) -> str:
    """The facts that help to understand the deed: which step, how many people, over capacity or not.

    Isolation is health, which those who oversee need not see.
    """
    parts = []
    step = facts.get("step")
    if isinstance(step, str) and step in Step.values and step != Step.ISOLATED:
        parts.append(str(Step(step).label))
    people = facts.get("people")
    if isinstance(people, int):
        parts.append(ngettext("%(count)d person", "%(count)d people", people) % {"count": people})
    if facts.get("over"):
        parts.append(_("over capacity, with a reason"))
    if facts.get("may_have_arrived_twice"):
        parts.append(_("may have arrived twice"))
    return " · ".join(parts)
