"""What is shown to a stranger holds by a verifier of the tests' own; nothing that was withheld is
in the file, and no other word can be put in its place."""

from __future__ import annotations

import ast
import copy
import hashlib
import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.audit.disclosure import disclose, summary
from app.audit.verification.head_list import heads
from app.casework.commands import Claim
from app.casework.errors import NotFound, Refused
from app.store.chain import packing
from tests.audit import outside, worked_example
from tests.kit import Kit, diagram, form

PAGE = Path(__file__).resolve().parents[2] / "docs" / "history-format.md"
REVIEW = (
    diagram(
        "start > task:ask > task:answer > end",
        var={"name": '""', "age": "0"},
        ask={"groups": "clerk,lead", "form": "ask"},
        answer={"groups": "clerk", "due": "=working_days_after(today(), 2)"},
    )
    | form("ask", "name", "where")
)  # fmt: skip


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(REVIEW)
    case = kit.start("ann")
    kit.do(Claim, "ann", case=case, task=kit.task(case, "ask"))
    kit.complete("ann", case, "ask", name="Jo Secretperson", where="At home with Jo Secretperson")
    return case


def shown(kit: Kit, case: str, entries: list[int] | None = None, *withheld: str) -> Any:
    with kit.store.reading() as unit:
        found = disclose(unit, case, entries, withheld)
    return json.loads(json.dumps(found))


def test_a_whole_history_is_shown_and_holds(kit: Kit, case: str) -> None:
    found = outside.check(shown(kit, case))
    assert sorted(found) == [1, 2, 3]
    assert found[3]["/command/answers/name"] == "Jo Secretperson"
    assert found[3]["/command/by"] == "Ann Archer"
    assert found[2]["/command/kind"] == "Claim"


def test_some_entries_are_shown_and_all_headers(kit: Kit, case: str) -> None:
    file = shown(kit, case, [3])
    assert list(outside.check(file)) == [3]
    assert len(file["headers"]) == 3


def test_what_is_withheld_is_not_there_under_any_name_and_the_rest_holds(
    kit: Kit, case: str
) -> None:
    file = shown(kit, case, None, "3:/command/answers/name")
    assert "Secretperson" not in json.dumps(file)
    assert '"/command/answers/name"' not in json.dumps(file)
    assert not [
        p
        for one in outside.check(file).values()
        for p in one
        if p.endswith("/name") and "/values" in p
    ]
    assert outside.check(file)[3]["/command/by"] == "Ann Archer"
    assert "withheld" in summary(file)


def test_all_below_a_pointer_is_withheld(kit: Kit, case: str) -> None:
    file = shown(kit, case, [3], "/command")
    assert not [one for one in outside.check(file)[3] if one.startswith("/command")]


@pytest.mark.parametrize(
    ("entries", "withheld"),
    [
        pytest.param([9], [], id="an entry that is not there"),
        pytest.param(None, ["/command/answers/nameo"], id="a pointer at nothing"),
        pytest.param([2], ["3:/command/by"], id="a field of an entry that is not shown"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    kit: Kit, case: str, entries: list[int] | None, withheld: list[str]
) -> None:
    with pytest.raises(Refused):
        shown(kit, case, entries, *withheld)


def test_an_unknown_case_is_not_found(kit: Kit) -> None:
    with pytest.raises(NotFound):
        shown(kit, "T-2026-0099")


def _field(file: Any, ending: str) -> Any:
    fields = file["entries"][2]["fields"]
    return next(one for one in fields if one.get("pointer", "").endswith(ending))


def _set(ending: str, name: str, value: Any) -> Callable[[Any], None]:
    return lambda file: _field(file, ending).update({name: value})


def _header(old: str, new: str) -> Callable[[Any], None]:
    def change(file: Any) -> None:
        file["headers"][1] = file["headers"][1].replace(old, new)

    return change


def _drop(number: int) -> Callable[[Any], None]:
    return lambda file: file["entries"][2]["fields"].pop(number)


def _swap(file: Any) -> None:
    fields = file["entries"][2]["fields"]
    fields[0], fields[1] = fields[1], fields[0]


def _other_entry(file: Any) -> None:
    file["entries"][2]["fields"] = file["entries"][0]["fields"]


FORGED: dict[str, Callable[[Any], None]] = {
    "another word": _set("/answers/name", "value", "Sam"),
    "another pointer": _set("/answers/name", "pointer", "/command/answers/namem"),
    "another salt": _set("/answers/name", "salt", "00" * 16),
    "a longer salt": _set("/answers/name", "salt", "00" * 17),
    "a number for a text": _set("/command/kind", "value", 1),
    "a field left out": _drop(0),
    "the last field left out": _drop(-1),
    "two fields swapped": _swap,
    "fields of another entry": _other_entry,
    "an actor in the header": _header('"actor":"ann"', '"actor":"ben"'),
    "1.0 for 1 in the header": _header('"v":2', '"v":2.0'),
    "a space in the header": _header('"v":2', '"v": 2'),
    "an older form": _header('"v":2', '"v":1'),
    "a doubled key in the header": _header('"v":2', '"v":2,"v":2'),
    "the first header gone": lambda file: file["headers"].pop(0),
    "a header in the middle gone": lambda file: file["headers"].pop(1),
    "another case's name": lambda file: file.update(case="other"),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_file_is_found_by_a_stranger(
    kit: Kit, case: str, forge: Callable[[Any], None]
) -> None:
    file = shown(kit, case)
    forged = copy.deepcopy(file)
    forge(forged)
    assert forged != file
    with pytest.raises(outside.Wrong):
        outside.check(forged)


def test_the_newest_header_holds_by_the_head_that_was_kept_elsewhere(kit: Kit, case: str) -> None:
    """Nothing in the file names its last entry, so a stranger compares it with a list of heads."""
    file = shown(kit, case)
    line, _ = heads(kit.store)  # the other is that of the installation's log
    assert line.split()[3] == outside.head(file)
    file["headers"][2] = file["headers"][2].replace('"actor":"ann"', '"actor":"ben"')
    assert outside.check(file)
    assert line.split()[3] != outside.head(file)


def test_the_verifier_is_a_strangers() -> None:
    tree = ast.parse(Path(outside.__file__).read_text())
    named = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert named == {"__future__", "hashlib", "json", "sys", "typing"}


def test_the_worked_example_of_the_page_is_what_the_program_writes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    example = page.partition("<!-- example -->\n")[2].partition("\n<!-- /example -->")[0]
    assert example == worked_example.told()


def test_the_page_has_the_dictionary_byte_for_byte() -> None:
    page = PAGE.read_text(encoding="utf-8")
    block = page.partition("<!-- dictionary -->\n")[2].partition("\n<!-- /dictionary -->")[0]
    assert b64decode("".join(block.split())) == packing.DICTIONARY
    assert hashlib.sha256(packing.DICTIONARY).hexdigest() in page


def test_the_worked_example_holds_by_the_strangers_verifier() -> None:
    header, entry = worked_example.entry()
    parsed = outside.parsed(header, 2)
    found = outside.fields(parsed, entry["fields"])
    assert found["/command/answers/contact/visits~1month"] == 2
    assert found["/command/answers/notes"] == []
    assert "/command/by" not in found
