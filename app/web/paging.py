"""Cuts long lists into pages and says where one stands. What is listed is the page's own."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

#: beyond this a number in the address is nonsense
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Paging:
    #: 1-based
    page: int
    size: int
    total: int
    #: address of the list without the page's number; holds a "?" already or none
    base: str
    #: there are more than `total`, which were not counted
    more: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return min(self.total, (self.page - 1) * self.size + 1)

    @property
    def last(self) -> int:
        return min(self.total, self.page * self.size)

    def href(self, page: int) -> str:
        return f"{self.base}{'&' if '?' in self.base else '?'}page={page}"

    def near(self) -> list[int | None]:
        """The numbers to show: first, last, and those around; None where some are left out."""
        wanted = {1, self.page - 1, self.page, self.page + 1, self.pages}
        shown: list[int | None] = []
        for number in sorted(n for n in wanted if 1 <= n <= self.pages):
            if shown and shown[-1] is not None and number > shown[-1] + 1:
                shown.append(None)
            shown.append(number)
        return shown


def asked_page() -> int:
    """The page the address asks for; 1 when it asks for none or for nonsense."""
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 1
    return min(max(number, 1), MOST)
