"""Tiny diagrams for the tests of reading, lint and what runs: a line a node, flows as "a>b"."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.errors import Finding
from app.validation import deployment

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="urn:t">\n'
)
START = '<startEvent id="start"/>'
END = '<endEvent id="end"/>'
FORMAL = 'xsi:type="tFormalExpression"'


def flow(text: str) -> str:
    """ "a>b", "a>b:=x > 1" with a condition, "yes:=x:a>b" has neither id nor label of its own."""
    ends, _, condition = text.partition(":")
    source, target = ends.split(">")
    held = f"<conditionExpression {FORMAL}>{escaped(condition)}</conditionExpression>"
    return (
        f'<sequenceFlow id="{source}_{target}" name="{source} to {target}"'
        f' sourceRef="{source}" targetRef="{target}">{held if condition else ""}</sequenceFlow>'
    )


def escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def node(tag: str, id: str, inside: str = "", *, name: str | None = None, **attributes: str) -> str:
    held = "".join(f' {k.replace("__", ":")}="{escaped(v)}"' for k, v in attributes.items())
    shown = escaped(name if name is not None else id.replace("_", " ").capitalize())
    return f'<{tag} id="{id}" name="{shown}"{held}>{inside}</{tag}>'


def user(id: str, inside: str = "", **attributes: str) -> str:
    return node("userTask", id, inside, **attributes)


def task(id: str, inside: str = "", **attributes: str) -> str:
    return node("task", id, inside, **attributes)


def extension(*parts: str) -> str:
    return f"<extensionElements>{''.join(parts)}</extensionElements>"


def properties(given: Mapping[str, str]) -> str:
    held = "".join(f'<zeebe:property name="{k}" value="{escaped(v)}"/>' for k, v in given.items())
    return f"<zeebe:properties>{held}</zeebe:properties>"


def mapping(**targets: str) -> str:
    """zeebe:output for each target = source; names beginning with in_ become inputs."""
    held = ""
    for target, source in targets.items():
        way = "input" if target.startswith("in_") else "output"
        name = target.removeprefix("in_")
        held += f'<zeebe:{way} source="{escaped(source)}" target="{name}"/>'
    return f"<zeebe:ioMapping>{held}</zeebe:ioMapping>"


def timed(kind: str, text: str) -> str:
    tag = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}[kind]
    return f"<timerEventDefinition><{tag} {FORMAL}>{escaped(text)}</{tag}></timerEventDefinition>"


def process(*nodes: str, flows: str = "", id: str = "p", executable: str = "true") -> str:
    inside = "\n".join([*nodes, *(flow(one) for one in flows.split())])
    return f'<process id="{id}" name="{id}" isExecutable="{executable}">\n{inside}\n</process>\n'


def document(*parts: str) -> bytes:
    """Processes (and messages and the like) as one file."""
    return (HEAD + "\n".join(parts) + "\n</definitions>").encode()


def diagram(*nodes: str, flows: str, root: str = "") -> bytes:
    """One process with a start and an end event; conditions hold no blanks."""
    return document(root, process(START, *nodes, END, flows=flows))


def findings(content: bytes | Mapping[str, bytes]) -> tuple[Finding, ...]:
    files = {"bpmn/t.bpmn": content} if isinstance(content, bytes) else content
    return deployment.check(files).findings


def said(content: bytes | Mapping[str, bytes], rule: str) -> list[Finding]:
    return [one for one in findings(content) if one.rule == rule]


def variables(**declared: str) -> str:
    """The process's extension that declares variables."""
    return extension(properties({f"var:{name}": text for name, text in declared.items()}))


SETTINGS = {"settings.json": b"{}"}


def whole(content: bytes, **more: bytes) -> dict[str, bytes]:
    """A complete set: settings and the diagram, with files named by keyword (a__b = a/b)."""
    named = {k.replace("__", "/").replace("_dot_", "."): v for k, v in more.items()}
    return {**SETTINGS, "bpmn/t.bpmn": content, **named}
