"""One answer that settles a form is sent from the top of its page, and states what stands there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.guests import FILES, asked, code_for, link_to
from tests.kit import Kit, diagram
from tests.web.conftest import Browser
from tests.web.test_guests import come_in

NIL = {"quick_answer": "none", "quick_label": "We hold no record"}


def searched(*more: dict[str, Any], **properties: str) -> dict[str, bytes]:
    """A form as an agency gets it: whom it knows, and what it searched where it knows nobody."""
    options = [{"value": "child", "label": "The child"}, {"value": "none", "label": "Nobody"}]
    fields = [
        {"type": "checklist", "id": "k", "key": "known", "label": "Whom do you know?",
         "values": options, "validate": {"required": True}, "properties": {**NIL, **properties}},
        {"type": "textarea", "id": "s", "key": "systems", "label": "What did you search?",
         "validate": {"required": True},
         "conditional": {"hide": '=not(list contains(known, "none"))'}},
        {"type": "textarea", "id": "i", "key": "involved", "label": "How were you involved?",
         "validate": {"required": True}, "conditional": {"hide": '=list contains(known, "none")'}},
        {"type": "textfield", "id": "o", "key": "other", "label": "Anything else?"},
        *more,
    ]  # fmt: skip
    content = {"type": "default", "id": "answer", "schemaVersion": 18, "components": fields}
    return {"forms/answer.form": json.dumps(content).encode()}


def test_a_guest_sends_a_nil_return_with_one_press_behind_their_link(
    kit: Kit, stranger: Browser
) -> None:
    case = asked(kit, {**FILES, **searched()})
    page = come_in(stranger, link_to(kit, case), code_for(kit, case))
    (top,) = page.tree.xpath("//section[h2='We hold no record']")
    said = [" ".join(row.text_content().split()) for row in top.xpath(".//dl/div")]
    assert said == ["Whom do you know?Nobody", "Sent byJo Bright (Elm Surgery)"], (
        "all that is stated, by whom"
    )
    questions = [label.text_content().strip() for label in top.xpath(".//label")]
    assert questions == ["What did you search?"], "what must be said beside it, and no more"
    (form,) = top.xpath(".//form")
    receipt = stranger.send(
        "/guest", {**dict(form.fields), "systems": "Elm", "_action": "complete"}
    )
    assert receipt.says("Your answers were sent") and receipt.says("Nobody") and receipt.says("Elm")


def test_what_must_be_said_beside_it_is_not_left_out(kit: Kit, ann: Browser) -> None:
    kit.deploy({**diagram("start > task:reply > end", reply={"groups": "clerk", "form": "answer"}),
                **searched()})  # fmt: skip
    case = kit.start("ann")
    at = f"/cases/{case}/tasks/{kit.task(case, 'reply')}"
    (form,) = ann.visit(at).tree.xpath("//section/form")
    again = ann.send(at, {**dict(form.fields), "systems": " ", "_action": "complete"}, 422)
    assert again.says("There is a problem") and not again.tree.xpath("//section/form")
    assert again.tree.xpath("//input[@value='none']/@checked"), "what was chosen is kept"
    done = ann.send(at, {**dict(form.fields), "systems": "Elm", "_action": "complete"})
    assert done.says("The task is done. You sent: “We hold no record”.")


KNOWN = {"type": "textfield", "id": "n", "key": "name", "label": "Name",
         "properties": {"prefill": "=records.reply.name", "rule": "x"}}  # fmt: skip


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(searched(quick_answer="nobody at all"), id="none of the options"),
        pytest.param(searched({**KNOWN, "properties": {"prefill": '="Jo"', "rule": "x"}}),
                     id="something known has to be confirmed"),
        pytest.param(searched({"type": "dynamiclist", "id": "l", "path": "rows", "label": "Rows",
                               "defaultRepetitions": 0, "properties": {"min_items": "1"},
                               "components": [{"type": "textfield", "id": "x", "key": "x",
                                               "label": "X"}]}), id="rows have to be given"),
    ],
)  # fmt: skip
def test_where_more_needs_a_look_the_whole_form_is_the_only_way(
    kit: Kit, ann: Browser, files: dict[str, bytes]
) -> None:
    process = diagram("start > task:reply > end", reply={"groups": "clerk", "form": "answer"})
    kit.deploy({**process, **files})
    case = kit.start("ann")
    page = ann.visit(f"/cases/{case}/tasks/{kit.task(case, 'reply')}")
    assert page.says("Whom do you know?") and not page.tree.xpath("//section/form")


def test_somebody_who_has_begun_the_form_is_not_asked_to_throw_it_away(
    kit: Kit, ann: Browser
) -> None:
    kit.deploy({**diagram("start > task:reply > end", reply={"groups": "clerk", "form": "answer"}),
                **searched()})  # fmt: skip
    case = kit.start("ann")
    at = f"/cases/{case}/tasks/{kit.task(case, 'reply')}"
    ann.send(at, {**ann.visit(at).form(""), "other": "Much", "_action": "draft"})
    assert not ann.visit(at).tree.xpath("//section/form")
