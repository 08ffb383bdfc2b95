"""A form allows no more than can be sent: its own limits fit the request's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.engine.forms import read_form
from app.engine.forms.capacity import MOST_CHARACTERS, MOST_INPUTS, capacity
from app.validation.deployment import check
from app.web import arriving, guard
from tests.kit import diagram, form

DRAWN = diagram("start > task:ask > end", ask={"groups": "clerk", "form": "asked"})


def rows(fields: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    listed = {"type": "dynamiclist", "path": "rows", "id": "rows", "label": "Rows"}
    properties = {"max_items": str(most)}
    return [{**listed, "allowAddRemove": True, "components": fields, "properties": properties}]


def asked(components: list[dict[str, Any]]) -> dict[str, bytes]:
    content = {"type": "default", "id": "asked", "components": components}
    return {"forms/asked.form": json.dumps(content).encode()}


TEXTS = [{"type": "textarea", "key": f"k{n}", "id": f"k{n}", "label": f"K {n}"} for n in range(9)]


@pytest.mark.parametrize(
    ("components", "fits"),
    [
        pytest.param(TEXTS, True, id="a few long texts"),
        pytest.param(
            [{**TEXTS[0], "validate": {"maxLength": MOST_CHARACTERS + 1}}], False, id="one text"
        ),
        pytest.param(rows(TEXTS, 20), True, id="rows"),
        pytest.param(rows(TEXTS, 50), False, id="too many rows"),
        pytest.param(rows([{**TEXTS[0], "type": "number"}], 100), True, id="many numbers"),
    ],
)
def test_a_form_that_allows_more_than_can_be_sent_is_refused(
    components: list[dict[str, Any]], fits: bool
) -> None:
    told = [f for f in check(DRAWN | asked(components)).findings if f.rule == "form-limit"]
    assert (told == []) is fits
    read, _ = read_form("forms/asked.form", asked(components)["forms/asked.form"])
    assert read is not None and capacity(read).fits is fits


def test_a_request_carries_the_largest_form_in_any_script() -> None:
    assert len("ب".encode() * MOST_CHARACTERS) * 3 <= arriving.ANSWER_BYTES  # %D8%A8
    assert guard.FORM_PARTS >= MOST_INPUTS


def test_what_an_earlier_release_took_goes_on() -> None:
    files = DRAWN | asked(rows(TEXTS, 50))
    assert check(files).program is None and check(files, accepted=True).program is not None


def test_a_plain_form_is_small() -> None:
    read, _ = read_form("forms/asked.form", form("asked", "name", "note")["forms/asked.form"])
    assert read is not None and capacity(read).inputs == 2
