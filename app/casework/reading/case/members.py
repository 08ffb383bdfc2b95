"""Who belongs to a case and who is shut out of it, by name, for who sees the whole case."""

from __future__ import annotations

from dataclasses import dataclass

from app.casework.reading.look import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    id: str
    name: str
    #: a group rather than a person
    group: bool
    excluded: bool


def member_lines(seen: Look) -> tuple[MemberLine, ...]:
    if not seen.whole:
        return ()
    people = seen.names([who[2:] for who in seen.locked.members if who.startswith("p:")])
    members = []
    for who, excluded in sorted(seen.locked.members.items()):
        id, group = who[2:], who.startswith("g:")
        name = seen.locked.group_name(id, seen.at) if group else people.get(id, id)
        members.append(MemberLine(id=id, name=name, group=group, excluded=excluded))
    return tuple(members)
