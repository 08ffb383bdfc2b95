"""Owns the steps from a BPMN file's bytes to its processes: parsed, valid by the schema, read."""

from __future__ import annotations

from lxml import etree

from app.engine.bpmn.names import BPMN, line, local, of_bpmn
from app.engine.bpmn.reading.reader import Drawn, read
from app.engine.bpmn.reading.schema import check_schema
from app.engine.errors import Finding, NotExecutable
from app.engine.xml import parse


def read_diagram(path: str, content: bytes) -> tuple[list[Drawn], list[Finding]]:
    """The processes of a file, and what the schema says. Raises `NotExecutable` for other files."""
    root = parse(content, path)
    if local(root) != "definitions" or not of_bpmn(root):
        raise NotExecutable(
            f"The file begins with “{local(root)[:60]}”{_instead(root)}, so it is no BPMN 2.0 "
            "drawing.",
            line=line(root),
        )
    findings = check_schema(root, path)
    if findings:
        return [], findings
    drawn = read(root, path)
    if not drawn:
        sentence = "The file holds no process, only shapes around one, so nothing in it can run."
        findings = [Finding(path, "no-process", sentence, "warning", line=line(root))]
    return drawn, findings


def _instead(root: etree._Element) -> str:
    """What a file that is no drawing seems to be."""
    if "/DMN/" in str(root.tag):
        return " of a decision table (name it .dmn)"
    return "" if of_bpmn(root) else f" (it is not in the namespace {BPMN})"
