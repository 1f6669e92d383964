"""The rules of the house that machines hold. `guards` does the looking; exceptions stand here with their reason."""

from configparser import ConfigParser

import pytest
from django.apps import apps
from django.db import models

from cases.models import Household, Person, SearchToken
from tests.architecture import guards

# What may write beside deeds.
WRITERS = {
    "accounts/models.py": "Django's sign-in asks for a manager that makes accounts",
    "accounts/actions.py": "deeds",
    "accounts/factors.py": "brings secrets under the active key, as `privacy/rotation.py` does those in fields",
}
# Doors and wiring read the clock and hand it down.
DOORS = {"views", "tasks", "management", "middleware", "adapters", "runner"}
CLOCK_READERS = {
    "accounts/sessions.py": "every door looks through it, before it has a clock of its own",
    "demo/bench/reminders.py": "gives the sweep its clock, as the task does",
    "mpp_tracker/health.py": "a door",
    "mpp_tracker/components.py": "a door, for developers",
}
# Public functions in `actions` that are no deeds.
NO_DEEDS = {
    ("audit/actions.py", "record"): "the record that every deed makes; its first argument reads as its verb",
    ("audit/actions.py", "record_all"): "the same of many, each with its moment",
    ("audit/actions.py", "nudge_after_commit"): "wiring, at start-up",
    ("audit/actions.py", "dispatch_pending"): "hands deeds on; each consequence brings its own actor",
    ("cases/actions/people.py", "normal_fields"): "arithmetic",
    ("cases/actions/people.py", "search_tokens"): "computes rows, writes none",
    ("cases/actions/people.py", "token_values"): "arithmetic",
    ("cases/actions/merging.py", "refuse_merges_where"): "wiring, at start-up",
    **{
        ("cases/actions/seats.py", name): "part of a parting or a joining, which records it"
        for name in ("seats_now", "under_a_head", "seat", "seat_as_before")
    },
    **{
        (f"hearings/actions/{module}.py", name): "part of the deeds about a hearing, which record it"
        for module, name in (
            ("hearings", "locked"),
            ("hearings", "keep"),
            ("hearings", "record_hearing"),
            ("resolving", "resolved"),
            ("resolving", "shown"),
            ("resolving", "summon"),
            ("stating", "state"),
            ("stating", "summoned"),
        )
    },
}
# Where merged files are asked for by name.
SEES_MERGED = {
    "api/receipts.py": "a receipt is answered again in the same words, merged or not",
    "cases/actions/guests.py": "a household that was joined gives up its shelter's sight",
    "cases/actions/merging.py": "the deed itself",
    "cases/actions/arrivals.py": "an arrival sent once more finds the kept household",
    "cases/actions/splitting.py": "a household that joined another leads to it",
    "cases/cards.py": "a card leads to the kept household",
    "cases/finding.py": "what was merged is found by its spelling and its code",
    "cases/models/households.py": "the manager, and who an old address leads to",
    "cases/models/people.py": "the manager",
    "cases/models/kin.py": "a joined household has merged itself away, its regrouping still shows",
    "expected/actions/matching.py": "what was answered of a file holds for the one it was merged into",
    "journey/timeline.py": "what happened to the merged file is told with the kept one",
    "tablets/actions/steps.py": "a step written on a tablet before the merge",
}
# Lookups from a household to its people that are right as they are.
JOINS_TO_PEOPLE = {
    "cases/actions/covid.py": "the household of one person",
    "cases/actions/papers.py": "the household of one person",
    "cases/actions/steps.py": "people who stand",
    "cases/models/aid.py": "a count of its own, by that name",
}
# Models about people that are not asked for people.
NOT_ASKED = {SearchToken: "the blind index is only joined from people that are visible already"}


def sources():
    return [pytest.param(path, id=guards.name_of(path)) for path in guards.sources()]


def own_models():
    return [model for model in apps.get_models() if model._meta.app_label in guards.ROOMS]


def is_about_people(model, seen=frozenset()):
    """Whether rows of `model` belong to a household or a person, directly or through another model of ours."""
    if model in (Household, Person):
        return True
    linked = {field.related_model for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)}
    return any(
        is_about_people(other, seen | {model})
        for other in linked - seen
        if other is not None and other._meta.app_label in guards.ROOMS
    )


class TestFloors:
    def test_every_room_stands_on_a_floor(self):
        contract = ConfigParser()
        contract.read(guards.ROOT / ".importlinter")
        floors = contract["importlinter:contract:floors"]["layers"].replace("|", " ").split()
        assert set(guards.ROOMS) == set(floors)
        assert set(guards.ROOMS) == set(contract["importlinter"]["root_packages"].split())

    def test_every_folder_with_code_is_a_room(self):
        rooms = {path.parent.name for path in guards.ROOT.glob("*/__init__.py")} - {"tests"}
        assert rooms == set(guards.ROOMS)


@pytest.mark.parametrize("path", sources())
class TestModule:
    def test_writes_only_in_deeds_and_commands(self, path):
        name = guards.name_of(path)
        if guards.layer_of(path) in ("actions", "management", "runner") or name in WRITERS:
            return
        assert not guards.writes_in(path.read_text()), f"{name}: only deeds write"

    def test_reads_the_clock_only_at_a_door(self, path):
        name = guards.name_of(path)
        if guards.layer_of(path) in DOORS or name in CLOCK_READERS:
            return
        assert not guards.clocks_in(path.read_text()), f"{name}: the moment is given, not read"

    def test_asks_for_merged_files_only_where_it_must(self, path):
        assert "with_merged" not in path.read_text() or guards.name_of(path) in SEES_MERGED

    def test_counts_nobody_twice_who_was_merged(self, path):
        if guards.name_of(path) in JOINS_TO_PEOPLE or path.relative_to(guards.ROOT).parts[0] in ("expected", "demo"):
            return
        assert not guards.joins_to_people_in(path.read_text())

    def test_hides_no_consequences(self, path):
        assert not guards.hidden_consequences_in(path.read_text())

    def test_imports_rooms_in_the_open(self, path):
        room = path.relative_to(guards.ROOT).parts[0]
        assert not guards.inner_imports_in(path.read_text(), room)

    def test_has_a_name_that_says_something(self, path):
        assert not guards.is_badly_named(path)

    def test_says_what_it_is_for(self, path):
        source = path.read_text()
        assert not source.strip() or source.startswith('"""')


@pytest.mark.parametrize("path", [param for param in sources() if guards.layer_of(param.values[0]) == "actions"])
class TestDeeds:
    def test_are_keyword_only_and_take_actor_and_at(self, path):
        name = guards.name_of(path)
        wrong = [
            words
            for deed in guards.deeds_in(path.read_text())
            if (name, deed.name) not in NO_DEEDS
            for words in guards.wrong_deed(deed)
        ]
        assert not wrong


class TestModels:
    def test_about_people_answer_who_may_see_them(self):
        about = [model for model in own_models() if is_about_people(model) and model not in NOT_ASKED]
        assert len(about) >= 10
        mute = [model._meta.label for model in about if not hasattr(model._default_manager.all(), "visible_to")]
        assert not mute

    def test_are_recognised_as_being_about_people(self):
        labels = {model._meta.label for model in own_models() if is_about_people(model)}
        assert {"cases.Consent", "shelters.Stay", "hearings.Claim"} <= labels
        assert not {"places.City", "accounts.User", "audit.Event"} & labels

    def test_name_their_constraints_and_indexes_after_the_app(self):
        wrong = [
            part.name
            for model in own_models()
            for part in [*model._meta.constraints, *model._meta.indexes]
            if not part.name.startswith(f"{model._meta.app_label}_")
        ]
        assert not wrong

    def test_are_kept_out_of_the_admin(self):
        assert not apps.is_installed("django.contrib.admin")

    def test_leave_merged_people_out_of_every_relation(self):
        assert Household.people.rel.related_model._default_manager is Person.objects
        assert "merged_into_id" in str(Household(pk=1).people.all().query).split("WHERE")[1]
        assert "merged_into_id" in str(Household.objects.all().query).split("WHERE")[1]
