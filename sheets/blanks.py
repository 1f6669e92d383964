"""The sheet to fill in, and the same questions as an XLSForm for ODK and KoboToolbox; both come from `questions`."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from places.models import Crossing
from places.rules import folded
from sheets.corrected import NEVER_ACTIVE
from sheets.questions import OFFERED, Kind, Question

FORM_VERSION = "2021120801"
LANGUAGES = (("es", "Español (es)"), ("en", "English (en)"))
ROWS_TO_FILL = 2000
# Excel takes a list of values only from a sheet, and shows only so many of them without search.
FORMATS = {Kind.DAY: "dd/mm/yyyy", Kind.TIME: "hh:mm"}


def template(crossings: Sequence[Crossing]) -> bytes:
    """XLSX in the reader's language: a sheet to fill in, what each column wants, and the codes it takes."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, **NEVER_ACTIVE})
    people = book.add_worksheet(_("People"))
    guide, codes = book.add_worksheet(_("How to fill in")), book.add_worksheet(_("Codes"))
    lists = _write_codes(book, codes, crossings)
    _write_people(book, people, lists)
    _write_guide(book, guide)
    book.close()
    return written.getvalue()


def form(crossings: Sequence[Crossing]) -> bytes:
    """XLSForm: survey, choices and settings, every label in Spanish and English; people repeat inside their household."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, **NEVER_ACTIVE})
    _write_table(book, "survey", SURVEY_HEADINGS, _survey())
    _write_table(book, "choices", CHOICES_HEADINGS, _choices(crossings))
    settings = ["Llegada de familias", "mpp_arrivals", FORM_VERSION, LANGUAGES[0][1]]
    _write_table(book, "settings", ["form_title", "form_id", "version", "default_language"], [settings])
    book.close()
    return written.getvalue()


def code_of(crossing: Crossing) -> str:
    """What ODK writes for a crossing: its name as one word, which the import reads as the name."""
    return folded(crossing.name).replace(" ", "_")


LABELS = [f"label::{language}" for _code, language in LANGUAGES]
SURVEY_HEADINGS = [
    "type",
    "name",
    *LABELS,
    *(f"hint::{language}" for _code, language in LANGUAGES),
    "required",
    "relevant",
    "constraint",
    *(f"constraint_message::{language}" for _code, language in LANGUAGES),
    "default",
    "appearance",
]
CHOICES_HEADINGS = ["list_name", "name", *LABELS]
TYPES = {Kind.TEXT: "text", Kind.DAY: "date", Kind.TIME: "time", Kind.AGE: "integer", Kind.NUMBER: "integer"}
DEFAULTS = {"arrived_on": "today()", "language": "spa"}
RELEVANT = {"age": "${birth_date} = ''", "phone_owner": "${phone} != ''"}
# Long lists are searched, not scrolled.
APPEARANCES = {"nationality": "minimal autocomplete", "language": "minimal"}


def _survey() -> list[list[str]]:
    of_family = [question for question in OFFERED if question.of_family and question.name != "family"]
    of_person = [question for question in OFFERED if not question.of_family]
    return [
        *(_asked(question) for question in of_family),
        ["begin repeat", "member", *_both("Person"), *[""] * (len(SURVEY_HEADINGS) - 4)],
        *(_asked(question) for question in of_person),
        ["end repeat", "member", *[""] * (len(SURVEY_HEADINGS) - 2)],
    ]


def _asked(question: Question) -> list[str]:
    kind = f"select_one {question.name}" if question.kind is Kind.CHOICE else TYPES[question.kind]
    return [
        kind,
        question.name,
        *_both(question.label),
        *(_both(question.hint) if question.hint and not question.of_family else ["", ""]),
        "yes" if question.name == "given_names" else "",
        RELEVANT.get(question.name, ""),
        question.constraint,
        *(_both(question.mistake) if question.mistake else ["", ""]),
        DEFAULTS.get(question.name, ""),
        APPEARANCES.get(question.name, ""),
    ]


def _choices(crossings: Sequence[Crossing]) -> list[list[str]]:
    rows: list[list[str]] = []
    for question in OFFERED:
        if question.choices is not None:
            told = []
            for language, _label in LANGUAGES:
                with override(language):
                    told.append({code: str(label) for code, label in question.choices()})
            rows += [[question.name, code, told[0][code], told[1][code]] for code in told[0]]
    return rows + [["crossing", code_of(crossing), crossing.label, crossing.label] for crossing in crossings]


def _both(words: object) -> list[str]:
    told = []
    for language, _label in LANGUAGES:
        with override(language):
            told.append(str(_(words) if isinstance(words, str) else words))
    return told


def _write_table(book: xlsxwriter.Workbook, name: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    page = book.add_worksheet(name)
    for number, row in enumerate([headings, *rows]):
        for column, cell in enumerate(row):
            page.write_string(number, column, cell)


def _write_codes(
    book: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet, crossings: Sequence[Crossing]
) -> dict[str, str]:
    """The codes in two columns a list; returns where the words of each list stand, for the lists of the sheet of people."""
    bold, lists, column = book.add_format({"bold": True, "bottom": 1}), {}, 0
    for question in OFFERED:
        choices = [("", crossing.label) for crossing in crossings] if question.name == "crossing" else []
        choices = [(code, str(label)) for code, label in question.choices()] if question.choices else choices
        if not choices:
            continue
        page.write_string(0, column, str(question.label), bold)
        page.set_column(column, column, 34)
        page.set_column(column + 1, column + 1, 10)
        for number, (code, label) in enumerate(choices, start=1):
            page.write_string(number, column, label)
            page.write_string(number, column + 1, code)
        letters = xlsxwriter.utility.xl_col_to_name(column)
        lists[question.name] = f"='{page.get_name()}'!${letters}$2:${letters}${len(choices) + 1}"
        column += 3
    page.freeze_panes(1, 0)
    return lists


def _write_people(book: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet, lists: dict[str, str]) -> None:
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#dcebf0"})
    formats = {kind: book.add_format({"num_format": shape}) for kind, shape in FORMATS.items()}
    text = book.add_format({"num_format": "@"})  # keeps the zeros at the beginning of numbers
    for column, question in enumerate(OFFERED):
        page.write_string(0, column, str(question.label), bold)
        page.set_column(column, column, 18, formats.get(question.kind, text))
        if question.name in lists:
            page.data_validation(
                1,
                column,
                ROWS_TO_FILL,
                column,
                {"validate": "list", "source": lists[question.name], "error_type": "warning", "ignore_blank": True},
            )
    page.freeze_panes(1, 0)


def _write_guide(book: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet) -> None:
    bold, wrap = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 28, wrap)
    page.set_column(1, 1, 64, wrap)
    page.set_column(2, 4, 20, wrap)
    intro = [
        _("One row a person. Who came together has the same word or number under “Family”."),
        _("Nothing is required but a name. What is not known stays empty and can be completed later."),
        _("Columns may stand in any order, and others of your own may stand between them."),
    ]
    for number, line in enumerate(intro):
        page.merge_range(number, 0, number, 4, line, wrap)
    headings = [_("Column"), _("What to write"), _("Example"), _("Example"), _("Example")]
    for column, heading in enumerate(headings):
        page.write_string(4, column, heading, bold)
    for number, question in enumerate(OFFERED, start=5):
        page.write_string(number, 0, str(question.label), wrap)
        page.write_string(number, 1, str(question.hint), wrap)
        for column, example in enumerate(question.example, start=2):
            page.write_string(number, column, _example(question, str(example)), wrap)


def _example(question: Question, example: str) -> str:
    """The example as people read it."""
    if question.choices is None:
        return example
    return next((str(label) for code, label in question.choices() if code == example), example)


def file_name(stem: str) -> str:
    """A name for a download in the reader's language."""
    return f"{stem}-{(get_language() or 'es')[:2]}.xlsx"
