"""What can be an email address, by its letters: the same for accounts, forms, guests, settings."""

from __future__ import annotations

import pytest

from app.engine.addresses import is_address


@pytest.mark.parametrize(
    ("text", "can"),
    [
        pytest.param("ann@example.org", True, id="plain"),
        pytest.param("o'neil+care@nhs.net", True, id="an apostrophe and a plus"),
        pytest.param("A.B@Example.GOV.UK", True, id="capitals"),
        pytest.param("ann@[", False, id="half a literal"),
        pytest.param("ann@[127.0.0.1]", False, id="a machine"),
        pytest.param("ann@localhost", False, id="this machine"),
        pytest.param("ann@mail.invalid", False, id="a name that never is one"),
        pytest.param("ann@example", False, id="no domain"),
        pytest.param("a..b@example.org", False, id="two dots"),
        pytest.param("ann@-x.org", False, id="a hyphen first"),
        pytest.param("ann@example.org\n", False, id="a line break"),
        pytest.param("ann@example.org,eve@example.org", False, id="two"),
        pytest.param("Ann <ann@example.org>", False, id="with a name"),
        pytest.param('"a b"@example.org', False, id="quoted"),
        pytest.param("\u00e4nn@example.org", False, id="letters not every server takes"),
        pytest.param("ann@ex\u0430mple.org", False, id="a letter that looks like another"),
        pytest.param(f"{'a' * 65}@example.org", False, id="too long a name"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_an_address_is_known_by_its_letters(text: str, can: bool) -> None:
    assert is_address(text) is can
