"""Owns judging documents before they may be used: shape, expressions, and every name they say.

A finding shows the placeholder as it stands in the template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.engine.drawing import templates
from app.engine.drawing.documents import FOLDER, Template, read_documents
from app.engine.drawing.fields import Field, Form, level
from app.engine.drawing.lint.wording import suggestion, which
from app.engine.drawing.program import Process
from app.engine.drawing.record_names import RecordNames
from app.engine.drawing.templates import PLACEHOLDER, Node, short, text_of
from app.engine.drawing.word_files import open_word
from app.engine.errors import ExpressionFault, NotExecutable
from app.engine.feel import compile_expression
from app.engine.finding import Finding

__all__ = ["FOLDER", "findings"]

#: what every document can speak of
NAMES = frozenset({"records", "told", "settings", "case", "number"})
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_PATH = re.compile(r"(?<![\w.])(records|told|settings|case)((?:\.[A-Za-z_]\w*)+)")
_PURE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\Z")
#: what a document knows of its case
OF_CASE = ("reference", "status", "opened_at", "ended_at", "undone")

#: keys of a record → those of the lists and groups in it
Shape = Mapping[str, Any]


@dataclass(frozen=True)
class _Known:
    names: RecordNames
    #: names of records whose questions are known
    shapes: Mapping[str, Shape]
    settings: Mapping[str, Any]
    roles: frozenset[str]
    #: names that items of a multi-instance bring along
    items: frozenset[str]


def findings(
    files: Mapping[str, bytes],
    processes: Mapping[str, Process],
    forms: Mapping[str, Form],
    settings: Mapping[str, Any],
) -> Iterator[Finding]:
    """Everything that stands against the documents of a set. Never raises for a bad file."""
    found, faults = read_documents(files)
    yield from faults
    if not found:
        return
    roles = settings.get("roles")
    names = RecordNames(processes.values())
    known = _Known(
        names=names,
        shapes=_shapes(names, forms),
        settings=settings,
        roles=frozenset(map(str, roles)) if isinstance(roles, Mapping) else frozenset(),
        items=frozenset(
            one.loop.element
            for process in processes.values()
            for one in process.elements.values()
            if one.loop is not None and one.loop.element
        ),
    )
    for template in found.values():
        said = [*_of_manifest(template, known), *_of_template(template, known)]
        for sentence in dict.fromkeys(said):
            yield Finding(template.file, "document", sentence)
        for sentence in dict.fromkeys(_by_event(template, names)):
            yield Finding(template.file, "record-name", sentence, "warning")


def _of_manifest(template: Template, known: _Known) -> Iterator[str]:
    manifest = template.manifest
    for one in manifest.needs:
        if which(known.names, one):
            yield f"It needs “{one}”. {which(known.names, one)}"
        elif one not in known.shapes:
            yield f"It needs “{one}”, which is no task.{_hint(one, known)}"
    for group in manifest.groups if known.roles else ():
        role = group.partition(":")[0]
        if role not in known.roles:
            yield f"The group “{group}” is given by no role.{suggestion(role, known.roles)}"
    if manifest.leaves and not manifest.pseudonyms:
        yield "It leaves the house, so its manifest must say “pseudonyms”: whose names to replace."
    for _, source in manifest.pseudonyms:
        yield from _expression(source, f"={source}", {}, known)


def _by_event(template: Template, names: RecordNames) -> Iterator[str]:
    """What a start form asked, said by the event's id: it is there, under another name too."""
    said = [*template.manifest.needs]
    texts = [source for _, source in template.manifest.pseudonyms]
    with suppress(NotExecutable):  # told elsewhere
        texts += [text_of(one) for one in templates.containers(open_word(template.content))]
    said += [path[1:].split(".")[0] for t in texts for root, path in _PATH.findall(t)
             if root in ("records", "told")]  # fmt: skip
    for one in map(names.bare, said):
        if names.documented(one) != one:
            yield (
                f"“{one}” is a start event. What its form asked is found under the process's id: "
                f"write records.{names.documented(one)}."
            )


def _hint(name: str, known: _Known) -> str:
    near = known.names.near(name, known.shapes)
    return f" Did you mean “{near}”?" if near else ""


def _of_template(template: Template, known: _Known) -> Iterator[str]:
    try:
        document = open_word(template.content)
    except NotExecutable as fault:
        yield fault.sentence
        return
    faults: list[templates.Said] = []
    for container in templates.containers(document):
        nodes = templates.parsed(container, faults)
        yield from _of_nodes(nodes, {}, known)
        if text_of(container).count("«") > templates.reached(container):
            yield (
                "A placeholder stands in a content control, where it would not be filled in. Put "
                "it into plain text."
            )
    yield from (one.sentence for one in faults)


def _of_nodes(nodes: list[Node], bound: Mapping[str, Shape | None], known: _Known) -> Iterator[str]:
    for one in nodes:
        if one.kind == "paragraph":
            yield from _of_text(text_of(one.element), bound, known)
            continue
        inner = bound
        if one.source:
            yield from _expression(one.source, f"{one.kind} {one.source}", bound, known)
        if one.kind == "for":
            inner = {**bound, one.variable: _shape_of(one.source, bound, known)}
        yield from _of_nodes(one.inner, inner, known)
        yield from _of_nodes(one.otherwise, bound, known)
        for _, cell in one.cells:
            yield from _of_nodes(cell, inner, known)


def _of_text(text: str, bound: Mapping[str, Shape | None], known: _Known) -> Iterator[str]:
    for one in PLACEHOLDER.finditer(text):
        yield from _expression(one[1].strip(), f"={one[1].strip()}", bound, known)
    rest = PLACEHOLDER.sub("", text).strip()
    if ("«" in rest or "»" in rest) and not re.fullmatch(r"«[^«»]*»", rest):
        yield (
            f"“{short(text)}” holds a « or » without its partner, or an instruction that does not "
            "stand alone in its paragraph."
        )


def _expression(
    source: str, shown: str, bound: Mapping[str, Shape | None], known: _Known
) -> Iterator[str]:
    placeholder = f"«{short(shown)}»"
    try:
        names = compile_expression(source).names
    except ExpressionFault as fault:
        yield f"{placeholder} cannot be read. {fault.sentence}"
        return
    there = {*NAMES, *bound}
    for name in sorted(names - there):
        yield f"{placeholder} speaks of “{name}”, which is nothing here.{suggestion(name, there)}"
    bare = _TEXT.sub('""', source)
    for root, path in _PATH.findall(bare):
        yield from _path(root, path[1:].split("."), placeholder, known)
    for name, shape in bound.items():
        if shape is not None:
            for one in re.findall(rf"(?<![\w.]){name}((?:\.[A-Za-z_]\w*)+)", bare):
                yield from _within(shape, one[1:].split("."), name, placeholder)


def _path(root: str, keys: list[str], placeholder: str, known: _Known) -> Iterator[str]:
    if root == "settings":
        if keys[0] not in known.settings:
            yield (
                f"{placeholder} speaks of settings.{keys[0]}, which is not among the settings."
                f"{suggestion(keys[0], known.settings)}"
            )
    elif root == "case":
        if keys[0] not in OF_CASE:
            yield f"{placeholder}: a case has no “{keys[0]}”.{suggestion(keys[0], OF_CASE)}"
    else:
        element = known.names.bare(keys[0])
        unclear = which(known.names, element, before=f"{root}.")
        if unclear:
            yield f"{placeholder} speaks of the answers of “{element}”. {unclear}"
        elif element not in known.shapes:
            yield (
                f"{placeholder} speaks of the answers of “{element}”, but there is no such task."
                f"{_hint(element, known)}"
            )
        else:
            shape = {**known.shapes[element], **dict.fromkeys(known.items)}
            yield from _within(shape, keys[1:], element, placeholder)


def _within(shape: Shape, keys: list[str], name: str, placeholder: str) -> Iterator[str]:
    if not keys:
        return
    if keys[0] not in shape:
        yield (
            f"{placeholder} speaks of “{keys[0]}”, which “{name}” does not ask for."
            f"{suggestion(keys[0], shape)}"
        )
    elif isinstance(shape[keys[0]], Mapping):
        yield from _within(shape[keys[0]], keys[1:], keys[0], placeholder)


def _shape_of(source: str, bound: Mapping[str, Shape | None], known: _Known) -> Shape | None:
    """What each item of a loop has, where its list is a plain path; None: not known."""
    if not _PURE.match(source):
        return None
    keys = source.split(".")
    shape: Any = bound.get(keys[0])
    if keys[0] in ("records", "told") and len(keys) > 1:
        shape = known.shapes.get(known.names.bare(keys[1]))
        shape = {**shape, **dict.fromkeys(known.items)} if shape is not None else None
        keys = keys[1:]
    for key in keys[1:]:
        shape = shape.get(key) if isinstance(shape, Mapping) else None
    return shape if isinstance(shape, Mapping) else None


def _shapes(names: RecordNames, forms: Mapping[str, Form]) -> dict[str, Shape]:
    asked = {name: forms.get(one.form or "") for name, one in names.clear().items()}
    return {name: _keys(form.fields) for name, form in asked.items() if form is not None}


def _keys(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {
        one.key: _keys(one.fields) if one.kind in ("group", "dynamiclist") else None
        for one in level(fields)
    }
