"""What the documents and comments point at is there."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MENTION = re.compile(r"\b(docs/[\w./-]+\.(?:md|png))")
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py", "*.md", "*.html", "*.yml", "Makefile"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=False,
).stdout.split()


def missing(text: str) -> set[str]:
    """The documents that `text` names and that do not exist."""
    return {path for path in MENTION.findall(text) if not (ROOT / path).exists()}


@pytest.mark.parametrize("path", sorted(path for path in TRACKED if (ROOT / path).is_file()))
def test_names_documents_that_exist(path: str) -> None:
    assert not missing((ROOT / path).read_text(encoding="utf-8")), path


def test_a_broken_mention_is_seen() -> None:
    assert missing("see docs/adr/" + "nowhere.md") == {"docs/adr/" + "nowhere.md"}
