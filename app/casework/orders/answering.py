"""Reading what a person answers on a form: what may stand, and how each answer came about.

What is known already counts only when the person confirms it. Which order the answers belong to is
`tasks`' and `starting`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Protocol

from app.casework.errors import Refused
from app.engine import attached, forms
from app.engine.attached import Attached
from app.engine.feel import World
from app.engine.forms import Field, Form, KnownAnswers
from app.store import DoneRow, FileRow

#: path of the one box by which a person says that what is known is right
CONFIRMED = "_confirmed"
#: before the path of a corrected question: that of its reason
REASON = "_why."


class Answering(Protocol):
    """An order that answers a form."""

    @property
    def given(self) -> Mapping[str, Any]: ...
    @property
    def confirmed(self) -> bool: ...
    @property
    def reasons(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Answered:
    #: typed
    answers: Mapping[str, Any]
    #: path → how it came about, where it was not simply said (`forms.provenance`)
    provenance: Mapping[str, Mapping[str, Any]]
    #: what they name of files
    files: tuple[Attached, ...] = ()

    def said(self) -> dict[str, Any]:
        """As an order's history entry keeps it."""
        return (
            {"answers": self.answers}
            | ({"provenance": self.provenance} if self.provenance else {})
            | ({"files": [file.value() for file in self.files]} if self.files else {})
        )


NOTHING = Answered({}, {})


def read(
    form: Form,
    order: Answering,
    scope: Mapping[str, Any],
    world: World,
    known: KnownAnswers,
    kept: Mapping[str, FileRow] = MappingProxyType({}),
) -> Answered:
    """Raises `Refused` with a sentence for each answer that cannot stand. `kept`: digest → a file
    that came with the task."""
    answered, messages = looked_at(form, order, scope, world, known)
    files = _files(form.fields, answered.answers, "")
    for path, file in files:
        if path not in messages and not _is(file, kept.get(file.digest)):
            messages[path] = f"Choose “{file.name}” again: it is not kept here"
    if messages:
        raise Refused("Some answers need another look.", messages, given=order.given)
    return replace(answered, files=tuple(dict.fromkeys(file for _, file in files)))


def asks_for_files(form: Form) -> bool:
    return any(field.kind == "filepicker" for field in form.walk())


def _files(
    fields: Iterable[Field], answers: Mapping[str, Any], inside: str
) -> list[tuple[str, Attached]]:
    """Path of a question for files and each file that it names."""
    named: list[tuple[str, Attached]] = []
    for field in forms.level(fields):
        value, path = answers.get(field.key), f"{inside}{field.key}"
        if field.kind == "filepicker":
            named += [(path, file) for file in attached.read_all(value or [])]
        elif field.kind == "group" and isinstance(value, Mapping):
            named += _files(field.fields, value, f"{path}.")
        elif field.kind == "dynamiclist" and isinstance(value, list):
            for number, row in enumerate(value):
                named += _files(field.fields, row, f"{path}.{number}.")
    return named


def _is(file: Attached, kept: FileRow | None) -> bool:
    return kept is not None and (file.size, file.kind) == (kept.size, kept.kind)


def looked_at(
    form: Form, order: Answering, scope: Mapping[str, Any], world: World, known: KnownAnswers
) -> tuple[Answered, dict[str, str]]:
    """What the answers mean, and path → sentence for each that cannot stand; `CONFIRMED` is one."""
    given = forms.accepted(form, order.given, known) if known.cells else order.given
    reading = forms.read_answers(form, given, scope, world)
    provenance: Mapping[str, Mapping[str, Any]] = {}
    if known.cells or forms.says_something(form):
        first = forms.begins(form, scope, world, known)
        sent = forms.given_again(form, reading.answers)
        provenance = forms.provenance(form, sent, known, first, order.reasons)
    messages = {
        **forms.unknown(form, order.given),
        **reading.messages,
        **_unreasoned(form, provenance),
    }
    unconfirmed = known.cells and not order.confirmed
    if unconfirmed and known.left(order.given, forms.shown(form, given, scope, world)):
        messages[CONFIRMED] = "Check what is known already. Confirm that it is right, or correct it"
    return Answered(reading.answers, provenance), messages


def with_entries(answered: Answered, said_in: Mapping[str, DoneRow]) -> Answered:
    """The same, with the number of the history entry where what was known was said."""
    told = {
        path: {**how, "entry": said_in[path].seq} if "record" in how and path in said_in else how
        for path, how in answered.provenance.items()
    }
    return replace(answered, provenance=told)


def _unreasoned(form: Form, provenance: Mapping[str, Mapping[str, Any]]) -> Mapping[str, str]:
    """A sentence for each correction that must have a reason and has none."""
    told = ((path, form.at(path), how) for path, how in provenance.items())
    return {
        f"{REASON}{path}": f"Enter why you correct “{field.rules.name or field.label}”"
        for path, field, how in told
        if field is not None
        and field.rules.correction_reason
        and how["how"] == "corrected"
        and not str(how.get("reason", "")).strip()
    }
