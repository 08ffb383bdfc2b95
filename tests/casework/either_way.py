"""Lists come out the same whether they are gathered, as for most people, or walked, as for who
reaches much. Asked by the tests of covers, parts, exclusions and second signatures, in each of
their situations.
"""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework import Desk, Person
from app.casework.reading.eyes import eyes
from app.casework.reading.lists import reach_of
from app.store.queries.worklist import WHICH


def same_either_way(desk: Desk, person: Person, at: datetime) -> None:
    reach, _ = reach_of(desk, person, at)
    who = eyes(desk, person)
    gathered, walked = store.queries.worklist, store.queries.walks
    with desk.store.reading() as unit:
        counts = gathered.counts(unit, reach)
        assert counts == {which: walked.count(unit, reach, which) for which in WHICH}
        for which in WHICH:
            for skip, most in ((0, 50), (1, 1)):
                listed = gathered.listed(unit, reach, which, skip, most)
                assert walked.listed(unit, reach, which, skip, most) == listed, which
        for state in ("open", "closed", "all"):
            lines = store.queries.listing.lines(unit, who, state, 0, 50)
            assert walked.lines(unit, who, state, 0, 50) == lines
            assert walked.count_cases(unit, who, state) == len(lines)
