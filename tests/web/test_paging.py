"""Long lists in pages."""

from __future__ import annotations

import pytest

from app.web.paging import Paging


@pytest.mark.parametrize(
    ("page", "total", "near"),
    [
        (1, 0, [1]),
        (1, 50, [1]),
        (1, 1000, [1, 2, None, 20]),
        (10, 1000, [1, None, 9, 10, 11, None, 20]),
        (20, 1000, [1, None, 19, 20]),
    ],
)
def test_the_first_the_last_and_the_near_pages_are_shown(
    page: int, total: int, near: list[int | None]
) -> None:
    assert Paging(page, 50, total, "/x").near() == near


def test_addresses_keep_what_is_asked_already() -> None:
    assert Paging(1, 50, 99, "/x?show=late").href(2) == "/x?show=late&page=2"
    assert Paging(1, 50, 99, "/x").href(2) == "/x?page=2"
