"""Reads events as they were stored, whatever form they had then, as what they are today.

How one is written is `events.to_dict`'s. When a class of events changes, `FORM` grows and
`UPGRADES` says how the form before becomes the one after; what is stored is never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any

from app.engine.events import KINDS, Event, to_dict

#: of what is written now; that of older entries stands in them, 1 where none does
FORM = 2

Fields = dict[str, Any]
#: (instance, element or flow) → the process that holds it; "" where it cannot be told
Holder = Callable[[str, str], str]
Upgrade = Callable[[Fields, Holder], Fields]


class UnknownFact(Exception):
    """A stored fact that this release cannot read; says why in a clause."""


def _placed(stored: Fields, holder: Holder) -> Fields:
    """Until form 2 a fact named the instance it happened in, not the process of its element."""
    id = stored.get("element") or stored.get("flow")
    instance = stored.get("instance")
    if isinstance(id, str) and isinstance(instance, str):
        return {**stored, "process": holder(instance, id)}
    return stored


def _of_places() -> dict[tuple[str, int], Upgrade]:
    names = {kind: {field.name for field in fields(cls)} for kind, cls in KINDS.items()}
    return {
        (kind, 1): _placed
        for kind, own in names.items()
        if "process" in own and own & {"element", "flow"}
    }


#: (kind, the form it is in) → what makes the next form of it
UPGRADES: dict[tuple[str, int], Upgrade] = _of_places()


def nowhere(_instance: str, _id: str) -> str:
    """The holder where no drawing is at hand."""
    return ""


def read(stored: Any, form: int = FORM, holder: Holder = nowhere) -> Event:
    """The event; `stored`: its decoded fields with "kind". Raises `UnknownFact`."""
    kind = stored.get("kind") if isinstance(stored, Mapping) else None
    if not isinstance(kind, str):
        raise UnknownFact("it has no kind")
    given: Fields = dict(stored)
    del given["kind"]
    for older in range(form, FORM):
        upgrade = UPGRADES.get((kind, older))
        given = upgrade(given, holder) if upgrade else given
    cls = KINDS.get(kind)
    if cls is None:
        raise UnknownFact(f"“{kind}” is a kind that it does not know")
    return cls(**_checked(kind, given))


def _checked(kind: str, given: Fields) -> Fields:
    known = _KNOWN[kind]
    if not given.keys() <= known.keys():
        name = min(given.keys() - known.keys(), key=str)
        raise UnknownFact(f"“{kind}” has a field “{name}” that it does not know")
    for name, (fits, needed, takes_text) in known.items():
        value = given.get(name, MISSING)
        if type(value) is str and takes_text:  # most are
            continue
        if value is MISSING:
            if needed:
                raise UnknownFact(f"“{kind}” has no field “{name}”")
            if fits in _OPTIONAL:  # nothing is stored for null
                given[name] = None
        elif not fits(value):
            raise UnknownFact(f"“{kind}” has something else than expected as “{name}”")
        elif type(value) is list and fits is _texts:
            given[name] = tuple(value)
    return given


def _texts(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(text, str) for text in value)


_FITS: dict[str, Callable[[Any], bool]] = {
    "Any": lambda value: True,
    "str": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "datetime": lambda value: isinstance(value, datetime) and value.tzinfo is not None,
    "Mapping[str, Any]": lambda value: isinstance(value, Mapping),
    "tuple[str, ...]": _texts,
}
_FITS |= {
    f"{name} | None": lambda value, fits=fits: value is None or fits(value)  # type: ignore[misc]
    for name, fits in list(_FITS.items())
}
_OPTIONAL = {fits for name, fits in _FITS.items() if name.endswith("None")}
#: kind → field → (what fits it, whether it must be there, whether any text fits it)
_KNOWN = {
    kind: {
        field.name: (
            _FITS[str(field.type)],
            field.default is MISSING
            and field.default_factory is MISSING
            and not str(field.type).endswith("None"),
            str(field.type).removesuffix(" | None") in ("Any", "str"),
        )
        for field in fields(cls)
    }
    for kind, cls in KINDS.items()
}
#: what a form did not have yet is left out of both sides, when an old entry is compared
_SINCE: dict[tuple[str, int], frozenset[str]] = {
    (kind, 1): frozenset({"process"}) for kind, form in UPGRADES if form == 1
}


def as_in(event: Event, form: int) -> Fields:
    """`events.to_dict` of an event, with only what that form of it said."""
    stored = to_dict(event)
    for older in range(form, FORM):
        for name in _SINCE.get((type(event).__name__, older), ()):
            stored.pop(name, None)
    return stored
