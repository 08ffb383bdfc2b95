"""A site that real browsers visit: a desk with cases at telling stages, served on a free port."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from app.casework import accounts
from app.casework.access import ACCOUNTS, Role
from app.casework.commands import AgreeCover, EndCover, ProduceDocument, SetCover
from app.casework.drafts import Made, Typed
from app.casework.people import begun as begun_forms
from app.config import installation as configs
from app.config.installation import Account
from app.store import Store
from app.store.work import letters
from tests.anyshire import PASSWORD, configuration
from tests.browser import chromium
from tests.kit import KEK, PEOPLE, ROLES, Kit, diagram
from tests.limits import PATIENCE_S
from tests.templates import create_site
from tests.web.test_tables import FORM as ROWS_FORM
from tests.word_documents import document, word

#: id of a form that Ann has begun
BEGUN = "b" * 32
SAMPLE, LONG = (Path(__file__).parent / name for name in ("sample.form", "long.form"))
expect.set_options(timeout=PATIENCE_S * 1000)


#: who keeps accounts and sees no case
KEEPER = Role("keeper", "Keeper of accounts", "none", frozenset({ACCOUNTS}))


@dataclass(frozen=True)
class Site:
    address: str
    #: references of cases
    fresh: str
    late: str
    #: one whose task “Sign” Ben has signed, and a second person has to
    signed: str
    #: one with a form in sections
    long: str
    #: digests of versions
    active: str
    kit: Kit
    #: person → session
    tokens: dict[str, str] = field(default_factory=dict)

    def task(self, case: str, element: str = "return_form") -> str:
        return f"/cases/{case}/tasks/{self.kit.task(case, element)}"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = chromium.find() or chromium.fetch()
    return {
        **browser_type_launch_args,
        "executable_path": found.path,
        "args": list(found.arguments),
        "env": {**os.environ, **found.environment},
    }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    store = Store(f"sqlite:///{folder / 'cases.db'}", KEK)
    store.migrate()
    kit = Kit(store, roles={**ROLES, KEEPER.id: KEEPER})
    config = configuration(folder)
    keeper = configs.Role(KEEPER.id, KEEPER.name, KEEPER.sees, KEEPER.may)
    config = replace(config, roles={**config.roles, KEEPER.id: keeper})
    ada = Account("ada", "Ada Admin", (KEEPER.id,), {}, "ada@example.org")
    for one in (*config.people, ada):
        accounts.ensure(
            kit.desk, one.id, one.name, one.roles, kit.at,
            attributes=one.attributes, email=one.email, password=PASSWORD,
        )  # fmt: skip
    active, late, fresh = _fill(kit)
    signed, long = signed_by_ben(kit), kit.started("ann", "long").reference
    app = create_site(kit.desk, config, lambda: kit.at)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", fresh, late, signed, long, active, kit)
    server.shutdown()
    thread.join(5)
    store.close()


def _fill(kit: Kit) -> tuple[str, str, str]:
    drawn = diagram(
        "start > task:return_form > task:agree > end",
        start={"form": "sample"},
        return_form={
            "groups": "clerk,lead",
            "form": "sample",
            "due": "=working_days_after(today(), 5)",
            "backstop": "=working_days_after(today(), 15)",
            "basis": "The Act, section 3",
            "explain": "Everybody says what they **know**.\n\nA nil return takes two clicks.",
        },
        agree={"groups": "clerk"},
    )
    active = kit.deploy(
        with_drawing(drawn),
        diagram(
            "start > task:sign > end",
            process="two",
            sign={"groups": "clerk,lead", "form": "sample", "people": "2"},
        ),
        diagram("start > task:tell > end", process="rows", tell={"groups": "clerk", "form": "f"}),
        {"forms/f.form": json.dumps(ROWS_FORM).encode()},
        {"forms/sample.form": SAMPLE.read_bytes()},
        diagram(
            "start > task:answer > end",
            process="long",
            answer={
                "groups": "clerk",
                "form": "long",
                "due": "=working_days_after(today(), 5)",
                "explain": "Everybody says what they know. " * 9,
            },
        ),
        {"forms/long.form": LONG.read_bytes()},
        document("note", word("«=records.p.agency»"), more="needs: [p]"),
        document("notice", word("«=records.p.author.name»"), more="for: outward"),
        document(
            "later",
            word("Later"),
            more="needs: [agree]\nfor: by law\n",
        ),
        note="First",
    )
    begun = kit.started("ann", **ANSWERS)
    late = begun.reference
    kit.later(days=12)
    failed = letters.LetterRow(
        case_id=begun.case, id="1-1.ben", kind=letters.MAIL, source="1-1", person="ben",
        at=kit.at, since=kit.at, state=letters.FAILED, attempts=2, ended_at=kit.at,
        fault="The mail server did not take the address: 550 5.1.1 …: unknown",
    )  # fmt: skip
    with kit.store.writing() as unit:
        letters.add(unit, [failed])
    fresh = kit.started("ann", **ANSWERS).reference
    for format in ("docx", "pdf"):
        kit.do(ProduceDocument, "ann", case=fresh, document="note", format=format)
    days = {"first": kit.at.date(), "last": kit.at.date() + timedelta(days=9)}
    ended = kit.do(SetCover, "lea", person="ben", by="pol", reason="Training", **days)
    kit.do(EndCover, "lea", cover=ended.answer["cover"])
    running = kit.do(SetCover, "lea", person="ann", by="pol", reason="Leave", **days)
    kit.do(AgreeCover, "ann", cover=running.answer["cover"])
    typed = [Typed(given={"hours": hours}, made=Made(page=hours, stood={})) for hours in "78"]
    for each in typed:
        begun_forms.keep(kit.desk, PEOPLE["ann"], "p", BEGUN, each, kit.at)
    return active, late, fresh


def signed_by_ben(kit: Kit) -> str:
    """Reference of a new case that waits for a second signature."""
    case = kit.started("ann", "two").reference
    kit.complete("ben", case, "sign", **ANSWERS)
    return case


#: what completes the sample form
ANSWERS: dict[str, Any] = {
    "agency": "gp",
    "known": "yes",
    "when": "2026-03-02T09:30",
    "events": [{"date": "2026-03-01", "what": "Something happened"}],
    "author": {"name": "A", "email": "a@example.org"},
    "ok": "true",
}


@pytest.fixture
def context_of(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """A browser window of its own; `script=False` switches scripts off."""
    opened: list[BrowserContext] = []

    def make(script: bool = True, width: int = 1200) -> BrowserContext:
        context = browser.new_context(
            base_url=site.address,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


def sign_in(context: BrowserContext, site: Site, who: str) -> Page:
    """A page in which somebody is signed in; the way in has its own test."""
    if who not in site.tokens:
        signed = accounts.sign_in(site.kit.desk, who, PASSWORD, site.kit.at, "127.0.0.1")
        site.tokens[who] = signed.token
    context.add_cookies([{"name": "session", "value": site.tokens[who], "url": site.address}])
    return context.new_page()


def with_drawing(files: dict[str, bytes]) -> dict[str, bytes]:
    """The kit's diagrams say nothing about places; the editor needs a drawing."""
    (path,) = [one for one in files if one.endswith(".bpmn")]
    root = etree.fromstring(files[path])
    nodes, flows = {}, []
    for one in root.iter():
        if one.get("sourceRef"):
            flows.append((one.get("id"), one.get("sourceRef"), one.get("targetRef")))
        elif etree.QName(one).localname in ("startEvent", "endEvent", "userTask"):
            nodes[one.get("id")] = 100 + 160 * len(nodes)
    shapes = "".join(
        f'<di:BPMNShape id="{id}_di" bpmnElement="{id}"><dc:Bounds x="{x}" y="80" width="100"'
        f' height="80"/></di:BPMNShape>'
        for id, x in nodes.items()
    )
    edges = "".join(
        f'<di:BPMNEdge id="{id}_di" bpmnElement="{id}"><wp:waypoint x="{nodes[a] + 100}" y="120"/>'
        f'<wp:waypoint x="{nodes[b]}" y="120"/></di:BPMNEdge>'
        for id, a, b in flows
    )
    drawing = (
        '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
        ' xmlns:wp="http://www.omg.org/spec/DD/20100524/DI" id="d">'
        f'<di:BPMNPlane id="plane" bpmnElement="p">{shapes}{edges}</di:BPMNPlane></di:BPMNDiagram>'
    )
    end = b"</bpmn:definitions>"
    return {**files, path: files[path].replace(end, drawing.encode() + end)}
