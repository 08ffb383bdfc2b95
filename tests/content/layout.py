"""Reads where a diagram draws things and tells what lies badly: overlaps, crossings, labels.

`python -m tests.content.layout` prints every fault of bpmn/. What is drawn is not judged here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "dd": "http://www.omg.org/spec/DD/20100524/DI",
}
CONTAINERS = {"participant", "lane", "subProcess"}


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    w: float
    h: float

    def meets(self, other: Box, by: float = 0) -> bool:
        """Whether the two share more than `by` pixels in both directions."""
        wide = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        high = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return wide > by and high > by

    def holds(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.w <= self.x + self.w
            and other.y + other.h <= self.y + self.h
        )


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float

    def box(self) -> Box:
        x, y = min(self.x1, self.x2), min(self.y1, self.y2)
        return Box(x, y, abs(self.x1 - self.x2), abs(self.y1 - self.y2))

    def cuts(self, box: Box, by: float = 2) -> bool:
        """Whether the line runs through the inside of the box."""
        mine = self.box()
        return (
            mine.x < box.x + box.w - by
            and mine.x + mine.w > box.x + by
            and mine.y < box.y + box.h - by
            and mine.y + mine.h > box.y + by
        )

    def crosses(self, other: Line) -> bool:
        """Whether one is level, the other upright, and both go on beyond the crossing."""
        level, upright = (self, other) if self.y1 == self.y2 else (other, self)
        if level.y1 != level.y2 or upright.x1 != upright.x2:
            return False
        a, b = level.box(), upright.box()
        return a.x < b.x < a.x + a.w and b.y < a.y < b.y + b.h


@dataclass
class Drawn:
    """One file's drawing."""

    name: str
    kinds: dict[str, str]
    shapes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    ends: dict[str, tuple[str, str]] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)

    def nodes(self) -> dict[str, Box]:
        return {id: box for id, box in self.shapes.items() if self.kinds[id] not in CONTAINERS}

    def solid(self) -> dict[str, Box]:
        """What no foreign line may run through: everything but pools, lanes and open frames."""
        return self.nodes()


def read(path: Path) -> Drawn:
    root = etree.parse(str(path)).getroot()
    kinds = {one.get("id"): etree.QName(one).localname for one in root.iter() if one.get("id")}
    drawn = Drawn(path.name, kinds)
    for one in root.iter(f"{{{NS['bpmn']}}}boundaryEvent"):
        drawn.hosts[one.get("id")] = one.get("attachedToRef")
    for tag in ("sequenceFlow", "messageFlow"):
        for one in root.iter(f"{{{NS['bpmn']}}}{tag}"):
            drawn.ends[one.get("id")] = (one.get("sourceRef"), one.get("targetRef"))
    for shape in root.iter(f"{{{NS['di']}}}BPMNShape"):
        drawn.shapes[shape.get("bpmnElement")] = _box(shape.find("dc:Bounds", NS))
        _label(drawn, shape)
    for edge in root.iter(f"{{{NS['di']}}}BPMNEdge"):
        points = [(float(p.get("x")), float(p.get("y"))) for p in edge.findall("dd:waypoint", NS)]
        pairs = pairwise(points)
        drawn.lines[edge.get("bpmnElement")] = [Line(*a, *b) for a, b in pairs]
        _label(drawn, edge)
    return drawn


def _box(bounds: etree._Element) -> Box:
    return Box(*(float(bounds.get(key)) for key in ("x", "y", "width", "height")))


def _label(drawn: Drawn, one: etree._Element) -> None:
    bounds = one.find("di:BPMNLabel/dc:Bounds", NS)
    if bounds is not None:
        drawn.labels[one.get("bpmnElement")] = _box(bounds)


def faults(drawn: Drawn) -> Iterator[str]:
    yield from _outside(drawn)
    yield from _overlaps(drawn)
    yield from _cut_shapes(drawn)
    yield from _crossings(drawn)
    yield from _labels(drawn)
    yield from _slanted(drawn)


def _overlaps(drawn: Drawn) -> Iterator[str]:
    for (a, one), (b, other) in combinations(drawn.nodes().items(), 2):
        if one.meets(other) and drawn.hosts.get(a) != b and drawn.hosts.get(b) != a:
            yield f"{a} overlaps {b}"
    frames = {id: box for id, box in drawn.shapes.items() if drawn.kinds[id] == "subProcess"}
    for frame, box in frames.items():
        for id, one in drawn.nodes().items():
            if box.meets(one) and not box.holds(one) and drawn.hosts.get(id) != frame:
                yield f"{id} lies across the edge of {frame}"


def _outside(drawn: Drawn) -> Iterator[str]:
    """Whatever does not lie wholly in one lane, where there are lanes."""
    lanes = [box for id, box in drawn.shapes.items() if drawn.kinds[id] == "lane"]
    for id, box in drawn.shapes.items():
        inside = drawn.kinds[id] in ("participant", "lane")
        if lanes and not inside and not any(lane.holds(box) for lane in lanes):
            yield f"{id} does not lie in one lane"


def _cut_shapes(drawn: Drawn) -> Iterator[str]:
    for flow, lines in drawn.lines.items():
        for id, box in drawn.solid().items():
            near = set(drawn.ends[flow]) | {drawn.hosts.get(end) for end in drawn.ends[flow]}
            if id not in near and any(line.cuts(box) for line in lines):
                yield f"{flow} runs through {id}"


def _crossings(drawn: Drawn) -> Iterator[str]:
    for (a, some), (b, others) in combinations(drawn.lines.items(), 2):
        if any(one.crosses(other) for one in some for other in others):
            yield f"{a} crosses {b}"


def _labels(drawn: Drawn) -> Iterator[str]:
    pools = [box for id, box in drawn.shapes.items() if drawn.kinds[id] == "participant"]
    for id, label in drawn.labels.items():
        flow_between_pools = drawn.kinds[id] == "messageFlow"
        if pools and not flow_between_pools and not any(pool.holds(label) for pool in pools):
            yield f"the label of {id} lies outside its pool"
        for other, box in drawn.nodes().items():
            if label.meets(box, 3):
                yield f"the label of {id} lies on {other}"
        for flow, lines in drawn.lines.items():
            if flow != id and any(line.cuts(label) for line in lines):
                yield f"{flow} runs through the label of {id}"
    for (a, one), (b, other) in combinations(drawn.labels.items(), 2):
        if one.meets(other, 1):
            yield f"the labels of {a} and {b} overlap"


def _slanted(drawn: Drawn) -> Iterator[str]:
    for flow, lines in drawn.lines.items():
        if any(line.x1 != line.x2 and line.y1 != line.y2 for line in lines):
            yield f"{flow} is slanted"


def main() -> int:
    found = 0
    for path in sorted((ROOT / "bpmn").glob("*.bpmn")):
        for fault in faults(read(path)):
            print(f"{path.name}: {fault}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
