"""What the drawn picture promises: everything is there, nothing hostile gets through."""

from __future__ import annotations

import cProfile

import pytest
from lxml import etree

from app.engine.errors import NotExecutable
from app.engine.pictures.marks import LOOKS
from app.engine.pictures.svg import draw
from app.engine.pictures.text import width_of, wrap

TAGS = {"svg", "g", "path", "rect", "circle", "text", "tspan", "title"}
SVG = "{http://www.w3.org/2000/svg}"
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="x">'
)


def drawing(elements: str, boxes: dict[str, tuple[float, ...]], edges: str = "") -> bytes:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{key}_di" bpmnElement="{key}"><dc:Bounds x="{x}" y="{y}"'
        f' width="{w}" height="{h}"/></bpmndi:BPMNShape>'
        for key, (x, y, w, h) in boxes.items()
    )
    return (
        f'{HEAD}<process id="p" name="Drawn">{elements}</process><bpmndi:BPMNDiagram id="D">'
        f'<bpmndi:BPMNPlane id="P" bpmnElement="p">{shapes}{edges}</bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram></definitions>"
    ).encode()


SMALL = drawing(
    '<startEvent id="s"/><userTask id="a" name="Ask"/><sequenceFlow id="f" name="go"'
    ' sourceRef="s" targetRef="a"/>',
    {"s": (10, 20, 36, 36), "a": (100, 0, 100, 80)},
    '<bpmndi:BPMNEdge id="f_di" bpmnElement="f"><di:waypoint x="46" y="38"/>'
    '<di:waypoint x="100" y="38"/></bpmndi:BPMNEdge>',
)


def element(svg: str, key: str) -> etree._Element:
    (found,) = (one for one in etree.fromstring(svg).iter() if one.get("data-element") == key)
    return found


def outline(svg: str, key: str) -> etree._Element:
    (found,) = (one for one in element(svg, key) if one.get("class") == "bpmn-shape")
    return found


def test_every_drawn_element_is_in_the_picture_with_its_name_as_title() -> None:
    svg = draw(SMALL)
    assert element(svg, "a").findtext(f"{SVG}title") == "Ask"
    assert element(svg, "s").findtext(f"{SVG}title") == "start event"
    assert element(svg, "f").findtext(f"{SVG}title") == "go"


def test_the_picture_has_a_role_and_a_name() -> None:
    root = etree.fromstring(draw(SMALL, title='One & "two"'))
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Diagram: One & "two"'


def test_no_script_style_id_or_reference_is_in_the_picture() -> None:
    root = etree.fromstring(draw(SMALL, marks={"a": "done now"}, notes={"a": "n"}, taken={"f"}))
    for one in root.iter():
        assert one.tag in {
            f"{SVG}{name}"
            for name in ["svg", "g", "path", "rect", "circle", "text", "tspan", "title"]
        }
        assert not {"id", "style", "href"} & set(one.attrib)
        assert not any(name.startswith("on") for name in one.attrib)


@pytest.mark.parametrize("mark", LOOKS)
def test_a_mark_is_seen_by_line_and_colour_and_said_in_the_title(mark: str) -> None:
    svg = draw(SMALL, marks={"a": mark})
    assert outline(svg, "a").get("stroke") == LOOKS[mark].stroke
    assert (outline(svg, "a").get("stroke-dasharray") or "") == LOOKS[mark].dash
    assert LOOKS[mark].word in (element(svg, "a").findtext(f"{SVG}title") or "")


def test_no_two_marks_share_dash_and_width() -> None:
    assert len({(one.dash, one.width) for one in LOOKS.values()}) == len(LOOKS)


def test_late_wins_over_done_and_active() -> None:
    svg = draw(SMALL, marks={"a": "active late"})
    assert outline(svg, "a").get("stroke") == LOOKS["late"].stroke


def test_a_taken_flow_is_heavier() -> None:
    (line,) = element(draw(SMALL, taken={"f"}), "f").findall(f"{SVG}path")[:1]
    assert line.get("stroke-width") == "3.5"
    assert element(draw(SMALL, taken={"f"}), "f").get("class") == "taken"


@pytest.mark.parametrize(
    "hostile",
    [
        "</title><script>alert(1)</script>",
        '" onload="alert(1)',
        "'><img src=x>",
        "]]>&amp;",
        "\x08x",
    ],
    ids=["tag", "attribute", "apostrophe", "cdata", "control"],
)
def test_hostile_names_notes_titles_and_marks_stay_text(hostile: str) -> None:
    clean = hostile.replace("\x08", "")
    name = clean.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    file = drawing(f'<userTask id="a" name="{name}"/>', {"a": (0, 0, 100, 80)})
    svg = draw(file, title=hostile, notes={"a": hostile}, marks={"a": hostile})
    tags = {etree.QName(one).localname for one in etree.fromstring(svg).iter()}
    assert tags <= TAGS
    assert clean in (element(svg, "a").findtext(f"{SVG}title") or "")


@pytest.mark.parametrize("bad", ["nan", "inf", "1e30", "", "12px", "-5"], ids=str)
def test_a_shape_without_sensible_bounds_is_left_out_not_a_crash(bad: str) -> None:
    file = SMALL.replace(b'width="100"', f'width="{bad}"'.encode())
    assert 'data-element="s"' in draw(file)
    assert 'data-element="a"' not in draw(file)


def test_a_process_nobody_drew_is_laid_out_from_left_to_right() -> None:
    file = (
        f'{HEAD}<process id="p"><startEvent id="s"/><userTask id="a"/><userTask id="b"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="a"/>'
        '<sequenceFlow id="g" sourceRef="a" targetRef="b"/>'
        '<sequenceFlow id="back" sourceRef="b" targetRef="a"/></process></definitions>'
    ).encode()
    svg = draw(file)
    xs = [float(outline(svg, key).get("x") or outline(svg, key).get("cx") or 0) for key in "sab"]
    assert xs == sorted(xs)
    assert 'data-element="back"' in svg


def test_nested_sub_processes_are_laid_out_inside_their_parent() -> None:
    file = (
        f'{HEAD}<process id="p"><subProcess id="sub"><userTask id="in"/></subProcess>'
        '<boundaryEvent id="b" attachedToRef="sub"/></process></definitions>'
    ).encode()
    svg = draw(file)
    outer, inner = outline(svg, "sub"), outline(svg, "in")
    assert float(outer.get("x", 0)) < float(inner.get("x", 0))
    assert float(outer.get("width", 0)) > float(inner.get("width", 0))
    assert 'data-element="b"' in svg


def test_only_the_diagram_of_the_asked_process_is_drawn() -> None:
    plane = (
        '<bpmndi:BPMNDiagram id="D{0}"><bpmndi:BPMNPlane id="P{0}" bpmnElement="p{0}">'
        '<bpmndi:BPMNShape id="di{0}" bpmnElement="t{0}"><dc:Bounds x="0" y="0" width="100"'
        ' height="80"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )
    processes = "".join(f'<process id="p{n}"><task id="t{n}"/></process>' for n in "12")
    file = f"{HEAD}{processes}{plane.format(1)}{plane.format(2)}</definitions>".encode()
    assert 'data-element="t1"' in draw(file) and 'data-element="t2"' in draw(file)
    assert 'data-element="t1"' not in draw(file, process="p2")


def test_an_empty_file_gives_an_empty_picture_and_no_xml_a_fault() -> None:
    assert draw(f"{HEAD}</definitions>".encode()).startswith("<svg")
    with pytest.raises(NotExecutable):
        draw(b"not xml")


def test_no_line_of_a_label_is_wider_than_asked() -> None:
    lines = wrap("A rather long name with Donaudampfschifffahrtsgesellschaft in it", 90, 12)
    assert max(width_of(line, 12) for line in lines) <= 90
    assert "".join(lines).startswith("A rather long")
    assert "".join(lines).endswith("in it")


def calls(tasks: int) -> int:
    """How many calls of functions a picture of so many tasks takes, with marks."""
    keys = [f"t{n}" for n in range(tasks)]
    file = drawing(
        "".join(f'<userTask id="{key}" name="Return the scoping form"/>' for key in keys),
        {key: (n * 120, 0, 100, 80) for n, key in enumerate(keys)},
    )
    draw(file)
    profile = cProfile.Profile()
    profile.runcall(draw, file, marks=dict.fromkeys(keys, "done"))
    return sum(int(one.callcount) for one in profile.getstats())


def test_a_picture_of_two_hundred_tasks_takes_calls_in_line_with_its_size() -> None:
    assert calls(200) < 4.4 * calls(50)
    assert calls(200) / 200 < 450


def test_an_event_that_hangs_on_another_one_is_drawn_all_the_same() -> None:
    hung = "".join(
        f'<boundaryEvent id="b{n}" attachedToRef="{host}"/>' for n, host in enumerate(("t", "b0"))
    )
    svg = draw(f'{HEAD}<process id="p"><task id="t"/>{hung}</process></definitions>'.encode())
    assert 'data-element="b0"' in svg and 'data-element="b1"' in svg


@pytest.mark.parametrize(
    "inside",
    [
        '<extensionElements><task id="t"/></extensionElements>',
        '<subProcess id="s"><task id="t"/></subProcess><task id="u"/>'
        '<sequenceFlow id="f" sourceRef="t" targetRef="u"/>',
        '<subProcess id="s"><task/></subProcess><task id="u"/><sequenceFlow targetRef="u"/>',
    ],
    ids=["nothing to see", "a flow over a border", "a flow from nowhere"],
)
def test_faulty_processes_are_drawn_as_far_as_they_go(inside: str) -> None:
    assert draw(f'{HEAD}<process id="p">{inside}</process></definitions>'.encode())
