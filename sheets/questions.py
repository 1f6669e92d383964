"""What a sheet of households asks, defined once: its columns, the template to download and the XLSForm all come from here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from cases.models import PhoneOwner, Relation, Sex
from places import languages, nationalities

Choice = tuple[str, str | Promise]


class Kind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    DAY = "day"
    TIME = "time"
    AGE = "age"
    CHOICE = "choice"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One column. `spellings` are other headings that it goes by; `choices` are (what ODK writes, what people read).

    `of_family` is asked once a family: any row of it may answer. `offered` columns stand in the template and the form; the others are
    only understood. `constraint` is XPath, for the XLSForm, and `mistake` what it says.
    """

    name: str
    label: str | Promise
    spellings: str
    hint: str | Promise = ""
    example: Sequence[str] = ()
    kind: Kind = Kind.TEXT
    choices: Callable[[], list[Choice]] | None = None
    of_family: bool = False
    offered: bool = True
    constraint: str = ""
    mistake: str | Promise = ""

    @property
    def headings(self) -> list[str]:
        """All headings that it goes by, but for its own label."""
        return [spelling.strip() for spelling in self.spellings.split(",")]


# M means mujer to some and male to others: forms send whole words.
SEX_CODES = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.OTHER: "other"}


def _sexes() -> list[Choice]:
    return [(SEX_CODES[sex], sex.label) for sex in Sex]


def _relations() -> list[Choice]:
    return [(str(code), label) for code, label in Relation.choices]


def _phone_owners() -> list[Choice]:
    return [(str(code), label) for code, label in PhoneOwner.choices]


def _nationalities() -> list[Choice]:
    return [(code, name) for code, name in nationalities.choices()]


def _languages() -> list[Choice]:
    return [(code, label) for code, label in languages.choices()]


QUESTIONS: tuple[Question, ...] = (
    Question(
        name="family",
        label=_("Family"),
        spellings="familia,id familia,no familia,num familia,numero de familia,numero familia,grupo familiar,nucleo familiar,hogar,"
        "id hogar,grupo,family,family id,family no,family number,household,household id,hh id,parent index,parent key,submission id,"
        "clave de familia,folio,folio familiar",
        hint=_("The same number or word for everybody who came together."),
        example=("1", "1", "2"),
        of_family=True,
    ),
    Question(
        name="relation",
        label=_("To the head of household"),
        spellings="relacion,parentesco,relacion con el jefe,relacion con la cabeza,vinculo,relation,relationship,relation to head,"
        "relationship to head,relationship to hoh,para la familia",
        hint=_("One head a family. Empty: by their age."),
        example=(Relation.HEAD, Relation.CHILD, Relation.HEAD),
        kind=Kind.CHOICE,
        choices=_relations,
    ),
    Question(
        name="given_names",
        label=_("Given names"),
        spellings="nombres,nombre,nombre s,nombres de pila,nombre de pila,given name,first names,first name,forenames,primer nombre,"
        "first given name",
        example=("Dayanara Lizeth", "Kevin Josué", "Wilmer"),
    ),
    Question(
        name="second_name",
        label=_("Second given name"),
        spellings="segundo nombre,otros nombres,middle name,middle names,second name,second given name",
        offered=False,
    ),
    Question(
        name="surnames",
        label=_("Surnames"),
        spellings="apellidos,apellido,surname,last name,last names,family name,primer apellido,apellido paterno,first surname,paterno",
        hint=_("Empty: those of the head."),
        example=("Funes Amador", "", "Pineda López"),
    ),
    Question(
        name="second_surname",
        label=_("Second surname"),
        spellings="segundo apellido,apellido materno,second last name,second surname,materno",
        offered=False,
    ),
    Question(
        name="full_name",
        label=_("Full name"),
        spellings="nombre completo,nombres y apellidos,nombre y apellidos,nombre y apellido,nombre s y apellido s,apellidos y nombres,"
        "name,names,full name,persona,person",
        offered=False,
    ),
    Question(
        name="sex",
        label=_("Sex"),
        spellings="sexo,genero,gender",
        example=("female", "male", "male"),
        kind=Kind.CHOICE,
        choices=_sexes,
    ),
    Question(
        name="birth_date",
        label=_("Birth date"),
        spellings="fecha de nacimiento,f nacimiento,fecha nacimiento,fec nac,fecha nac,f nac,nacimiento,fdn,date of birth,dob,birthdate,"
        "birth day,born,edad o fecha de nacimiento,age or birth date",
        hint=_("Day/month/year, or only the age in the next column."),
        example=("05/03/1990", "", "17/11/1984"),
        kind=Kind.DAY,
        constraint=". <= today()",
        mistake=_("This day is still to come."),
    ),
    Question(
        name="age",
        label=_("Age"),
        spellings="edad,anos,edad en anos,age in years,age years,years",
        hint=_("Only where the birth date is not known."),
        example=("", "7", ""),
        kind=Kind.AGE,
        constraint=". >= 0 and . <= 120",
        mistake=_("Write an age in years, from 0 to 120."),
    ),
    Question(
        name="nationality",
        label=_("Nationality"),
        spellings="nacionalidad,pais,pais de origen,pais de nacionalidad,pais de nacimiento,country,country of origin,citizenship,"
        "codigo iso,iso,codigo de pais,country code",
        hint=_("The country, or its ISO code. Codes of the US courts (EOIR) go into a column named “EOIR”."),
        example=("HN", "HN", "GT"),
        kind=Kind.CHOICE,
        choices=_nationalities,
    ),
    Question(
        name="nationality_eoir",
        label=_("EOIR nationality"),
        spellings="eoir,codigo eoir,nacionalidad eoir,eoir code,eoir nationality,eoir nat,nat eoir,nacionalidad codigo eoir,nat code",
        offered=False,
    ),
    Question(
        name="a_number",
        label=_("A-number"),
        spellings="numero a,num a,no a,a number,a no,a num,anumber,alien number,alien registration number,numero de extranjero,"
        "numero alien,a",
        hint=_("8 or 9 digits. Empty if there is none yet."),
        example=("012-345-678", "", ""),
        constraint="regex(., '^[Aa]?[- ]?([0-9][- ]?){8,9}$')",
        mistake=_("An A-number has 8 or 9 digits, for example A 012-345-678. Leave it empty if there is none yet."),
    ),
    Question(
        name="language",
        label=_("Language they prefer"),
        spellings="idioma,lengua,idioma preferido,lengua materna,idioma principal,idioma que prefieren,language,preferred language,"
        "mother tongue",
        hint=_("Empty: Spanish."),
        example=("spa", "", "mam"),
        kind=Kind.CHOICE,
        choices=_languages,
        of_family=True,
    ),
    Question(
        name="phone",
        label=_("Phone"),
        spellings="telefono,tel,celular,numero de telefono,telefono celular,movil,whatsapp,phone number,mobile,cell phone,cell",
        example=("656 123 4567", "", "+502 5123 4567"),
        constraint="regex(., '^[+]?[0-9() .-]{8,20}$')",
        mistake=_("This phone number cannot be right. Write all ten digits, or + and the country code."),
    ),
    Question(
        name="phone_owner",
        label=_("Who answers it"),
        spellings="de quien es el telefono,quien contesta,dueno del telefono,who answers,who answers phone,phone owner,"
        "telefono propio o compartido,quien lo contesta",
        example=("own", "", "shared"),
        kind=Kind.CHOICE,
        choices=_phone_owners,
    ),
    Question(
        name="email",
        label=_("E-mail"),
        spellings="correo,correo electronico,email,e mail,mail",
        offered=False,
    ),
    Question(
        name="crossing",
        label=_("They came over"),
        spellings="puente,cruce,punto de cruce,garita,puerto de entrada,puente internacional,llegaron por,cruzaron por,crossing,bridge,"
        "port of entry,poe,port",
        hint=_("Empty: the crossing chosen when the file is brought in."),
        kind=Kind.CHOICE,
        of_family=True,
    ),
    Question(
        name="arrived_on",
        label=_("Day they came"),
        spellings="fecha,fecha de llegada,dia de llegada,fecha llegada,fecha de retorno,fecha de ingreso,fecha de recepcion,llegada,"
        "arrival date,date of arrival,arrived on,date,return date,date of return,dia en que llegaron",
        hint=_("Empty: the day chosen when the file is brought in."),
        example=("08/12/2021", "", "08/12/2021"),
        kind=Kind.DAY,
        of_family=True,
        constraint=". <= today()",
        mistake=_("This day is still to come."),
    ),
    Question(
        name="arrived_time",
        label=_("Time they came"),
        spellings="hora,hora de llegada,hora llegada,arrival time,time of arrival,time,hora en que llegaron",
        example=("11:40", "", "12:05"),
        kind=Kind.TIME,
        of_family=True,
    ),
    Question(
        name="notes",
        label=pgettext_lazy("column", "Notes"),
        spellings="notas,nota,observaciones,observacion,comentarios,comentario,remarks,comments,comment,note",
    ),
)
BY_NAME = {question.name: question for question in QUESTIONS}
OFFERED = tuple(question for question in QUESTIONS if question.offered)
NAMES = ("given_names", "surnames", "full_name")


@cache
def spellings() -> dict[str, list[str]]:
    """All headings that each question goes by: its label in Spanish and in English, as our own template has it, and the others."""
    found = {question.name: question.headings for question in QUESTIONS}
    for language in ("es", "en"):
        with override(language):
            for question in QUESTIONS:
                found[question.name].append(str(question.label))
    return found
