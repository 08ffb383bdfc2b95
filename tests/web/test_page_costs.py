"""What a page asks of the database: a case's page few statements and one set of looks at once; My
tasks as many with 1,000 tasks as with one. What pages weigh is a rule of every page (`weights`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from app.casework import accounts
from app.config.installation import Config
from app.engine.forms.fields import Field
from app.store import Store
from app.web.forms.blocks import Block
from tests.asked import Asked, asked
from tests.bench.wide import copied
from tests.kit import PEOPLE, Kit, diagram, form
from tests.templates import create_site
from tests.web.conftest import PASSWORD
from tests.web.weights import SCRIPT, weight

FILES = diagram(
    "start > task:ask > task:answer > end; boundary:late > end:told",
    ask={"groups": "clerk,lead", "form": "ask", "due": "=working_days_after(today(), 1)"},
    answer={"groups": "clerk,lead", "due": "=working_days_after(today(), 2)"},
    late={"on": "ask", "timer": "P1D", "interrupting": "false"},
) | form("ask", "wanted")  # fmt: skip


def signed_in(kit: Kit, config: Config, who: str) -> FlaskClient:
    person = PEOPLE[who]
    accounts.ensure(kit.desk, who, person.name, person.roles, kit.at, password=PASSWORD)
    client = create_site(kit.desk, config, lambda: kit.at).test_client()
    token = accounts.sign_in(kit.desk, who, PASSWORD, kit.at, "127.0.0.1").token
    client.set_cookie("session", token)
    return client


def looked(kit: Kit, client: FlaskClient, path: str) -> tuple[Asked, str]:
    """The second look: the first one reads the drawings and makes checkpoints."""
    for _ in range(2):
        with asked(kit.store) as heard:
            answer = client.get(path)
        assert answer.status_code == 200
    return heard, answer.get_data(as_text=True)


@pytest.fixture
def postgres_kit(postgres_store: Store) -> Iterator[Kit]:
    yield Kit(postgres_store)


@pytest.mark.postgres
def test_the_page_of_a_case_asks_for_what_it_surely_needs_at_once(
    postgres_kit: Kit, config: Config
) -> None:
    kit = postgres_kit
    kit.deploy(FILES)
    case = kit.start("ann")
    for _ in range(13):  # so that its newest entries do not lie behind one checkpoint
        kit.desk.note_read(case, PEOPLE["ann"], "case", kit.later(hours=2))
    kit.complete("ann", case, "ask", wanted="A visit")
    client = signed_in(kit, config, "lea")
    heard, page = looked(kit, client, f"/cases/{case}")
    assert "Answer" in page
    assert len(heard.together) == 1 and heard.together[0] >= 15
    assert len(heard.statements) <= 7, "\n".join(heard.statements)
    assert heard.transactions == 2, "who looks, and the case"


@pytest.mark.postgres
@pytest.mark.parametrize("part", ["deadlines", "people", "drawings", "diagram.svg"])
def test_the_parts_of_a_case_do_so_too(postgres_kit: Kit, config: Config, part: str) -> None:
    kit = postgres_kit
    kit.deploy(FILES)
    case = kit.start("ann")
    heard, _ = looked(kit, signed_in(kit, config, "lea"), f"/cases/{case}/{part}")
    assert len(heard.together) == 1
    assert len(heard.statements) <= 8, "\n".join(heard.statements)


def test_my_tasks_asks_as_much_with_1000_tasks_as_with_one(kit: Kit, config: Config) -> None:
    kit.deploy(FILES)
    kit.start("ann")
    client = signed_in(kit, config, "ann")
    one, _ = looked(kit, client, "/tasks?show=groups")
    copied(kit.store, 999)
    many, page = looked(kit, client, "/tasks?show=groups")
    assert page.count('data-label="Task"') >= 20
    assert len(many.statements) <= len(one.statements), "\n".join(many.statements)
    assert many.transactions <= one.transactions <= 4


def test_what_only_the_editor_fetches_is_more_than_a_page_may() -> None:
    """Else the rule of pages would have no need to name it."""
    assert weight("/static/vendor/modeler.js") == 0 or weight("/static/vendor/modeler.js") > SCRIPT


_DESIGN_SYSTEM = """
{%- from 'govuk_frontend_jinja/components/date-input/macro.html' import govukDateInput -%}
{{ govukDateInput({
  'id': 'f-day', 'namePrefix': 'day',
  'fieldset': {'legend': {'text': 'When & where?', 'classes': 'govuk-fieldset__legend--s'}},
  'hint': {'text': hint or 'For example, 27 3 2026'},
  'errorMessage': {'text': error} if error else none, 'items': items}) }}
"""
_OURS = """
{%- import 'components/form.html' as form with context -%}{{ form.block(block) }}
"""


@pytest.mark.parametrize("error", [None, "Enter a real date, such as 27 3 2026"])
@pytest.mark.parametrize("hint", [None, "The day on which it was <seen>"])
@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_a_day_is_asked_as_the_design_system_asks_it(
    kit: Kit, config: Config, kind: str, hint: str | None, error: str | None
) -> None:
    asked = Field("day", kind, "day", label="When & where?", required=True, hint=hint)
    value = {"day": "3", "month": "", "year": '20"26', "time": "14:05"}
    block = Block(kind, "day", "f-day", asked, value=value, error=error)
    parts = ["day", "month", "year", *(["time"] if kind == "datetime" else [])]
    items = [
        {
            "name": part, "value": value[part],
            "label": "Time, such as 14:05" if part == "time" else None,
            "inputmode": "text" if part == "time" else "numeric",
            "classes": f"govuk-input--width-{4 if part in ('year', 'time') else 2}"
            + (" govuk-input--error" if error else ""),
        }
        for part in parts
    ]  # fmt: skip
    site = create_site(kit.desk, config, lambda: kit.at)
    with site.test_request_context():
        drawn = [
            site.jinja_env.from_string(text).render(
                block=block, items=items, hint=hint, error=error
            )
            for text in (_DESIGN_SYSTEM, _OURS)
        ]
    theirs, ours = (_plain(html.fragment_fromstring(text.strip())) for text in drawn)
    assert ours == theirs


def _plain(node: Any) -> tuple[object, ...]:
    classes = {**node.attrib, "class": sorted(node.get("class", "").split())}
    words = [" ".join((text or "").split()) for text in (node.text, node.tail)]
    return node.tag, classes, words, [_plain(child) for child in node]
