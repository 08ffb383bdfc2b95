"""Each statement of a document knows from which answers it was taken."""

from __future__ import annotations

from typing import Any

import pytest

from app.documents.citations import Citations, Loop, Taken

EVERYBODY = [{"agency": "police", "known": "no"}, {"agency": "health", "known": "yes"}]
SCOPE = {"told": {"answer_all": EVERYBODY}, "records": {}}


def taken(source: str, **loops: tuple[str, int, Any]) -> list[Taken]:
    citations = Citations(SCOPE)
    for variable, loop in loops.items():
        citations.loops[variable] = Loop(*loop)
    mark = citations.mark(source)
    assert mark == (" [1]" if citations.numbers else "")
    return [one for each in citations.numbers for one in each]


@pytest.mark.parametrize(
    ("source", "loops", "expected"),
    [
        pytest.param("told.draft.facts", {}, [Taken("draft", "facts")], id="one answer"),
        pytest.param(
            "told.draft.facts + records.other.facts", {},
            [Taken("draft", "facts"), Taken("other", "facts")], id="put together from two",
        ),
        pytest.param('"a constant"', {}, [], id="nobody said it"),
        pytest.param("case.reference", {}, [Taken("case", own=True)], id="the case itself"),
        pytest.param("settings.name", {}, [Taken("settings", own=True)], id="the settings"),
        pytest.param(
            "child.name", {"child": ("told.draft.children", 2, {})},
            [Taken("draft", "children.1.name")], id="a cell of a row",
        ),
        pytest.param(
            "each.known", {"each": ("told.answer_all[known = \"yes\"]", 1, EVERYBODY[1])},
            [Taken("answer", "known", 1, True)], id="one of everybody's, others left out",
        ),
        pytest.param(
            "visit.day",
            {"each": ("told.answer_all", 2, EVERYBODY[1]), "visit": ("each.visits", 3, {})},
            [Taken("answer", "visits.2.day", 1, True)], id="a row of one of everybody's",
        ),
        pytest.param(
            "count(told.answer_all)", {}, [Taken("answer", several=True)], id="all of everybody's",
        ),
    ],
)  # fmt: skip
def test_a_statement_knows_from_what_it_was_taken(
    source: str, loops: dict[str, tuple[str, int, Any]], expected: list[Taken]
) -> None:
    assert taken(source, **loops) == expected


def test_the_same_source_has_the_same_number() -> None:
    citations = Citations(SCOPE)
    marks = [citations.mark(source) for source in ("told.a.x", "told.a.y", "records.a.x")]
    assert marks == [" [1]", " [2]", " [1]"]
