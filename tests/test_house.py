"""The house in figures: small folders, few modules that need many others, names that say what is.

Each count can fail: a row of planted source beside it is counted as it should be.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from collections.abc import Mapping

import pytest

from tests.test_rooms import APP, dotted, modules, written_by_hand

MOST_IN_A_FOLDER = 25
MANY_IMPORTS = 8
MOST_IMPORTS = 14
#: where a page, a command or a journey meets all that it needs
MODULES_WITH_MANY = 15
#: says nothing of what a thing is, and cannot be searched
VAGUE = ("one", "found", "there")
VAGUE_IN_A_THOUSAND_LINES = 8


def imported(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Module → the modules of the product that it names; a package's face counts as one."""
    found: dict[str, set[str]] = {}
    for name, text in sources.items():
        named = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app"):
                module = str(node.module).removeprefix("app").removeprefix(".")
                for alias in node.names:
                    inner = f"{module}.{alias.name}".removeprefix(".")
                    named.add(inner if inner in sources else module)
        found[name] = named - {name}
    return found


def vague(text: str) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return sum(token.type == tokenize.NAME and token.string in VAGUE for token in tokens)


def texts() -> dict[str, str]:
    return {dotted(path): path.read_text() for path in modules()}


def test_no_folder_holds_more_modules_than_one_can_keep_in_mind() -> None:
    folders = Counter(
        path.parent.relative_to(APP).as_posix()
        for path in written_by_hand()
        if path.name != "__init__.py"
    )
    assert not {name: count for name, count in folders.items() if count > MOST_IN_A_FOLDER}


def test_few_modules_need_many_others() -> None:
    counts = {name: len(named) for name, named in imported(texts()).items()}
    assert not {name: count for name, count in counts.items() if count > MOST_IMPORTS}
    many = sorted(name for name, count in counts.items() if count > MANY_IMPORTS)
    assert len(many) <= MODULES_WITH_MANY, "\n".join(many)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("from app.store import cases, Unit", {"store.cases", "store"}, id="both"),
        pytest.param("from app import store", {"store"}, id="a package's face"),
        pytest.param(
            "def f():\n    from app.store.cases import lock", {"store.cases"}, id="inside"
        ),
        pytest.param("import json", set(), id="the standard library"),
    ],
)
def test_imports_are_counted_by_module(text: str, named: set[str]) -> None:
    sources = {"x": text, "store": "", "store.cases": ""}
    assert imported(sources)["x"] == named


def test_names_say_what_things_are() -> None:
    lines = sum(text.count("\n") for text in texts().values())
    count = sum(vague(text) for text in texts().values())
    assert count * 1000 <= VAGUE_IN_A_THOUSAND_LINES * lines


def test_a_vague_name_is_counted_and_a_word_in_a_sentence_is_not() -> None:
    assert vague('for one in rows:\n    """One found there."""\n    found = one\n') == 3


def powers_in_words(text: str) -> list[int]:
    """Lines that ask a role for a power by a word of their own, not by the one declared."""
    asks = ("may", "demand", "require")
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in asks
        and any(isinstance(given, ast.Constant) for given in node.args)
    ]


def test_a_power_is_named_where_it_is_declared() -> None:
    """That is in the table of orders; in `access` those that no order asks for."""
    rooms = ("casework", "audit", "scheduler")
    asked = {name: powers_in_words(text) for name, text in texts().items()}
    assert not {name: at for name, at in asked.items() if at and name.partition(".")[0] in rooms}


def test_a_power_in_words_is_noticed() -> None:
    assert powers_in_words('roles.demand(person, "deploy")\nroles.may(person, order.power)') == [1]
