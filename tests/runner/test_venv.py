"""What is missing on a machine is said in one line, with the mend."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mpp_tracker.runner.state import CHECKOUT

PYTHONS = ("python3", "python3.11", "python3.12", "python3.13", "python3.14")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a path with spaces"
    (folder / "bin").mkdir(parents=True)
    shutil.copy(CHECKOUT / "bin" / "venv", folder / "bin")
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        shutil.copy(CHECKOUT / name, folder)
    return folder


def make_venv(checkout: Path, programs: dict[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run bin/venv on a machine whose `programs` (name: shell script) stand before the usual ones."""
    machine = checkout / "machine"
    machine.mkdir()
    for name, script in programs.items():
        (machine / name).write_text(f"#!/bin/sh\n{script}\n")
        (machine / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    return subprocess.run(
        ["sh", "bin/venv"],
        cwd=checkout,
        env=kept | {"PATH": f"{machine}:/usr/bin:/bin", "PIP_CONFIG_FILE": "/dev/null"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


class TestVenv:
    def said(self, done: subprocess.CompletedProcess[str]) -> str:
        assert done.returncode != 0
        assert done.stderr.count("\n") == 1
        return done.stderr

    def test_says_which_python_is_needed(self, checkout: Path) -> None:
        old = dict.fromkeys(PYTHONS, "exit 1")
        assert "apt-get install python3 python3-venv" in self.said(make_venv(checkout, old))

    def test_says_that_the_venv_module_is_missing(self, checkout: Path) -> None:
        without = dict.fromkeys(PYTHONS, 'case "$2" in *venv*) exit 1 ;; esac')
        assert "apt-get install python3-venv" in self.said(make_venv(checkout, without))

    def test_says_that_the_disk_is_full(self, checkout: Path) -> None:
        full = {"df": "echo Filesystem; echo disk 1000 900 100 90% /", "python3": f'exec "{sys.executable}" "$@"'}
        assert "free some space" in self.said(make_venv(checkout, full))

    def test_says_that_the_package_index_cannot_be_reached(self, checkout: Path) -> None:
        machine = {"python3": f'exec "{sys.executable}" "$@"'}
        nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
        assert "cannot be reached" in self.said(make_venv(checkout, machine, **nowhere))
