"""Kinds of papers and of tests: data files beside this one, each line with its source, so that a new paper is a line and no release.

The files are few lines long, read once, and named in the reader's language. A code that is not in them (an older or a newer file)
keeps its rows readable: it is its own name.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).with_name("data")

# The codes that the software itself must know: what the usual tap at the bridge notes.
FMM = "fmm"
ANTIGEN = "94558-4"
RNA = "94500-6"


def in_reader_language(spanish: str, english: str) -> str:
    """Whichever of the two names the reader reads."""
    return spanish if (get_language() or "es").startswith("es") else english


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A paper that people are given: how staff call it, its full names, who issues it, for how many days it usually lasts."""

    code: str
    short: str
    name_es: str
    name_en: str
    authority: str = ""
    valid_days: int | None = None

    @property
    def name(self) -> str:
        """The full name in the reader's language."""
        return in_reader_language(self.name_es, self.name_en)

    @property
    def label(self) -> str:
        """The short name with the full one, for those who choose."""
        return self.name if self.code == "other" else f"{self.short} ({self.name})"

    def usual_end(self, issued_on: date) -> date | None:
        """The last day it is usually valid when given on `issued_on`; None where only the paper can say."""
        return None if self.valid_days is None else issued_on + timedelta(days=self.valid_days)


@dataclass(frozen=True, slots=True)
class TestKind:
    """A COVID-19 test: its LOINC code, names, and whether it looks for antigen or RNA."""

    __test__ = False  # no test of ours, whatever its name begins with

    code: str
    short_es: str
    short_en: str
    name_es: str
    name_en: str
    looks_for: str = ""

    @property
    def short(self) -> str:
        """How staff call it, in the reader's language."""
        return in_reader_language(self.short_es, self.short_en)

    @property
    def name(self) -> str:
        """The full name in the reader's language."""
        return in_reader_language(self.name_es, self.name_en)


def lines_of(name: str) -> Iterator[dict[str, str]]:
    """The lines of the data file `name`, each by its columns."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def paper_kinds() -> dict[str, PaperKind]:
    """All kinds of papers by code, in the order of the file: the usual ones first."""
    return {
        line["code"]: PaperKind(
            code=line["code"],
            short=line["short"],
            name_es=line["name_es"],
            name_en=line["name_en"],
            authority=line["authority"],
            valid_days=int(line["valid_days"]) if line["valid_days"] else None,
        )
        for line in lines_of("document_kinds.csv")
    }


@cache
def test_kinds() -> dict[str, TestKind]:
    """All kinds of tests by LOINC code, in the order of the file: the usual ones first."""
    return {
        line["loinc"]: TestKind(
            code=line["loinc"],
            short_es=line["short_es"],
            short_en=line["short_en"],
            name_es=line["name_es"],
            name_en=line["name_en"],
            looks_for=line["looks_for"],
        )
        for line in lines_of("covid_tests.csv")
    }


@cache
def _results() -> dict[str, str]:
    return {line["snomed"]: line["means"] for line in lines_of("covid_results.csv")}


def paper_kind(code: str) -> PaperKind:
    """The kind of paper that `code` names."""
    return paper_kinds().get(code) or PaperKind(code, code.upper(), code.upper(), code.upper())


def test_kind(code: str) -> TestKind:
    """The kind of test that `code` names."""
    return test_kinds().get(code) or TestKind(code, code, code, code, code)


def same_result(snomed: str) -> str | None:
    """The SNOMED CT code that we keep for `snomed`, another code for the same finding; None when it is not another one."""
    means = _results().get(snomed)
    return None if means == snomed else means
