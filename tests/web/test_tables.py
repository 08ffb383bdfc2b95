"""A table made elsewhere becomes rows of a form: pasted or sent, mapped, looked at, brought in."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from app.casework.commands import Claim
from tests.anyshire import PASSWORD
from tests.kit import Kit, diagram
from tests.web.conftest import Browser, Page, own_form

BrowserOf = Callable[[str], Browser]
KINDS = ("Information", "Key episode", "Missed opportunity")


def column(type: str, key: str, label: str, **more: object) -> dict[str, object]:
    return {"type": type, "id": f"c_{key}", "key": key, "label": label, **more}


def chosen(*labels: str) -> list[dict[str, str]]:
    return [{"value": label.split()[0].lower(), "label": label} for label in labels]


COLUMNS = [
    column("datetime", "day", "", subtype="date", dateLabel="Date", validate={"required": True},
           properties={"past": "true"}),
    column("textarea", "what", "What happened?", validate={"required": True, "maxLength": 200},
           properties={"headings": "Event, Details"}),
    column("radio", "kind", "What kind of event is it?", values=chosen(*KINDS),
           validate={"required": True}, properties={"name": "The kind", "headings": "Type"}),
    column("checklist", "seen", "Who was seen?", values=chosen("Child", "Parent or carer")),
    column("textfield", "alone", "Where alone?",
           conditional={"hide": '=not(list contains(seen, "child"))'}),
]  # fmt: skip
ROWS_FIELD: dict[str, Any] = {
    "type": "dynamiclist", "id": "Rows", "path": "rows", "label": "Chronology",
    "defaultRepetitions": 1, "components": COLUMNS,
    "properties": {"item": "row", "table": "true", "max_items": "250"},
}  # fmt: skip
FORM = {
    "type": "default", "id": "f", "schemaVersion": 18,
    "components": [
        {"type": "textfield", "id": "Note", "key": "note", "label": "Note"},
        ROWS_FIELD,
    ],
}  # fmt: skip
FILES = diagram("start > task:a > end", a={"groups": "clerk", "form": "f"}) | {
    "forms/f.form": json.dumps(FORM).encode()
}
HEAD = "Date\tType\tDetails\tWho was seen?"
GOOD = (
    f"{HEAD}\n3/4/25\tKey episode\tA visit\tChild; Parent or carer\n45750\tinformation\tA call\t\n"
)


@pytest.fixture
def at(ann: Browser, kit: Kit) -> str:
    kit.deploy(FILES)
    case = kit.started("ann")
    return f"/cases/{case.reference}/tasks/{kit.task(case.case, 'a')}"


def to_table(ann: Browser, at: str, **typed: str) -> Page:
    return ann.send(at, {**own_form(ann.visit(at)), **typed, "_action": "table:rows"})


def read(ann: Browser, at: str, pasted: str, **more: object) -> Page:
    form = to_table(ann, at).form(at)
    return ann.send(at, {**form, "_action": "read", "pasted": pasted, **more})


def bring(ann: Browser, at: str, preview: Page, **more: str) -> Page:
    return ann.send(at, {**preview.form(at), "_action": "bring", **more})


def cells(page: Page, name: str) -> list[str]:
    """What the inputs of a column hold, row by row."""
    pattern = re.compile(rf"rows\.\d+\.{name}")
    held = []
    for one in page.tree.xpath("//main//*[@name]"):
        if pattern.fullmatch(one.get("name")):
            chosen = one.xpath("./option[@selected]/@value")
            held.append((chosen or [""])[0] if one.tag == "select" else one.value)
    return held


def test_a_pasted_table_becomes_rows_that_can_be_sent_as_they_are(ann: Browser, at: str) -> None:
    preview = read(ann, at, GOOD)
    assert preview.says("2 rows: all can stand as they are.")
    assert preview.says("3 April 2025") and preview.says("“3/4/25” is read as")
    page = bring(ann, at, preview)
    assert page.says("Brought in and saved: 2 rows. Nothing is sent yet.")
    assert cells(page, "day") == ["3/4/2025", "3/4/2025"]
    assert cells(page, "kind") == ["key", "information"]
    assert [t.strip() for t in cells(page, "what")] == ["A visit", "A call"]
    done = ann.send(at, {**listed(page, at), "_action": "complete"})
    assert done.says("The task is done")


def listed(page: Page, at: str) -> dict[str, object]:
    """As a browser sends it: a name may come more than once."""
    form: dict[str, object] = {}
    answers = page.tree.xpath("//main//form[contains(@class, 'app-form')]")[0]
    for name, value in answers.form_values():
        have = form.get(name)
        form[name] = (
            value if have is None else [*(have if isinstance(have, list) else [have]), value]
        )
    return form


def test_nothing_typed_before_is_lost_and_the_table_goes_behind_it(ann: Browser, at: str) -> None:
    to_table(ann, at, note="Keep me", **{"rows.0.what": "Typed by hand"})
    page = bring(ann, at, read(ann, at, GOOD))
    assert [t.strip() for t in cells(page, "what")] == ["Typed by hand", "A visit", "A call"]
    assert page.tree.xpath("//input[@name='note']/@value") == ["Keep me"]
    again = bring(ann, at, read(ann, at, GOOD), instead="yes")
    assert [t.strip() for t in cells(again, "what")] == ["A visit", "A call"], "said: instead"


def test_rows_that_cannot_stand_come_with_their_words_and_are_marked(ann: Browser, at: str) -> None:
    table = f"{HEAD}\n31/2/2025\tKey episode\tA visit\tGrandmother\n3/4/2025\tVery bad\t\t\n"
    preview = read(ann, at, table)
    assert preview.says("2 rows: each has something to put right.")
    assert preview.says("Date must be a real date for row 1")
    page = bring(ann, at, preview)
    assert page.title.startswith("Error: ")
    assert page.says("What happened? for row 2") or page.says("“What happened?” for row 2")
    assert cells(page, "day") == ["31/2/2025", "3/4/2025"]
    assert cells(page, "kind") == ["key", "Very bad"], "no answer, and still there to be read"
    assert page.tree.xpath("//input[@type='checkbox' and @value='Grandmother' and @checked]")
    assert "Very bad" in cells(ann.visit(at), "kind"), "in the draft too"


def test_a_question_that_the_table_lacks_is_answered_for_all_rows_at_once(
    ann: Browser, at: str
) -> None:
    preview = read(ann, at, "Date\tEvent\n3/4/2025\tA visit\n4/4/2025\tA call\n")
    assert preview.says("2 rows: each has something to put right.")
    again = ann.send(at, {**preview.form(at), "from-kind": "same:missed", "_action": "again"})
    assert again.says("2 rows: all can stand as they are.")
    assert cells(bring(ann, at, again), "kind") == ["missed", "missed"]


def test_columns_are_chosen_by_hand_where_no_heading_says_what_they_are(
    ann: Browser, at: str
) -> None:
    preview = read(ann, at, "x\ty\nlorem\tipsum\ndolor\tsit\n")
    refused = ann.send(at, {**preview.form(at), "_action": "bring"}, 422)
    assert refused.says("Choose at least one column of your table")
    again = ann.send(
        at, {**preview.form(at), "from-what": "column:1", "heading": "none", "_action": "again"}
    )
    again = ann.send(at, {**again.form(at), "from-what": "column:1", "_action": "bring"})
    assert [t.strip() for t in cells(again, "what")] == ["y", "ipsum", "sit"]


def test_a_file_is_read_by_what_it_is_and_kept_nowhere(ann: Browser, at: str) -> None:
    form = to_table(ann, at).form(at)
    csv = "Date;Type;Details\r\n03.04.2025;Information;Caf\xe9 Zo\xeb\r\n".encode("cp1252")
    sent = {**form, "_action": "read", "file": (io.BytesIO(csv), "harmless.pdf")}
    page = bring(ann, at, ann.send(at, sent, content_type="multipart/form-data"))
    assert [t.strip() for t in cells(page, "what")] == ["Café Zoë"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"%PDF-1.7 x", "This is a PDF, which cannot be read as a table", id="PDF"),
        pytest.param(b"PK\x03\x04broken", "This file cannot be read as a table", id="broken"),
        pytest.param(b"", "Paste your table, or choose a file", id="nothing"),
    ],
)
def test_a_file_that_is_no_table_is_told_and_the_text_stays(
    ann: Browser, at: str, content: bytes, said: str
) -> None:
    form = to_table(ann, at).form(at)
    file = {"file": (io.BytesIO(content), "x.xlsx")} if content else {}
    sent = {**form, "_action": "read", "pasted": "  ", **file}
    assert ann.send(at, sent, 422, content_type="multipart/form-data").says(said)


def test_more_rows_than_the_list_takes_are_told_before_and_none_is_brought_in(
    ann: Browser, at: str
) -> None:
    preview = read(ann, at, HEAD + "\n" + "3/4/2025\tInformation\tA call\t\n" * 251)
    assert preview.says("This takes 250 rows at most: your table has 251")
    ann.send(at, {**preview.form(at), "_action": "bring"}, 422)
    assert [t.strip() for t in cells(ann.visit(at), "what")] == [""]


def test_rows_that_stand_count_to_what_the_list_takes(ann: Browser, at: str) -> None:
    bring(ann, at, read(ann, at, GOOD))
    preview = read(ann, at, HEAD + "\n" + "3/4/2025\tInformation\tA call\t\n" * 249)
    assert preview.says("your table has 249 and 2 stand there already")
    ann.send(at, {**preview.form(at), "_action": "bring"}, 422)
    assert len(cells(ann.visit(at), "what")) == 2


def test_headings_alone_are_no_rows(ann: Browser, at: str) -> None:
    preview = read(ann, at, HEAD)
    assert preview.says("There are no rows below the headings")
    ann.send(at, {**preview.form(at), "_action": "bring"}, 422)


def test_what_stands_already_is_not_counted_among_the_rows_that_come(ann: Browser, at: str) -> None:
    to_table(ann, at, **{"rows.0.what": "No day yet"})
    assert read(ann, at, GOOD).says("2 rows: all can stand as they are.")


@pytest.mark.parametrize("number", ["4", "99", "1000", "-1", "¹", "x", ""])
def test_a_column_that_the_table_does_not_have_says_nothing(
    ann: Browser, at: str, number: str
) -> None:
    preview = read(ann, at, GOOD)
    chosen = {**preview.form(at), "from-what": f"column:{number}", "_action": "again"}
    assert ann.send(at, chosen).says("2 rows: each has something to put right.")


def test_a_table_for_a_task_that_somebody_else_took_is_not_taken(
    ann: Browser, at: str, kit: Kit
) -> None:
    form = {**to_table(ann, at).form(at), "_action": "read", "pasted": GOOD}
    _, _, case, _, task = at.split("/")
    kit.do(Claim, "ben", case=case, task=task)
    assert ann.client.post(at, data=form).headers["Location"].endswith(at)


def test_dates_with_the_month_in_front_are_told(ann: Browser, at: str) -> None:
    preview = read(ann, at, f"{HEAD}\n04/03/2025\tInformation\tA\t\n04/13/2025\tInformation\tB\t\n")
    assert preview.says("“04/13/2025” can only have the month in front")
    assert preview.says("Date must be a real date for row 2")


def test_two_hundred_rows_are_a_table_of_a_bearable_size_that_is_changed_in_place(
    ann: Browser, at: str
) -> None:
    rows = "".join(f"3/4/2025\tInformation\tCall {n}\tChild\n" for n in range(200))
    page = bring(ann, at, read(ann, at, f"{HEAD}\n{rows}"))
    assert len(page.tree.xpath("//tbody/tr")) == 200 and len(page.text) < 700_000
    form = {**listed(page, at), "rows.150.what": "Changed", "_action": "remove:rows.3"}
    changed = ann.send(at, form)
    held = [t.strip() for t in cells(changed, "what")]
    assert len(held) == 199 and held[149] == "Changed" and "Call 3" not in held
    done = ann.send(at, {**listed(changed, at), "_action": "complete"})
    assert done.says("The task is done")


def test_a_question_that_opens_in_a_row_stands_in_its_cell(ann: Browser, at: str) -> None:
    page = bring(ann, at, read(ann, at, GOOD))
    assert len(cells(page, "alone")) == 1, "asked in the row in which the child was seen"


def test_what_was_pasted_after_the_session_ended_is_given_back(ann: Browser, at: str) -> None:
    form = to_table(ann, at).form(at)
    ann.client.delete_cookie("session")
    page = Page(ann.client.post(at, data={**form, "_action": "read", "pasted": GOOD}))
    assert page.code == 401
    kept = page.form("/sign-in")
    again = ann.send("/sign-in", {**kept, "name": "ann", "password": PASSWORD})
    shown = ann.send(at, again.form(at))
    assert shown.says("2 rows: all can stand as they are.")


@pytest.mark.parametrize("path", ["note", "rows.0", "rows.0.what", "nothing", ""])
def test_only_a_list_that_takes_tables_has_such_a_page(ann: Browser, at: str, path: str) -> None:
    ann.visit(f"{at}?table={path}", 404)


def test_rows_that_are_known_stay_in_front_and_are_corrected_in_their_cells(
    ann: Browser, kit: Kit
) -> None:
    listed_again = {**ROWS_FIELD, "properties": {
        **ROWS_FIELD["properties"], "prefill": "=records.a.rows"}}  # fmt: skip
    kit.deploy(
        diagram(
            "start > task:a > task:b > end",
            a={"groups": "clerk", "form": "f"},
            b={"groups": "clerk", "form": "g"},
        )
        | {"forms/f.form": json.dumps(FORM).encode()}
        | {"forms/g.form": json.dumps({**FORM, "id": "g", "components": [listed_again]}).encode()}
    )
    case = kit.started("ann")
    known = {"day": "2025-03-02", "what": "Known", "kind": "key"}
    kit.complete("ann", case.case, "a", rows=[known, {**known, "what": "Known too"}])
    at = f"/cases/{case.reference}/tasks/{kit.task(case.case, 'b')}"
    page = bring(ann, at, read(ann, at, GOOD), instead="yes")
    assert page.says("Known too") and page.says("2 March 2025")
    assert [t.strip() for t in cells(page, "what")] == ["A visit", "A call"]
    correct = page.tree.xpath("//tr[@id='f-rows.1']//button[starts-with(@value, 'correct:')]")
    opened = ann.send(at, {**listed(page, at), "_action": correct[0].get("value")})
    assert [t.strip() for t in cells(opened, "what")] == ["Known too", "A visit", "A call"]
    sent = {**listed(opened, at), "rows.1.what": "Put right", "_action": "complete"}
    assert ann.send(at, {**sent, "_confirmed": "yes"}).says("The task is done")
    told = ann.visit(f"/cases/{case.reference}/recorded").words()
    places = [told.index(words) for words in ("Put right", "A visit", "A call")]
    assert places == sorted(places) and "Known" in told[: places[0]]


def test_what_is_kept_beside_the_rows_stays_as_it_was_kept(ann: Browser, kit: Kit) -> None:
    known = {"type": "textfield", "id": "Name", "key": "name", "label": "Name",
             "properties": {"prefill": "=records.a.note", "correction_reason": "true"}}  # fmt: skip
    parts = [*FORM["components"], known]
    g = json.dumps({**FORM, "id": "g", "components": parts}).encode()
    kit.deploy(
        diagram("start > task:a > task:b > end", a={"groups": "clerk", "form": "f"},
                b={"groups": "clerk", "form": "g"})
        | {"forms/f.form": json.dumps(FORM).encode(), "forms/g.form": g}
    )  # fmt: skip
    case = kit.started("ann")
    kit.complete("ann", case.case, "a", note="Ana", rows=[])
    at = f"/cases/{case.reference}/tasks/{kit.task(case.case, 'b')}"
    one, other = ann.visit(at), ann.visit(at)
    corrected = ann.send(at, {**listed(one, at), "_action": "correct:name", "note": "One note"})
    typed = {**listed(corrected, at), "name": "Anna", "_why.name": "Spelt wrongly"}
    ann.send(at, {**typed, "_action": "draft"})
    ann.send(at, {**listed(other, at), "note": "Another note", "_action": "draft"})
    page = bring(ann, at, read(ann, at, GOOD))
    assert [t.strip() for t in cells(page, "what")] == ["A visit", "A call"]
    assert page.says("You have two answers to “Note”") and page.says("One note")
    assert page.tree.xpath("//input[@name='_why.name']/@value") == ["Spelt wrongly"]
    assert page.tree.xpath("//input[@name='name']/@value") == ["Anna"]


def test_a_form_that_starts_a_case_takes_a_table_before_there_is_one(
    ann: Browser, kit: Kit
) -> None:
    kit.deploy(
        diagram("start > task:a > end", start={"form": "f"}, a={"groups": "clerk"})
        | {"forms/f.form": json.dumps(FORM).encode()}
    )
    at = "/start/p"
    asked = to_table(ann, at, note="Keep me")
    kept = asked.tree.xpath("//main//form/@action")[0]
    preview = ann.send(kept, {**asked.form(kept), "_action": "read", "pasted": GOOD})
    page = bring(ann, kept, preview)
    assert page.says("Brought in and saved: 2 rows. Nothing is sent yet.")
    assert [t.strip() for t in cells(page, "what")] == ["A visit", "A call"]
    assert page.tree.xpath("//input[@name='note']/@value") == ["Keep me"]
    started = ann.send(at, {**listed(page, at), "_action": "complete"})
    assert started.says("The case has begun")


def test_in_a_form_with_sections_the_rows_stand_on_the_page_of_their_section(
    ann: Browser, kit: Kit
) -> None:
    note = {**FORM["components"][0], "properties": {"section": "About it"}}
    rows = {**ROWS_FIELD, "properties": {**ROWS_FIELD["properties"], "section": "What happened"}}
    parts = json.dumps({**FORM, "components": [note, rows]}).encode()
    kit.deploy({**FILES, "forms/f.form": parts})
    case = kit.started("ann")
    at = f"/cases/{case.reference}/tasks/{kit.task(case.case, 'a')}"
    first = ann.visit(f"{at}/sections/1")
    ann.send(f"{at}/sections/1", {**own_form(first), "note": "Keep me", "_action": "next"})
    asked = ann.send(
        f"{at}/sections/2", {**own_form(ann.visit(f"{at}/sections/2")), "_action": "table:rows"}
    )
    preview = ann.send(at, {**asked.form(at), "_action": "read", "pasted": GOOD})
    page = bring(ann, at, preview)
    assert page.h1 == "What happened"
    assert page.says("Brought in and saved: 2 rows.")
    assert [text.strip() for text in cells(page, "what")] == ["A visit", "A call"]
    checked = ann.send(f"{at}/sections/2", {**listed(page, at), "_action": "next"})
    assert checked.says("Keep me")
    assert ann.send(f"{at}/check", {**own_form(checked), "_action": "complete"}).says(
        "The task is done"
    )
