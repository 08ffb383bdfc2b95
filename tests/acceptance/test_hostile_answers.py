"""Hostile text in every field of the first form, in a diagram's names and a form's labels.

Wherever it is shown later (pages, drawing, history, CSV, mails) it is text: no element, no
attribute, no header, no formula comes of it, and nothing of it is worked out.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import shutil
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
import yaml
from lxml import etree

from app.casework import accounts, views
from app.casework.desk import Desk
from app.config.installation import Mail
from app.engine.forms.fields import Field
from app.scheduler.clock import now
from tests.acceptance.conftest import MakeSite
from tests.acceptance.site import PASSWORD, ROOT, Answer, Caller, Site, cookie, enter
from tests.engine.forms.answer_maker import complete
from tests.kit import diagram
from tests.post import Letterbox, Post

MARK = "rrx9"
NUMBERS = itertools.count()
HOSTILE: dict[str, str] = {
    "markup": f"\"'></textarea></title><{MARK} on{MARK}=1><script>{MARK}()</script>{{{{7*7191}}}}"
    f"{{% {MARK} %}} ${{7*7191}} ]]> --> &lt;{MARK}&gt; javascript:{MARK}",
    "headers": f"a\r\nBcc: {MARK}@example.org\r\n\r\nbody %0d%0aBcc: {MARK}\n.\nQUIT",
    "formula": f'=HYPERLINK("http://{MARK}";"x")+7*7191\'; DROP TABLE cases; --',
    "long": (MARK + " ") * 2_000,
    "control": f"{MARK}\x1b[31m\x07 ‮dlrow olleh‬ ⁦rtl",
    "null": f"{MARK}\0\ufffe null",
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real diagrams and forms, with their people but without the demo's cases."""
    site = Site(tmp_path_factory.mktemp("real"), {})
    given = yaml.safe_load((ROOT / "config.yaml").read_text())
    given |= {"demo": None, "database": "sqlite:///var/cases.db"}
    (site.folder / "config.yaml").write_text(yaml.safe_dump(given))
    for name in ("bpmn", "forms"):
        shutil.copytree(ROOT / name, site.folder / name)
    said = site.installed()
    assert said.returncode == 0, said.stdout + said.stderr
    site.start("serve")
    yield site
    site.stop()


def people(site: Site, desk: Desk, *names: str) -> dict[str, Caller]:
    """Their browsers; `<name>/api` their programs."""
    from app.config import installation as configs

    known = {one.id: one for one in configs.load(site.folder / "config.yaml").people}
    found: dict[str, Caller] = {}
    port = site.running[-1].port or 0
    for name in names:
        one = known[name]
        who = accounts.ensure(
            desk, name, one.name, one.roles, now(),
            attributes=one.attributes, email=one.email, password=PASSWORD,
        )  # fmt: skip
        found[name] = Caller(port, cookies=cookie(desk, name))
        found[f"{name}/api"] = Caller(
            port, accounts.new_token(desk, who, f"t{next(NUMBERS)}", now())
        )
    return found


def with_text(fields: Sequence[Field], given: dict[str, Any], text: str) -> dict[str, Any]:
    """The answers, each free text replaced."""
    found = dict(given)
    for one in fields:
        if one.kind == "group":
            inner = with_text(one.fields, given.get(one.key, {}) if one.key else given, text)
            found |= {one.key: inner} if one.key else inner
        elif one.kind == "dynamiclist" and one.key in given:
            found[one.key] = [with_text(one.fields, row, text) for row in given[one.key]]
        elif one.kind in ("textfield", "textarea") and one.key and not one.read_only:
            found[one.key] = text
    return found


def put_back(given: dict[str, Any], good: dict[str, Any], pointer: str) -> None:
    *path, last = pointer.removeprefix("#/answers/").split("/")
    for step in path:
        at: Any = int(step) if step.isdecimal() else step
        given, good = given[at], good[at] if at in good or isinstance(good, list) else {}
    if last in good:
        given[last] = good[last]
    else:
        del given[last]


def harmless(answer: Answer, where: str, *, typed: bool = False, drawn: bool = False) -> str:
    """`typed`: what was sent is given back as it was; `drawn`: the author of a form may reckon."""
    assert answer.code in (200, 422), f"{where}: {answer.code} {answer.text[:300]}"
    tree = answer.tree
    assert not tree.xpath(f"//{MARK} | //@on{MARK} | //script[not(@src)] | //img[@onerror]"), where
    hrefs = [one for one in tree.xpath("//@href | //@src | //@action") if MARK in one]
    assert not [one for one in hrefs if one.strip().lower().startswith("javascript")], where
    text = answer.text
    assert drawn or "50337" not in text, f"{where}: worked out"
    assert typed or not {"\x07", "\x1b", "\0"} & set(text), f"{where}: control"
    for name, value in answer.headers.items():
        assert MARK not in value, f"{where}: header {name}"
    return text


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_answers_stay_text_everywhere(real: Site, kind: str) -> None:
    desk = real.desk()
    crowd = people(real, desk, "rosa.whitfield", "owen.marsh", "arthur.leeds")
    rosa, owen, auditor = crowd["rosa.whitfield"], crowd["owen.marsh"], crowd["arthur.leeds"]
    person = accounts.person_of(desk, rosa.cookies["session"], now())
    assert person is not None
    process = "request_for_support"
    page = views.start_page(desk, person, process, now())
    assert page.asked.form is not None
    good = complete(page.asked.form, page.asked.scope, page.asked.world)
    given = with_text(page.asked.form.fields, good, HOSTILE[kind])
    wanted = sum(json.dumps(given).count(json.dumps(one)[1:-1]) for one in (HOSTILE[kind],))
    refused = 0
    for _ in range(3):
        sent = crowd["rosa.whitfield/api"].post(
            "/api/v1/cases", {"process": process, "answers": given}
        )
        if sent.code == 201 or (kind == "null" and sent.code == 400):
            break
        assert sent.code == 422 and sent.json.get("errors"), sent.text[:500]
        for one in sent.json["errors"]:
            put_back(given, good, one["pointer"])
            refused += 1
    if kind == "null":
        return  # no text holds one: refused as a whole
    assert sent.code == 201, sent.text[:500]
    print(f"\n{kind}: {wanted} texts, {refused} refused with a sentence")
    case = sent.json["case"]
    paths = ["/tasks", "/tasks?show=groups", "/cases", f"/cases/{case}", f"/cases/{case}/history",
             f"/cases/{case}/history?show=all", f"/cases/{case}/recorded"]  # fmt: skip
    tasks = crowd["owen.marsh/api"].get(f"/api/v1/cases/{case}/tasks").json["items"]
    paths += [f"/cases/{case}/tasks/{one['task']}" for one in tasks]
    shown = "".join(harmless(owen.get(path), path) for path in paths)
    shown += harmless(auditor.get(f"/cases/{case}/history?show=all"), "auditor")
    assert MARK in shown, "what was recorded is read somewhere"
    print(f"shown {shown.count(MARK)} times on {len(paths)} pages")
    svg = owen.get(f"/cases/{case}/diagram.svg")
    assert not etree.fromstring(svg.content).xpath(f"//*[local-name()='{MARK}']")
    _files(auditor, case)
    _mails(desk, real)


def _files(auditor: Caller, case: str) -> None:
    table = auditor.get(f"/cases/{case}/history/download.csv")
    assert table.code == 200
    for row in csv.reader(io.StringIO(table.text.lstrip("﻿"))):
        assert not [one for one in row if one.lstrip()[:1] in ("=", "+", "@")], row
    for line in auditor.get(f"/cases/{case}/history/download.jsonl").text.splitlines():
        json.loads(line)


def _mails(desk: Desk, site: Site) -> None:
    box = Letterbox()
    Post(desk, box, Mail("a@example.org")).deliver(now())
    for one in box.got:
        assert set(one.keys()) <= {"From", "To", "Subject", "Date", "Message-ID", "Content-Type",
                                   "Content-Transfer-Encoding", "MIME-Version", "Auto-Submitted",
                                   "Message-Id"}, one.keys()  # fmt: skip
        assert "\n" not in str(one["Subject"]) and "50337" not in one.as_string()


def test_the_page_takes_hostile_answers_like_the_api(real: Site) -> None:
    """Every text input of the page as it stands, filled by somebody with bad intent."""
    desk = real.desk()
    rosa = people(real, desk, "rosa.whitfield")["rosa.whitfield"]
    (path,) = [
        one for one in rosa.get("/start").tree.xpath("//main//a/@href") if one.startswith("/start/")
    ][:1]
    for kind, text in HOSTILE.items():
        tree = rosa.get(f"{path}?questions=all").tree
        (form,) = tree.xpath("//form[contains(@class, 'app-form')]")
        given = dict(form.form_values())
        names = form.xpath(".//textarea/@name | .//input[@type='text' or @type='email']/@name")
        given |= dict.fromkeys(names, text) | {"_action": "complete"}
        answer = rosa.post(path, given)
        back = harmless(answer, kind, typed=True)
        assert MARK in back, "what was typed is given back"


EVIL_NAME = HOSTILE["markup"]


def test_hostile_names_in_a_diagram_and_labels_in_a_form_stay_text(
    make_site: MakeSite, database: str
) -> None:
    files = diagram(
        "start > task:check > end", start_groups="clerk",
        check={"groups": "clerk", "form": "evil", "explain": EVIL_NAME, "basis": EVIL_NAME,
               "due": "=working_days_after(today(), 5)"},
    )  # fmt: skip
    text = files["bpmn/p.bpmn"].decode()
    for name in ('name="Check"', 'name="P"', 'name="Start"', 'name="check"'):
        text = text.replace(name, f"name={quoteattr(EVIL_NAME)}")
    label = {"label": EVIL_NAME, "description": EVIL_NAME}
    values = [{"label": EVIL_NAME, "value": "a"}, {"label": "b", "value": EVIL_NAME}]
    fields = [
        {"type": "text", "id": "t", "text": EVIL_NAME},
        {"type": "textfield", "id": "a", "key": "a", **label},
        {"type": "radio", "id": "b", "key": "b", "values": values, **label},
        {"type": "select", "id": "c", "key": "c", "values": values, **label},
        {"type": "group", "id": "g", "components": [], **label},
    ]
    form = json.dumps({"type": "default", "id": "evil", "components": fields}).encode()
    site = make_site({"bpmn/p.bpmn": text.encode(), "forms/evil.form": form}, database)
    said = site.installed()
    assert said.returncode == 0, said.stdout
    desk = site.desk()
    token, drawer = enter(desk, "ann"), enter(desk, "dra")
    del drawer
    port = site.start("serve").port or 0
    ann, api = Caller(port, cookies=cookie(desk, "ann")), Caller(port, token)
    case = api.post("/api/v1/cases", {"process": "p", "answers": {}}).json["case"]
    (task,) = api.get(f"/api/v1/cases/{case}/tasks").json["items"]
    path = f"/cases/{case}/tasks/{task['task']}"
    for each in ("/start", "/start/p", "/tasks", "/cases", f"/cases/{case}", path,
                 f"/cases/{case}/history?show=all", f"/cases/{case}/recorded"):  # fmt: skip
        harmless(ann.get(each), each, drawn=True)
    svg = etree.fromstring(ann.get(f"/cases/{case}/diagram.svg").content)
    assert not svg.xpath(f"//*[local-name()='{MARK}' or local-name()='script']")
    page = Caller(port, cookies=cookie(desk, "dra"))
    versions = harmless(page.get("/processes"), "/processes")
    (digest,) = {one for one in etree.HTML(versions).xpath("//a/@href") if one.count("/") == 2
                 and len(one) > 40}  # fmt: skip
    for each in (digest, f"{digest}/drawing/bpmn/p.bpmn"):
        harmless(page.get(each), each, drawn=True)


NULLS = ["\0", "a\0b", "\ud800", "￿", "%00", "x" * 5_000, "‮", "'; --", "\\", "%", "%s", "{0}"]


def test_odd_text_in_addresses_and_names_is_never_our_fault(
    make_site: MakeSite, database: str
) -> None:
    """Every place of an address, every name that is looked up: 4xx or fine, never 5xx."""
    from urllib.parse import quote

    files = diagram("start > task:check > end", start_groups="clerk", check={"groups": "clerk"})
    site = make_site(files, database)
    assert site.installed().returncode == 0
    desk = site.desk()
    token, lead = enter(desk, "ann"), enter(desk, "lea")
    enter(desk, "dra")
    port = site.start("serve").port or 0
    lea = Caller(port, lead)
    api, ann = Caller(port, token), Caller(port, cookies=cookie(desk, "ann"))
    dra = Caller(port, cookies=cookie(desk, "dra"))
    case = api.post("/api/v1/cases", {"process": "p", "answers": {}}).json["case"]
    (row,) = api.get(f"/api/v1/cases/{case}/tasks").json["items"]
    task, wrong = row["task"], []
    csrf = ann.csrf("/accessibility")
    for text in NULLS:
        odd = quote(text.encode("utf-8", "surrogatepass"), safe="")
        for who, path in (
            (api, f"/api/v1/cases/{odd}"), (api, f"/api/v1/cases/{case}/tasks/{odd}"),
            (api, f"/api/v1/cases/{odd}-1"), (api, f"/api/v1/processes/{odd}/form"),
            (api, f"/api/v1/tasks?which={odd}"), (api, f"/api/v1/tasks?page={odd}"),
            (ann, f"/cases/{odd}"), (ann, f"/cases/{case}/tasks/{odd}"), (ann, f"/start/{odd}"),
            (ann, f"/cases/{case}/history?step={odd}&show={odd}&order={odd}&page={odd}"),
            (ann, f"/tasks?show={odd}&page={odd}&done={odd}&next={odd}"),
            (ann, f"/cases?page={odd}"),
            (ann, f"/sign-in?next={odd}"), (ann, f"/static/{odd}"), (ann, f"/{odd}"),
            (dra, f"/processes/{odd}"), (dra, f"/processes/{odd}/files/{odd}"),
        ):  # fmt: skip
            answer = who.get(path)
            if answer.code >= 500:
                wrong.append(f"GET {path[:80]}: {answer.code}")
        safe = text.encode("utf-8", "replace").decode()
        for who, path, given in (
            (api, "/api/v1/cases", {"process": text, "answers": {}}),
            (api, "/api/v1/cases", {"process": "p", "answers": {"note": text, text: text}}),
            (lea, f"/api/v1/cases/{case}/messages", {"message": text, "payload": {text: text}}),
            (api, f"/api/v1/cases/{case}/tasks/{odd}/complete", {"answers": {text: text}}),
            (api, f"/api/v1/cases/{case}/tasks/{task}/claim", {}),
            (ann, "/sign-in", {"name": safe, "password": safe, "csrf_token": csrf, "next": safe}),
            (ann, "/start/p", {"note": safe, safe: safe, "_key": safe, "csrf_token": csrf}),
            (ann, f"/cases/{case}/tasks/{task}", {"note": safe, safe: safe, "_key": safe,
                                                  "_action": "draft", "csrf_token": csrf}),
            (dra, f"/processes/{odd}/activate", {"csrf_token": dra.csrf("/accessibility")}),
        ):  # fmt: skip
            answer = who.post(path, given)
            if answer.code >= 500:
                wrong.append(f"POST {path[:60]} {given!r:.80}: {answer.code}")
    assert not wrong, "\n".join(wrong) + site.running[-1].said()[-1500:]
