"""Entries of a history shown to a stranger: some fields with their salts, of the rest only hashes.

The file it makes is described in docs/history-format.md; whoever gets it needs nothing but SHA-256
to check it against the chain. Who may give it away is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import store
from app.casework import Body, NotFound, Reader, Refused
from app.store import Unit, chain

FORMAT = "rapid-review disclosure 1"
#: shorter words are not looked for elsewhere: they stand everywhere
_SHORTEST = 3
_PAIR = ("type", "value")


@dataclass(frozen=True, slots=True)
class _Field:
    seq: int
    pointer: str
    value: Any
    salt: bytes
    hash: bytes


def disclose(
    unit: Unit, case: str, entries: Iterable[int] | None, withheld: Sequence[str]
) -> dict[str, Any]:
    """The file, JSON-able: every header of the case, and the fields of `entries` (None: of all).

    `withheld`: JSON pointers, each for all entries or as "7:/command/answers/name" for one; all
    below them is withheld, and so is whatever says the same elsewhere in what is shown. Raises
    `NotFound`, `Refused`, `Sealed`.
    """
    row = store.cases.find(unit, case)
    if row is None:
        raise NotFound
    rows = list(chain.history.rows(unit, row.id))
    reader = Reader(store.cases.key_of(unit, row.id))
    bodies = {entry.seq: reader.read(entry) for entry in rows}
    wanted = sorted(bodies) if entries is None else sorted(set(entries))
    shown = [field for seq in wanted for field in _fields(seq, bodies.get(seq), entries is None)]
    hidden = _hidden(shown, withheld)
    return {
        "format": FORMAT,
        "case": row.id,
        "headers": [entry.header for entry in rows],
        "entries": [
            {
                "seq": seq,
                "fields": [_told(field, hidden) for field in shown if field.seq == seq],
            }
            for seq in dict.fromkeys(field.seq for field in shown)
        ],
    }


def _fields(seq: int, body: Body | None, all_of_them: bool) -> Iterator[_Field]:
    """Nothing for an entry that commits to no fields, where it was not asked for by its number."""
    if body is None:
        raise Refused(f"There is no entry {seq}.")
    if body.form < 2:
        if all_of_them:
            return
        why = "was written before fields were committed to" if body.form else "cannot be opened"
        raise Refused(f"Entry {seq} {why}, so it cannot be shown field by field.")
    leaves = chain.commitments.leaves(body.fields)
    for (pointer, text), salt in zip(
        leaves, chain.commitments.salts(body.secret, len(leaves)), strict=True
    ):
        value = chain.commitments.value_at(body.fields, pointer)
        yield _Field(seq, pointer, value, salt, chain.commitments.hashed(salt, text))


def _told(field: _Field, hidden: set[tuple[int, str]]) -> dict[str, Any]:
    if (field.seq, field.pointer) in hidden:
        return {"hash": field.hash.hex()}
    return {"pointer": field.pointer, "value": field.value, "salt": field.salt.hex()}


def _hidden(shown: Sequence[_Field], withheld: Sequence[str]) -> set[tuple[int, str]]:
    """(entry, pointer) of what is withheld: what was named, and what says the same."""
    named: list[_Field] = []
    for given in withheld:
        below = [field for field in shown if _lies_below(field, given)]
        if not below:
            raise Refused(f"Nothing of what is to be shown stands at “{given}”.")
        named += below
    words = {text for field in named if len(text := _words(field.value)) >= _SHORTEST}
    names = {_name(field.pointer) for field in named}
    hidden = {(field.seq, field.pointer) for field in named}
    for field in shown:
        same = any(word in _words(field.value) for word in words)
        if same or names.intersection(field.pointer.split("/")):
            hidden.add((field.seq, field.pointer))
    return hidden


def _lies_below(field: _Field, given: str) -> bool:
    seq, colon, pointer = given.partition(":")
    if not (colon and seq.isdecimal()):
        seq, pointer = "", given
    within = field.pointer == pointer or field.pointer.startswith(f"{pointer}/")
    return within and seq in ("", str(field.seq))


def _words(value: Any) -> str:
    return value.strip().casefold() if isinstance(value, str) else ""


def _name(pointer: str) -> str:
    """What a field is called: neither its number in a list, nor a part of a typed value."""
    steps = pointer.split("/")[1:]
    while len(steps) > 1 and (steps[-1].isdecimal() or steps[-1] in _PAIR):
        steps.pop()
    return steps[-1]


def summary(file: Mapping[str, Any]) -> str:
    """What is in the file, in a sentence."""
    fields = [field for entry in file["entries"] for field in entry["fields"]]
    kept = sum("hash" in field for field in fields)
    count = len(file["entries"])
    entries = "1 entry" if count == 1 else f"{count} entries"
    return f"{entries} with {len(fields)} fields, {kept} of them withheld."
