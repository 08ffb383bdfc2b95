"""The house: imports go left only, modules and functions stay small, and app/ knows no content.

The rules are those of docs/decisions.md; each failure names file and line.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from lxml import etree

TOP = Path(__file__).resolve().parent.parent
APP = TOP / "app"

#: leftmost first; a room imports from itself and from rooms before it
ORDER = [
    "engine.errors", "engine.limits", "engine.characters", "engine.addresses", "engine.meaning",
    "engine.fact", "engine.deadline_facts", "engine.events", "engine.london", "engine.saying",
    "engine.lateness", "engine.attached", "engine.feel", "engine.xml", "engine.bpmn",
    "engine.forms", "engine.dmn", "engine.pictures",
    "engine.program", "engine.run", "engine",
    "documents", "validation", "bounded",
    "store", "casework", "config", "audit", "scheduler", "web",
]  # fmt: skip
#: what puts the rooms together: it may import every room, and no room imports it
ABOVE = {"", "cli", "wiring", "journeys", "demo"}
#: on its own: it imports nothing of the product
APART = {"assets", "parts"}
#: outside packages that only these rooms may import
RESERVED = {
    "SpiffWorkflow": ("engine.run",),
    "lxml": (
        "engine.xml",
        "engine.bpmn",
        "engine.dmn",
        "engine.pictures",
        "documents",
        "validation",
    ),
    "docx": ("documents",),
    "typst": ("documents",),
    "python_calamine": ("documents",),
    "email_validator": ("engine.addresses",),
    "smtplib": ("scheduler",),
    "re2": ("engine.feel",),
    "govuk_bank_holidays": ("engine.feel",),
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "psycopg": ("store",),
    "cryptography": ("store",),
    "argon2": ("casework",),
    "zxcvbn": ("casework",),
    "pyotp": ("casework",),
    "webauthn": ("casework",),
    "authlib": ("web",),
    "joserfc": ("web", "scheduler"),
    "requests": ("web", "scheduler"),
    "segno": ("web",),
    "flask": ("web",),
    "werkzeug": ("web",),
    "flask_wtf": ("web",),
    "apscheduler": ("scheduler",),
}
#: words of the field that no partnership-neutral program says
FIELD_WORDS = (
    "safeguarding", "lcspr", "ofsted", "ecdop", "national panel", "serious incident",
    "lead reviewer", "care leaver", "looked-after", "surrey", "coroner", "child death",
)  # fmt: skip


def modules() -> list[Path]:
    return sorted(p for p in APP.rglob("*.py") if "static" not in p.parts)


def written_by_hand() -> list[Path]:
    """Without migrations: a migration is a straight list of tables that nobody edits again."""
    return [p for p in modules() if "versions" not in p.parts]


def dotted(path: Path) -> str:
    parts = list(path.relative_to(APP).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(name: str) -> str | None:
    found = [r for r in ORDER if name == r or name.startswith(r + ".")]
    return max(found, key=len) if found else None


def is_module(name: str) -> bool:
    """`app.engine.saying`, not a name within it."""
    path = TOP.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def imports(tree: ast.AST, path: Path) -> Iterator[tuple[int, str]]:
    package = ["app", *path.relative_to(APP).parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names]
            if not all(map(is_module, names)):
                yield node.lineno, module
            if module.startswith("app"):
                yield from ((node.lineno, name) for name in names)


def places(names: Iterable[str]) -> dict[str, str | None]:
    """Module → the room it lies in, "above", "apart", or None when nobody knows."""
    found: dict[str, str | None] = {}
    for name in names:
        top = name.partition(".")[0]
        beside = "above" if top in ABOVE else "apart" if top in APART else None
        found[name] = room(name) or beside
    return found


def wrong_imports(sources: Mapping[str, str]) -> list[str]:
    """`path of a module below app/ → its text`; a line for each import that goes right."""
    wrong = []
    for path, text in sources.items():
        here = places([dotted(APP / path)])[dotted(APP / path)]
        for line, target in imports(ast.parse(text), APP / path):
            name = target.removeprefix("app.")
            if not target.startswith("app.") or here == "above":
                continue
            there = places([name])[name]
            right = there in ("above", "apart") or here == "apart"
            if here in ORDER and there in ORDER:
                right = ORDER.index(there) > ORDER.index(here)
            if right:
                wrong.append(f"app/{path}:{line} imports {target}")
    return wrong


def wrong_libraries(sources: Mapping[str, str]) -> list[str]:
    """A line for each import of a library that belongs to another room."""
    wrong = []
    for path, text in sources.items():
        here = room(dotted(APP / path))
        for line, target in imports(ast.parse(text), APP / path):
            allowed = RESERVED.get(target.split(".")[0])
            if allowed is not None and here not in allowed:
                wrong.append(f"app/{path}:{line} imports {target}")
    return wrong


def sources() -> dict[str, str]:
    return {path.relative_to(APP).as_posix(): path.read_text() for path in modules()}


def test_every_module_has_its_place() -> None:
    found = places(dotted(path) for path in modules())
    assert not [name for name, place in found.items() if place is None]
    named = set(found.values()) | {name.partition(".")[0] for name in found}
    assert {*ORDER, *ABOVE, *APART} <= named, "a place is named that no module lies in"


def test_a_module_that_nobody_placed_is_noticed() -> None:
    assert places(["planted", "storey.x", "store.x"]) == {
        "planted": None, "storey.x": None, "store.x": "store",
    }  # fmt: skip


def test_imports_go_left_only() -> None:
    wrong = wrong_imports(sources())
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("path", "text", "goes_right"),
    [
        pytest.param("engine/planted.py", "from app.web import tasks", True, id="engine → web"),
        pytest.param("engine/planted.py", "from app import store", True, id="engine → store"),
        pytest.param("engine/planted.py", "import app.casework.desk", True, id="a whole path"),
        pytest.param("engine/feel/planted.py", "from ..bpmn import reader", True, id="relative"),
        pytest.param(
            "store/planted.py", "def f():\n    from app.audit import replay", True, id="inside"
        ),
        pytest.param("web/planted.py", "from app.wiring import open_desk", True, id="room → above"),
        pytest.param(
            "config/planted.py", "from app.journeys import play", True, id="config → above"
        ),
        pytest.param("web/planted.py", "from app import assets", True, id="room → apart"),
        pytest.param("assets.py", "from app import config", True, id="apart → room"),
        pytest.param("casework/planted.py", "from app.store import cases", False, id="left"),
        pytest.param("casework/planted.py", "from app.casework import desk", False, id="itself"),
        pytest.param("cli/planted.py", "from app import web, wiring", False, id="above → anything"),
        pytest.param("engine/planted.py", "import json", False, id="the standard library"),
    ],
)
def test_an_import_that_goes_right_is_noticed(path: str, text: str, goes_right: bool) -> None:
    assert bool(wrong_imports({path: text})) is goes_right


def test_each_library_stays_in_its_room() -> None:
    wrong = wrong_libraries(sources())
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("path", "text", "elsewhere"),
    [
        pytest.param("engine/planted.py", "import sqlalchemy", True, id="engine: sqlalchemy"),
        pytest.param("web/planted.py", "from sqlalchemy import text", True, id="web: sqlalchemy"),
        pytest.param("cli/planted.py", "import flask.views", True, id="above: flask"),
        pytest.param("casework/planted.py", "from lxml import etree", True, id="casework: lxml"),
        pytest.param("store/planted.py", "import sqlalchemy.orm", False, id="store: sqlalchemy"),
        pytest.param("engine/planted.py", "import flasked", False, id="a name that only begins so"),
    ],
)
def test_a_library_in_another_room_is_noticed(path: str, text: str, elsewhere: bool) -> None:
    assert bool(wrong_libraries({path: text})) is elsewhere


def test_only_the_clock_reads_the_time() -> None:
    asks = re.compile(r"datetime\.now\(|\.utcnow\(|date\.today\(|time\.time\(\)|time\.sleep\(")
    wrong = [
        f"{path.relative_to(TOP)}:{number}"
        for path in modules()
        if dotted(path) != "scheduler.clock"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if asks.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_evaluated_or_unpickled() -> None:
    wrong = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                if name in {"eval", "exec", "compile", "__import__", "render_template_string"}:
                    wrong.append(f"{path.relative_to(TOP)}:{node.lineno} calls {name}")
        for line, target in imports(ast.parse(path.read_text()), path):
            if target.split(".")[0] in {"pickle", "marshal", "shelve", "dill"}:
                wrong.append(f"{path.relative_to(TOP)}:{line} imports {target}")
    assert not wrong, "\n".join(wrong)


def test_no_module_is_over_300_lines() -> None:
    long = {
        p.relative_to(TOP).as_posix(): len(p.read_text().splitlines()) for p in written_by_hand()
    }
    assert not {name: n for name, n in long.items() if n > 300}


def test_no_function_is_over_50_lines() -> None:
    long = []
    for path in written_by_hand():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > 50:
                    long.append(f"{path.relative_to(TOP)}:{node.lineno} {node.name}: {lines} lines")
    assert not long, "\n".join(long)


def test_every_module_says_what_it_owns() -> None:
    silent = [
        p.relative_to(TOP).as_posix()
        for p in modules()
        if p.read_text().strip()
        and not ast.get_docstring(ast.parse(p.read_text()))
        and "migrations/versions" not in p.as_posix()
    ]
    assert not silent


def content_ids() -> tuple[set[str], set[str]]:
    """Ids in the diagrams; and names of processes, forms, roles and agencies."""
    ids: set[str] = set()
    names = {p.stem for p in (TOP / "forms").rglob("*.*") if p.is_file()}
    for path in (TOP / "bpmn").glob("*.bpmn"):
        for node in etree.parse(path).iter():
            if isinstance(node.tag, str) and "/BPMN/20100524/MODEL" in node.tag and node.get("id"):
                kind = names if etree.QName(node).localname in {"process", "userTask"} else ids
                kind.add(str(node.get("id")))
    config = yaml.safe_load((TOP / "config.yaml").read_text())
    names |= set(config["roles"])
    for agency in config["settings"].get("agencies", []):
        names.add(agency if isinstance(agency, str) else str(agency.get("id", agency.get("value"))))
    return ids, names


def own_texts() -> Iterator[Path]:
    for suffix in ("*.py", "*.html", "*.js", "*.css", "*.json"):
        yield from (p for p in APP.rglob(suffix) if "vendor" not in p.parts)


def test_app_holds_no_content_word() -> None:
    """Another partnership brings its own bpmn/, forms/ and config.yaml and changes no Python."""
    # One plain word may be ordinary English too: names of one word count where they are a literal,
    # ids of one word inside a diagram do not count.
    ids, names = content_ids()
    joined = {i for i in ids | names if "_" in i or "-" in i}
    single = {i for i in names - joined if len(i) > 2}
    word = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)+")
    literal = re.compile(r"""["']([A-Za-z0-9]+)["']""")
    wrong = []
    for path in own_texts():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            low = line.lower()
            found = set(word.findall(line)) & joined | set(literal.findall(line)) & single
            found |= {w for w in FIELD_WORDS if w in low}
            wrong += [f"{path.relative_to(TOP)}:{number} says “{w}”" for w in sorted(found)]
    assert not wrong, "\n".join(wrong)


#: they read a clock for figures or for how long to go on, and judge nothing by it
CLOCKED = ("tests/bench/", "tests/fuzz/__main__.py", "tests/soak/", "tests/test_rooms.py")


def test_no_test_measures_time_on_the_wall() -> None:
    """Machines are busy: processor time is limited, events are waited for (tests/limits.py)."""
    clocks = re.compile(r"\b(monotonic(_ns)?|perf_counter(_ns)?|time\.time(_ns)?)\(")
    wrong = [
        f"{name}:{number}"
        for path in sorted((TOP / "tests").rglob("*.py"))
        for name in [path.relative_to(TOP).as_posix()]
        if not name.startswith(CLOCKED)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if clocks.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_place_of_this_machine_is_written_down() -> None:
    hosts = re.compile(r"registry\.npmjs|pypi\.org|deb\.debian|/work/|/tmp/rr", re.I)
    tracked = [p for p in TOP.rglob("*") if p.is_file() and not set(p.parts) & _LEFT_OUT]
    wrong = []
    for path in tracked:
        if path.suffix in _WRITTEN:
            text = path.read_text(errors="replace")
            if path != Path(__file__) and hosts.search(text):
                wrong.append(path.relative_to(TOP).as_posix())
    assert not wrong


_WRITTEN = {".py", ".md", ".txt", ".json", ".yaml", ".toml", ".mjs", ".js", ".html", ""}
_LEFT_OUT = {".git", ".venv", "node_modules", "vendor", "var", ".mypy_cache", ".ruff_cache",
             ".pytest_cache", "__pycache__", ".hypothesis"}  # fmt: skip


def test_lock_and_config_are_readable() -> None:
    assert json.loads((TOP / "frontend" / "package-lock.json").read_text())["packages"]
