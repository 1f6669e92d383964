"""A keyring of each test's own."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from privacy import keyring


@pytest.fixture
def keyring_file(tmp_path: Path, settings: Settings) -> Path:
    """The settings' keyring file: a fresh one with one key."""
    path = tmp_path / "secret" / "keyring.json"
    settings.KEYRING_FILE = path
    keyring.create(path)
    return path
