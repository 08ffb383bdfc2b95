"""Nothing drawn is covered by what it lies in, in whatever order a file lists its shapes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from app.engine.pictures.svg import draw
from tests.engine.pictures.test_picture import HEAD, element

ROOT = Path(__file__).parents[3]
INSIDE = (
    '<laneSet id="ls"><lane id="upper"><childLaneSet id="cs"><lane id="inner"/></childLaneSet>'
    '</lane><lane id="lower"/></laneSet><startEvent id="s"/><subProcess id="outer" name="Outer">'
    '<subProcess id="nested"><userTask id="a" name="Ask"/></subProcess>'
    '<subProcess id="shut" name="Shut"/></subProcess>'
    '<callActivity id="call"/><group id="g"/><textAnnotation id="note"><text>Why</text>'
    "</textAnnotation>"
)
#: id → x, y, width, height, and what the drawing says of it beside
SHAPES = {
    "pool": (0, 0, 800, 500, 'isHorizontal="true"'),
    "upper": (30, 0, 770, 300, ""),
    "inner": (60, 0, 740, 150, ""),
    "lower": (30, 300, 770, 200, ""),
    "outer": (80, 10, 500, 280, 'isExpanded="true"'),
    "nested": (90, 40, 200, 200, ""),
    "shut": (320, 40, 100, 80, 'isExpanded="false"'),
    "a": (120, 80, 100, 80, ""),
    "s": (620, 40, 36, 36, ""),
    "call": (100, 340, 200, 120, 'isExpanded="true"'),
    "g": (110, 70, 120, 100, ""),
    "note": (430, 40, 100, 40, ""),
}


def drawing(order: list[str]) -> bytes:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{id}_di" bpmnElement="{id}" {more}><dc:Bounds x="{x}" y="{y}"'
        f' width="{width}" height="{height}"/></bpmndi:BPMNShape>'
        for id, (x, y, width, height, more) in ((id, SHAPES[id]) for id in order)
    )
    return (
        f'{HEAD}<collaboration id="co"><participant id="pool" processRef="p"/></collaboration>'
        f'<process id="p">{INSIDE}</process><bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P"'
        f' bpmnElement="co">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>'
    ).encode()


def covered(svg: str) -> Iterator[tuple[str, str]]:
    """(what is covered, what covers it): an outline that lies wholly under a later filled box."""
    for sheet in etree.fromstring(svg).iter("{*}g"):
        drawn = [(one.get("data-element") or "", *_box(one)) for one in sheet]
        for number, (id, box, _) in enumerate(drawn):
            for later, above, filled in drawn[number + 1 :]:
                if id and box and above and filled and _lies_in(box, above):
                    yield id, later


Place = tuple[float, float, float, float]


def _box(group: etree._Element) -> tuple[Place | None, bool]:
    for one in group:
        if one.get("class") == "bpmn-shape" and one.get("x"):
            x, y, width, height = (float(str(one.get(k))) for k in ("x", "y", "width", "height"))
            return (x, y, x + width, y + height), one.get("fill") not in (None, "none")
    return None, False


def _lies_in(box: Place, other: Place) -> bool:
    return other[0] <= box[0] and other[1] <= box[1] and other[2] >= box[2] and other[3] >= box[3]


def _orders() -> Iterator[list[str]]:
    yield list(SHAPES)
    yield list(reversed(SHAPES))
    for seed in range(40):
        yield random.Random(seed).sample(list(SHAPES), len(SHAPES))


def test_no_order_of_the_file_lets_a_pool_lane_sub_process_or_group_be_covered() -> None:
    for order in _orders():
        svg = draw(drawing(order))
        assert all(element(svg, id) is not None for id in SHAPES)
        assert not list(covered(svg)), order


def test_a_covered_sub_process_would_be_noticed() -> None:
    under, above = (
        f'<g data-element="{id}"><rect class="bpmn-shape" x="{x}" y="0" width="{width}"'
        ' height="9" fill="#fff"/></g>'
        for id, x, width in (("sub", 2, 5), ("pool", 0, 9))
    )
    assert list(covered(f"<svg><g>{under}{above}</g></svg>")) == [("sub", "pool")]
    assert not list(covered(f"<svg><g>{above}{under}</g></svg>"))


@pytest.mark.parametrize("path", sorted((ROOT / "bpmn").glob("*.bpmn")), ids=lambda one: one.stem)
def test_our_own_drawings_lose_nothing(path: Path) -> None:
    assert not list(covered(draw(path.read_bytes())))


@pytest.mark.parametrize(
    ("said", "signs"),
    [
        pytest.param('isMarkerVisible="false"', 1, id="no X where the drawing says so"),
        pytest.param('isMarkerVisible="0"', 1, id="0 means the same"),
        pytest.param('isMarkerVisible="true"', 2, id="an X"),
        pytest.param("", 2, id="nothing said"),
    ],
)
def test_an_exclusive_gateway_shows_its_sign_unless_the_drawing_hides_it(
    said: str, signs: int
) -> None:
    content = (
        f'{HEAD}<process id="p"><exclusiveGateway id="x"/></process><bpmndi:BPMNDiagram id="D">'
        f'<bpmndi:BPMNPlane id="P" bpmnElement="p"><bpmndi:BPMNShape id="i" bpmnElement="x" {said}>'
        '<dc:Bounds x="0" y="0" width="50" height="50"/></bpmndi:BPMNShape></bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram></definitions>"
    ).encode()
    assert len(list(element(draw(content), "x").iter("{*}path"))) == signs


def test_what_the_schema_calls_true_is_drawn_so() -> None:
    """xs:boolean: 1 is true."""
    content = (
        f'{HEAD}<process id="p"><subProcess id="b" triggeredByEvent="1"/></process>'
        '<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="p">'
        '<bpmndi:BPMNShape id="i" bpmnElement="b" isExpanded="1"><dc:Bounds x="0" y="0"'
        ' width="200" height="150"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
        "</definitions>"
    ).encode()
    assert "stroke-dasharray" in etree.tostring(element(draw(content), "b")).decode()
