"""A stored state says its form: an older one is brought up to date, any other refused in words."""

from __future__ import annotations

import orjson
import pytest

from app.engine.errors import NotExecutable
from app.engine.run import snapshot


def test_a_state_of_an_older_form_is_brought_up_to_date_step_by_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(snapshot, "FORM", 3)
    monkeypatch.setattr(
        snapshot, "UPGRADES", {1: lambda old: {**old, "b": old["a"] + 1}, 2: lambda old: old}
    )
    assert snapshot.unseal(b'{"form":1,"a":1}') == {"form": 3, "a": 1, "b": 2}
    assert snapshot.unseal(b'{"form":3,"a":1}') == {"form": 3, "a": 1}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        pytest.param({"form": snapshot.FORM + 1}, "newer version", id="a form to come"),
        pytest.param({"form": 0}, "no release", id="a form that never was"),
        pytest.param({"form": True}, "newer version", id="a form that is no number"),
        pytest.param({}, "newer version", id="no form"),
        pytest.param([], "newer version", id="no object"),
    ],
)
def test_a_state_of_a_form_that_is_not_known_is_refused_in_words(state: object, words: str) -> None:
    with pytest.raises(NotExecutable, match=words):
        snapshot.unseal(orjson.dumps(state))


def test_a_state_that_is_no_json_is_refused_in_words() -> None:
    with pytest.raises(NotExecutable, match="not readable"):
        snapshot.unseal(b"{")
