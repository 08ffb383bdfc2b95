"""Files of every kind that cost far more to read than they are long; and small ones beside them."""

from __future__ import annotations

import io
import json
import zipfile

Files = dict[str, bytes]

_BPMN = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="x"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
)
_DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
    ' namespace="x">'
)
_MANIFEST = b"title: T\ngroups: [clerk]\nfile_name: x\nfor: inside\n"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def splits(count: int, process: str = "p") -> bytes:
    """So many exclusive gateways with two ways each, one behind the other."""
    parts = [
        _BPMN, f'<process id="{process}" isExecutable="true"><startEvent id="s"/>',
        '<sequenceFlow id="f" sourceRef="s" targetRef="g0"/>',
    ]  # fmt: skip
    for n in range(count):
        after = f"g{n + 1}" if n < count - 1 else "e"
        parts.append(
            f'<exclusiveGateway id="g{n}" default="a{n}"/><task id="t{n}" name="x"/>'
            f'<task id="u{n}" name="y"/><exclusiveGateway id="j{n}"/>'
            f'<sequenceFlow id="a{n}" sourceRef="g{n}" targetRef="t{n}"/>'
            f'<sequenceFlow id="b{n}" sourceRef="g{n}" targetRef="u{n}">'
            f"<conditionExpression>=x{n} = 1</conditionExpression></sequenceFlow>"
            f'<sequenceFlow id="c{n}" sourceRef="t{n}" targetRef="j{n}"/>'
            f'<sequenceFlow id="d{n}" sourceRef="u{n}" targetRef="j{n}"/>'
            f'<sequenceFlow id="n{n}" sourceRef="j{n}" targetRef="{after}"/>'
        )
    return "".join([*parts, '<endEvent id="e"/></process></definitions>']).encode()


def nested(depth: int) -> bytes:
    opened = "".join(f'<subProcess id="p{n}"><startEvent id="s{n}"/>' for n in range(depth))
    whole = f'<process id="p" isExecutable="true"><startEvent id="s"/>{opened}'
    return f"{_BPMN}{whole}{'</subProcess>' * depth}</process></definitions>".encode()


def expressions(count: int, depth: int) -> bytes:
    outputs = "".join(
        f'<zeebe:output source="={"(" * depth}1{")" * depth}+{n}" target="v{n}"/>'
        for n in range(count)
    )
    mapped = f"<extensionElements><zeebe:ioMapping>{outputs}</zeebe:ioMapping></extensionElements>"
    return (
        f'{_BPMN}<process id="p" isExecutable="true"><startEvent id="s"/>'
        f'<sequenceFlow id="f" sourceRef="s" targetRef="t"/><task id="t">{mapped}</task>'
        "</process></definitions>"
    ).encode()


def _decision(id: str, needs: list[str], text: str) -> str:
    required = "".join(
        f'<informationRequirement id="{id}_{need}"><requiredDecision href="#{need}"/>'
        "</informationRequirement>"
        for need in needs
    )
    return (
        f'<decision id="{id}" name="{id}"><variable name="{id}"/>{required}'
        f'<literalExpression id="e_{id}"><text>{text}</text></literalExpression></decision>'
    )


def diamond(layers: int, wide: int = 2) -> bytes:
    """Layers of decisions, each of which requires all of the layer below."""
    decisions = []
    for layer in range(layers):
        below = [f"d{layer - 1}_{n}" for n in range(wide)] if layer else []
        text = "+".join(below) or "1"
        decisions += [_decision(f"d{layer}_{side}", below, text) for side in range(wide)]
    return f"{_DMN}{''.join(decisions)}</definitions>".encode()


def chain(length: int) -> bytes:
    decisions = [
        _decision(f"d{n}", [f"d{n - 1}"] if n else [], f"d{n - 1}+1" if n else "1")
        for n in range(length)
    ]
    return f"{_DMN}{''.join(decisions)}</definitions>".encode()


def table(rules: int, inputs: int) -> bytes:
    columns = "".join(
        f'<input id="i{n}"><inputExpression typeRef="number"><text>x{n}</text></inputExpression>'
        "</input>"
        for n in range(inputs)
    )
    rows = "".join(
        f'<rule id="r{r}">'
        + "".join(
            f"<inputEntry><text>[{r}..{r + n + 2}]</text></inputEntry>" for n in range(inputs)
        )
        + f"<outputEntry><text>{r}</text></outputEntry></rule>"
        for r in range(rules)
    )
    return (
        f'{_DMN}<decision id="d" name="d"><decisionTable id="t" hitPolicy="UNIQUE">{columns}'
        f'<output id="o" typeRef="number"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


def word(body: str, main: str = "document.xml") -> Files:
    """A document with such a body, whose main part may be called otherwise."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/word/{main}" '
            f'ContentType="{_MAIN}"/></Types>',
        )
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
            f'Type="{_OFFICE}/officeDocument" Target="word/{main}"/></Relationships>',
        )
        packed.writestr(
            f"word/{main}",
            f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        )
    return {"forms/documents/a.docx": made.getvalue(), "forms/documents/a.yaml": _MANIFEST}


def manifests(content: bytes, count: int = 1) -> Files:
    plain = word("<w:p/>")["forms/documents/a.docx"]
    files = {f"forms/documents/a{n}.docx": plain for n in range(count)}
    return files | {f"forms/documents/a{n}.yaml": content for n in range(count)}


def form(count: int, depth: int = 0) -> bytes:
    fields = [
        {"type": "textfield", "key": f"k{n}", "id": f"i{n}", "label": "L",
         "conditional": {"hide": f"=k{max(n - 1, 0)} = 1"}}
        for n in range(count)
    ]  # fmt: skip
    for _ in range(depth):
        fields = [{"type": "group", "label": "G", "components": fields}]  # type: ignore[dict-item]
    return json.dumps({"type": "default", "id": "f", "components": fields}).encode()


BODY = "<w:p><w:r><w:t>«=x»</w:t></w:r></w:p>"
#: kind × how it costs: exponential, large, deep, many
FILES: dict[str, Files] = {
    "decisions, exponential": {"bpmn/d.dmn": diamond(60)},
    "decisions, exponential and wide": {"bpmn/d.dmn": diamond(100, 8)},
    "decisions, a chain": {"bpmn/d.dmn": chain(1_500)},
    "decisions, a longer chain": {"bpmn/d.dmn": chain(5_000)},
    "decisions, a large table": {"bpmn/d.dmn": table(1_200, 6)},
    "decisions, many files": {f"bpmn/d{n}.dmn": diamond(12) for n in range(100)},
    "diagram, many splits": {"bpmn/p.bpmn": splits(1_500)},
    "diagrams, many with many splits": {
        f"bpmn/p{n}.bpmn": splits(1_500, f"p{n}") for n in range(16)
    },
    "diagram, deep": {"bpmn/p.bpmn": nested(2_000)},
    "diagram, as deep as it may be": {"bpmn/p.bpmn": nested(100)},
    "diagram, many expressions": {"bpmn/p.bpmn": expressions(5_000, 50)},
    "diagram, a deep expression": {"bpmn/p.bpmn": expressions(1, 20_000)},
    "form, large": {"forms/f.form": form(8_000)},
    "form, as large as it may be": {"forms/f.form": form(1_000)},
    "form, deep": {"forms/f.form": form(1, 400)},
    "form, deep JSON": {"forms/f.form": b'{"a":' * 100_000},
    "settings, deep": {"settings.json": b"[" * 1_000_000},
    "Word, 500,000 paragraphs": word("<w:p/>" * 500_000),
    "Word, many placeholders": word(BODY * 20_000),
    "Word, deep": word("<w:tbl><w:tr><w:tc>" * 2_000 + "</w:tc></w:tr></w:tbl>" * 2_000),
    "manifest, nested": manifests(b"title: " + b"[" * 5_000),
    "manifest, nested by lines": manifests(
        b"title:\n" + b"".join(b" " * n + b"- \n" for n in range(190))
    ),
    "manifest, nested keys": manifests(b"title: " + b"{a: " * 4_000),
    "manifests, many": manifests(b"title: " + b"[" * 5_000, 200),
    "mail, large": {"forms/mail/a.txt": b"Subject: a\n\n" + b"{x}" * 600_000},
}
