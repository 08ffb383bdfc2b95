"""Owns judging documents before they may be used: shape, expressions, and every name they say.

A finding shows the placeholder as it stands in the template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.documents import (
    FOLDER,
    PLACEHOLDER,
    Node,
    Template,
    open_word,
    short,
    templates,
    text_of,
)
from app.engine import ExpressionFault, Finding, NotExecutable, Severity, looking_at, suggestion
from app.engine.bpmn import Process
from app.engine.feel import compile_expression
from app.engine.forms import Form
from app.validation.document_names import unhidden
from app.validation.shapes import (
    Names,
    Record,
    Shape,
    item_of,
    look_up,
    matters_shape,
    persons_shape,
    records_shape,
    roles_of,
    settings_shape,
    without_texts,
)

__all__ = ["FOLDER", "findings"]

#: what every document can speak of
NAMES = frozenset({"records", "told", "persons", "matters", "settings", "case", "number"})
#: what a document knows of its case
OF_CASE = ("reference", "status", "opened_at", "ended_at", "undone", "done")
#: a document with one of these is refused; of the rest its owner is warned
_REFUSED = frozenset({"step", "question", "setting", "fact"})

#: variables of the loops around, by name
Bound = Mapping[str, Shape]


@dataclass(frozen=True)
class _Said:
    sentence: str
    severity: Severity = "error"


@dataclass(frozen=True)
class _Known:
    records: Record
    #: what every document can speak of
    names: Mapping[str, Shape]
    roles: frozenset[str]


def findings(
    documents: Mapping[str, Template],
    processes: Mapping[str, Process],
    forms: Mapping[str, Form],
    settings: Mapping[str, Any],
) -> Iterator[Finding]:
    """Everything that stands against the documents of a set that could be read."""
    if not documents:
        return
    known = _known(processes, forms, settings)
    published = _published_somewhere(processes)
    for template in documents.values():
        looking_at(template.file)
        said = [*_of_manifest(template, known), *_of_template(template, known)]
        said += _of_published(template, known, template.manifest.id in published)
        if not any(remark.severity == "error" for remark in said):
            said += [
                _Said(sentence, "error" if refused else "warning")
                for sentence, refused in unhidden(template, processes, forms)
            ]
        for remark in dict.fromkeys(said):
            yield Finding(template.file, "document", remark.sentence, remark.severity)


def _known(
    processes: Mapping[str, Process], forms: Mapping[str, Form], settings: Mapping[str, Any]
) -> _Known:
    of_settings = settings_shape(settings)
    records = records_shape(processes.values(), forms, of_settings)
    said = {
        name: sentence.replace("“records.", "“told.") for name, sentence in records.unclear.items()
    }
    # The words people chose from, which may change.
    told = replace(
        records,
        keys={k: without_texts(v) for k, v in records.keys.items()},
        name="told",
        unclear=said,
    )
    case = Record("case", dict.fromkeys(OF_CASE), "fact")
    names: dict[str, Shape] = {
        "records": records,
        "told": told,
        "settings": of_settings,
        "case": case,
    }
    names["persons"], names["matters"] = persons_shape(), matters_shape()
    return _Known(records, {**names, "number": None}, roles_of(settings))


def _of_manifest(template: Template, known: _Known) -> Iterator[_Said]:
    manifest, steps = template.manifest, known.records.keys
    for need in manifest.needs:
        if need in known.records.unclear:
            which = known.records.unclear[need].replace("“records.", "“")
            yield _Said(f"It needs “{need}”. {which}")
        elif need not in steps:
            yield _Said(f"It needs “{need}”, which is no task.{known.records.nearest(need)}")
        elif need in known.records.renamed:
            better = known.records.renamed[need]
            yield _Said(f"It needs “{need}”, the start of “{better}”; write “{better}”.", "warning")
    yield from _unknown_roles(manifest.groups, known)
    yield from map(_Said, manifest.remarks)
    if not manifest.audience_said:
        yield _Said(
            "Its manifest does not say for whom it is, so names stand in it. Write “for: inside” "
            "(names), “for: by law” (names, to a recipient who is recorded) or “for: outward” "
            "(pseudonyms).",
            "warning",
        )


def _published_somewhere(processes: Mapping[str, Process]) -> set[str]:
    return {
        id
        for process in processes.values()
        for element in process.elements.values()
        for id in element.rules.publishes
    }


def _of_published(template: Template, known: _Known, somewhere: bool) -> Iterator[_Said]:
    told = template.manifest.published
    if told is None:
        return
    for key, source in told.expressions:
        yield from _expression(source, f"published.{key}: ={source}", {}, known)
    yield from _unknown_roles(told.readers, known)
    if not somewhere:
        yield _Said(
            "Its manifest says what is told of it once it is “published”, and no step publishes "
            "it. Name it in the property “publishes” of the step.",
            "warning",
        )


def _unknown_roles(groups: Iterable[str], known: _Known) -> Iterator[_Said]:
    for group in groups if known.roles else ():
        role = group.partition(":")[0]
        if role not in known.roles:
            near = suggestion(role, known.roles)
            yield _Said(f"The group “{group}” is given by no role.{near}")


def _of_template(template: Template, known: _Known) -> Iterator[_Said]:
    try:
        document = open_word(template.content)
    except NotExecutable as fault:
        yield _Said(fault.sentence)
        return
    faults: list[templates.Said] = []
    for container in templates.containers(document):
        nodes = templates.parsed(container, faults)
        yield from _of_nodes(nodes, {}, known)
        if text_of(container).count("«") > templates.reached(container):
            yield _Said(
                "A placeholder stands in a content control, where it would not be filled in. Put "
                "it into plain text."
            )
    yield from (_Said(fault.sentence) for fault in faults)


def _of_nodes(nodes: list[Node], bound: Bound, known: _Known) -> Iterator[_Said]:
    for node in nodes:
        if node.kind == "paragraph":
            yield from _of_text(text_of(node.element), bound, known)
            continue
        inner = bound
        if node.source:
            yield from _expression(node.source, f"{node.kind} {node.source}", bound, known)
        if node.kind == "for":
            rows = look_up(node.source, _names(bound, known))[0]
            row = item_of(rows)
            row = replace(row, name=node.variable) if isinstance(row, Record) else row
            inner = {**bound, node.variable: row}
        yield from _of_nodes(node.inner, inner, known)
        yield from _of_nodes(node.otherwise, bound, known)
        for _, cell in node.cells:
            yield from _of_nodes(cell, inner, known)


def _of_text(text: str, bound: Bound, known: _Known) -> Iterator[_Said]:
    for placeholder in PLACEHOLDER.finditer(text):
        yield from _expression(placeholder[1].strip(), f"={placeholder[1].strip()}", bound, known)
    rest = PLACEHOLDER.sub("", text).strip()
    if ("«" in rest or "»" in rest) and not re.fullmatch(r"«[^«»]*»", rest):
        yield _Said(
            f"“{short(text)}” holds a « or » without its partner, or an instruction that does not "
            "stand alone in its paragraph."
        )


def _expression(source: str, shown: str, bound: Bound, known: _Known) -> Iterator[_Said]:
    placeholder = f"«{short(shown)}»"
    try:
        names = compile_expression(source).names
    except ExpressionFault as fault:
        yield _Said(f"{placeholder} cannot be read. {fault.sentence}")
        return
    there = {*NAMES, *bound}
    for name in sorted(names - there):
        near = suggestion(name, there)
        yield _Said(f"{placeholder} speaks of “{name}”, which is nothing here.{near}")
    for missing in look_up(source, _names(bound, known))[1]:
        severity: Severity = "error" if missing.kind in _REFUSED else "warning"
        yield _Said(f"{placeholder} {missing.said}", severity)


def _names(bound: Bound, known: _Known) -> Names:
    return lambda name: bound[name] if name in bound else known.names.get(name)
