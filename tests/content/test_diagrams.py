"""What every diagram of bpmn/ keeps: valid, no findings, stable ids, a clean layout."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree

from app.config.installation import Config
from app.documents import STANDING_FOR
from app.validation.deployment import Checked
from tests.content import element_templates
from tests.content.layout import Drawn, faults, read

ROOT = Path(__file__).resolve().parents[2]
BPMN = sorted((ROOT / "bpmn").glob("*.bpmn"))
DMN = sorted((ROOT / "bpmn").glob("*.dmn"))
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
MODELER = "{http://camunda.org/schema/modeler/1.0}"
#: endings of the names of all that is drawn
DRAWN = (
    "Event", "Task", "Gateway", "Flow", "Activity", "Process", "lane", "participant",
)  # fmt: skip
every_diagram = pytest.mark.parametrize("path", BPMN, ids=[path.stem for path in BPMN])
every_table = pytest.mark.parametrize("path", DMN, ids=[path.stem for path in DMN])


def schema(package: str, file: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(files(package) / file))


@every_diagram
def test_diagram_is_valid_bpmn(path: Path) -> None:
    xsd = schema("SpiffWorkflow.bpmn.parser", "schema/BPMN20.xsd")
    assert xsd.validate(etree.parse(str(path))), xsd.error_log


@every_table
def test_table_is_valid_dmn(path: Path) -> None:
    xsd = schema("SpiffWorkflow.dmn.parser", "schema/DMN13.xsd")
    assert xsd.validate(etree.parse(str(path))), xsd.error_log


def test_content_has_no_finding(checked: Checked) -> None:
    assert checked.findings == ()


@every_diagram
def test_diagram_is_laid_out_cleanly(path: Path) -> None:
    assert list(faults(read(path))) == []


@every_diagram
def test_everything_drawn_has_its_shape_or_line(path: Path) -> None:
    root = etree.parse(str(path)).getroot()
    drawn: Drawn = read(path)
    shown = set(drawn.shapes) | set(drawn.lines)
    for one in root.iter():
        kind = etree.QName(one).localname
        if one.tag.startswith(MODEL) and kind.endswith(DRAWN) and kind != "process":
            assert one.get("id") in shown, one.get("id")


@every_diagram
def test_diagram_opens_as_camunda_8_in_the_modeler(path: Path) -> None:
    root = etree.parse(str(path)).getroot()
    assert root.get(MODELER + "executionPlatform") == "Camunda Cloud"
    assert root.get(MODELER + "executionPlatformVersion") == "8.6.0"


def test_element_and_flow_ids_are_unique_over_all_diagrams() -> None:
    seen: Counter[str] = Counter()
    for path in BPMN:
        root = etree.parse(str(path)).getroot()
        for process in root.iter(MODEL + "process"):
            seen.update(
                one.get("id")
                for one in process.iter()
                if one.get("id") and etree.QName(one).localname not in ("process", "lane")
            )
    assert [id for id, count in seen.items() if count > 1] == []
    assert [id for id in seen if not re.fullmatch(r"[a-z][a-z0-9_]*", id)] == []


@every_diagram
def test_every_gateway_with_a_choice_and_every_way_out_has_a_label(path: Path) -> None:
    root = etree.parse(str(path)).getroot()
    flows = list(root.iter(MODEL + "sequenceFlow"))
    for gateway in root.iter(MODEL + "exclusiveGateway"):
        out = [flow for flow in flows if flow.get("sourceRef") == gateway.get("id")]
        if len(out) > 1:
            assert gateway.get("name"), gateway.get("id")
            assert all(flow.get("name") for flow in out), gateway.get("id")
            assert gateway.get("default"), gateway.get("id")


@every_diagram
def test_every_user_task_says_who_why_and_on_what_basis(path: Path) -> None:
    root = etree.parse(str(path)).getroot()
    for task in root.iter(MODEL + "userTask"):
        id = task.get("id")
        own = {one.get("name"): one.get("value") for one in task.iter(ZEEBE + "property")}
        assert own.get("explain"), id
        assert own.get("basis") or task.find(f".//{ZEEBE}taskSchedule") is None, id
        assert task.find(f".//{ZEEBE}assignmentDefinition") is not None, id
        assert task.find(f".//{ZEEBE}formDefinition") is not None, id


@every_diagram
def test_no_deadline_is_a_number_in_the_diagram(path: Path) -> None:
    root = etree.parse(str(path)).getroot()
    own = [
        one for one in root.iter(ZEEBE + "property") if one.get("name") in ("backstop", "deadline")
    ]
    rules = [one.get("dueDate") for one in root.iter(ZEEBE + "taskSchedule")]
    rules += [one.get("value") for one in own] + [one.text for one in root.iter(MODEL + "timeDate")]
    counted = re.compile(
        r"\b(?:working_days_after|working_days_before|working_day|hours_after)\([^)]*, *[1-9]"
    )
    assert [rule for rule in rules if counted.search(rule)] == []


def test_every_mail_begins_with_a_subject_and_names_nobody() -> None:
    for path in (ROOT / "forms/mail").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("Subject: "), path.name
        assert "{reference}" in text, path.name
        fields = set(re.findall(r"\{(\w+)\}", text))
        assert fields <= {
            "reference",
            "due",
            "task",
            "agency",
            "sent",
            "meeting",
            "kind",
            "cap",
            "was",
            "counts",
        }, path.name


def test_every_mail_field_is_a_header_of_the_tasks_that_use_the_template() -> None:
    for path in BPMN:
        for task in etree.parse(str(path)).getroot().iter(MODEL + "sendTask"):
            headers = {one.get("key"): one.get("value") for one in task.iter(ZEEBE + "header")}
            text = (ROOT / f"forms/mail/{headers['template']}.txt").read_text(encoding="utf-8")
            fields = set(re.findall(r"\{(\w+)\}", text)) - {"reference", "link"}
            assert fields <= set(headers), task.get("id")


def test_every_group_of_a_task_or_mail_is_a_role(config: Config) -> None:
    known = set(config.roles) | set(config.settings) | STANDING_FOR
    for path in BPMN:
        root = etree.parse(str(path)).getroot()
        said = [one.get("candidateGroups") for one in root.iter(ZEEBE + "assignmentDefinition")]
        said += [one.get("value") for one in root.iter(ZEEBE + "header") if one.get("key") == "to"]
        for text in said:
            chosen = re.sub(r'[^"=]=\s*"[^"]*"', "", text)  # what is only compared is no group
            names = re.findall(r'"([a-z_]+)', chosen) if text.startswith("=") else text.split(",")
            for name in names:
                near = any(role.startswith(name) or role.endswith(name) for role in known)
                assert name in known or near, (path.name, text)


def test_panel_of_the_modeler_is_fresh() -> None:
    assert element_templates.FILE.read_text(encoding="utf-8") == element_templates.text()


def test_somebody_of_the_demo_holds_every_role_and_every_agency(config: Config) -> None:
    held = {role for person in config.people for role in person.roles}
    assert set(config.roles) - held == set()
    asked = {one["value"] for one in config.settings["agencies"]}
    assert asked <= {person.attributes.get("agency") for person in config.people}
