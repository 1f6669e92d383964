"""What reminders say, per language: data, not translations of the application.

Spanish stays within one GSM-7 part of 160 characters with the longest day and phone, so "sabado" is written without its accent on
purpose. What a reminder may never say is held by `messaging.policies`. Drafts await a native speaker (domain.md, "Reminders");
the pages say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

FALLBACK = "spa"


class Wording(StrEnum):
    """Which sentence a rung needs."""

    AHEAD = "ahead"
    TOMORROW = "tomorrow"
    TONIGHT = "tonight"
    SHARED = "shared"


class Surety(StrEnum):
    """How sure the hour is: an estimate is never told as a fact, and the court's hour never as the hour to be there."""

    SURE = "sure"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language of reminders. `texts` hold {day}, {hour} and {phone}; `hours` fill {hour} and hold {time}."""

    code: str
    is_draft: bool
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    title: str
    hours: Mapping[Surety, str]
    texts: Mapping[Wording, str]

    def day_of(self, wall: datetime) -> str:
        """Weekday and date of a local moment in this language."""
        return self.day.format(
            weekday=self.weekdays[wall.weekday()], number=wall.day, month=self.months[wall.month - 1]
        )


@dataclass(frozen=True, slots=True)
class Words:
    """A worded reminder, the language it is in, and whether that wording still awaits a native speaker."""

    title: str
    body: str
    language: str
    is_draft: bool


SPANISH = Tongue(
    code="spa",
    is_draft=False,
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sabado", "domingo"),
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio"),
        *("agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    day="{weekday} {number} de {month}",
    title="Recordatorio",
    hours={
        Surety.SURE: ", {time} hora local",
        Surety.ESTIMATED: ", {time} aprox: confirme la hora",
        Surety.UNKNOWN: ". Confirme la hora",
    },
    texts={
        Wording.AHEAD: (
            "Su cita: {day}{hour}, donde dice su papel. No falte: planee desde hoy. Lleve sus papeles. Dudas: {phone}"
        ),
        Wording.TOMORROW: (
            "Su cita es mañana {day}{hour}, donde dice su papel. No falte: prepare hoy su salida. Dudas: {phone}"
        ),
        Wording.TONIGHT: (
            "Mañana {day}{hour}, donde dice su papel: salga con tiempo, ponga alarma. Lleve papeles. Dudas: {phone}"
        ),
        Wording.SHARED: "Tenemos un aviso para usted. Llame hoy al {phone}.",
    },
)

ENGLISH = Tongue(
    code="eng",
    is_draft=False,
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    day="{weekday} {number} {month}",
    title="Reminder",
    hours={
        Surety.SURE: ", {time} local time",
        Surety.ESTIMATED: ", about {time}: confirm the time",
        Surety.UNKNOWN: ". Confirm the time",
    },
    texts={
        Wording.AHEAD: (
            "Your appointment: {day}{hour}, at the place on your paper. It matters: plan for it now. Bring your papers. "
            "Questions: {phone}"
        ),
        Wording.TOMORROW: (
            "Your appointment is tomorrow, {day}{hour}, at the place on your paper. Get papers and trip ready today. "
            "Questions: {phone}"
        ),
        Wording.TONIGHT: (
            "Tomorrow {day}{hour}, at the place on your paper: leave early, set an alarm. Bring your papers. Questions: {phone}"
        ),
        Wording.SHARED: "We have a notice for you. Please call {phone} today.",
    },
)

PORTUGUESE = Tongue(
    code="por",
    is_draft=True,
    weekdays=(
        *("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira"),
        *("sábado", "domingo"),
    ),
    months=(
        *("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho"),
        *("agosto", "setembro", "outubro", "novembro", "dezembro"),
    ),
    day="{weekday}, {number} de {month}",
    title="Lembrete",
    hours={
        Surety.SURE: ", {time} hora local",
        Surety.ESTIMATED: ", por volta das {time}: confirme a hora",
        Surety.UNKNOWN: ". Confirme a hora",
    },
    texts={
        Wording.AHEAD: (
            "Seu compromisso: {day}{hour}, no lugar indicado no seu papel. É importante não faltar: planeje desde já. "
            "Leve seus documentos. Dúvidas: {phone}"
        ),
        Wording.TOMORROW: (
            "Seu compromisso é amanhã, {day}{hour}, no lugar indicado no seu papel. Prepare hoje os documentos e a saída. "
            "Dúvidas: {phone}"
        ),
        Wording.TONIGHT: (
            "Amanhã, {day}{hour}, no lugar indicado no seu papel: saia com tempo e ponha o despertador. "
            "Leve seus documentos. Dúvidas: {phone}"
        ),
        Wording.SHARED: "Temos um aviso para você. Ligue hoje para {phone}.",
    },
)

HAITIAN = Tongue(
    code="hat",
    is_draft=True,
    weekdays=("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"),
    months=(
        *("janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè"),
        *("out", "septanm", "oktòb", "novanm", "desanm"),
    ),
    day="{weekday} {number} {month}",
    title="Rapèl",
    hours={
        Surety.SURE: ", {time} lè lokal",
        Surety.ESTIMATED: ", anviwon {time}: konfime lè a",
        Surety.UNKNOWN: ". Konfime lè a",
    },
    texts={
        Wording.AHEAD: "Randevou ou: {day}{hour}, kote ki ekri sou papye ou. Pa rate l. Pote papye ou yo. Kesyon: {phone}",
        Wording.TOMORROW: "Randevou ou se demen, {day}{hour}, kote ki ekri sou papye ou. Pare papye ou jodi a. Kesyon: {phone}",
        Wording.TONIGHT: "Demen, {day}{hour}, kote ki ekri sou papye ou: pati bonè. Pote papye ou yo. Kesyon: {phone}",
        Wording.SHARED: "Nou gen yon mesaj pou ou. Rele {phone} jodi a.",
    },
)

FRENCH = Tongue(
    code="fra",
    is_draft=True,
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    months=(
        *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
        *("août", "septembre", "octobre", "novembre", "décembre"),
    ),
    day="{weekday} {number} {month}",
    title="Rappel",
    hours={
        Surety.SURE: ", {time} heure locale",
        Surety.ESTIMATED: ", vers {time}: confirmez l'heure",
        Surety.UNKNOWN: ". Confirmez l'heure",
    },
    texts={
        Wording.AHEAD: (
            "Votre rendez-vous: {day}{hour}, au lieu inscrit sur votre papier. Apportez vos papiers. Questions: {phone}"
        ),
        Wording.TOMORROW: (
            "Votre rendez-vous est demain, {day}{hour}, au lieu inscrit sur votre papier. Préparez vos papiers. Questions: {phone}"
        ),
        Wording.TONIGHT: "Demain, {day}{hour}, au lieu inscrit sur votre papier: partez tôt, avec vos papiers. Questions: {phone}",
        Wording.SHARED: "Nous avons un message pour vous. Appelez le {phone} aujourd'hui.",
    },
)

TONGUES = {tongue.code: tongue for tongue in (SPANISH, ENGLISH, PORTUGUESE, HAITIAN, FRENCH)}


def tongue_for(language: str) -> Tongue:
    """The tongue of an ISO 639-3 code; Spanish for those that have no words yet."""
    return TONGUES.get(language, TONGUES[FALLBACK])


def is_draft_for(language: str) -> bool:
    """Whether what speakers of `language` are sent still awaits one of them: an unsigned text, or Spanish in place of theirs."""
    return language not in TONGUES or TONGUES[language].is_draft


def reminder(*, wording: Wording, language: str, wall: datetime, surety: Surety, phone: str) -> Words:
    """The reminder for a local moment `wall` at the place to be."""
    tongue = tongue_for(language)
    hour = tongue.hours[surety].format(time=f"{wall:%H:%M}")
    body = tongue.texts[wording].format(day=tongue.day_of(wall), hour=hour, phone=phone)
    return Words(tongue.title, body, tongue.code, is_draft_for(language))
