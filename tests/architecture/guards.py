"""The guards of the house: each reads Python source and returns what it finds wrong, as "line 12: …".

They work on text, so that a test can show each of them a wrong line and see it caught (`test_guards.py`).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "mpp_tracker dashboard api demo expected tablets sheets docket journey shelters hearings cases messaging accounts words places audit "
    "privacy core"
).split()
WRITES = {"save", "create", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update"}
CLOCKS = {("timezone", "now"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
CLOCKS |= {("timezone", "localdate"), ("time", "time")}
ASKS, COUNTS = {"filter", "exclude", "get", "Q"}, {"Count", "Exists", "ArrayAgg", "Min", "Max"}
BANNED_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "services",
    "service",
    "managers",
    "processors",
    "data",
    "info",
    "common",
    "misc",
}


def sources(*rooms: str) -> Iterator[Path]:
    """Every module of `rooms` (all of them unless told), without migrations."""
    for room in rooms or ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    """`cases/actions/steps.py`."""
    return str(path.relative_to(ROOT))


def layer_of(path: Path) -> str:
    """Which floor inside its room a module stands on: "views", "actions", "management", "models" …"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if len(parts) > 1 else parts[0]


def writes_in(source: str) -> list[str]:
    """Calls that write to the database. `update` counts where it is asked of a query, not of a dictionary."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            receiver = ast.unparse(node.func.value)
            is_update = node.func.attr == "update" and any(
                mark in receiver for mark in (".objects", ".filter(", ".exclude(")
            )
            if node.func.attr in WRITES or is_update:
                found.append(f"line {node.lineno}: {receiver}.{node.func.attr}() writes")
    return found


def clocks_in(source: str) -> list[str]:
    """Places where the clock is read."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in CLOCKS:
                found.append(f"line {node.lineno}: {owner}.{node.attr} reads the clock")
    return found


def deeds_in(source: str) -> list[ast.FunctionDef]:
    """The public functions of a module."""
    return [
        node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def wrong_deed(deed: ast.FunctionDef) -> list[str]:
    """What a deed lacks: keyword-only arguments, `actor`, `at`, a docstring."""
    named = {argument.arg for argument in deed.args.kwonlyargs}
    found = []
    if deed.args.args or deed.args.posonlyargs or deed.args.vararg:
        found.append(f"{deed.name}() takes arguments by position")
    found += [f"{deed.name}() takes no `{needed}`" for needed in ("actor", "at") if needed not in named]
    if ast.get_docstring(deed) is None:
        found.append(f"{deed.name}() says nothing")
    return found


def hidden_consequences_in(source: str) -> list[str]:
    """Signals and `save` or `delete` overrides: what happens must stand in a deed."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module=module) if module in ("django.db.models.signals", "django.dispatch"):
                found.append(f"line {node.lineno}: imports {module}")
            case ast.ImportFrom(names=names) if any(name.name in ("signals", "receiver") for name in names):
                found.append(f"line {node.lineno}: imports signals")
            case ast.ClassDef(body=body):
                found += [
                    f"line {child.lineno}: overrides {child.name}()"
                    for child in body
                    if isinstance(child, ast.FunctionDef) and child.name in ("save", "delete")
                ]
            case _:
                pass
    return found


def inner_imports_in(source: str, room: str = "") -> list[str]:
    """Imports of rooms other than `room` inside a function: they hide that two rooms know each other."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found += [
                f"line {node.lineno}: imports {name} inside a function"
                for name in names
                if name.split(".")[0] in set(ROOMS) - {room}
            ]
    return found


def joins_to_people_in(source: str) -> list[str]:
    """Lookups that reach people through their household and so pass by the manager that leaves merged files out."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        asked = [keyword.arg or "" for keyword in node.keywords] if name in ASKS else []
        if name in COUNTS:
            asked += [
                each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
        found += [
            f"line {node.lineno}: {name}({path}) counts merged people too"
            for path in asked
            if "people" in path.split("__")
        ]
    return found


def is_badly_named(path: Path) -> bool:
    """Whether a module's name says nothing: utils, helpers, services …"""
    return path.stem in BANNED_NAMES


def pages_recorded_in(source: str) -> set[str]:
    """What a module calls its pages in the read log; "?" and the name of what it does not call by a string."""
    tree = ast.parse(source)
    said: dict[str, list[ast.expr]] = {}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for name, value in _assigned(node):
                said.setdefault(name, []).append(value)
    handed = [given.value for call in calls for given in call.keywords if given.arg == "page"]
    said.setdefault("page", []).extend(value for value in handed if ast.unparse(value) != "page")
    recorded = [call for call in calls if ast.unparse(call.func).endswith("record_read")]
    asked = [given.value for call in recorded for given in call.keywords if given.arg == "page"]
    return {page for value in asked for page in _strings(value, said)}


def _assigned(node: ast.Assign) -> list[tuple[str, ast.expr]]:
    target = node.targets[0]
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        return [(ast.unparse(each), value) for each, value in zip(target.elts, node.value.elts, strict=True)]
    return [(ast.unparse(target), node.value)]


def _strings(value: ast.expr, said: dict[str, list[ast.expr]]) -> set[str]:
    if isinstance(value, ast.Constant):
        return {str(value.value)}
    if isinstance(value, ast.IfExp):
        return _strings(value.body, said) | _strings(value.orelse, said)
    found = {string for each in said.get(ast.unparse(value), ()) for string in _strings(each, said)}
    return {string for string in found if not string.startswith("?")} or {f"?{ast.unparse(value)}"}
