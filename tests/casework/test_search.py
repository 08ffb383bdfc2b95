"""A case is found by what somebody knows of it, only by who may see it, and each search is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.audit.installation.words import words
from app.audit.verification.installation import verify_installation
from app.casework.access import SYSTEM
from app.casework.cases import history
from app.casework.commands import AddMember, ExcludePerson
from app.casework.errors import Refused
from app.casework.indexing import index_behind
from app.casework.reading import search as searching
from app.store import cases, schema
from app.store.chain.log import entries
from tests.casework.test_likeness import ZOE, told
from tests.kit import PEOPLE, Kit, diagram
from tests.web.test_persons import naming

FIRST, SECOND = "T-2026-0001", "T-2026-0002"
ADAM: dict[str, Any] = {"name": "Adam Kaya", "dob": "2021-02-03", "nicks": "Addy"}


@pytest.fixture
def found_kit(both: Kit) -> Kit:
    """Zoë's case, Adam's, and a third in which nobody has said anything yet."""
    both.deploy(
        diagram("start > task:tell > task:reply > end", tell={"groups": "clerk", "form": "report"},
                reply={"groups": "agency:police"}),
        naming("report"),
    )  # fmt: skip
    told(both, ZOE, ref="POL/4711")
    both.later(minutes=1)
    told(both, ADAM)
    both.start("ann")
    return both


def search(kit: Kit, typed: str, who: str = "ann") -> list[str]:
    return [row.case for row in searching.search(kit.desk, PEOPLE[who], typed, kit.at).rows]


TYPED = {
    "a reference": (FIRST, [FIRST]),
    "a reference in small letters": ("t-2026-0001", [FIRST]),
    "a reference without letters and noughts": ("2026-1", [FIRST]),
    "a name both have": ("kaya", [SECOND, FIRST]),
    "a name of one": ("Adam", [SECOND]),
    "another name of somebody": ("addy", [SECOND]),
    "two names in any order": ("Kaya Adam", [SECOND]),
    "names of two people who share no case": ("Zoë Adam", []),
    "without accents": ("zoe", [FIRST]),
    "with a plain apostrophe": ("O'Neill", [FIRST]),
    "a double name": ("O’Neill-Kaya", [FIRST]),
    "part of a double name": ("oneill", [FIRST]),
    "part of a word": ("Kay", []),
    "a date of birth": ("1 May 2019", [FIRST]),
    "a date in numbers": ("01/05/2019", [FIRST]),
    "a date with spaces": ("1 5 2019", [FIRST]),
    "a name and another's date": ("Adam 1 May 2019", []),
    "a name and the date": ("kaya 3/2/2021", [SECOND]),
    "a number in groups": ("943 476 5919", [FIRST]),
    "a number in one": ("9434765919", [FIRST]),
    "a reference of others": ("pol/4711", [FIRST]),
    "a name and a number": ("zoe 943 476 5919", [FIRST]),
    "an organisation that is asked": ("police", [SECOND, FIRST]),
    "nobody": ("Nobody", []),
    "like a pattern": ("%", None),
    "nothing": ("  ", None),
    "one letter": ("K", None),
    "far too much": ("x" * 201, None),
    "too many words": ("a1b2c d2e3 aa bb cc dd ee ff gg", None),
}


@pytest.mark.parametrize("case", TYPED)
def test_what_is_typed_finds(found_kit: Kit, case: str) -> None:
    typed, expected = TYPED[case]
    found_kit.desk.settings.successions.labels["police"] = "Police"
    if expected is None:
        with pytest.raises(Refused) as refused:
            search(found_kit, typed)
        assert refused.value.fields["words"]
    else:
        assert search(found_kit, typed) == expected


def test_who_sees_a_part_finds_it_by_its_reference_alone(found_kit: Kit) -> None:
    """Agency staff are told of a case what their task tells: a name would tell them more."""
    assert search(found_kit, FIRST, "pol") == [FIRST]
    for typed in ("kaya", "1 May 2019", "943 476 5919", "pol/4711", f"kaya {FIRST}"):
        assert search(found_kit, typed, "pol") == [], typed


@pytest.mark.parametrize("typed", ["kaya", FIRST, "police", "1 May 2019"])
def test_a_case_that_somebody_does_not_see_is_not_found(found_kit: Kit, typed: str) -> None:
    assert search(found_kit, typed, "lea") == []
    with found_kit.store.reading() as unit:
        row = cases.find(unit, FIRST)
    assert row is not None
    order = {"at": found_kit.at, "case": row.id, "reason": "r"}
    found_kit.desk.do(ExcludePerson(actor=SYSTEM, person="ann", **order))
    assert FIRST not in search(found_kit, typed)
    found_kit.desk.do(AddMember(actor=SYSTEM, person="lea", **order))
    assert search(found_kit, FIRST, "lea") == [FIRST]


def test_what_is_corrected_is_found_under_the_new_name_and_the_old(kit: Kit) -> None:
    kit.deploy(
        diagram("start > task:tell > task:again > end", tell={"groups": "clerk", "form": "report"},
                again={"groups": "clerk", "form": "report"}),
        naming("report"),
    )  # fmt: skip
    case = told(kit, {"name": "Zoe Kaya"})
    kit.complete("ann", case, "again", children=[{"name": "Zoe Kayah"}])
    assert search(kit, "kayah") == search(kit, "kaya") == [FIRST]


def test_more_than_a_page_is_said(found_kit: Kit) -> None:
    for _ in range(25):
        told(found_kit, ADAM)
    page = searching.search(found_kit.desk, PEOPLE["ann"], "adam", found_kit.at)
    assert len(page.rows) == 25 and page.more
    assert not searching.search(found_kit.desk, PEOPLE["ann"], "zoe", found_kit.at).more


def test_each_search_is_an_entry_that_tells_no_name(found_kit: Kit) -> None:
    search(found_kit, "Kaya 3 February 2021")
    with found_kit.store.reading() as unit:
        newest = entries.head(unit)
        assert newest is not None
        said = history.order_of(unit, entries.key_of(unit), newest.seq)
        mark = unit.keys.mark("word", "kaya").hex()
    sentence = words("Search", "Ann", said)
    assert sentence == f"Ann searched for a date of birth and a name. Shown: {SECOND}."
    assert mark in said["marks"], "whether a name was searched for can be answered"
    assert "kaya" not in str(said).casefold()
    verdict = verify_installation(found_kit.store)
    assert verdict is not None and verdict.good


def test_what_is_searched_for_stands_nowhere_in_the_file(kit: Kit) -> None:
    kit.deploy(diagram("start > task:tell > end", tell={"groups": "clerk", "form": "report"}),
               naming("report"))  # fmt: skip
    told(kit, ZOE)
    search(kit, "zoë o’neill 1 May 2019")
    kit.store.close()
    file = Path(str(kit.store.engine.url.database))
    held = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*")).lower()
    for word in ("o’neill", "oneill", "zoë", "2019-05-01"):
        assert word.encode() not in held, word


def test_cases_of_an_older_release_are_found_once_they_are_gone_through(found_kit: Kit) -> None:
    with found_kit.store.writing() as unit:
        unit.run(delete(schema.known_by).where(schema.known_by.c.sort.in_(["word", "edition"])))
    assert search(found_kit, "adam") == []
    assert index_behind(found_kit.desk, 2) == 2
    assert index_behind(found_kit.desk) == 1
    assert index_behind(found_kit.desk) == 0
    assert search(found_kit, "adam") == [SECOND]


def test_a_case_that_cannot_be_opened_holds_up_no_other(found_kit: Kit) -> None:
    with found_kit.store.writing() as unit:
        unit.run(delete(schema.known_by))
        broken = select(schema.cases.c.id).where(schema.cases.c.reference == FIRST)
        unit.run(
            schema.case_key.update()
            .where(schema.case_key.c.case_id.in_(broken))
            .values(wrapped=b"spoilt")
        )
    assert index_behind(found_kit.desk) == 2
    assert index_behind(found_kit.desk) == 0, "it is not tried for ever"
    assert search(found_kit, "adam") == [SECOND]


def test_what_was_typed_is_opened_again_for_who_typed_it_alone(found_kit: Kit) -> None:
    box = searching.sealed(found_kit.desk, PEOPLE["ann"], "Zoë O’Neill")
    assert "Zo" not in box
    assert searching.opened(found_kit.desk, PEOPLE["ann"], box) == "Zoë O’Neill"
    assert searching.opened(found_kit.desk, PEOPLE["lea"], box) is None
    for broken in ("", "x", box[:-4], "é"):
        assert searching.opened(found_kit.desk, PEOPLE["ann"], broken) is None
