"""Names, labels, texts and answers are data: nothing of them becomes markup or runs."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.kit import Kit, diagram
from tests.web.conftest import Browser, Page

EVIL = '"><img src=x onerror=alert(1)></title></textarea><script>alert(1)</script>{% print 7 %}'


def evil_form(id: str) -> dict[str, bytes]:
    values = [{"label": EVIL, "value": "a"}, {"label": "b", "value": EVIL}]
    more = {"label": EVIL, "description": EVIL, "validate": {"required": True}}
    components = [
        {"type": "text", "id": "t", "text": EVIL},
        {
            "type": "textfield",
            "key": "a",
            "id": "a",
            "properties": {"error.required": EVIL},
            **more,
        },
        {"type": "radio", "key": "b", "id": "b", "values": values, **more},
        {"type": "select", "key": "c", "id": "c", "values": values, **more},
        {"type": "checklist", "key": "d", "id": "d", "values": values, **more},
        {"type": "textarea", "key": "e", "id": "e", **more},
        {"type": "textfield", "key": "f", "id": "f", "label": EVIL, "defaultValue": EVIL},
    ]
    form = {"type": "default", "id": id, "schemaVersion": 18, "components": components}
    return {f"forms/{id}.form": json.dumps(form).encode()}


@pytest.fixture
def case(kit: Kit) -> str:
    from xml.sax.saxutils import escape

    quoted = escape(EVIL, {'"': "&quot;"})
    files = diagram(
        "start > task:check > end",
        check={
            "groups": "clerk,lead",
            "form": "evil",
            "explain": EVIL,
            "basis": EVIL,
            "status": EVIL,
            "due": "=working_days_after(today(), 5)",
        },
    )
    for name in ('name="P"', 'name="Check"'):
        assert name.encode() in files["bpmn/p.bpmn"]
        files["bpmn/p.bpmn"] = files["bpmn/p.bpmn"].replace(
            name.encode(), f'name="{quoted}"'.encode()
        )
    kit.deploy(files, evil_form("evil"), note=EVIL)
    return kit.started("ann").reference


def harmless(page: Page) -> None:
    assert not page.tree.xpath(
        "//img[not(starts-with(@src, '/cases/'))] | //main//script | //*[@onerror]"
    )


def test_nothing_evil_becomes_markup(
    browser_of: Callable[[str], Browser], kit: Kit, case: str
) -> None:
    ann, lea, dra = browser_of("ann"), browser_of("lea"), browser_of("dra")
    task = f"/cases/{case}/tasks/{kit.task(case, 'check')}"
    typed = {"a": EVIL, "e": EVIL, "b": EVIL, "csrf_token": "no"}
    for page in (
        ann.visit("/tasks"),
        ann.visit(task),
        ann.fill(task, {"a": "", "e": EVIL, "f": EVIL, "b": EVIL}, code=422),
        ann.send(task, typed, 400),
        ann.visit(f"/cases/{case}"),
        ann.visit(f"/cases/{case}/history"),
        ann.visit("/cases"),
        ann.visit("/start"),
        lea.visit(f"{task}/orders/deadline"),
        lea.fill(f"{task}/orders/deadline", {"reason": EVIL, "due-day": EVIL}, code=422),
        dra.visit("/processes"),
        dra.visit(f"/processes/{_active(kit)}"),
        dra.visit(f"/processes/{_active(kit)}/drawing/bpmn/p.bpmn"),
        ann.visit(f"/nothing/{'%3Cscript%3E'}", 404),
    ):
        harmless(page)


def _active(kit: Kit) -> str:
    from app.store import deployments

    with kit.store.reading() as unit:
        return str(deployments.active(unit))


@pytest.mark.parametrize(
    "given",
    [
        {"a": ["1", "2"]},
        {"a.b.c": "1"},
        {"a-day": "1"},
        {"d": "not a list"},
        {"d[]": ["a", "x", EVIL]},
        {"b": "no such option"},
        {"__class__": "x", "a.__init__": "y"},
        {"_rows": "a:99999999999999999999", "_shown": "x " * 1000},
        {"_action": "remove:a.0"},
        {"_action": "add:" + "a." * 200},
        {"_key": "x" * 10_000},
        {"a": "\x00\x1b[31m\u202e"},
    ],
    ids=lambda given: ", ".join(given)[:40],
)
def test_odd_posts_are_answered_kindly(
    ann: Browser, case: str, kit: Kit, given: dict[str, object]
) -> None:
    task = f"/cases/{case}/tasks/{kit.task(case, 'check')}"
    (form,) = ann.visit(task).tree.xpath("//form[contains(@class, 'app-form')]")
    sent = {**dict(form.form_values()), "_action": "complete", **given}
    answer = ann.client.post(task, data=sent, follow_redirects=True)
    assert answer.status_code in (200, 400, 422), answer.status_code
    assert kit.open(case) == ["check"]
