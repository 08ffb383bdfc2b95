"""Lists that are too long to be counted out say so, and still lead to their last page."""

from __future__ import annotations

from tests.bench import timers
from tests.bench.wide import copied
from tests.kit import Kit
from tests.web.conftest import Browser

#: of each of two cases
COPIES = 505


def test_a_long_list_says_that_it_has_more_and_ends_where_it_ends(kit: Kit, ann: Browser) -> None:
    kit.deploy(timers.drawn())
    kit.start("ann")
    kit.start("ann")
    copied(kit.store, COPIES)
    everything = 2 * (COPIES + 1)
    for address, what in (("/tasks?show=groups&page={}", "tasks"), ("/cases?page={}", "cases")):
        first = ann.visit(address.format(1))
        assert first.says(f"Showing 1 to 50 of more than 500 {what}")
        assert len(first.tree.xpath("//tbody/tr")) == 50
        last = -(-everything // 50)
        assert "Next" in " ".join(ann.visit(address.format(last - 1)).links())
        end = ann.visit(address.format(last))
        assert end.says(f"Showing {50 * (last - 1) + 1} to {everything} of {everything} {what}")
        assert "Next" not in " ".join(end.links())
    assert ann.visit("/tasks").says("500 + or more")
