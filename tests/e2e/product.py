"""What `make run` starts, as the tests in a browser use it, and the two screens that they look at."""

import re
from typing import Any

import psycopg2

from mpp_tracker.runner.servers import Servers
from mpp_tracker.runner.state import State
from tests.runner.running import Run

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


class Product(Run):
    """The running product: what its database says, and the one thing that a test may do to its clock."""

    def password(self) -> str:
        """The password of the demo staff, as `make run` prints it."""
        sheet = (self.checkout / ".local" / "sign-ins.txt").read_text()
        return re.search(r"^password: (\S+)$", sheet, re.MULTILINE)[1]  # type: ignore[index]

    def let_it_be_due(self, household: str, rung: str) -> None:
        """Bring the planned moment of a household's reminder to now, as the weeks until then would."""
        url = Servers(State(self.checkout / ".local"), given={}).cluster.url
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(
                "UPDATE messaging_message SET due_at = now() WHERE subject = %s AND rung = %s AND status = 'planned'",
                [household, rung],
            )
            assert cursor.rowcount == 1
        connection.close()

    def ask(self, sql: str, value: object) -> list[Any]:
        """The first column of what the product's database answers."""
        url = Servers(State(self.checkout / ".local"), given={}).cluster.url
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(sql, [value])
            found = [first for (first,) in cursor.fetchall()]
        connection.close()
        return found
