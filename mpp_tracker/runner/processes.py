"""Programs the supervisor starts, watches, starts again and stops."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .state import State, Trouble

FIRST_PAUSE_SECONDS = 0.3
LONGEST_PAUSE_SECONDS = 8.0
CALM_AFTER_SECONDS = 20.0
LEFT_OVER_SECONDS = 10.0


@dataclass
class Program:
    """One program: what to start, how it shows that it is well, how it wants to be asked to stop."""

    name: str
    command: Sequence[str]
    healthy: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience_seconds: float = 10.0
    start_seconds: float = 60.0
    prefix: Sequence[str] = ()


class Child:
    """A running program, and the record by which a later run recognises it."""

    def __init__(self, program: Program, state: State) -> None:
        self.program = program
        self.state = state
        self.record = state.folder / "run" / f"{program.name}.json"
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.pause_seconds = FIRST_PAUSE_SECONDS

    def start(self) -> None:
        """Start the program in a session of its own, so that Ctrl-C reaches only the supervisor."""
        program = self.program
        with self.state.log(program.name).open("ab") as log:
            try:
                self.process = subprocess.Popen(
                    [*program.prefix, *dying_with_us(program.stop_signal), *program.command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=dict(program.environment),
                    cwd=program.folder,
                    start_new_session=True,
                )
            except OSError as error:
                raise Trouble(f"Cannot start {program.name}: {error}.") from error
        self.started_at = time.monotonic()
        pid = self.process.pid
        told = json.dumps({"pid": pid, "started": start_ticks(pid), "signal": program.stop_signal})
        unfinished = self.record.with_suffix(".new")
        unfinished.write_text(told)
        unfinished.replace(self.record)  # whoever reads it meanwhile finds the one or the other, whole

    def wait_until_healthy(self) -> None:
        """Return when the program answers; Trouble with its last words when it dies or takes too long."""
        limit = time.monotonic() + self.program.start_seconds
        while not self.program.healthy():
            if not self.is_running():
                raise Trouble(f"{self.program.name} stopped while starting: {self.last_words()}")
            if time.monotonic() > limit:
                raise Trouble(
                    f"{self.program.name} did not answer in {self.program.start_seconds:.0f} s: {self.last_words()}"
                )
            time.sleep(0.03)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def last_words(self) -> str:
        path = self.state.log(self.program.name)
        lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
        return f"{lines[-1] if lines else 'it said nothing'} (see {path})"

    def clear_away(self) -> None:
        """End what a dead program left behind in its own process group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask the program to stop, and make it stop when its patience is over."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.program.stop_signal)
            try:
                self.process.wait(self.program.patience_seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.clear_away()
        self.record.unlink(missing_ok=True)


def stop_left_over(record: Path) -> None:
    """Stop the program that an earlier run, killed before it could, has left under this record; touch nothing else."""
    try:
        kept = json.loads(record.read_text())
        pid, ticks, stop_signal = int(kept["pid"]), int(kept["started"]), int(kept["signal"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    limit = time.monotonic() + LEFT_OVER_SECONDS
    with contextlib.suppress(ProcessLookupError):
        while start_ticks(pid) == ticks:
            os.kill(pid, stop_signal if time.monotonic() < limit else signal.SIGKILL)
            time.sleep(0.1)
    record.unlink(missing_ok=True)


def stop_left_overs(state: State) -> None:
    for record in sorted((state.folder / "run").glob("*.json"), reverse=True):
        stop_left_over(record)


class Supervisor:
    """Starts programs in order, keeps them alive, stops them in the opposite order."""

    def __init__(self, state: State, *, say: Callable[[str], None]) -> None:
        self.state = state
        self.say = say
        self.children: list[Child] = []
        self.stopping = False

    def start(self, program: Program) -> Child:
        child = Child(program, self.state)
        stop_left_over(child.record)
        self.children.append(child)
        child.start()
        child.wait_until_healthy()
        return child

    def watch(self) -> None:
        """Until `stopping` is set: start again whatever has died, more and more patiently if it keeps dying."""
        due: dict[str, float] = {}
        while not self.stopping:
            now = time.monotonic()
            for child in self.children:
                name = child.program.name
                if child.is_running():
                    if now - child.started_at > CALM_AFTER_SECONDS:
                        child.pause_seconds = FIRST_PAUSE_SECONDS
                elif name not in due:
                    self.say(f"{name} stopped ({ending(child)}); starting it again")
                    child.clear_away()
                    due[name] = now + child.pause_seconds
                    child.pause_seconds = min(child.pause_seconds * 2, LONGEST_PAUSE_SECONDS)
                elif now >= due[name]:
                    del due[name]
                    child.start()
            time.sleep(0.1)

    def stop(self) -> None:
        self.stopping = True
        while self.children:
            self.children.pop().stop()


def ending(child: Child) -> str:
    code = child.process.returncode if child.process is not None else None
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit {code}"


def dying_with_us(stop_signal: signal.Signals) -> list[str]:
    """A prefix that has the kernel stop the program when the supervisor itself is killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", stop_signal.name.removeprefix("SIG"), "--"] if setpriv else []


def start_ticks(pid: int) -> int | None:
    """The moment the process began, in clock ticks since boot; None when it is gone or only a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])
