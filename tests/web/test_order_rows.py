"""Every order has its row wherever orders are given, asked, said and played; none is forgotten."""

from __future__ import annotations

from dataclasses import MISSING, fields

import pytest
from flask import Flask

from app.audit.narrative.orders import SENTENCES
from app.casework import commands
from app.casework.commands import CaseCommand, Command, StartCase
from app.casework.orders.order import Order, takes
from app.casework.orders.table import ORDERS
from app.journeys.file.step_orders import NEVER, STEP_ORDERS
from app.web.api.openapi import OPERATIONS
from app.web.orders import ASKED, NOBODY

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
every_order = pytest.mark.parametrize("kind", GIVEN, ids=lambda kind: kind.__name__)


@every_order
def test_an_order_is_in_the_table(kind: type[Command]) -> None:
    assert kind in ORDERS


@every_order
def test_an_order_says_how_it_is_asked_or_that_nobody_asks_it(kind: type[Command]) -> None:
    asked = ASKED[kind]
    assert asked is NOBODY or bool(asked.form) != bool(asked.page)


@every_order
def test_an_order_of_a_case_has_its_sentence_in_the_history(kind: type[Command]) -> None:
    in_a_history = issubclass(kind, CaseCommand) or kind is StartCase
    assert (kind.__name__ in SENTENCES) == in_a_history


@every_order
def test_journeys_play_an_order_or_say_that_they_never_do(kind: type[Command]) -> None:
    played = {row.command for row in STEP_ORDERS.values()}
    assert (kind in played) != (kind in NEVER)


def test_no_table_has_a_row_of_something_else() -> None:
    assert set(ORDERS) == set(ASKED) == set(GIVEN)


def test_a_row_cannot_leave_out_who_may_what_it_does_and_what_replay_does() -> None:
    said = {row.name for row in fields(Order) if row.default is MISSING}
    assert {"handle", "power", "again"} <= said


@every_order
def test_what_only_the_installation_gives_is_asked_of_nobody(kind: type[Command]) -> None:
    assert not ORDERS[kind].system or ASKED[kind] is NOBODY


@every_order
def test_a_page_that_asks_is_there(app: Flask, kind: type[Command]) -> None:
    page = ASKED[kind].page
    assert not page or page in {rule.endpoint for rule in app.url_map.iter_rules()}


@every_order
def test_a_form_of_a_case_is_offered_by_its_word(kind: type[Command]) -> None:
    """Else no page could know when to lead to it."""
    assert (ASKED[kind].form is None) == (ORDERS[kind].word is None)


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
    if form is None:
        return
    given = {field.key: None for field in form.fields}
    assert set(form.reads(given)) == takes(kind) - {"case", "task"}
