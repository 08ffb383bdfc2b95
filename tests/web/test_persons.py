"""“People of this case”: whom the answers name, for those who see the whole case."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.kit import Kit, diagram
from tests.web.conftest import Browser


def naming(id: str, **more: Any) -> dict[str, bytes]:
    """A form that asks about children; `more`: of the whole form."""
    parts = {"name": "name", "nicks": "aliases", "year": "born_year", "known": "born_known",
             "nhs": "number", "home": "address", "died": "died"}  # fmt: skip
    rows = [
        {"type": "textfield", "id": f"{id}_{key}", "key": key, "label": key.title(),
         "properties": {"person_is": part}}
        for key, part in parts.items()
    ]  # fmt: skip
    dates = [
        {"type": "datetime", "subtype": "date", "id": f"{id}_{key}", "key": key,
         "dateLabel": key.title(), "properties": {"person_is": part}}
        for key, part in {"dob": "born", "edd": "expected"}.items()
    ]  # fmt: skip
    children = {
        "type": "dynamiclist", "id": f"{id}_children", "path": "children", "label": "Children",
        "properties": {"persons": "child", "item": "child", "across_cases": "true"},
        "components": rows + dates,
    }  # fmt: skip
    reference = {"type": "textfield", "id": f"{id}_ref", "key": "ref", "label": "Reference",
                 "properties": {"reference_of_case": "true"}}  # fmt: skip
    content = {"type": "default", "id": id, "components": [children, reference], **more}
    return {f"forms/{id}.form": json.dumps(content).encode()}


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(
        diagram("start > task:tell > task:check > task:reply > end", tell={"groups": "clerk",
                "form": "report"}, check={"groups": "clerk", "form": "choose"},
                reply={"groups": "agency:police"}),
        naming("report"), drawn_from_persons(),
    )  # fmt: skip
    done = kit.started("ann")
    kit.complete("ann", done.case, "tell", children=[
        {"name": "Zoë Kaya", "nicks": "Zo", "year": "2019", "known": "estimated",
         "home": "1 High Street", "died": "no"},
        {"edd": "2027-05-03"},
    ])  # fmt: skip
    return done.reference


def drawn_from_persons() -> dict[str, bytes]:
    choice = {"type": "radio", "id": "about", "key": "about", "label": "About whom?",
              "valuesExpression": '=persons[kind = "child"]'}  # fmt: skip
    content = {"type": "default", "id": "choose", "components": [choice]}
    return {"forms/choose.form": json.dumps(content).encode()}


def test_who_sees_the_case_sees_the_people_of_it(ann: Browser, case: str) -> None:
    assert ann.visit(f"/cases/{case}").links()["People"] == f"/cases/{case}/people"
    page = ann.visit(f"/cases/{case}/people")
    rows = page.tree.xpath("//section[@aria-labelledby='persons']//tbody/tr")
    told = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]
    assert told == [
        ["Zoë Kayaalso Zo", "child", "Not said", "About 2019", "1 High Street", "Living"],
        ["Child without a name", "child", "Not said", "Expected 3 May 2027", "Not said",
         "Not said"],
    ]  # fmt: skip


def test_who_sees_only_their_part_sees_none_of_them(
    browser_of: Callable[[str], Browser], case: str, kit: Kit
) -> None:
    kit.complete("ann", case, "check", about="p1")
    words = browser_of("pol").visit(f"/cases/{case}").words()
    assert "People" not in browser_of("pol").visit(f"/cases/{case}").links()
    assert "Z.K." not in words and "Zoë" not in words
    browser_of("pol").visit(f"/cases/{case}/people", 404)


def test_the_page_of_the_case_says_whom_it_is_about_without_a_name(
    ann: Browser, case: str, kit: Kit
) -> None:
    page = ann.visit(f"/cases/{case}")
    assert page.says("About Z.K., child, born about 2019; child")
    assert page.says("2 named")
    assert "Zoë" not in page.words() and "Kaya" not in page.words()


def test_a_question_offers_the_people_and_what_was_chosen_is_told_by_name(
    ann: Browser, case: str, kit: Kit
) -> None:
    page = ann.visit(f"/cases/{case}/tasks/{kit.task(case, 'check')}")
    assert "Zoë Kaya" in page.words("//form")
    assert "Child without a name" in page.words("//form")
    kit.complete("ann", case, "check", about="p1")
    assert "About whom? Zoë Kaya" in ann.visit(f"/cases/{case}/recorded").words()
