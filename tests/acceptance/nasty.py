"""Files that people with bad luck or bad intent upload: broken, huge, endless, or made to run code.

What must become of each is for the tests: an answer in time, a sentence, and nothing executed.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from tests.kit import diagram, form

#: a file that appears when something of these files is ever executed
CANARY = "CANARY"
_RUN = f"__import__('os').system('touch {CANARY}')"
LEAD = {"groups": "lead"}
GOOD = diagram("start > task:a > end", start_groups="lead", a=LEAD)["bpmn/p.bpmn"]
FORM = form("tick", "note", required=False)["forms/tick.form"]

_DEFINITIONS = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' id="d" targetNamespace="t">'
)
_STARTERS = (
    '<extensionElements><zeebe:properties><zeebe:property name="start_groups" value="lead"/>'
    "</zeebe:properties></extensionElements>"
)
_LEADS = (
    '<extensionElements><zeebe:formDefinition formId="tick"/>'
    '<zeebe:assignmentDefinition candidateGroups="lead"/></extensionElements>'
)


def process(inner: str, root: str = "") -> bytes:
    return (
        f'{_DEFINITIONS}{root}<process id="p" name="P" isExecutable="true">{_STARTERS}{inner}'
        "</process></definitions>"
    ).encode()


def chain(*nodes: str, root: str = "", more: str = "") -> bytes:
    """start, the nodes in a row, end; each node holds its own id as `id="…"`."""
    ids = ["s", *(one.split('id="', 1)[1].split('"', 1)[0] for one in nodes), "e"]
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(pairwise(ids))
    )
    inner = f'<startEvent id="s"/>{"".join(nodes)}<endEvent id="e"/>{flows}{more}'
    return process(inner, root)


def user(id: str, inner: str = _LEADS) -> str:
    return f'<userTask id="{id}" name="{id}">{inner}</userTask>'


def feel(source: str) -> bytes:
    """A process whose variable is worked out on the way in."""
    extension = (
        '<extensionElements><zeebe:ioMapping><zeebe:input source="='
        f'{_quoted(source)}" target="x"/></zeebe:ioMapping>'
        '<zeebe:formDefinition formId="tick"/>'
        '<zeebe:assignmentDefinition candidateGroups="lead"/></extensionElements>'
    )
    return chain(user("a", extension))


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def timer(kind: str, text: str) -> str:
    return (
        f'<timerEventDefinition><{kind} xsi:type="tFormalExpression">{text}</{kind}>'
        "</timerEventDefinition>"
    )


def boundaries(count: int, text: str = "PT0S", kind: str = "timeDuration") -> bytes:
    events = "".join(
        f'<boundaryEvent id="b{n}" attachedToRef="a" cancelActivity="false">{timer(kind, text)}'
        f'</boundaryEvent><endEvent id="e{n}"/>'
        f'<sequenceFlow id="g{n}" sourceRef="b{n}" targetRef="e{n}"/>'
        for n in range(count)
    )
    return chain(user("a"), more=events)


def gateway_loop() -> bytes:
    return process(
        '<startEvent id="s"/><exclusiveGateway id="x"/><exclusiveGateway id="y" default="f3"/>'
        '<task id="t"/><endEvent id="e"/>'
        '<sequenceFlow id="f1" sourceRef="s" targetRef="x"/>'
        '<sequenceFlow id="f2" sourceRef="x" targetRef="t"/>'
        '<sequenceFlow id="f4" sourceRef="t" targetRef="y"/>'
        '<sequenceFlow id="f3" sourceRef="y" targetRef="x"/>'
        '<sequenceFlow id="f5" sourceRef="y" targetRef="e">'
        '<conditionExpression xsi:type="tFormalExpression">=1 = 2</conditionExpression>'
        "</sequenceFlow>"
    )


def breeding() -> bytes:
    """Each turn makes two tokens of one."""
    return process(
        '<startEvent id="s"/><task id="t"/><parallelGateway id="g"/><task id="u"/><task id="v"/>'
        '<sequenceFlow id="f1" sourceRef="s" targetRef="t"/>'
        '<sequenceFlow id="f2" sourceRef="t" targetRef="g"/>'
        '<sequenceFlow id="f3" sourceRef="g" targetRef="u"/>'
        '<sequenceFlow id="f4" sourceRef="g" targetRef="v"/>'
        '<sequenceFlow id="f5" sourceRef="u" targetRef="t"/>'
        '<sequenceFlow id="f6" sourceRef="v" targetRef="t"/>'
    )


def calls(target: str) -> str:
    return (
        '<callActivity id="c"><extensionElements>'
        f'<zeebe:calledElement processId="{target}"/></extensionElements></callActivity>'
    )


def many_calls() -> bytes:
    """Two calls of oneself: twice as many each time."""
    inner = (
        '<startEvent id="s"/><parallelGateway id="g"/>'
        + calls("p")
        + calls("p").replace('"c"', '"c2"')
        + '<endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="g"/>'
        '<sequenceFlow id="f2" sourceRef="g" targetRef="c"/>'
        '<sequenceFlow id="f3" sourceRef="g" targetRef="c2"/>'
        '<sequenceFlow id="f4" sourceRef="c" targetRef="e"/>'
        '<sequenceFlow id="f5" sourceRef="c2" targetRef="e"/>'
    )
    return process(inner)


def each(collection: str, *, sequential: bool = False) -> bytes:
    order = ' isSequential="true"' if sequential else ""
    loop = (
        f"<multiInstanceLoopCharacteristics{order}><extensionElements>"
        f'<zeebe:loopCharacteristics inputCollection="={_quoted(collection)}" inputElement="i"/>'
        "</extensionElements></multiInstanceLoopCharacteristics>"
    )
    return chain(f'<task id="t">{loop}</task>', user("a"))


def deep(levels: int) -> bytes:
    inner = '<task id="t"/>'
    for n in range(levels):
        inner = f'<subProcess id="sub{n}">{inner}</subProcess>'
    return chain(inner)


def event_loop() -> bytes:
    """A cycle with no pause between its turns."""
    return chain(
        user("a"),
        more=f'<boundaryEvent id="b" attachedToRef="a" cancelActivity="false">'
        f'{timer("timeCycle", "R/PT0S")}</boundaryEvent><task id="t"/><endEvent id="e2"/>'
        '<sequenceFlow id="g1" sourceRef="b" targetRef="t"/>'
        '<sequenceFlow id="g2" sourceRef="t" targetRef="e2"/>',
    )


def _zip(content: bytes, name: str = "p.bpmn") -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return found.getvalue()


def _entities() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "lol">{levels}]><d>&l9;</d>'.encode()


def _formed(**more: Any) -> bytes:
    field = {"type": "textfield", "key": "note", "id": "note", "label": "Note", **more}
    made = {"type": "default", "id": "tick", "schemaVersion": 18, "components": [field]}
    return json.dumps(made).encode()


def _nested_form(levels: int) -> bytes:
    inner: dict[str, Any] = {"type": "textfield", "key": "k", "id": "k", "label": "K"}
    for n in range(levels):
        inner = {"type": "group", "id": f"g{n}", "label": "G", "components": [inner]}
    return json.dumps({"type": "default", "id": "tick", "components": [inner]}).encode()


def _table(entry: str, function: str = "") -> bytes:
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
        f' namespace="n">{function}<decision id="dec" name="dec"><decisionTable id="dt">'
        '<input id="i"><inputExpression id="ie" typeRef="string"><text>x</text></inputExpression>'
        '</input><output id="o" name="o" typeRef="string"/><rule id="r"><inputEntry id="en"><text>'
        f'-</text></inputEntry><outputEntry id="oe"><text>{_quoted(entry)}</text></outputEntry>'
        "</rule></decisionTable></decision></definitions>"
    ).encode()


JAVA = _table(
    '"x"',
    '<businessKnowledgeModel id="j" name="j"><encapsulatedLogic kind="Java"><context>'
    '<contextEntry><variable name="class"/><literalExpression><text>"java.lang.Runtime"</text>'
    '</literalExpression></contextEntry><contextEntry><variable name="method signature"/>'
    '<literalExpression><text>"exec(java.lang.String)"</text></literalExpression></contextEntry>'
    "</context></encapsulatedLogic></businessKnowledgeModel>",
)
_DOCTYPE = (
    f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE d SYSTEM "file:///etc/passwd">'
    f"{GOOD.decode()}"
)

_END = b"</bpmn:process>"
_LONG_TEXT = 'string join(for i in 1..9000 return "aaaaaaaaaa")'
_EIGHTFOLD = (
    '{a: "xxxxxxxxxx", '
    + ", ".join(f"{b}: {'+'.join([a] * 8)}" for a, b in pairwise("abcdefghijkl"))
    + "}.l"
)

#: name → files of one upload; "{port}" in a text is that of a listener nobody may call
FILES: Mapping[str, list[tuple[str, bytes]]] = {
    "zip": [("p.bpmn", _zip(GOOD))],
    "zip bomb": [("p.bpmn", _zip(b"\0" * 30_000_000))],
    "gzip": [("p.bpmn", gzip.compress(GOOD))],
    "word file bomb": [("p.docx", _zip(b" " * 60_000_000, "word/document.xml"))],
    "word file upwards": [("p.docx", _zip(b"<a/>", "../../../word/document.xml"))],
    "empty": [("p.bpmn", b"")],
    "zeros": [("p.bpmn", b"\0" * 100_000)],
    "half": [("p.bpmn", GOOD[: len(GOOD) // 2])],
    "entities": [("p.bpmn", _entities())],
    "utf-16 with a document type": [("p.bpmn", _DOCTYPE.encode("utf-16"))],
    "utf-16": [("p.bpmn", GOOD.decode().encode("utf-16")), ("tick.form", FORM)],
    "utf-7": [("p.bpmn", b'<?xml version="1.0" encoding="utf-7"?>' + GOOD)],
    "external entity": [
        (
            "p.bpmn",
            b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "http://127.0.0.1:{port}/x">]>'
            b"<d>&x;</d>",
        )
    ],
    "schema from elsewhere": [
        (
            "p.bpmn",
            GOOD.replace(
                b" id=\"definitions\"",
                b' id="definitions" xsi:schemaLocation="a http://127.0.0.1:{port}/a.xsd"',
            ),
        ),
        ("tick.form", FORM),
    ],
    "include": [
        (
            "p.bpmn",
            process(
                '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
            ),
        )
    ],
    "import": [
        (
            "p.bpmn",
            chain(
                user("a"),
                root='<import namespace="n" location="http://127.0.0.1:{port}/i"'
                ' importType="http://www.w3.org/2001/XMLSchema"/>',
            ),
        ),
        ("tick.form", FORM),
    ],
    "two megabytes": [("p.bpmn", GOOD.replace(_END, b" " * 1_999_000 + _END)), ("tick.form", FORM)],
    "three megabytes": [("p.bpmn", GOOD + b" " * 3_000_000)],
    "two megabytes of tasks": [("p.bpmn", chain(*(f'<task id="t{n}"/>' for n in range(19_000))))],
    "huge ids": [("p.bpmn", GOOD.replace(b'"a"', b'"' + b"a" * 100_000 + b'"'))],
    "a name of a megabyte": [
        ("p.bpmn", GOOD.replace(b'name="A"', b'name="' + b"A b" * 300_000 + b'"')),
        ("tick.form", FORM),
    ],
    "deep": [("p.bpmn", deep(110))],
    "deeper": [("p.bpmn", deep(50_000)[:1_900_000])],
    "upwards": [("../../x.bpmn", GOOD), ("tick.form", FORM)],
    "upwards, the other way": [("..\\..\\x.bpmn", GOOD), ("tick.form", FORM)],
    "an absolute name": [("/etc/cron.d/x.bpmn", GOOD), ("tick.form", FORM)],
    "a name with quotes": [('a%22;x="1.bpmn', GOOD)],
    "a name with markup": [("<script>alert(1)</script>.bpmn", GOOD)],
    "a name of dots": [("....bpmn", GOOD)],
    "a very long name": [("x" * 5_000 + ".bpmn", GOOD)],
    "html as a diagram": [("p.bpmn", b"<html><script>alert(1)</script></html>")],
    "svg as a diagram": [("p.bpmn", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>')],
    "a form with html": [
        ("p.bpmn", GOOD),
        (
            "tick.form",
            json.dumps(
                {
                    "type": "default",
                    "id": "tick",
                    "components": [
                        {"type": "html", "id": "h", "content": "<script>alert(1)</script>"},
                        {"type": "text", "id": "t", "text": "<img src=x onerror=alert(1)>"},
                        {"type": "script", "id": "s", "key": "s", "jsFunction": _RUN},
                        {"type": "iframe", "id": "i", "url": "http://127.0.0.1:{port}/"},
                    ],
                }
            ).encode(),
        ),
    ],
    "a form with endless patterns": [
        ("p.bpmn", GOOD),
        ("tick.form", _formed(validate={"pattern": "(a+)+$"}, defaultValue="a" * 40 + "b")),
    ],
    "a form a thousand deep": [("p.bpmn", GOOD), ("tick.form", _nested_form(400))],
    "a form of brackets": [("p.bpmn", GOOD), ("tick.form", b"[" * 900_000)],
    "a form with keys of Python": [
        ("p.bpmn", GOOD),
        ("tick.form", _formed(key="__class__", defaultValue="={}.__class__")),
    ],
    "a form whose condition never ends": [
        ("p.bpmn", GOOD),
        (
            "tick.form",
            _formed(conditional={"hide": "=count(for i in 1..100000000 return i) > 3"}),
        ),
    ],
    "Java in a table": [("p.bpmn", GOOD), ("tick.form", FORM), ("j.dmn", JAVA)],
    "a table that never ends": [
        ("p.bpmn", GOOD),
        ("tick.form", FORM),
        ("j.dmn", _table("count(for a in 1..99999999 return a)")),
    ],
    "a script task": [
        (
            "p.bpmn",
            chain(
                f'<scriptTask id="a" scriptFormat="python"><script>{_quoted(_RUN)}</script>'
                "</scriptTask>"
            ),
        )
    ],
    "a Java class": [("p.bpmn", chain('<serviceTask id="a" camunda:class="java.lang.Runtime"/>'))],
    "a listener": [
        (
            "p.bpmn",
            chain(
                '<userTask id="a"><extensionElements><camunda:taskListener event="create">'
                f'<camunda:script scriptFormat="python">{_quoted(_RUN)}</camunda:script>'
                "</camunda:taskListener></extensionElements></userTask>"
            ),
        )
    ],
    "Python as a condition": [("p.bpmn", feel(_RUN))],
    "attributes of Python": [("p.bpmn", feel('"".__class__.__mro__[1].__subclasses__()'))],
    "a million rounds": [
        ("p.bpmn", feel("for a in 1..1000, b in 1..1000 return a * b")),
        ("tick.form", FORM),
    ],
    "a range without end": [
        ("p.bpmn", feel("for a in 1..999999999999 return a")),
        ("tick.form", FORM),
    ],
    "a number without end": [("p.bpmn", feel("9**9**9**9**9")), ("tick.form", FORM)],
    "a text that grows eightfold": [("p.bpmn", feel(_EIGHTFOLD)), ("tick.form", FORM)],
    "a pattern without end": [
        ("p.bpmn", feel('matches("' + "a" * 60 + 'b", "(a+)+$")')),
        ("tick.form", FORM),
    ],
    "a text to be replaced without end": [
        ("p.bpmn", feel(f'replace({_LONG_TEXT}, "a*", "bbbbbbbbbbbbbbbbbb")')),
        ("tick.form", FORM),
    ],
    "a function that calls itself": [
        ("p.bpmn", feel("{f: function(n) f(n + 1), x: f(1)}.x")),
        ("tick.form", FORM),
    ],
    "brackets": [("p.bpmn", feel("(" * 20_000 + "1" + ")" * 20_000))],
    "a long sum": [("p.bpmn", feel("+".join(["1"] * 50_000)))],
    "a loop of gateways": [("p.bpmn", gateway_loop())],
    "tokens that breed": [("p.bpmn", breeding())],
    "a call of oneself": [("p.bpmn", chain(calls("p")))],
    "two calls of oneself": [("p.bpmn", many_calls())],
    "a thousand timers at once": [("p.bpmn", boundaries(1_000)), ("tick.form", FORM)],
    "three thousand timers at once": [("p.bpmn", boundaries(3_000)), ("tick.form", FORM)],
    "a thousand cycles": [
        ("p.bpmn", boundaries(1_000, "R/PT1S", "timeCycle")),
        ("tick.form", FORM),
    ],
    "a cycle without pause": [("p.bpmn", event_loop()), ("tick.form", FORM)],
    "a cycle of nanoseconds": [
        ("p.bpmn", boundaries(1, "R99999999999/PT0.000000001S", "timeCycle")),
        ("tick.form", FORM),
    ],
    "a timer in the year 99999": [
        ("p.bpmn", boundaries(1, "99999-01-01T00:00:00Z", "timeDate")),
        ("tick.form", FORM),
    ],
    "a duration of ages": [("p.bpmn", boundaries(1, "P99999999999Y")), ("tick.form", FORM)],
    "a wait in the past": [("p.bpmn", boundaries(1, "-P1D")), ("tick.form", FORM)],
    "a hundred thousand in parallel": [
        ("p.bpmn", each("for i in 1..90000 return i")),
        ("tick.form", FORM),
    ],
    "a hundred thousand in a row": [
        ("p.bpmn", each("for i in 1..90000 return i", sequential=True)),
        ("tick.form", FORM),
    ],
    "for each of no list": [("p.bpmn", each('"x"')), ("tick.form", FORM)],
    "good": [("p.bpmn", GOOD), ("tick.form", FORM)],
}  # fmt: skip
