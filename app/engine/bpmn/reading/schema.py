"""Owns the check of a drawing against the standard's own schema, told in plain sentences.

The schema files come with the engine's package. What a valid drawing does is left to lint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from threading import Lock

from lxml import etree

from app.engine.bpmn.names import FLOW_NODES, called, line, local
from app.engine.errors import Finding, suggestion

RULE = "schema"
MOST_FINDINGS = 20
#: the library quotes values in full, and a value may be as long as a file
MOST_MESSAGE = 2_000

_lock = Lock()


def check_schema(root: etree._Element, file: str) -> list[Finding]:
    """One finding for each place that the BPMN 2.0 schema does not allow, the first 20 of them."""
    with _lock:  # libxml2 keeps the errors of a validation in the schema object
        schema = _schema()
        if schema.validate(root):
            return []
        faults = [(int(e.line), str(e.message)[:MOST_MESSAGE]) for e in schema.error_log]  # type: ignore[attr-defined]
    places = {number for number, _ in faults}
    at: dict[int, etree._Element] = {}
    for node in root.iter():
        if line(node) in places:
            at.setdefault(line(node), node)
    return list(_findings(faults, at, file))


@cache
def _schema() -> etree.XMLSchema:
    with as_file(files("SpiffWorkflow") / "bpmn" / "parser" / "schema") as folder:
        parser = etree.XMLParser(no_network=True)
        return etree.XMLSchema(etree.parse(str(folder / "BPMN20.xsd"), parser))


def _findings(
    faults: list[tuple[int, str]], at: dict[int, etree._Element], file: str
) -> Iterator[Finding]:
    told: set[str] = set()
    for number, message in faults:
        node = at.get(number)
        owner = node
        while owner is not None and not owner.get("id"):
            owner = owner.getparent()
        sentence = _sentence(number, message)
        if owner is not None and owner is not node:
            shown = called(local(owner), owner.get("id"), owner.get("name"))
            sentence += f" It lies in the {shown}."
        if sentence in told:
            continue
        told.add(sentence)
        yield Finding(
            file, RULE, sentence, element_id=owner.get("id") if owner is not None else None,
            line=number,
        )  # fmt: skip
        if len(told) == MOST_FINDINGS:
            return


#: libxml2's sentence → ours; groups are filled in by name
_SAID = (
    (
        r"Element '(?P<element>[^']*)', attribute '(?P<attribute>[^']*)': The attribute .* is not "
        r"allowed",
        "“{element}” has an attribute “{attribute}” that BPMN does not know. Remove it, or give "
        "it the prefix of the tool it belongs to.",
    ),
    (
        r"Element '(?P<element>[^']*)'.*The attribute '(?P<attribute>[^']*)' is required but "
        r"missing",
        "“{element}” lacks its attribute “{attribute}”.",
    ),
    (
        r"Element '(?P<element>[^']*)'.*not expected. Expected is (?:one of )?\( (?P<others>.*) \)",
        "“{element}” may not stand at this place; here may stand: {others}.",
    ),
    (
        r"Element '(?P<element>[^']*)'.*This element is not expected",
        "“{element}” may not stand at this place.",
    ),
    (
        r"Element '(?P<element>[^']*)'.*Missing child element\(s\)\. Expected is (?:one of )?"
        r"\( (?P<others>.*) \)",
        "“{element}” lacks its part “{required}”.",
    ),
    (
        r"Element '(?P<element>[^']*)', attribute '(?P<attribute>[^']*)': '(?P<value>.*)' is not a "
        r"valid value of the atomic type 'xs:ID'",
        "The id “{value}” of “{element}” {id_fault}.",
    ),
    (
        r"Element '(?P<element>[^']*)', attribute '(?P<attribute>[^']*)':.*'(?P<value>.*)' is not",
        "The attribute “{attribute}” of “{element}” has the value “{value}”, which BPMN does not "
        "allow.",
    ),
    (
        r"Element '(?P<element>[^']*)': .*is abstract",
        "“{element}” is only a general term in BPMN; use one of its kinds.",
    ),
    (
        r"Element '(?P<element>[^']*)': No matching global (?:element )?declaration",
        "The file starts with “{element}”, so it is not a BPMN drawing.",
    ),
    (
        r"Element '(?P<element>[^']*)': Character content",
        "“{element}” holds text where BPMN allows none.",
    ),
    (
        r"Element '(?P<element>[^']*)'.*QName value '(?P<value>[^']*)'",
        "“{element}” says that it is a “{value}”, which BPMN does not know.",
    ),
    (
        r"Element '(?P<element>[^']*)': '(?P<value>.*)' is not a valid value",
        "“{element}” holds “{value}”, which BPMN does not allow there.",
    ),
)


def _sentence(line: int, message: str) -> str:
    for pattern, ours in _SAID:
        match = re.match(pattern, message, re.DOTALL)
        if match:
            parts = match.groupdict()
            shown = {name: _short(text) for name, text in parts.items()}
            shown["id_fault"] = _TWICE if _ID.fullmatch(parts.get("value", "")) else _NO_ID
            shown["required"] = _required(parts.get("others", ""))
            near = suggestion(shown["element"], FLOW_NODES) if "stand at this place" in ours else ""
            return f"Line {line}: " + ours.format(**shown) + near
    match = re.match(r"Element '([^']*)'", message)
    what = f"“{_short(match[1])}”" if match else "something"
    return f"Line {line}: {what} is not written as the BPMN standard demands."


#: what can be an id (XML's NCName)
_ID = re.compile(r"[^\W\d][\w.\-·]*")
_TWICE = "stands twice in the file. Give each its own"
_NO_ID = "is no valid id: one starts with a letter or _ and has no spaces or colons"


def _required(expected: str) -> str:
    """The part that may not be missing, of those that the schema would read next.

    Its sequences put what is optional in front, so the required one is the last.
    """
    parts = [_bare(name) for name in expected.split(", ")]
    return "expression" if "expression" in parts else parts[-1]


def _bare(text: str) -> str:
    """Without namespaces; what else stands in braces, such as ${…}, is the file's own."""
    return re.sub(r"\{\w+:[^}]*\}", "", text).strip()


def _short(text: str) -> str:
    """Without namespaces, and not longer than a sentence bears."""
    words = _bare(text).split(", ")
    shown = ", ".join(words[:6]) + (" …" if len(words) > 6 else "")
    return shown if len(shown) <= 160 else shown[:157] + "…"
