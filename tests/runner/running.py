"""A `make run` of a copy of this checkout, for tests that kill it, crowd it, or click through it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from mpp_tracker.runner.processes import start_ticks
from mpp_tracker.runner.state import CHECKOUT

NOT_COPIED = shutil.ignore_patterns(
    ".git", ".local", ".venv", ".*_cache", "__pycache__", "tests", "node_modules", "docs"
)


def copy_of_checkout(folder: Path) -> Path:
    """This checkout without its data, tests and history, in `folder`."""
    return Path(shutil.copytree(CHECKOUT, folder, ignore=NOT_COPIED))


class Run:
    """A running `make run` of a copy of this checkout."""

    def __init__(self, checkout: Path, *, port: int, **environment: str) -> None:
        """Start it with `environment` on top of the machine's own, and wait until it says where it answers."""
        self.checkout = checkout
        ours = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "KEYRING_FILE", "DJANGO_SETTINGS_MODULE")
        kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("MPP_")}
        self.environment = kept | {"PORT": str(port), **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mpp_tracker.runner", "run"],
            cwd=checkout,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.address = self.read_address()

    def read_address(self) -> str:
        said = []
        for line in self.process.stdout or ():
            said.append(line)
            if found := re.search(r"Ready: (http://\S+)", line):
                return found[1]
        raise AssertionError("".join(said))

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}health/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def record(self, name: str) -> tuple[int, int]:
        kept = json.loads((self.checkout / ".local" / "run" / f"{name}.json").read_text())
        return kept["pid"], kept["started"]

    def is_up(self, name: str) -> bool:
        pid, ticks = self.record(name)
        return start_ticks(pid) == ticks

    def manage(self, *arguments: str) -> str:
        """The words of a `manage.py` command, run beside it on its servers."""
        command = [sys.executable, "-m", "mpp_tracker.runner", "manage", *arguments]
        done = subprocess.run(
            command, cwd=self.checkout, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)
