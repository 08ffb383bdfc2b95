"""Cases that somebody searches for: by keyed hashes of what they are known by, by reference, and by
who is in them. Bounded by who may see which, as the lists are.

What a text means and which case is shown is casework's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select, union_all

from app.store.database.unit import Unit
from app.store.queries.listing import CaseLine, Eyes, page_of
from app.store.queries.walks import visible
from app.store.schema import cases, known_by, member


@dataclass(frozen=True, slots=True)
class Term:
    """One thing of what is searched for; a case must meet each."""

    #: "" where it is known by nothing like it
    sort: str = ""
    #: as the hash of this sort is made of it
    text: str = ""
    #: or it is the case of one of these references
    references: tuple[str, ...] = ()
    #: or one of these, "g:…", is in it
    members: tuple[str, ...] = ()


def _meets(number: int) -> Any:
    of = cases.alias()
    known = select(known_by.c.case_id).where(
        known_by.c.sort == bindparam(f"sort{number}"), known_by.c.hash == bindparam(f"mark{number}")
    )
    called = select(of.c.id).where(
        of.c.reference.in_(bindparam(f"references{number}", expanding=True))
    )
    inside = select(member.c.case_id).where(
        member.c.who.in_(bindparam(f"members{number}", expanding=True)), ~member.c.excluded
    )
    return cases.c.id.in_(union_all(known, called, inside))


@cache
def _search(everything: bool, covers: int, parted: bool, terms: int) -> Any:
    met = and_(*(_meets(number) for number in range(terms)))
    return page_of(and_(met, visible(everything, covers, parted)), "all")


def search(unit: Unit, eyes: Eyes, terms: Sequence[Term], skip: int, most: int) -> list[CaseLine]:
    """Newest first. `terms`: at least one."""
    given = eyes.given() | {"skip": skip, "most": most}
    for number, term in enumerate(terms):
        given |= {
            f"sort{number}": term.sort,
            f"mark{number}": unit.keys.mark(term.sort, term.text),
            f"references{number}": list(term.references),
            f"members{number}": list(term.members),
        }
    return [CaseLine(*row) for row in unit.rows(_search(*eyes.kind, len(terms)), given)]
