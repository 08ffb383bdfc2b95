"""What is known, on a form's page: read, corrected with a button, confirmed with one box."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.kit import Kit, diagram
from tests.web.conftest import Browser, Page, own_form

BrowserOf = Callable[[str], Browser]
CHILDREN = [{"name": "Ada", "sex": "f"}, {"name": "Ben", "sex": "m"}]


def fields(id: str, *components: dict[str, object]) -> dict[str, bytes]:
    named = [{"id": f"{id}_{n}", **one} for n, one in enumerate(components)]
    content = {"type": "default", "id": id, "schemaVersion": 18, "components": named}
    return {f"forms/{id}.form": json.dumps(content).encode()}


def text(key: str, **properties: str) -> dict[str, object]:
    more = {"properties": properties} if properties else {}
    return {"type": "textfield", "key": key, "label": key.title(), **more}


def children(**properties: str) -> dict[str, object]:
    columns = [{**text(key), "id": f"c_{key}"} for key in ("name", "sex")]
    return {
        "type": "dynamiclist", "path": "children", "label": "Children", "components": columns,
        "defaultRepetitions": 0, "properties": {"item": "child", **properties},
    }  # fmt: skip


WHEN = {
    "type": "datetime", "subtype": "datetime", "key": "sent", "dateLabel": "When was it sent?",
    "properties": {"past": "true"},
}  # fmt: skip
FILES = (
    diagram(
        "start > task:draft > task:check > end",
        draft={"groups": "clerk", "form": "draft"}, check={"groups": "clerk", "form": "check"},
    )
    | fields("draft", text("name"), children())
    | fields(
        "check",
        text("name", prefill="=records.draft.name", correction_reason="true"),
        children(prefill="=records.draft.children"),
        WHEN,
    )
)  # fmt: skip


REASONED = FILES | fields(
    "check",
    {
        **children(prefill="=records.draft.children", correction_reason="true"),
        "components": [
            {**text("name", correction_reason="true"), "id": "c_name"},
            {**text("sex"), "id": "c_sex"},
        ],
    },
)  # fmt: skip


@pytest.fixture
def at(ann: Browser, kit: Kit) -> str:
    """Address of the second task."""
    return drafted(kit, FILES)


def drafted(kit: Kit, files: dict[str, bytes]) -> str:
    kit.deploy(files)
    case = kit.started("ann")
    kit.later(minutes=1)
    kit.complete("ann", case.case, "draft", name="Zoë", children=CHILDREN)
    return f"/cases/{case.reference}/tasks/{kit.task(case.case, 'check')}"


def names(page: Page) -> set[str]:
    return set(page.tree.xpath("//main//form//*[@name]/@name"))


def answer(page: Page) -> dict[str, str]:
    return {name: value for name, value in own_form(page).items() if value is not None}


def test_what_is_known_is_read_and_in_no_box(ann: Browser, at: str) -> None:
    page = ann.visit(at)
    assert page.says("Zoë")
    assert page.says("From “Draft”")
    assert not names(page) & {"name", "children.0.name"}


def test_sent_untouched_it_asks_to_confirm_and_nothing_is_done(
    ann: Browser, at: str, kit: Kit
) -> None:
    page = ann.send(at, {**answer(ann.visit(at)), "_action": "complete"}, code=422)
    assert page.says("Check what is known already. Confirm that it is right, or correct it")
    assert "#confirmed" in page.links().values()
    assert ann.visit(at).code == 200


def test_confirmed_it_is_done(ann: Browser, at: str) -> None:
    sent = {**answer(ann.visit(at)), "_confirmed": "yes", "_action": "complete"}
    assert ann.send(at, sent).says("The task is done.")


def test_correct_puts_it_into_its_box_and_asks_why(ann: Browser, at: str) -> None:
    page = ann.send(at, {**answer(ann.visit(at)), "_action": "correct:name"})
    assert own_form(page)["name"] == "Zoë"
    assert "_why.name" in names(page)
    sent = {**answer(page), "name": "Zoe", "_confirmed": "yes", "_action": "complete"}
    page = ann.send(at, sent, code=422)
    assert page.says("Enter why you correct “Name”")
    sent = {**answer(page), "_why.name": "She spells it so", "_confirmed": "yes"}
    assert ann.send(at, {**sent, "_action": "complete"}).says("The task is done.")


def test_a_row_taken_out_leaves_the_others_as_they_were(ann: Browser, at: str) -> None:
    page = ann.send(at, {**answer(ann.visit(at)), "_action": "remove:children.0"})
    assert own_form(page)["children.0.name"] == "Ben"
    assert not page.says("Ada")


def test_a_row_taken_out_is_taken_out_with_its_reason(ann: Browser, kit: Kit) -> None:
    at = drafted(kit, REASONED)
    page = ann.send(at, {**answer(ann.visit(at)), "_action": "remove:children.0"})
    page = ann.send(at, {**answer(page), "_action": "complete"}, code=422)
    assert page.says("Why was something that is known taken out of “Children”?")
    sent = {**answer(page), "_why.children": "She is a cousin", "_confirmed": "yes"}
    assert ann.send(at, {**sent, "_action": "complete"}).says("The task is done.")
    recorded = ann.visit(f"/cases/{at.split('/')[2]}/recorded")
    assert recorded.says("1 known row left out. Reason: She is a cousin.")
    assert recorded.says("Left out: Ada, f")


def test_a_reason_stays_with_its_row_when_one_before_it_is_removed(ann: Browser, kit: Kit) -> None:
    at = drafted(kit, REASONED)
    page = ann.send(at, {**answer(ann.visit(at)), "_action": "correct:children.1.name"})
    typed = {**answer(page), "children.1.name": "Benn", "_why.children.1.name": "He says so"}
    page = ann.send(at, {**typed, "_action": "remove:children.0"})
    assert own_form(page)["_why.children.0.name"] == "He says so"


def test_the_time_now_is_put_in_by_a_button(ann: Browser, at: str) -> None:
    page = ann.send(at, {**answer(ann.visit(at)), "_action": "now:sent"})
    sent = own_form(page)
    assert all(sent[f"sent-{part}"] for part in ("day", "month", "year", "time"))


def test_what_was_recorded_says_how_it_came_about(ann: Browser, at: str) -> None:
    sent = {**answer(ann.visit(at)), "_confirmed": "yes", "_action": "complete"}
    ann.send(at, sent)
    case = at.split("/")[2]
    assert ann.visit(f"/cases/{case}/recorded").says("Confirmed, as said in “Draft” (entry 2).")
    assert ann.visit(f"/cases/{case}/history").says("Of the answers, 5 known before and confirmed.")


def test_a_row_added_behind_known_ones_is_not_taken_for_the_first(ann: Browser, at: str) -> None:
    added = ann.send(at, {**own_form(ann.visit(at)), "_action": "add:children"})
    typed = {"children.2.name": "Cleo", "children.2.sex": "f", "_action": "draft"}
    ann.send(at, {**own_form(added), **typed})
    page = ann.visit(at)
    assert page.tree.xpath("//input[@name='children.2.name']/@value") == ["Cleo"]
    assert not page.tree.xpath("//input[@name='children.0.name']"), "what is known stays as it is"


REVISED = FILES | fields(
    "check",
    text("name", prefill="=records.draft.name", beside="=records.draft.name"),
    text("other", beside="=records.draft.nothing"),
)


def test_a_revised_text_stands_beside_the_earlier_one_with_each_changed_word_said(
    ann: Browser, kit: Kit
) -> None:
    kit.deploy(REVISED)
    case = kit.started("ann")
    kit.later(minutes=1)
    kit.complete("ann", case.case, "draft", name="The old words stay", children=[])
    at = f"/cases/{case.reference}/tasks/{kit.task(case.case, 'check')}"
    page = ann.send(at, {**answer(ann.visit(at)), "_action": "correct:name"})
    earlier = '//*[@aria-label="Earlier text of: Name"]'

    def said(page: Page, place: str) -> str:
        return str(page.tree.xpath(f"string({earlier}{place})"))

    assert page.tree.xpath("count(//*[@class='app-beside'])") == 1
    assert "The old words stay" in said(page, "")
    assert said(page, "//ins") + said(page, "//del") == ""
    ann.send(at, {**answer(page), "name": "The new words stay", "_action": "draft"})
    page = ann.visit(at)
    assert "[added: new]" in said(page, "//ins")
    assert "[taken out: old]" in said(page, "//del")
