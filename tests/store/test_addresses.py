"""The address of a database: whatever is written there, a sentence says what is wrong."""

from __future__ import annotations

import pytest

from app.store import Store, StoreFault
from app.store.database.connection import file_of
from tests.kit import KEK


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="nothing"),
        pytest.param("cases.db", id="a file's name alone"),
        pytest.param("mysql://db.example.org/review", id="another kind"),
        pytest.param("postgresql://db:port/review", id="a port that is no number"),
        pytest.param("postgresql://one:5432,two:5432/review", id="two servers as libpq has them"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(StoreFault, match="must begin with sqlite:/// or postgresql://"):
        file_of(url)
        Store(url, KEK)
