"""docs/asvs.csv has every requirement of OWASP ASVS 5.0.0 of level 1 and 2; it and the threat model
name only tests that are there.

Whether a test shows what its row says is for who reads it; that none is missing is shown here.
The standard's own sentences stay with OWASP (CC BY-SA 4.0): only numbers and levels stand here.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ["id", "level", "about", "applies", "state", "test", "why"]
NOT_APPLICABLE = "not applicable"
STATES = {"met", "partly", "not met", NOT_APPLICABLE}
#: section → the level of each of its requirements, in their order
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3",
    "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333",
    "6.6": "2223", "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222",
    "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23",
    "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
ASKED = {
    f"{section}.{number}": level
    for section, levels in LEVELS.items()
    for number, level in enumerate(levels, 1)
    if level in "12"
}
with (ROOT / "docs/asvs.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))
_TEST = re.compile(r"\btest_\w+\b(?!\.py)")
MODEL = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
every_row = pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])


@cache
def named_in(path: str) -> frozenset[str]:
    """What pytest calls the tests of a file, without their parameters."""
    if not path.startswith("tests/") or not (ROOT / path).is_file():
        return frozenset()
    return names((ROOT / path).read_text(encoding="utf-8"))


@cache
def known() -> frozenset[str]:
    """The bare name of every test there is."""
    paths = (str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))
    return frozenset(name.rpartition("::")[2] for path in paths for name in named_in(path))


def names(source: str) -> frozenset[str]:
    return frozenset(_names(ast.parse(source).body, ""))


def _names(body: list[ast.stmt], within: str) -> list[str]:
    told = []
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            told.append(f"{within}{node.name}")
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            told += _names(node.body, f"{within}{node.name}::")
    return told


def faults(row: dict[str, str]) -> list[str]:
    """What is wrong with a row, in words."""
    told = []
    if row["level"] != ASKED.get(row["id"]):
        told.append(f"level {row['level']!r}")
    if row["state"] not in STATES:
        told.append(f"state {row['state']!r}")
    if row["applies"] != ("no" if row["state"] == NOT_APPLICABLE else "yes"):
        told.append(f"applies {row['applies']!r}, but it is {row['state']!r}")
    if not row["about"].strip():
        told.append("about nothing")
    tests = row["test"].split()
    if not row["why"].strip() and (not tests or row["state"] != "met"):
        told.append("no why")
    if tests and row["state"] == NOT_APPLICABLE:
        told.append("a test of what does not apply")
    for test in tests:
        path, _, name = test.partition("::")
        if name not in named_in(path):
            told.append(f"no test {test}")
    told += [f"no test {name}" for name in _TEST.findall(row["why"]) if name not in known()]
    return told + [f"{test} twice" for test, count in Counter(tests).items() if count > 1]


def test_every_requirement_of_levels_1_and_2_has_its_row_once() -> None:
    assert Counter(ASKED.values()) == {"1": 70, "2": 183}, "as the standard counts them"
    assert [row["id"] for row in ROWS] == list(ASKED)


def test_the_columns_are_those_that_are_documented() -> None:
    wrong = [row["id"] for row in ROWS if list(row) != COLUMNS or None in row.values()]
    assert not wrong


@every_row
def test_a_row_says_what_shows_it_or_why_not(row: dict[str, str]) -> None:
    assert not faults(row)


def test_the_threat_model_names_only_files_and_tests_that_are_there() -> None:
    named = set(re.findall(r"`((?:app|tests)/[^`\s]+)`", MODEL))
    tests = {name for name in named if "::" in name}
    assert tests
    gone = [name for name in named - tests if not (ROOT / name).exists()]
    for test in tests:
        path, _, name = test.partition("::")
        gone += [] if name in named_in(path) else [test]
    assert not sorted(gone)


WRONG = {
    "no such test": ({"test": "tests/test_asvs.py::test_nothing"}, "no test tests/test_asvs.py::"),
    "no such file": ({"test": "tests/test_gone.py::test_a"}, "no test tests/test_gone.py::test_a"),
    "a file alone": ({"test": "tests/test_asvs.py"}, "no test tests/test_asvs.py"),
    "not among the tests": ({"test": "app/parts.py::test_a"}, "no test app/parts.py::test_a"),
    "a reason with no such test": ({"why": "As test_nothing shows."}, "no test test_nothing"),
    "a test named twice": ({"test": " ".join(["tests/x.py::test_a"] * 2)}, "twice"),
    "neither test nor why": ({"test": ""}, "no why"),
    "not met, and no why": ({"state": "not met"}, "no why"),
    "another level": ({"level": "2"}, "level '2'"),
    "an unknown state": ({"state": "nearly"}, "state 'nearly'"),
    "applies and does not": ({"applies": "no"}, "applies 'no'"),
    "a test of what does not apply": ({"state": NOT_APPLICABLE, "applies": "no", "why": "w"},
                                      "a test of what does not apply"),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "said"), WRONG.values(), ids=WRONG)
def test_a_row_that_is_wrong_is_noticed(changed: dict[str, str], said: str) -> None:
    here = "tests/test_asvs.py::test_a_row_that_is_wrong_is_noticed"
    right = {"id": "1.2.1", "level": "1", "about": "a", "applies": "yes", "state": "met",
             "test": here, "why": ""}  # fmt: skip
    assert not faults(right)
    assert any(said in fault for fault in faults({**right, **changed}))


def test_tests_in_classes_and_with_parameters_are_known() -> None:
    source = (
        "@pytest.mark.parametrize('a', [1])\ndef test_a(a): ...\n"
        "class TestThings:\n    def test_b(self): ...\n    def helps(self): ...\n"
        "def made():\n    def test_c(): ...\n"
    )
    assert names(source) == {"test_a", "TestThings::test_b"}
