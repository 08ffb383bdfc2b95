"""No form of this installation answers for anybody: sent untouched, it states nothing.

Each is opened in an empty case, and in a full one in which every step was done before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from app.casework import Refused
from app.casework.orders.answering import CONFIRMED, read
from app.engine.forms import Form, begins, known, read_answers
from tests.engine.forms.answer_maker import complete
from tests.engine.forms.test_content_forms import FILES, SCOPE, WORLD, form_of


@dataclass(frozen=True)
class Untouched:
    given: Mapping[str, Any]
    confirmed: bool = False
    reasons: Mapping[str, str] = field(default_factory=dict)


@cache
def full() -> dict[str, Any]:
    """A scope in which every form of the installation was sent once."""
    records = dict(SCOPE["records"])
    for path in FILES:
        form = form_of(path)
        records[path.stem] = read_answers(form, complete(form, SCOPE, WORLD), SCOPE, WORLD).answers
        records[f"{path.stem}_all"] = [records[path.stem]]
    return {**SCOPE, "records": records}


EMPTY = {"settings": SCOPE["settings"], "records": {}}
CASES = {"an empty case": lambda: EMPTY, "a full case": full}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("case", CASES)
def test_a_form_that_is_sent_untouched_states_nothing(path: Any, case: str) -> None:
    form, scope = form_of(path), CASES[case]()
    before = known(form, scope, WORLD)
    first = begins(form, scope, WORLD, before)
    harmless = {one.key for one in form.walk() if one.rules.harmless_default}
    assert dict(statements(form, first, harmless)) == {}
    try:
        answers = read(form, Untouched(first), scope, WORLD, before).answers
    except Refused as refusal:
        assert before.cells or CONFIRMED not in refusal.fields
    else:
        assert dict(statements(form, answers, harmless)) == {}


def statements(
    form: Form, answers: Mapping[str, Any], harmless: set[str]
) -> Iterator[tuple[str, Any]]:
    """(key, value) of everything that is said; what only the form shows is said by nobody."""
    fixed = {one.key for one in form.walk() if one.read_only}
    for key, value in leaves(answers):
        if key not in harmless | fixed and value not in (None, False, "", [], {}):
            yield key, value


def leaves(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from leaves(inner)
        elif isinstance(inner, list) and any(isinstance(row, Mapping) for row in inner):
            for row in inner:
                yield from leaves(row)
        else:
            yield key, inner
