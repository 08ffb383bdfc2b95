"""A case walks from its start to its end through the desk."""

from tests.kit import Kit, diagram


def test_a_case_walks_to_its_end(both: Kit) -> None:
    both.deploy(diagram("start > task:check > end", check={"groups": "clerk"}))
    done = both.started("ann")
    assert done.reference == "T-2026-0001"
    assert both.open(done.case) == ["check"]
    both.complete("ben", done.case, "check")
    assert both.open(done.case) == []
