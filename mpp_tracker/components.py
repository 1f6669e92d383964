"""The sheet of components, with invented facts: wired in development only, to lay beside the design."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.look import ClockFace, Condition, Light, Occupancy, Pill, PlanStep, SourceLine, State, Tag, TwoClocks

JUAREZ, EL_PASO = "America/Ciudad_Juarez", "America/Denver"


def _light(title: str, word: str, *states: State) -> Light:
    keys = ("hearing", "document", "test", "seat", "gate", "minors")
    titles = ("Audiencia", "Documento", "Prueba", "Asiento", "Puerta", "Menores con su adulto")
    reasons = ("hora de corte", "FMM de los 5", "la de Ángel", "Van 2", "abre 03:20", "3 de 3")
    owners = ("Audiencias", "INM", "Enfermería", "Transporte", "Casa Peregrina", "Protección")
    conditions = tuple(
        Condition(key, name, state, reason, owner)
        for key, name, state, reason, owner in zip(keys, titles, states, reasons, owners, strict=False)
    )
    verdict = "none" if not states else "stop" if "missing" in states else "warn" if "confirm" in states else "ok"
    return Light(verdict, title, "Falta una prueba y confirmar una hora.", conditions, word)  # type: ignore[arg-type]


def samples(now: datetime) -> dict[str, Any]:
    """The context of the components page; only the ages of figures depend on `now`."""
    bridge_at, court_at = datetime(2022, 11, 10, 11, 30, tzinfo=UTC), datetime(2022, 11, 10, 15, 30, tzinfo=UTC)
    met: tuple[State, ...] = ("met",) * 6
    return {
        "now": now,
        "lights": [
            _light("Lista para salir", "Lista", *met),
            _light("Por confirmar", "Hora por confirmar", "confirm", *met[1:]),
            _light("Todavía no puede salir", "Falta una prueba", "confirm", "met", "missing", "met", "met", "met"),
            _light("Sin cita", "Sin cita"),
        ],
        "clocks": TwoClocks(
            ClockFace(bridge_at, JUAREZ, "Ciudad Juárez"),
            ClockFace(court_at, EL_PASO, "El Paso"),
            "Paso del Norte",
            "Corte de El Paso",
            "primera audiencia",
            240,
            -60,
            [SourceLine("file-text", "Hoja del 1 de noviembre de 2022 · documento")],
            [],
            None,
            Pill("ok", "shield-check", "Verificada con EOIR, 9 nov"),
        ),
        "estimated": TwoClocks(
            ClockFace(bridge_at, JUAREZ, "Ciudad Juárez"),
            ClockFace(court_at, EL_PASO, "El Paso", estimated=True),
            "Paso del Norte",
            "Corte de El Paso",
            "primera audiencia",
            240,
            0,
            [SourceLine("file-text", "Hoja del 9 de diciembre · documento")],
            [SourceLine("phone", "La línea EOIR aún no la muestra · 14:02")],
            Pill("ok", "circle-check", "3 fuentes coinciden"),
            Pill("warn", "alert-circle", "Estimada, confirmar"),
            ClockFace(bridge_at, "America/Hermosillo", "Nogales"),
        ),
        "conflict": TwoClocks(
            ClockFace(bridge_at, JUAREZ, "Ciudad Juárez"),
            ClockFace(court_at, EL_PASO, "El Paso", conflict=True),
            "Paso del Norte",
            "Corte de El Paso",
        ),
        "pills": [
            Pill("ok", "check", "Confirmó"),
            Pill("warn", "phone-off", "Sin contacto"),
            Pill("stop", "x", "Vence hoy"),
            Pill("accent", "user-check", "En persona"),
            Pill("calm", "minus", "No requiere"),
        ],
        "tags": [Tag("file-off", "sin documento"), Tag("language", "mam"), Tag("users", "juntos: 5")],
        "ages": [now - timedelta(minutes=12), now - timedelta(hours=3), now - timedelta(hours=17)],
        "waits": [now - timedelta(minutes=38), now - timedelta(minutes=115), now - timedelta(minutes=222)],
        "bars": [
            Occupancy(120, 96, 6, 0, 18, 0),
            Occupancy(100, 84, 5, 6, 5, 0),
            Occupancy(80, 105, 0, 0, 0, 25),
        ],
        "steps": [
            PlanStep("02:45", "Despertar", "hecho 02:49", done=True),
            PlanStep("03:20", "Puerta", "abierta 03:18", done=True),
            PlanStep("03:30", "Salida", "falta 1 de 5"),
            PlanStep("04:30", "Puente", "documentada", anchor=True),
            PlanStep("08:30", "Corte", "hora de El Paso", estimated=True),
        ],
    }


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    return render(request, "components.html", samples(datetime.now(UTC)))
