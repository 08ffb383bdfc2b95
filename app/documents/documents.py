"""Owns the documents of a deployment: each a Word template and its manifest, and making one.

What a template may say is `templates`, filling it `filling`, the PDF `pdf`; keeping what was
made is left to the rooms to the right.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from docx import Document
from docx.document import Document as WordDocument

from app.documents.citations import Citations, Taken
from app.documents.filling import fill
from app.documents.folding import fold
from app.documents.manifest import Manifest, read_manifest
from app.documents.names_in_text import People
from app.documents.pdf import printed
from app.documents.person_facts import Facts
from app.documents.person_names import Named
from app.documents.survey import Hidden, Statements, Survey, named, survey
from app.documents.templates import PLACEHOLDER
from app.documents.word import Part, every_text, outline, saved
from app.engine import Finding, NotExecutable
from app.engine.feel import World, compile_expression

_RECORD = re.compile(r"\b(?:records|told)\s*\.\s*(\w+)")
_BLOCK = re.compile(r"«\s*(?:for|if)\b([^«»]*)»")
FOLDER = "forms/documents/"
#: ending → media type
FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


#: above the annex
SOURCES = "Sources"
#: what each numbered statement was taken from → a line of the annex for each
Annex = Callable[[list[tuple[Taken, ...]]], list[str]]


@dataclass(frozen=True, slots=True)
class Template:
    manifest: Manifest
    file: str
    content: bytes


def read_documents(files: Mapping[str, bytes]) -> tuple[dict[str, Template], list[Finding]]:
    """Every document of the set by its id; what could not be read is a finding."""
    templates: dict[str, Template] = {}
    faults: list[Finding] = []
    paths = {path for path in files if path.startswith(FOLDER)}
    for path in sorted(paths):
        stem, _, kind = path.removeprefix(FOLDER).rpartition(".")
        if kind not in ("docx", "yaml") or "/" in stem or not stem.isidentifier():
            sentence = "Documents are <id>.docx, a plain Word file, with <id>.yaml beside it."
            faults.append(Finding(path, "document-file", sentence))
        elif kind == "yaml" and f"{FOLDER}{stem}.docx" not in paths:
            faults.append(Finding(path, "document-file", f"There is no template {stem}.docx."))
        elif kind == "docx" and f"{FOLDER}{stem}.yaml" not in paths:
            sentence = f"There is no {stem}.yaml, which says title, groups and file_name."
            faults.append(Finding(path, "document-file", sentence))
        elif kind == "docx":
            beside = f"{FOLDER}{stem}.yaml"
            try:
                manifest = read_manifest(stem, files[beside])
                templates[stem] = Template(manifest, path, files[path])
            except NotExecutable as fault:
                faults.append(Finding(beside, "document-manifest", fault.sentence))
    return templates, faults


def made(
    template: Template,
    format: str,
    scope: Mapping[str, Any],
    world: World,
    at: datetime,
    annex: Annex | None = None,
    hidden: Hidden | None = None,
) -> bytes:
    """The finished document, "docx" or "pdf". `Fault` when it cannot be made.

    `scope`: records, told, persons, settings, case. The same values, decisions and instant give the
    same bytes. `annex`: each statement gets a number; the annex says of each where it comes from.
    `hidden`: what stands in place of names. An outward document without it hides all that surely
    is a name.
    """
    if hidden is None and template.manifest.outward:
        hidden = surveyed(template, scope, world, at, annex).hidden({})
    filled = _filled(template, scope, world, at, annex, Statements(hidden or {}))
    return saved(filled, at) if format == "docx" else printed(filled, template.manifest.title, at)


def printed_word(content: bytes, title: str, at: datetime) -> bytes:
    """The PDF of a Word document that `made` gave. `Fault` when it cannot be made."""
    return printed(Document(io.BytesIO(content)), title, at)


def outlined(
    template: Template,
    scope: Mapping[str, Any],
    world: World,
    at: datetime,
    hidden: Hidden | None = None,
) -> tuple[Part, ...]:
    """What `made` would say, part by part, for a page. `Fault` as there."""
    if hidden is None and template.manifest.outward:
        hidden = surveyed(template, scope, world, at).hidden({})
    return outline(_filled(template, scope, world, at, None, Statements(hidden or {})))


@lru_cache(maxsize=200)
def names_in_template(template: Template) -> frozenset[str]:
    """Names in `records` and `told` that the template says, with the mark of a list."""
    texts = every_text(template.content)
    said = (text for all_ in texts for text in (*PLACEHOLDER.findall(all_), *_BLOCK.findall(all_)))
    return frozenset(name for text in said for name in _RECORD.findall(text))


def surveyed(
    template: Template,
    scope: Mapping[str, Any],
    world: World,
    at: datetime,
    annex: Annex | None = None,
) -> Survey:
    """What of the document, made now, would name persons of the case. `Fault`."""
    statements = Statements()
    _filled(template, scope, world, at, annex, statements)
    people = named(scope.get("persons") or ())
    known = {fold(name).text for person in people for name in person.names}
    old = [
        person
        for person in _old(template.manifest, scope, world)
        if fold(person.names[0]).text not in known
    ]
    facts = Facts(scope.get("persons") or ())
    return survey(statements.texts, People([*people, *old]), facts)


def _filled(
    template: Template,
    scope: Mapping[str, Any],
    world: World,
    at: datetime,
    annex: Annex | None,
    statements: Statements,
) -> WordDocument:
    citations = Citations(scope) if annex is not None else None
    put, title = statements.put, template.manifest.title
    filled = fill(template.content, scope, world, title=title, at=at, hide=put, citations=citations)
    if annex is not None and citations is not None:
        filled.add_paragraph(SOURCES).runs[0].bold = True
        for number, line in enumerate(annex(list(citations.numbers)), 1):
            filled.add_paragraph(f"[{number}] {put(line)}")
    return filled


def _old(manifest: Manifest, scope: Mapping[str, Any], world: World) -> Iterator[Named]:
    """Whom a manifest of an earlier release names itself: “Child A”, as it was then."""
    for kind, source in manifest.old_names:
        names = dict.fromkeys(_texts(compile_expression(source).evaluate(scope, world)))
        for number, name in enumerate(names):
            letters = (chr(64 + number // 26) if number > 25 else "") + chr(65 + number % 26)
            yield Named(f"{kind} {name}", f"{kind} {letters}", (name,))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
