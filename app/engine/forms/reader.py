"""Owns reading a form-js `.form` file: bytes in, a `Form` or findings out.

One component's translation is `components`, what may stand in the file is `naming`;
reading people's answers is `answers`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from app.engine.characters import fault_in
from app.engine.errors import Finding
from app.engine.feel import compile_expression
from app.engine.forms.components import Reader
from app.engine.forms.fields import Field, Form, level
from app.engine.forms.naming import NAME, check_expressions, conditions_of, quoted, templates
from app.engine.forms.person_parts import unnamed
from app.engine.forms.section_faults import faults, no_tables, without_beside

#: a form is read whole and shown on one page: far above what a person would answer
MOST_BYTES = 1_000_000
MOST_FIELDS = 1_000
MOST_NESTED = 8

#: names an answer may not take, because expressions in forms mean something else by them
RESERVED = frozenset(
    {
        "settings",
        "records",
        "persons",
        "matters",
        "shut_out",
        "answers",
        "this",
        "parent",
        "i",
        "item",
        "true",
        "false",
        "null",
    }
)


def read_form(path: str, content: bytes) -> tuple[Form | None, list[Finding]]:
    """The form in the file, and what is wrong with it; the form is None when an error is found."""
    reader = Reader(path)
    document = _document(content, reader)
    if document is None:
        return None, reader.findings
    reader.text = content.decode("utf-8", "replace")
    fields = _fields(document, reader)
    if fields is not None:
        _check_keys(fields, reader, "")
        check_expressions(fields, reader)
        for question, sentence in unnamed(fields):
            reader.report("form-persons", sentence, component=question.id, severity="warning")
        for begins, sentence in faults(fields):
            reader.report("form-section", sentence, component=begins.id, severity="warning")
        for question, sentence in (*no_tables(fields), *without_beside(fields)):
            reader.report("form-property", sentence, component=question.id, severity="warning")
    form_id = _form_id(document, path, reader)
    if fields is None or any(finding.severity == "error" for finding in reader.findings):
        return None, reader.findings
    title = str(document.get("title") or _heading(fields) or form_id)
    digest = hashlib.sha256(content).hexdigest()
    return Form(form_id, path, title, fields, digest), reader.findings


def names_in(form: Form) -> frozenset[str]:
    """All names that its expressions and texts use."""
    sources = (
        source
        for field in form.walk()
        for source in (
            *expressions_of(field).values(),
            *templates(field.label),
            *templates(field.hint),
        )
    )
    return frozenset(name for source in sources for name in compile_expression(source).names)


def outside_names(form: Form) -> frozenset[str]:
    """Names its expressions use that are neither its own answers nor what every form has."""
    own = set(RESERVED)
    used: set[str] = set()
    for field in form.walk():
        own.add(field.key)
        for source in expressions_of(field).values():
            used |= compile_expression(source).names
    return frozenset(used - own)


def expressions_of(field: Field) -> Mapping[str, str]:
    """Its FEEL sources, without the leading "=", by the place they stand in."""
    sources = {}
    if field.hide is not None:
        sources["hide"] = field.hide
    if field.options_expression is not None:
        sources["options"] = field.options_expression
    if isinstance(field.default, str) and field.default.startswith("="):
        sources["prefill"] = field.default[1:]
    if field.rules.beside is not None:
        sources["beside"] = field.rules.beside
    if field.rules.matter_organisation is not None:
        sources["matter_organisation"] = field.rules.matter_organisation
    return {**sources, **conditions_of(field), **quoted(field)}


def _document(content: bytes, reader: Reader) -> Mapping[str, Any] | None:
    if len(content) > MOST_BYTES:
        reader.report("form-limit", f"This form has more than {MOST_BYTES // 1000} kB.")
        return None
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        reader.report("form-json", "This file is not text in UTF-8, so it cannot be a form.")
    except json.JSONDecodeError as fault:
        sentence = f"This file is not a form: the JSON breaks off at column {fault.colno}."
        reader.report("form-json", sentence, line=fault.lineno)
    except (ValueError, RecursionError):
        reader.report("form-json", "This file is not a form: it holds values no form has.")
    else:
        broken = fault_in(document)
        if broken is not None:
            place, what = broken
            sentence = f"This file cannot be used: {place or 'it'} holds {what}. Type it again."
            reader.report("unreadable", sentence, line=_line_of(content, what))
        elif isinstance(document, dict):
            return document
        else:
            reader.report("form-json", "This file is not a form: it holds no single JSON object.")
    return None


def _line_of(content: bytes, what: str) -> int | None:
    """The line of the escape that stands for a character which JSON cannot hold otherwise."""
    code = what.rpartition("U+")[2].rstrip(")").lower().encode()
    at = content.lower().find(rb"\u" + code)
    return content.count(b"\n", 0, at) + 1 if at >= 0 else None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _fields(document: Mapping[str, Any], reader: Reader) -> tuple[Field, ...] | None:
    components = document.get("components")
    if not isinstance(components, list):
        reader.report("form-json", "This form has no list of components, so it asks nothing.")
        return None
    count, depth = _measure(components)
    if count > MOST_FIELDS:
        reader.report("form-limit", f"This form has {count} components; at most {MOST_FIELDS} fit.")
        return None
    if depth > MOST_NESTED:
        reader.report("form-limit", f"Groups are nested {depth} deep; at most {MOST_NESTED}.")
        return None
    return reader.fields(components)


def _measure(components: list[Any]) -> tuple[int, int]:
    """How many components there are, and how deep they lie in each other."""
    count, depth, inner = 0, 0, components
    while inner:
        depth += 1
        count += len(inner)
        inner = [
            component
            for holder in inner
            if isinstance(holder, dict) and isinstance(holder.get("components"), list)
            for component in holder["components"]
        ]
    return count, depth


def _form_id(document: Mapping[str, Any], path: str, reader: Reader) -> str:
    stem = PurePosixPath(path).stem
    given = document.get("id")
    if given is None or given == stem:
        return stem
    if not isinstance(given, str) or not NAME.fullmatch(given.replace("-", "_")):
        reader.report("form-id", "The id of this form must be letters, digits, “_” and “-”.")
        return stem
    sentence = f"The form's id is “{given}” but the file is called “{stem}.form”; the id is used."
    reader.report("form-id", sentence, severity="warning")
    return given


def _heading(fields: tuple[Field, ...]) -> str | None:
    """The first display text's heading is the form's title, as form-js has no other place."""
    for field in fields:
        if field.kind == "text" and field.label.startswith("#"):
            return field.label.splitlines()[0].lstrip("#").strip()
    return None


def _check_keys(fields: Iterable[Field], reader: Reader, inside: str) -> None:
    """Every answer of one level has a name of its own that expressions can use."""
    questions = list(level(fields))
    for key, times in Counter(question.key for question in questions).items():
        if times > 1:
            sentence = f"{times} questions{inside} have the key “{key}”; give each its own."
            last = [question for question in questions if question.key == key][-1]
            reader.report("form-key-twice", sentence, component=last.id)
    for question in questions:
        if question.key in RESERVED:
            sentence = (
                f"The key “{question.key}” has another meaning in expressions; choose another."
            )
            reader.report("form-key-name", sentence, component=question.id)
        if question.fields:
            _check_keys(question.fields, reader, f" in “{question.label or question.key}”")
