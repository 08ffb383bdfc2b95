"""What one diagram shows, as plain values: boxes, shapes, edges; and how an element becomes one.

Knows the BPMN vocabulary; where things lie is told by `reader` or `layout`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from app.engine.bpmn import flag, interrupting

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Pixels; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def cx(self) -> float:
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def area(self) -> float:
        return self.width * self.height

    def holds(self, other: Box) -> bool:
        """Whether the other lies in it, a hair over the edge or not."""
        return (
            self.x - 1 <= other.x
            and self.y - 1 <= other.y
            and other.right <= self.right + 1
            and other.bottom <= self.bottom + 1
        )


@dataclass(frozen=True, slots=True)
class Shape:
    id: str
    #: local name of the element's tag
    kind: str
    name: str
    box: Box
    #: where DI wants the label
    label: Box | None = None
    #: "message", "timer" … of an event; "" for none
    event: str = ""
    #: "expanded", "collapsed", "vertical", "throws", "quiet" (does not interrupt), "triggered",
    #: "parallel", "sequential", "loop", "compensation", "adhoc", "input", "output", "instantiates",
    #: "holds" (what lies in it is drawn in it), "unmarked" (a gateway without its sign)
    traits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Edge:
    id: str
    kind: str
    name: str
    points: tuple[Point, ...]
    label: Box | None = None
    #: "default", "conditional" or "", and "one", "none", "both" for associations
    trait: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]


SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITY_ENDS = ("task", "activity", "process")


def local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def shape_of(
    element: etree._Element,
    box: Box,
    elements: Mapping[str, etree._Element] = MappingProxyType({}),
    *,
    label: Box | None = None,
    expanded: bool = False,
    vertical: bool = False,
) -> Shape:
    """The shape of an element; its name, signs and markers come from the element itself."""
    kind = local(element)
    traits = set(_markers(element, kind))
    if vertical:
        traits.add("vertical")
    if kind in SUB_PROCESSES:
        traits.add("expanded" if expanded else "collapsed")
    if kind == "callActivity":
        traits.add("collapsed")
    if kind in ("intermediateThrowEvent", "endEvent"):
        traits.add("throws")
    if not interrupting(element):
        traits.add("quiet")
    if flag(element, "triggeredByEvent"):
        traits.add("triggered")
    if flag(element, "instantiate"):
        traits.add("instantiates")
    if kind == "dataObjectReference":
        referred = elements.get(element.get("dataObjectRef", ""))
        if referred is not None and flag(referred, "isCollection"):
            traits.add("parallel")
    name = _name(element, kind, elements)
    return Shape(element.get("id", ""), kind, name, box, label, _event(element), frozenset(traits))


def flow_of(
    element: etree._Element,
    points: tuple[Point, ...],
    elements: Mapping[str, etree._Element],
    label: Box | None = None,
) -> Edge:
    """The edge of a flow or association, with what its source says about it."""
    kind = local(element)
    trait = ""
    if kind == "sequenceFlow":
        source = elements.get(element.get("sourceRef", ""))
        if source is not None and source.get("default", "") == element.get("id"):
            trait = "default"
        elif source is not None and element.find(f"{BPMN}conditionExpression") is not None:
            trait = "conditional" if local(source).lower().endswith(ACTIVITY_ENDS) else ""
    elif kind == "association":
        trait = (element.get("associationDirection") or "None").lower()
    return Edge(element.get("id", ""), kind, element.get("name") or "", points, label, trait)


def _name(element: etree._Element, kind: str, elements: Mapping[str, etree._Element]) -> str:
    if kind == "textAnnotation":
        return element.findtext(f"{BPMN}text") or ""
    if kind == "group":
        category = elements.get(element.get("categoryValueRef", ""))
        return (category.get("value") or "") if category is not None else ""
    return element.get("name") or ""


def _event(element: etree._Element) -> str:
    definitions = [name for name in map(local, element) if name.endswith("EventDefinition")]
    if len(definitions) > 1:
        return "parallelMultiple" if flag(element, "parallelMultiple") else "multiple"
    return definitions[0].removesuffix("EventDefinition") if definitions else ""


def _markers(element: etree._Element, kind: str) -> list[str]:
    markers = []
    loop = element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if loop is not None:
        markers.append("sequential" if flag(loop, "isSequential") else "parallel")
    if element.find(f"{BPMN}standardLoopCharacteristics") is not None:
        markers.append("loop")
    if flag(element, "isForCompensation"):
        markers.append("compensation")
    if kind == "adHocSubProcess":
        markers.append("adhoc")
    if kind == "dataInput":
        markers.append("input")
    if kind == "dataOutput":
        markers.append("output")
    if flag(element, "isCollection"):
        markers.append("parallel")
    return markers
