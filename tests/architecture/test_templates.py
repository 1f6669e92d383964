"""Templates hold to the content policy and to the rule that pages work without script."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = sorted(
    path
    for path in ROOT.glob("*/**/*.py")
    if not {".venv", ".local", "tests", "node_modules"} & set(path.relative_to(ROOT).parts)
)
TAG_OR_COMMENT = re.compile(r"{%.*?%}|{#.*?#}", re.DOTALL)
SENDS = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")


UNSTYLED = {"x-back"}  # names that only mark a part


class Marks(HTMLParser):
    """Collects what a template's own markup must not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.wrongs: list[str] = []
        self.forms: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = dict(attrs)
        line = self.getpos()[0]
        if "style" in marks or tag == "style":
            self.wrongs.append(f"line {line}: inline style")
        if handlers := [name for name in marks if name.startswith("on")]:
            self.wrongs.append(f"line {line}: inline handler {handlers[0]}")
        if tag == "script" and "src" not in marks and marks.get("type") != "application/json":
            self.wrongs.append(f"line {line}: inline script")
        if (marks.get("href") or "").strip().startswith("javascript:"):
            self.wrongs.append(f"line {line}: script in an address")
        if tag == "form":
            self.forms.append(marks)
        if any(name in marks for name in SENDS):
            self._check_works_without_script(tag, marks, line)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.forms:
            self.forms.pop()

    def _check_works_without_script(self, tag: str, marks: dict[str, str | None], line: int) -> None:
        polls = "every " in (marks.get("hx-trigger") or "")
        in_a_form = bool(self.forms) and "action" in self.forms[-1]
        if not (polls or "href" in marks or "action" in marks or "formaction" in marks or in_a_form):
            self.wrongs.append(f"line {line}: <{tag}> works only with script")


def wrongs_of(text: str) -> list[str]:
    found = Marks()
    found.feed(TAG_OR_COMMENT.sub(lambda hit: "\n" * hit.group().count("\n") or "x", text))
    return found.wrongs


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
class TestTemplate:
    def test_holds_no_inline_style_script_or_handler_and_works_without_script(self, path):
        assert wrongs_of(path.read_text()) == []

    def test_marks_nothing_as_safe(self, path):
        assert not re.search(r"\|\s*safe\b|{%\s*autoescape off", path.read_text())

    def test_asks_for_icons_that_the_sprite_has(self, path):
        sprite = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
        asked = set(re.findall(r'{%\s*icon "([^"]+)"', path.read_text()))
        assert asked <= sprite

    def test_uses_classes_that_the_style_sheet_has(self, path):
        known = set(re.findall(r"\.(x-[a-z0-9-]+)", (ROOT / "static/mpp.css").read_text()))
        used = {
            name
            for names in re.findall(r'class="([^"]*)"', TAG_OR_COMMENT.sub(" ", path.read_text()))
            for name in names.split()
            if name.startswith("x-") and "{" not in name
        }
        assert used - known - UNSTYLED == set()

    def test_every_post_carries_its_token(self, path):
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
            if re.search(r'method="post"', form[: form.index(">") + 200]):
                assert "{% csrf_token %}" in form


class TestSources:
    def test_asks_for_icons_that_the_sprite_has(self):
        sprite = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
        made = re.compile(r'(?:\bPill\(\s*"\w+",\s*|\b(?:Tag|SourceLine)\(\s*|\bicon=)"([a-z0-9-]+)"')
        asked = {(name_of(path), name) for path in SOURCES for name in made.findall(path.read_text())}
        assert {(path, name) for path, name in asked if name not in sprite} == set()

    def test_leaves_no_icon_in_the_sprite_that_nobody_asks_for(self):
        sprite = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
        scripts = sorted((ROOT / "static").rglob("*.js"))
        quoted = re.compile(r"""["'#`]([a-z0-9-]+)["'`\s]""")
        asked = {name for path in (*TEMPLATES, *SOURCES, *scripts) for name in quoted.findall(path.read_text())}
        listed = {cell for path in ROOT.glob("*/**/*.csv") for cell in re.findall(r"[\w-]+", path.read_text())}
        assert sprite <= asked | listed

    def test_only_the_look_may_build_markup(self):
        allowed = {"core/templatetags/look.py"}
        wrong = [name_of(path) for path in SOURCES if re.search(r"\bmark_safe\b|\bSafeString\(", path.read_text())]
        assert set(wrong) <= allowed


class TestGuard:
    """The guard itself has been seen failing."""

    @pytest.mark.parametrize(
        "text",
        [
            '<p style="color:red">',
            "<style>p{}</style>",
            '<button onclick="x()">',
            "<script>x()</script>",
            '<a href="javascript:x()">',
            '<button hx-post="/x">',
            '<div hx-get="{% url "x" %}">',
        ],
    )
    def test_refuses(self, text):
        assert wrongs_of(text)

    @pytest.mark.parametrize(
        "text",
        [
            '<script src="/x.js"></script>',
            '<script type="application/json">{}</script>',
            '<a href="/x" hx-get="/x">',
            '<form action="/x" hx-post="/x">',
            '<form action="/x"><button hx-post="/x"></form>',
            '<div hx-get="/x" hx-trigger="every 15s">',
        ],
    )
    def test_accepts(self, text):
        assert wrongs_of(text) == []
