"""Where what people typed may come to stand: names in a process that hold a free text or a name.

More than is certain: whatever is worked out from such a name counts as one, so that no function and
no detour over another variable, a call or a message hides it. What is chosen, a date, a number or a
truth is no free text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from app.engine.bpmn import Element, Process
from app.engine.forms import Field
from app.validation.lint.view import Known, View

_FREE = frozenset({"textfield", "textarea"})
_HOLDERS = frozenset({"dynamiclist", "group"})
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
#: a name with the path behind it
_PATH = re.compile(r"(?<![\w.])([^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*)")
#: an entry of a context that is written out
_ENTRY = re.compile(r"([^\W\d]\w*)\s*:\s*([^,{}]*)")
#: a condition, and what a row must be to be taken
_ASKED = re.compile(r"\bif\b.*?\bthen\b|\bsatisfies\b.*", re.S)
_FILTER = re.compile(r"(?<=[\w)\]])\s*\[[^\[\]]*\]")
#: a row of something, by the name that stands for it
_EACH = re.compile(r"([^\W\d]\w*)\s+in\s+([^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*)")
_THROWS = ("endEvent", "intermediateThrowEvent", "sendTask")
#: of a name that holds the text itself
_ITSELF = ""

#: key of what a name holds, or `_ITSELF` → the question whose answer stands there
Held = Mapping[str, str]
Names = Mapping[str, Held]


class TypedTexts:
    """Of every process of a deployment: name → what of it somebody typed."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._typed: dict[str, dict[str, dict[str, str]]] = {id: {} for id in known.processes}
        while any([self._spread(process) for process in known.processes.values()]):  # noqa: C419
            pass  # every process in every round

    def in_text(self, process: str, source: str) -> str | None:
        """The question whose answer stands in an expression; None: none does."""
        return next(iter(_in(source, self._typed.get(process, {})).values()), None)

    def _spread(self, process: Process) -> bool:
        """One round over everything that sets a name of the process; whether it found more."""
        typed, before = self._typed[process.id], self._size()
        _take(typed, self._asked(process.start_form))
        for element in process.elements.values():
            self._element(process, element, typed)
        return self._size() > before

    def _size(self) -> int:
        return sum(len(held) for typed in self._typed.values() for held in typed.values())

    def _element(
        self, process: Process, element: Element, typed: dict[str, dict[str, str]]
    ) -> None:
        asked = self._asked(element.form) | self._asked(element.rules.form)
        called = self._typed.get(element.called_process or "")
        brought: Names = {**typed, **asked, **(called or {})}
        if not element.outputs:
            _take(typed, asked)
        for mapping in element.outputs:
            _set(typed, mapping.target, mapping.source, brought)
        for mapping in element.inputs:
            _set(typed if called is None else called, mapping.target, mapping.source, typed)
            if element.message and element.kind in _THROWS:
                for receiver in self._hearing(element.message):
                    _set(receiver, mapping.target, mapping.source, typed)
        if called is not None:
            inside = self.known.processes[element.called_process or ""].variables
            if element.all_in:
                _take(called, {name: held for name, held in typed.items() if name in inside})
            if element.all_out:
                own = process.variables
                _take(typed, {name: held for name, held in called.items() if name in own})
        if element.loop is not None:
            loop = element.loop
            _set(typed, loop.element or "", loop.collection, typed)
            _set(typed, loop.output_collection or "", loop.output_element, brought)

    def _hearing(self, message: str) -> Iterable[dict[str, dict[str, str]]]:
        for process in self.known.processes.values():
            if any(element.message == message for element in process.elements.values()):
                yield self._typed[process.id]

    def _asked(self, form: str | None) -> dict[str, dict[str, str]]:
        known = self.known.forms.get(form or "")
        return {} if known is None else dict(_answers(known.fields))


def _answers(fields: Iterable[Field]) -> Iterator[tuple[str, dict[str, str]]]:
    for field in fields:
        if _is_free(field):
            yield field.key, {_ITSELF: field.label or field.key}
        elif field.kind in _HOLDERS:
            inner = {
                below: question
                for key, held in _answers(field.fields)
                for below, question in ({key: held[_ITSELF]} if _ITSELF in held else held).items()
            }
            if inner and field.key:
                yield field.key, inner
            elif not field.key:
                yield from _answers(field.fields)


def _is_free(field: Field) -> bool:
    return bool(field.key) and field.kind in _FREE and not field.rules.in_clear


def _take(typed: dict[str, dict[str, str]], more: Names) -> None:
    for name, held in more.items():
        typed[name] = {**held, **typed.get(name, {})}


def _set(typed: dict[str, dict[str, str]], target: str, source: str | None, names: Names) -> None:
    text = (source or "").strip()
    held = _in(text.removeprefix("="), names) if target else {}
    if held:
        _take(typed, {target.partition(".")[0]: held})


def _in(source: str, names: Names) -> dict[str, str]:
    """What an expression over these names gives. What is only asked, by a condition or a filter,
    does not stand in it."""
    bare = _ASKED.sub(" ", _TEXT.sub('""', source))
    while (unfiltered := _FILTER.sub("", bare)) != bare:
        bare = unfiltered
    rows = {name: _member(names, path) for name, path in _EACH.findall(bare)}
    bare, names = _EACH.sub(" ", bare), {**names, **rows}
    if "{" in bare:
        entries = {key: _in(text, names) for key, text in _ENTRY.findall(bare)}
        return {key: next(iter(held.values())) for key, held in entries.items() if held}
    given: dict[str, str] = {}
    for path in _PATH.findall(bare):
        given |= _member(names, path)
    return given


def _member(names: Names, path: str) -> dict[str, str]:
    """What of it somebody typed, of a name or a member of what it holds."""
    head, *rest = (part.strip() for part in path.split("."))
    held = dict(names.get(head, {}))
    if not rest or _ITSELF in held:
        return held
    return {_ITSELF: held[rest[-1]]} if rest[-1] in held else {}


def typed_texts(view: View) -> TypedTexts:
    """Made once for all processes of a deployment."""
    if "typed texts" not in view.known.memo:
        view.known.memo["typed texts"] = TypedTexts(view.known)
    kept: TypedTexts = view.known.memo["typed texts"]
    return kept
