"""A matter that somebody has to do is one thing, whatever forms it stands in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.engine.feel import World
from app.engine.forms import Form
from app.engine.forms.matters import Matter, Named, named_matters
from tests.engine.forms.test_forms import findings_of
from tests.engine.forms.test_forms import read as form_of

WORLD = World()
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
TEXTS = ("text", "owner", "organisation", "status", "measure", "evidence", "effect")


def question(key: str, part: str, kind: str = "textfield", **more: Any) -> dict[str, Any]:
    day = {"subtype": "date", "dateLabel": key.title()} if kind == "datetime" else {}
    return {"type": kind, "key": key, "id": f"id_{key}", "label": key.title(), **day,
            "properties": {"matter_is": part, **more}}  # fmt: skip


def listed(**properties: str) -> dict[str, Any]:
    rows = [*(question(part, part) for part in TEXTS), question("due", "due", "datetime")]
    marks = {"matters": "action", "matter_named": "named", "matter_changed": "changed"}
    return {"type": "dynamiclist", "id": "list", "path": "actions", "label": "Actions",
            "properties": marks | properties, "components": rows}  # fmt: skip


FORM = form_of(listed())
ONE = Matter(1, "action", text="Visit the sibling", owner="The police", due=MAY)
TWO = Matter(2, "action", text="Write to the family", owner="The team", due=JUNE)


def named(*rows: dict[str, Any], before: tuple[Matter, ...] = (ONE, TWO), form: Form = FORM,
          how: dict[str, dict[str, Any]] | None = None) -> list[Named]:  # fmt: skip
    return named_matters(form, {"actions": list(rows)}, how or {}, before, {"mine": "gp"}, WORLD)


def row(text: str, owner: str | None = None, **more: Any) -> dict[str, Any]:
    return {"text": text, "owner": owner, **more}


AGAIN = {
    "the same words and owner": (row("visit the Sibling.", "the police"), 1),
    "the same words of another owner": (row("Visit the sibling", "The school"), 3),
    "the same words, and nobody said whose": (row("Write to the family", due=JUNE), 2),
    "other words of the same owner": (row("Visit the aunt", "The police"), 3),
}


@pytest.mark.parametrize(("given", "number"), AGAIN.values(), ids=AGAIN)
def test_a_row_is_a_matter_again_when_it_says_the_same_of_the_same_owner(
    given: dict[str, Any], number: int
) -> None:
    assert [one.matter.matter for one in named(given)] == [number]


KNOWN = {
    "its words confirmed, its owner put right": (
        row("Visit the sibling", "The school"),
        {"text": {"how": "confirmed"}, "owner": {"how": "corrected", "was": "The police"}}, 1),
    "its words put right": (
        row("Visit the sibling at home", "The police"),
        {"text": {"how": "corrected", "was": "Visit the sibling"}}, 1),
    "quite other words in its place": (
        row("Buy a cot", "The police"),
        {"text": {"how": "corrected", "was": "Visit the sibling"}}, 3),
}  # fmt: skip


@pytest.mark.parametrize(("given", "how", "number"), KNOWN.values(), ids=KNOWN)
def test_a_row_that_was_known_stays_that_matter_where_it_was_put_right(
    given: dict[str, Any], how: dict[str, Any], number: int
) -> None:
    told = named(given, how={f"actions.0.{part}": said for part, said in how.items()})
    assert [one.matter.matter for one in told] == [number]


def test_two_rows_of_one_list_are_two_matters() -> None:
    told = named(row("Train", "Lead"), row("Train", "Lead"), before=())
    assert [one.matter.matter for one in told] == [1, 2]


def test_what_nobody_shall_do_and_no_day_is_set_for_is_no_matter() -> None:
    assert named(row("We talked about it")) == []


def test_a_new_one_is_told_by_its_message_and_a_known_one_only_when_it_is_otherwise() -> None:
    told = named(
        row("Visit the sibling", "The police", due=MAY),
        row("Write to the family", "The team", due=MAY),
        row("Buy a cot", "The team", due=MAY),
    )
    assert [one.tells for one in told] == ["", "changed", "named"]


CLOSED = {
    "done and shown": ({"status": "done", "evidence": "A note"}, True, "Done, with evidence"),
    "done, and its effect known": ({"status": "done", "effect": "Seen"}, True,
                                   "Done, with evidence"),
    "said to be done": ({"status": "done"}, False, "Said to be done, without evidence yet"),
    "stopped": ({"status": "stopped"}, True, "Stopped"),
    "under way": ({"status": "in_progress"}, False, "In progress"),
    "a word that no status is": ({"status": "moved"}, False, "Open"),
}  # fmt: skip


@pytest.mark.parametrize(("more", "closed", "stands"), CLOSED.values(), ids=CLOSED)
def test_a_matter_is_closed_when_it_is_shown_to_be_done_or_stopped(
    more: dict[str, str], closed: bool, stands: str
) -> None:
    matter = named(row("Visit the sibling", "The police", **more))[0].matter
    assert (matter.closed, matter.stands) == (closed, stands)


def test_what_is_closed_is_not_opened_by_a_later_row_and_takes_its_effect() -> None:
    done = Matter(1, "action", text="Train", owner="Lead", due=MAY, status="done", evidence="List")
    later = row("Train", "Lead", due=JUNE, status="open", effect="Fewer mistakes")
    after = named(later, before=(done,))[0].matter
    assert (after.status, after.due, after.effect) == ("done", MAY, "Fewer mistakes")


def test_what_a_row_was_shown_and_only_confirmed_says_nothing_new() -> None:
    how = {"actions.0.effect": {"how": "worked_out"}, "actions.0.text": {"how": "worked_out"}}
    after = named(row("Visit the sibling", "The police", effect="A note"), how=how)[0]
    assert (after.matter.effect, after.tells) == ("", "")


def test_whose_people_do_it_is_worked_out_where_the_row_does_not_say() -> None:
    form = form_of(listed(matter_organisation="=mine"))
    told = named(row("Train", "Lead"), row("Sing", "Lead", organisation="police"),
                 before=(), form=form)  # fmt: skip
    assert [one.matter.organisation for one in told] == ["gp", "police"]


def test_an_organisation_that_is_worked_out_is_told_by_its_name_never_by_its_key() -> None:
    form = form_of(listed(matter_organisation='={value: mine, label: "The surgery"}'))
    matter = named(row("Train", "Dr Field"), before=(), form=form)[0].matter
    assert (matter.organisation, matter.answers_for_it) == ("gp", "The surgery: Dr Field")


def test_questions_that_say_the_number_speak_of_that_matter() -> None:
    form = form_of(question("which", "number", "number"), question("shown", "evidence"))
    told = named_matters(form, {"which": 2, "shown": "A letter"}, {}, (ONE, TWO), {}, WORLD)
    assert [(one.matter.matter, one.matter.evidence, one.tells) for one in told] == [
        (2, "A letter", "")
    ]


def test_a_number_that_nobody_has_names_nothing() -> None:
    form = form_of(question("which", "number", "number"), question("shown", "evidence"))
    assert named_matters(form, {"which": 9, "shown": "x"}, {}, (ONE,), {}, WORLD) == []


def test_a_part_that_is_none_is_told() -> None:
    found = findings_of(question("x", "evidense"))
    assert "Did you mean “evidence”?" in found["form-property"]


ALONE = form_of(
    question("needed", "text", matters="urgent action", matter_organisation="=mine"),
    question("number", "number", "number"),
    question("how", "status"),
    question("shown", "evidence"),
)


def alone(before: tuple[Matter, ...] = (), **answers: Any) -> list[Named]:
    return named_matters(ALONE, answers, {}, before, {"mine": "gp"}, WORLD)


def test_a_text_alone_names_a_matter_of_whoever_does_it_and_tells_nothing() -> None:
    """Its own step follows it."""
    told = alone(needed="Call the police")[0]
    assert (told.path, told.tells) == ("", "")
    matter = told.matter
    said = (matter.kind, matter.text, matter.organisation)
    assert said == ("urgent action", "Call the police", "gp")
    assert alone() == []


def test_a_text_alone_is_the_matter_whose_number_stands_beside_it() -> None:
    open_ = alone(needed="Call the police")[0].matter
    done = alone((open_,), needed="Call the police", number=1, how="done", shown="Called at 2pm")
    assert [(one.matter.matter, one.matter.closed) for one in done] == [(1, True)]
