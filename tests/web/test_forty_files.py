"""Forty files as agencies and attackers send them, up and down again: each is taken, or refused in
a sentence; what was taken comes down byte for byte as an attachment with a safe name."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from tests.documents import test_received as samples
from tests.kit import Kit
from tests.web.conftest import Browser, own_form
from tests.web.test_files import PDF, REPORT, at, opened
from tests.web.test_known_answers import text

_EML = b"From: a@example.org\r\nSubject: The ward\r\nMIME-Version: 1.0\r\n\r\nWe visited.\r\n"
#: what it is called where it comes from; its bytes; what it is called here
TAKEN: tuple[tuple[str, bytes, str], ...] = (
    *((f"File {n}", content, f"File {n}.{kind}")
      for n, (content, kind) in enumerate(samples.TAKEN.values(), 1)),
    ("Report.pdf.exe", PDF + b"%1\n%%EOF", "Report.pdf.exe.pdf"),
    ("../../etc/passwd", PDF + b"%3\n%%EOF", "passwd.pdf"),
    ("Gutachten Zoë – 家族.pdf", PDF + b"%5\n%%EOF", "Gutachten Zoë – 家族.pdf"),
    ("Rep\u202efdp.exe", PDF + b"%6\n%%EOF", "Repfdp.exe.pdf"),
    ("x" * 300 + ".pdf", PDF + b"%7\n%%EOF", "x" * 150 + ".pdf"),
    ("<b>&amp;.pdf", PDF + b"%8\n%%EOF", "b &amp;.pdf"),
    ("CON.txt", b"=cmd|' /C calc'!A0\n", "CON.txt"),
    ("Mail.eml", _EML, "Mail.eml.txt"),
    ("Large.txt", b"a" * 9_999_999 + b"\n", "Large.txt"),
)  # fmt: skip


@pytest.fixture
def case(kit: Kit) -> str:
    return opened(kit, text("place"), {**REPORT, "properties": {"max_items": "10"}})


def send(browser: Browser, page: str, files: list[tuple[str, bytes]], code: int = 200) -> Any:
    form = own_form(browser.visit(page))
    sent = {
        **form, "place": "The ward", "report[]": [], "_action": "attach:report",
        "_file.report": [(io.BytesIO(content), name) for name, content in files],
    }  # fmt: skip
    return browser.send(page, sent, code, content_type="multipart/form-data")


def test_what_is_taken_comes_down_byte_for_byte_as_an_attachment_with_a_safe_name(
    kit: Kit, browser_of: Callable[[str], Browser], case: str
) -> None:
    ann, page, wrong = browser_of("ann"), at(kit, case), list[str]()
    for first in range(0, len(TAKEN), 10):
        part = TAKEN[first : first + 10]
        came = send(ann, page, [(name, content) for name, content, _ in part])
        links = came.tree.xpath("//*[contains(@class, 'app-files')]//a/@href")
        assert len(links) == len(part), came.words()
        for link, (name, content, here) in zip(links, part, strict=True):
            answer = ann.client.get(link)
            head = answer.headers["Content-Disposition"]
            called = (
                unquote(head.partition("filename*=UTF-8''")[2])
                or head.removeprefix('attachment; filename="').rstrip('"')
            )  # fmt: skip
            right = (
                answer.data == content
                and called == here
                and head.startswith("attachment; filename=")
                and head.isascii()
                and answer.headers["X-Content-Type-Options"] == "nosniff"
                and answer.headers["Content-Security-Policy"].endswith("sandbox")
            )
            wrong += [] if right else [f"{name[:40]}: {head} ({answer.status_code})"]
    assert not wrong


def test_what_is_not_taken_is_named_with_its_reason_and_costs_no_word(
    kit: Kit, browser_of: Callable[[str], Browser], case: str
) -> None:
    files = [(f"File {n}.pdf", content) for n, (content, _) in enumerate(samples.REFUSED.values())]
    files += [("Film.mp4", bytes(12_000_000))]
    reasons = [words for _, words in samples.REFUSED.values()] + ["It is larger than 10 MB"]
    page = send(browser_of("ann"), at(kit, case), files, 422)
    told = page.words("(//*[contains(@class, 'govuk-error-message')])[1]")
    parts = told.split("was not taken. ")[1:]
    lacking = [
        name for (name, _), part, words in zip(files, parts, reasons, strict=True)
        if words not in part
    ]  # fmt: skip
    assert not lacking, told
    assert own_form(page)["place"] == "The ward"
