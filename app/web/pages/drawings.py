"""Drawings of a deployment's files with what a check says marked on them.

How a diagram is drawn is `pictures.svg`; what is wrong with it came from the check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.engine import Fault, Finding
from app.engine.pictures import draw

#: bytes of diagrams that are drawn on one page
MOST_DRAWN = 4_000_000


@dataclass(frozen=True, slots=True)
class Drawing:
    file: str
    #: None when the file cannot be drawn
    svg: str | None
    findings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        return self.file.rsplit("/", 1)[-1]


def drawings(files: Mapping[str, bytes], findings: Iterable[Finding]) -> list[Drawing]:
    """One for each diagram, in the order of their names; drawn while they are not too large
    together, as nobody looks at so many on one page."""
    all_findings = tuple(findings)
    paths = sorted(path for path in files if path.lower().endswith(".bpmn"))
    shown, room = [], MOST_DRAWN
    for path in paths:
        room -= len(files[path])
        shown.append(of_file(path, files[path] if room >= 0 else b"", all_findings))
    return shown


def of_file(file: str, content: bytes, findings: Iterable[Finding]) -> Drawing:
    own = tuple(finding for finding in findings if finding.file == file)
    try:
        svg = draw(content, marks=marks(own), title=file.rsplit("/", 1)[-1])
    except Fault:
        return Drawing(file, None, own)
    return Drawing(file, svg, own)


def marks(findings: Iterable[Finding]) -> dict[str, str]:
    """element id → how it is marked; an error outweighs a warning."""
    marked: dict[str, str] = {}
    for finding in sorted(findings, key=lambda finding: finding.severity, reverse=True):
        if finding.element_id:
            marked[finding.element_id] = "wrong" if finding.severity == "error" else "warned"
    return marked
