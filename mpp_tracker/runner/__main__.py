"""The supervisor's command line: `python -m mpp_tracker.runner run | test | bench | reset | servers | manage`."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
from types import FrameType

from . import suite
from .bench import USUAL_PEOPLE, run_bench
from .processes import Supervisor
from .servers import Servers, make_keyring, manage, servers_up
from .state import LOCAL, State, Trouble


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m mpp_tracker.runner", description=__doc__)
    parser.add_argument("verb", choices=["run", "test", "bench", "reset", "servers", "manage"])
    parser.add_argument("--durable", action="store_true", help="test: let PostgreSQL sync to disk, as in production")
    options, rest = parser.parse_known_args()
    signal.signal(signal.SIGINT, interrupt)  # also where a shell that started us in the background has it ignored
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    os.umask(0o077)
    try:
        return VERBS[options.verb](rest, options)
    except Trouble as trouble:
        print(f"{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def run(rest: list[str], options: argparse.Namespace) -> int:
    from .run import run_all

    return run_all()


def test(rest: list[str], options: argparse.Namespace) -> int:
    return suite.run_suite(rest, durable=options.durable)


def bench(rest: list[str], options: argparse.Namespace) -> int:
    parser = argparse.ArgumentParser(prog="python -m mpp_tracker.runner bench")
    parser.add_argument("--people", default=USUAL_PEOPLE, help="how many demo people to measure with")
    chosen, others = parser.parse_known_args(rest)
    return run_bench(others, people=chosen.people)


def reset(rest: list[str], options: argparse.Namespace) -> int:
    from .run import start_over

    return start_over()


def servers(rest: list[str], options: argparse.Namespace) -> int:
    """Hold the two servers up and print the exports that point at them."""
    state = State(LOCAL)
    both = Servers(state, given=os.environ)
    supervisor = Supervisor(state, say=print)
    with servers_up(both, supervisor):
        make_keyring(both.environment(), log=state.log("setup"))
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "KEYRING_FILE"):
            print(f"export {name}={shlex.quote(both.environment()[name])}", flush=True)
        supervisor.watch()
    return 0


def manage_command(rest: list[str], options: argparse.Namespace) -> int:
    state = State(LOCAL)
    both = Servers(state, given=os.environ)
    with servers_up(both, Supervisor(state, say=print)):
        environment = both.environment()
        if rest[:1] != ["keyring"]:
            make_keyring(environment, log=state.log("setup"))
        manage(*rest, environment=environment)
    return 0


VERBS = {"run": run, "test": test, "bench": bench, "reset": reset, "servers": servers, "manage": manage_command}

if __name__ == "__main__":
    sys.exit(main())
