"""What the documents and comments point at is there."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = re.compile(r"\b(docs/[\w./-]+\.(?:md|png))")
# Any file of ours, with its folder, a part of it, or none. Tests make files up, so there only documents are looked for.
FILE = re.compile(r"(?<![\w/.:<>{}*%=-])((?:[\w-]+/)*[\w-]+\.(?:md|png|csv|toml|py))\b")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")
ALL = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=False,
).stdout.split()
READ = [
    path
    for path in ALL
    if path.endswith((".py", ".md", ".html", ".yml", ".csv", "Makefile")) and (ROOT / path).is_file()
]
NAMES = {"/".join(Path(path).parts[start:]) for path in ALL for start in range(len(Path(path).parts))}
DECISIONS = ROOT / "docs" / "adr"


def missing(text: str, mention: re.Pattern[str] = FILE) -> set[str]:
    """The files that `text` names and that do not exist."""
    return set(mention.findall(text)) - NAMES


def broken_links(path: Path) -> set[str]:
    """Where the links of the document at `path` lead to nothing."""
    return {link for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()}


@pytest.mark.parametrize("path", READ)
def test_names_files_that_exist(path: str) -> None:
    mention = DOCUMENT if path.startswith("tests/") else FILE
    assert not missing((ROOT / path).read_text(encoding="utf-8"), mention), path


@pytest.mark.parametrize("path", [path for path in READ if path.endswith(".md")])
def test_leads_somewhere(path: str) -> None:
    assert not broken_links(ROOT / path), path


def test_every_decision_is_listed() -> None:
    listed = set(LINK.findall((DECISIONS / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in DECISIONS.glob("*.md")} - {"README.md"}


def test_a_broken_mention_is_seen(tmp_path: Path) -> None:
    assert missing("see docs/adr/" + "nowhere.md") == {"docs/adr/" + "nowhere.md"}
    assert missing("by nowhere.md, section 2; as rules.py says") == {"nowhere.md"}
    page = tmp_path / "page.md"
    page.write_text("[a page](nowhere.md), [another](https://example.org/page.md)", encoding="utf-8")
    assert broken_links(page) == {"nowhere.md"}
