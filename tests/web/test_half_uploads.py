"""A file whose sender, line or server goes away half way: nothing of it is kept, all that was saved
before is, and the same form can be sent again to a server that has come back."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
import requests
from lxml import html

from app.casework import accounts
from app.casework.commands import StartCase
from tests.kit import PEOPLE, diagram
from tests.limits import PATIENCE_S
from tests.soak.serving import Place, Served, placed, serve
from tests.web.test_files import PDF, REPORT
from tests.web.test_known_answers import fields, text

PASSWORD = "a long and simple phrase"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    drawn = diagram("start > task:ask > end", ask={"groups": "clerk", "form": "ask"})
    return placed(tmp_path, drawn | fields("ask", text("place"), REPORT))


def test_half_an_upload_is_nothing_and_the_same_form_can_be_sent_again(place: Place) -> None:
    ann, at = PEOPLE["ann"], place.now()
    case = place.desk.do(StartCase(actor=ann, at=at, process="p", given={})).reference
    accounts.ensure(place.desk, "ann", ann.name, ann.roles, at, password=PASSWORD)
    signed = accounts.sign_in(place.desk, "ann", PASSWORD, at, "127.0.0.1")
    browser = requests.Session()
    browser.cookies.set("session", signed.token)
    served = serve(place)
    try:
        address = f"/cases/{case}/tasks/{_task(browser, served, case)}"
        form = _form(browser, served, address)
        _post(browser, served, address, {**form, "place": "The ward"}, "draft")
        before = _form(browser, served, address)
        sent = _prepared(browser, served, address, {**before, "place": "The yard"})
        _half(served, sent).close()
        assert _form(browser, served, address)["place"] == "The ward"
        line = _half(served, sent)
        served.kill()
        line.close()
        served = serve(place)
        assert "report[]" not in _form(browser, served, address)
        browser.send(_prepared(browser, served, address, {**before, "place": "The yard"}))
        after = _form(browser, served, address)
        assert after["place"] == "The yard" and after["report[]"].endswith("pdf Report.pdf")
    finally:
        served.kill()


def _url(served: Served, path: str) -> str:
    return f"http://127.0.0.1:{served.port}{path}"


def _task(browser: requests.Session, served: Served, case: str) -> str:
    page: Any = html.fromstring(
        browser.get(_url(served, f"/cases/{case}"), timeout=PATIENCE_S).text
    )
    (task, *_) = page.xpath(f"//a[contains(@href, '/cases/{case}/tasks/')]/@href")
    return str(task).rpartition("/")[2]


def _form(browser: requests.Session, served: Served, path: str) -> dict[str, str]:
    page: Any = html.fromstring(browser.get(_url(served, path), timeout=PATIENCE_S).text)
    (form,) = page.xpath("//form[contains(@class, 'app-form')]")
    return dict(form.form_values())


def _post(
    browser: requests.Session, served: Served, path: str, form: dict[str, str], action: str
) -> None:
    browser.post(_url(served, path), {**form, "_action": action}, timeout=PATIENCE_S)


def _prepared(
    browser: requests.Session, served: Served, path: str, form: dict[str, str]
) -> requests.PreparedRequest:
    chosen = {"_file.report": ("Report.pdf", PDF + bytes(200_000) + PDF)}
    asked = requests.Request(
        "POST", _url(served, path), data={**form, "_action": "attach:report"}, files=chosen
    )
    return browser.prepare_request(asked)


def _half(served: Served, sent: requests.PreparedRequest) -> socket.socket:
    """A line over which the head has come, and half of what follows it."""
    assert isinstance(sent.body, bytes)
    line = socket.create_connection(("127.0.0.1", served.port), PATIENCE_S)
    head = "".join(f"{name}: {sent.headers[name]!s}\r\n" for name in sent.headers)
    line.sendall(f"POST {sent.path_url} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode())
    line.sendall(sent.body[: len(sent.body) // 2])
    return line
