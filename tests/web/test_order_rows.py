"""Every order has its row in the table and in the wording, and what follows from them is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from string import Formatter
from typing import Any

import pytest
from flask import Flask

from app.audit.narrative import TOPICS
from app.audit.narrative.orders import SENTENCES
from app.casework import commands
from app.casework.commands import CaseCommand, Command, StartCase
from app.casework.orders import table, wording
from app.casework.orders.order import Order, Wording, takes
from app.casework.orders.table import ORDERS
from app.casework.orders.wording import WORDING
from app.journeys.file.step_orders import NEVER, STEP_ORDERS
from app.web.api.openapi import OPERATIONS
from app.web.orders import ASKED, NOBODY, STEPS
from tests.rows import need_rows

#: every command that is written down as one
GIVEN = sorted(
    (
        kind
        for kind in vars(commands).values()
        if isinstance(kind, type)
        and issubclass(kind, Command)
        and kind not in (Command, CaseCommand)
    ),
    key=lambda kind: kind.__name__,
)
#: words of a sentence that every entry fills
FILLED = {"actor", "when", "because", "task", "to", "person", "sources", "gets_it"}
#: what the handler records beyond what the order says
RECORDED = {
    commands.ProduceDocument: {"title", "version", "sha256", "says"},
    commands.EraseContent: {"because_of"},
    commands.KeepContent: {"because_of"},
    commands.LookAcross: {"references"},
    commands.Merge: {"reference"},
    commands.SetHold: {"hold"},
    commands.TakeOverDraft: {"name", "saved"},
    commands.TakeBack: {"name"},
    commands.Unmerge: {"from", "reference"},
}
#: the facts that follow from these say everything: the order itself has no sentence
TOLD_BY_FACTS = (commands.MoveDeadline, commands.WakeCase)
every_order = pytest.mark.parametrize("kind", GIVEN, ids=lambda kind: kind.__name__)


def test_an_order_without_words_is_named_with_the_file() -> None:
    with pytest.raises(LookupError, match=r"orders/wording\.py has no row for CaseCommand\."):
        WORDING[CaseCommand]


@pytest.mark.parametrize(
    ("file", "table", "rows"),
    [
        pytest.param(table.__file__, "ORDERS", ORDERS, id="the table"),
        pytest.param(wording.__file__, "WORDING", WORDING, id="the wording"),
    ],
)
def test_an_order_has_a_row(file: str, table: str, rows: Mapping[type[Command], Any]) -> None:
    named = (kind.__name__ for kind in rows)
    need_rows(file, table, (kind.__name__ for kind in GIVEN), named)
    assert set(rows) == set(GIVEN)


@every_order
def test_an_order_says_how_it_is_asked_or_that_nobody_asks_it(kind: type[Command]) -> None:
    asked = ASKED[kind]
    assert asked is NOBODY or bool(asked.form) != bool(asked.page), (
        f"{kind.__name__} needs a form in its row of app/casework/orders/wording.py,"
        " or its page in _PAGES of app/web/orders.py; not both."
    )


@every_order
def test_an_order_of_a_case_has_its_sentence_in_the_history(kind: type[Command]) -> None:
    in_a_history = issubclass(kind, CaseCommand) or kind is StartCase
    assert (kind.__name__ in SENTENCES) == in_a_history
    said = SENTENCES.get(kind.__name__) is not None
    assert said == (in_a_history and kind not in TOLD_BY_FACTS)


@every_order
def test_a_sentence_has_a_known_topic_and_only_words_that_are_there(kind: type[Command]) -> None:
    row = WORDING[kind]
    for topic, sentence in filter(None, (row.history, row.beside)):
        assert topic in TOPICS
        words = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
        known = FILLED | takes(kind) | RECORDED.get(kind, set())
        need_rows(__file__, f"RECORDED[{kind.__name__}]", words, known)


@every_order
def test_a_journey_plays_an_order_that_somebody_gives_in_a_case(kind: type[Command]) -> None:
    assert (kind in NEVER) != (kind in {row.command for row in STEP_ORDERS.values()})
    if issubclass(kind, CaseCommand):
        assert (kind in NEVER) == (ASKED[kind] is NOBODY)


@pytest.mark.parametrize(
    ("row", "cannot_leave_out"),
    [
        pytest.param(Order, {"handle", "again"}, id="what it does, replay"),
        pytest.param(Wording, {"history", "form", "api", "step"}, id="where it is said"),
    ],
)
def test_a_row_cannot_leave_out_what_nobody_could_guess(
    row: type[Any], cannot_leave_out: set[str]
) -> None:
    assert cannot_leave_out <= {part.name for part in fields(row) if part.default is MISSING}


@every_order
def test_what_only_the_installation_gives_is_asked_of_nobody(kind: type[Command]) -> None:
    assert not ORDERS[kind].rule.system or ASKED[kind] is NOBODY


@every_order
def test_a_page_that_asks_is_there(app: Flask, kind: type[Command]) -> None:
    page = ASKED[kind].page
    assert not page or page in {rule.endpoint for rule in app.url_map.iter_rules()}


@every_order
def test_a_form_of_a_case_is_offered_by_its_word(kind: type[Command]) -> None:
    """Else no page could know when to lead to it."""
    assert (ASKED[kind].form is None) == (ORDERS[kind].word is None), (
        f"{kind.__name__} has a form in app/casework/orders/wording.py exactly when it has a"
        " word in app/casework/orders/table.py."
    )


@every_order
def test_what_a_program_may_order_is_described_and_says_what_the_order_takes(
    kind: type[Command],
) -> None:
    api = ASKED[kind].api
    if api is None:
        return
    described = [row.name for row in OPERATIONS if (row.method, row.path) == ("post", api.path)]
    assert described == [api.name]
    path = {part[1:-1] for part in api.path.split("/") if part.startswith("{")}
    given = api.reads(dict.fromkeys(api.body.members, "2026-03-04"))
    assert set(given) | path == takes(kind)


@every_order
def test_a_form_asks_all_that_the_order_takes(kind: type[Command]) -> None:
    form = ASKED[kind].form
    if form is None or kind in STEPS:  # then several pages ask
        return
    given = {field.key: None for field in form.fields}
    assert set(form.reads(given)) == takes(kind) - {"case", "task"}
