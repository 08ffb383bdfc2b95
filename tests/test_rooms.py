"""The house: imports go left only, modules and functions stay small, and app/ knows no content.

The rules are those of docs/decisions.md; each failure names file and line.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from lxml import etree

TOP = Path(__file__).resolve().parent.parent
APP = TOP / "app"

#: leftmost first; a room imports from itself and from rooms before it
ORDER = [
    "engine.errors", "engine.characters", "engine.finding", "engine.meaning", "engine.events",
    "engine.feel", "engine.drawing", "engine.run", "engine",
    "store", "casework", "sections", "dated", "measures", "config", "audit", "scheduler", "web",
]  # fmt: skip
#: outside packages that only these rooms may import
RESERVED = {
    "SpiffWorkflow": ("engine.run",),
    "lxml": ("engine.drawing", "engine.run"),
    "re2": ("engine.feel",),
    "govuk_bank_holidays": ("engine.feel",),
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "psycopg": ("store",),
    "cryptography": ("store",),
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


def imports(tree: ast.AST, path: Path) -> Iterator[tuple[int, str]]:
    package = ["app", *path.relative_to(APP).parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield node.lineno, module
            if module.startswith("app"):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def test_imports_go_left_only() -> None:
    wrong = []
    for path in modules():
        here = room(dotted(path))
        if here is None:
            continue  # top-level modules may import every room
        for line, target in imports(ast.parse(path.read_text()), path):
            if not target.startswith("app."):
                continue
            there = room(target.removeprefix("app."))
            beside = there is None and (APP / (target.split(".")[1] + ".py")).is_file()
            if beside or (there is not None and ORDER.index(there) > ORDER.index(here)):
                wrong.append(f"{path.relative_to(TOP)}:{line} imports {target}")
    assert not wrong, "\n".join(wrong)


def test_each_library_stays_in_its_room() -> None:
    wrong = []
    for path in modules():
        here = room(dotted(path))
        for line, target in imports(ast.parse(path.read_text()), path):
            allowed = RESERVED.get(target.split(".")[0])
            if allowed is not None and here not in allowed:
                wrong.append(f"{path.relative_to(TOP)}:{line} imports {target}")
    assert not wrong, "\n".join(wrong)


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


@pytest.mark.parametrize("planted", ["import sqlalchemy", "from app.web import tasks"])
def test_the_import_check_can_fail(planted: str) -> None:
    path = APP / "engine" / "planted.py"
    targets = [t for _, t in imports(ast.parse(planted), path)]
    reserved = RESERVED.get(targets[0].split(".")[0], ("engine",))
    to_right = any(
        (room(t.removeprefix("app.")) or "") in ORDER[ORDER.index("store") :] for t in targets
    )
    assert "engine" not in reserved or to_right


def test_no_place_of_this_machine_is_written_down() -> None:
    hosts = re.compile(r"registry\.npmjs|pypi\.org|deb\.debian|/work/|/tmp/rr", re.I)
    tracked = [p for p in TOP.rglob("*") if p.is_file() and not set(p.parts) & _LEFT_OUT]
    wrong = []
    for path in tracked:
        if path.suffix in {".py", ".md", ".json", ".yaml", ".toml", ".mjs", ".js", ".html", ""}:
            text = path.read_text(errors="replace")
            if path != Path(__file__) and hosts.search(text):
                wrong.append(path.relative_to(TOP).as_posix())
    assert not wrong


_LEFT_OUT = {".git", ".venv", "node_modules", "vendor", "var", ".mypy_cache", ".ruff_cache",
             ".pytest_cache", "__pycache__", ".hypothesis"}  # fmt: skip


def test_lock_and_config_are_readable() -> None:
    assert json.loads((TOP / "frontend" / "package-lock.json").read_text())["packages"]
