"""The same people in other cases are found by keyed hashes; whoever looks leaves an entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.verification import verify_case
from app.casework import views
from app.casework.access import SYSTEM
from app.casework.cases import LockedCase, alike, history
from app.casework.commands import ExcludePerson, LayBeside, LookAcross, Merge
from app.casework.errors import Refused
from app.casework.indexing import index_anew
from app.store import Keys, cases, schema
from app.store.work import known_by
from tests.kit import KEK, PEOPLE, Kit, diagram
from tests.web.test_persons import naming

ZOE: dict[str, Any] = {"name": "Zoë O’Neill-Kaya", "dob": "2019-05-01", "nhs": "943 476 5919"}


@pytest.fixture
def naming_kit(kit: Kit) -> Kit:
    kit.deploy(
        diagram("start > task:tell > task:check > end", tell={"groups": "clerk", "form": "report"},
                check={"groups": "clerk", "look_for_persons": "true"}),
        naming("report"),
    )  # fmt: skip
    return kit


def told(kit: Kit, *children: dict[str, Any], **more: Any) -> str:
    """A case in which somebody has named these children."""
    case = kit.start("ann")
    kit.complete("ann", case, "tell", children=list(children), **more)
    return case


def found(kit: Kit, case: str, who: str = "ann") -> list[tuple[str, ...]]:
    """Why other cases are shown, the likeliest first."""
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
        assert row is not None
        locked = LockedCase(kit.desk.installation, unit, row, cases.key_of(unit, case))
        return [other.why for other in alike(locked, PEOPLE[who])]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        pytest.param(
            {"name": "Zoe Other", "nhs": "9434765919"}, ("same number",), id="the number"
        ),
        pytest.param(
            {"name": "ZOE ONEILL KAYA", "dob": "2019-05-01"}, ("same name and date of birth",),
            id="another spelling",
        ),
        pytest.param(
            {"name": "Anna", "nicks": "Zoe O'Neill Kaya", "dob": "2019-05-01"},
            ("same name and date of birth",), id="another name",
        ),
        pytest.param(
            {"name": "Zoe ONeill-Kaya"}, ("same name only",), id="no date of birth"
        ),
        pytest.param(
            {"name": "Zoe ONeill-Kaya", "dob": "2019-05-01", "nhs": "943-476-5919"},
            ("same number", "same name and date of birth"), id="both",
        ),
        pytest.param(
            {"name": "Zoe ONeill-Kaya", "year": "2019", "known": "estimated"},
            ("same name only",), id="an estimate is no date of birth",
        ),
    ],
)  # fmt: skip
def test_why_another_case_may_be_about_the_same_people(
    naming_kit: Kit, other: dict[str, Any], why: tuple[str, ...]
) -> None:
    told(naming_kit, other)
    assert found(naming_kit, told(naming_kit, ZOE)) == [why]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"name": "Zoe Kaya", "dob": "2019-05-01"}, id="another name, the same day"),
        pytest.param({"name": "Ann", "nhs": "1"}, id="no number"),
    ],
)
def test_who_shares_none_of_it_is_not_shown(naming_kit: Kit, other: dict[str, Any]) -> None:
    told(naming_kit, other)
    assert found(naming_kit, told(naming_kit, ZOE, {"name": "Ben", "nhs": "1"})) == []


def test_a_reference_that_both_were_given_is_enough(naming_kit: Kit) -> None:
    told(naming_kit, ref="45/1234 567")
    assert found(naming_kit, told(naming_kit, ref="451234567")) == [("same reference",)]


def test_a_case_is_never_shown_to_who_does_not_see_it(naming_kit: Kit) -> None:
    other, case = told(naming_kit, ZOE), told(naming_kit, ZOE)
    assert found(naming_kit, case)
    shut_out = ExcludePerson(
        actor=SYSTEM, at=naming_kit.at, case=other, person="ann", reason="too close"
    )
    naming_kit.desk.do(shut_out)
    assert found(naming_kit, case) == []
    add_lead(naming_kit, case)
    with pytest.raises(Refused):
        naming_kit.do(LayBeside, "lea", case=case, into=other)


def test_each_look_is_an_entry_that_says_who_and_what_was_shown(naming_kit: Kit) -> None:
    other, case = told(naming_kit, ZOE), told(naming_kit, ZOE)
    with naming_kit.store.reading() as unit:
        references = [row.reference for id in (other, case) if (row := cases.find(unit, id))]
    add_lead(naming_kit, other, case)
    done = naming_kit.do(LookAcross, "lea", case=case)
    with naming_kit.store.reading() as unit:
        said = history.order_of(unit, cases.key_of(unit, case), done.seq)
    assert said["references"] == references[0]
    why = ["same number", "same name and date of birth"]
    assert said["shown"] == [{"reference": references[0], "why": why}]
    assert verify_case(naming_kit.store, case).good


def add_lead(kit: Kit, *several: str) -> None:
    from app.casework.commands import AddMember

    for case in several:
        kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=case, person="lea", reason="leads"))


def test_the_task_says_how_many_where_the_drawing_asks(naming_kit: Kit) -> None:
    told(naming_kit, ZOE)
    case = told(naming_kit, ZOE)
    add_lead(naming_kit, case)

    def number(who: str) -> int | None:
        task = naming_kit.task(case, "check")
        return views.task_page(naming_kit.desk, PEOPLE[who], case, task, naming_kit.at).alike

    assert number("ann") is None, "who may not look is told nothing"
    assert number("lea") == 0, "the other case is none of hers"


def test_a_merged_case_is_found_no_more(naming_kit: Kit) -> None:
    other, case = told(naming_kit, ZOE), told(naming_kit, ZOE)
    add_lead(naming_kit, other, case)
    naming_kit.do(Merge, "lea", case=other, into=case, reason="twice reported")
    assert found(naming_kit, case, "lea") == []


def test_nothing_readable_stands_in_the_table(naming_kit: Kit) -> None:
    told(naming_kit, ZOE, ref="POL/4711")
    with naming_kit.store.reading() as unit:
        rows = unit.rows(select(schema.known_by))
    likeness, searched = {"number", "name", "name_born", "reference"}, {"word", "born", "code"}
    assert {sort for _, sort, _ in rows} == likeness | searched | {"edition"}
    whole = b" ".join(bytes(hash) for _, _, hash in rows).lower()
    words = ("zo", "neill", "kaya", "2019", "943", "4711", "9434765919", "pol")
    assert not [word for word in words if word.encode() in whole and len(word) > 3]
    assert all(len(bytes(hash)) == 32 for _, _, hash in rows)


def test_nothing_readable_stands_in_the_file(naming_kit: Kit) -> None:
    told(naming_kit, ZOE, ref="POL/4711")
    naming_kit.store.close()
    file = Path(str(naming_kit.store.engine.url.database))
    held = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*")).lower()
    for word in ("o’neill", "oneill", "zoe", "zoë", "2019-05-01", "943 476 5919", "9434765919",
                 "pol/4711", "pol4711"):  # fmt: skip
        assert word.encode() not in held, word


def test_a_sort_is_hashed_apart_and_another_key_makes_others() -> None:
    keys, others = Keys(KEK), Keys(bytes(32))
    assert keys.mark("name", "zoe") == keys.mark("name", "zoe")
    assert keys.mark("name", "zoe") != keys.mark("number", "zoe")
    assert keys.mark("name", "zoe") != others.mark("name", "zoe")


def test_it_is_made_anew_for_cases_from_before(naming_kit: Kit) -> None:
    other, case = told(naming_kit, ZOE), told(naming_kit, ZOE)
    with naming_kit.store.writing() as unit:
        known_by.forget(unit, other)
    assert found(naming_kit, case) == []
    assert index_anew(naming_kit.desk) == (2, 0)
    assert len(found(naming_kit, case)) == 1


def test_a_case_whose_key_was_destroyed_is_known_by_nothing(naming_kit: Kit) -> None:
    other, case = told(naming_kit, ZOE), told(naming_kit, ZOE)
    with naming_kit.store.writing() as unit:
        unit.run(schema.case_key.delete().where(schema.case_key.c.case_id == other))
    assert index_anew(naming_kit.desk) == (2, 1)
    assert found(naming_kit, case) == []


@pytest.mark.parametrize("typed", ["t-2026-0001", "T-2026-0001"])
def test_a_reference_is_found_however_its_letters_are_written(naming_kit: Kit, typed: str) -> None:
    case = naming_kit.start("ann")
    with naming_kit.store.reading() as unit:
        row = cases.find(unit, typed)
    assert row is not None
    assert row.id == case
    assert naming_kit.complete("ann", typed, "tell", children=[ZOE]).case == case
