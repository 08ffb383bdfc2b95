"""What the register of conflicts says of the people whom somebody chooses for a task or a case."""

from __future__ import annotations

from app.casework.access import Person
from app.casework.cases import named_in_texts
from app.casework.desk import Desk
from app.casework.reading.authority.conflicts import conflicts_of
from app.casework.reading.case.choices import whole_case
from app.store import PersonRow


def conflicts_among(
    desk: Desk, person: Person, case: str, people: list[PersonRow]
) -> dict[str, tuple[str, ...]]:
    """Person id → with whom or what of this case they have a conflict, for who chooses among them.

    Of an entry that speaks of none of this case only that there is one is told: with whom stays in
    the register.
    """
    with desk.store.reading() as unit:
        entries = conflicts_of(unit, [row.id for row in people])
        if not entries:
            return {}
        locked = whole_case(desk, unit, person, case)
        reference = locked.row.reference.casefold()
        groups = {who[2:].partition(":")[2] for who in locked.members if ":" in who[2:]}
        labels = [desk.roles.successions.label(value).casefold() for value in groups]

        def speaks_of_it(about: str) -> bool:
            said = about.casefold()
            named = any(words and words in said for words in (reference, *labels))
            return named or any(named_in_texts(locked, [about]))

        return {id: tuple(filter(speaks_of_it, abouts)) for id, abouts in entries.items()}
