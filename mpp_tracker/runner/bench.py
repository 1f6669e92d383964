"""`make bench`: the product measured on demo people, on servers of its own that are thrown away."""

from __future__ import annotations

from collections.abc import Sequence

from .processes import Supervisor
from .servers import Servers, make_keyring, manage
from .suite import throw_away_state

USUAL_PEOPLE = "10000"


def run_bench(arguments: Sequence[str], *, people: str) -> int:
    """Fill with `people` and measure; `arguments` go to `manage.py bench`. Servers sync to disk, as in production."""
    with throw_away_state() as state:
        servers = Servers(state, given={}, durable=True)
        supervisor = Supervisor(state, say=lambda line: None)
        try:
            servers.start(supervisor)
            environment = servers.environment() | {
                "MPP_ENV": "test",
                "SECRET_KEY": state.secret("secret_key"),
                "KEYRING_FILE": str(state.folder / "keyring.json"),
            }
            setup = state.log("setup")
            make_keyring(environment, log=setup)
            manage("migrate", "--no-input", "-v", "1", environment=environment, log=setup)
            manage("load_reference", environment=environment, log=setup)
            manage("demo", "--people", people, environment=environment)
            manage("bench", *arguments, environment=environment)
            manage("bench_import", environment=environment)
        finally:
            supervisor.stop()
            servers.cluster.remove()
    return 0
