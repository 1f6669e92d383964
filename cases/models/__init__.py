"""Households and their people: who they are, how they came, what they were given.

Identity fields are encrypted (`privacy.fields`) and found through `SearchToken`. Nothing here sorts or partly matches them in SQL.
"""

from cases.models.access import AccessRequest, AccessRequestQuerySet
from cases.models.aid import Aid, AidQuerySet
from cases.models.arrivals import SAME_COMING, Arrival, ArrivalQuerySet, StepTaken
from cases.models.cards import Card, CardQuerySet
from cases.models.cohorts import Cohort, CohortQuerySet
from cases.models.covid import CovidTest, HealthQuerySet, Isolation, IsolationQuerySet
from cases.models.households import (
    AT_RECEPTION,
    GONE,
    WITHOUT_PLACE,
    Consent,
    Household,
    HouseholdQuerySet,
    OfHouseholdQuerySet,
    Owed,
)
from cases.models.kin import (
    FROM_THE_OTHER_END,
    Absence,
    AbsenceQuerySet,
    Kinship,
    KinshipQuerySet,
    Regrouping,
    RegroupingQuerySet,
)
from cases.models.merges import Likeness, LikenessQuerySet, Merge, MergedPerson, MergedPersonQuerySet, MergeQuerySet
from cases.models.needs import Need, NeedQuerySet
from cases.models.papers import Document, DocumentQuerySet
from cases.models.people import (
    OfPersonQuerySet,
    Person,
    PersonQuerySet,
    PhoneOwner,
    ReachedBy,
    Relation,
    SearchToken,
    Sex,
)
from cases.models.taps import HEALTH_TAPS, Tap, TapQuerySet

__all__ = [
    "AT_RECEPTION",
    "FROM_THE_OTHER_END",
    "GONE",
    "HEALTH_TAPS",
    "SAME_COMING",
    "WITHOUT_PLACE",
    "Absence",
    "AbsenceQuerySet",
    "AccessRequest",
    "AccessRequestQuerySet",
    "Aid",
    "AidQuerySet",
    "Arrival",
    "ArrivalQuerySet",
    "Card",
    "CardQuerySet",
    "Cohort",
    "CohortQuerySet",
    "Consent",
    "CovidTest",
    "Document",
    "DocumentQuerySet",
    "HealthQuerySet",
    "Household",
    "HouseholdQuerySet",
    "Isolation",
    "IsolationQuerySet",
    "Kinship",
    "KinshipQuerySet",
    "Likeness",
    "LikenessQuerySet",
    "Merge",
    "MergeQuerySet",
    "MergedPerson",
    "MergedPersonQuerySet",
    "Need",
    "NeedQuerySet",
    "OfHouseholdQuerySet",
    "OfPersonQuerySet",
    "Owed",
    "Person",
    "PersonQuerySet",
    "PhoneOwner",
    "ReachedBy",
    "Regrouping",
    "RegroupingQuerySet",
    "Relation",
    "SearchToken",
    "Sex",
    "StepTaken",
    "Tap",
    "TapQuerySet",
]
