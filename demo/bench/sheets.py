"""A sheet of fictional families, and what it costs to bring it in."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from random import Random

import xlsxwriter

HEADINGS = (
    "Familia,Parentesco,Nombres,Apellidos,Sexo,Fecha de nacimiento,Nacionalidad,Número A,Idioma,Teléfono,Fecha de llegada,Notas"
).split(",")
GIVEN = "Dayanara Wilmer Kevin Lizeth Josué Yesenia Marvin Keyla Darwin Suyapa Elmer Nohemí Óscar Brenda Ángel Fátima".split()
SURNAMES = "Funes Amador Pineda López Reyes Mejía Zúñiga Cárcamo Ulloa Barahona Xicará Tzoc Ajanel Duarte Núñez Ordóñez".split()
COUNTRIES = ("Honduras", "Guatemala", "El Salvador", "Nicaragua", "HND", "EC", "Cuba", "Venezuela")
ARRIVED = "08/12/2021"


def rows(people: int, rng: Random) -> Iterator[list[str]]:
    """The rows of `people` fictional people in families of one to six."""
    left, family = people, 0
    while left:
        family += 1
        size = min(rng.choice((1, 2, 3, 3, 4, 6)), left)
        left -= size
        surnames = f"{rng.choice(SURNAMES)} {rng.choice(SURNAMES)}"
        for place in range(size):
            years = rng.randint(19, 60) if place == 0 else rng.randint(0, 17)
            born = date(2021, 12, 1) - timedelta(days=365 * years + rng.randint(1, 364))
            yield [
                str(family),
                "jefa" if place == 0 else "hija",
                f"{rng.choice(GIVEN)} {rng.choice(GIVEN)}",
                surnames,
                rng.choice(("Mujer", "Hombre")),
                born.strftime("%d/%m/%Y"),
                rng.choice(COUNTRIES),
                f"{rng.randrange(10**7, 10**9):09d}",
                "Español",
                f"656 {rng.randint(200, 999)} {rng.randint(1000, 9999)}" if place == 0 else "",
                ARRIVED,
                "",
            ]


def workbook(people: int, seed: int = 1) -> bytes:
    """An XLSX of `people` fictional people under a merged title."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"constant_memory": True})
    sheet = book.add_worksheet("Llegadas")
    sheet.write(0, 0, "Lista de llegadas")
    for column, heading in enumerate(HEADINGS):
        sheet.write(2, column, heading)
    for number, cells in enumerate(rows(people, Random(seed)), start=3):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell)
    book.close()
    return written.getvalue()
