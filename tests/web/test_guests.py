"""The pages of a guest and of the team about them."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from dataclasses import replace
from email.message import Message
from functools import partial
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
from flask import Flask

from app.casework.commands import CompleteTask
from app.casework.people import guests
from app.config import Config, Sms
from app.scheduler import text_messages
from app.web.site import EXTENSION
from tests.guests import FILES, MAIL, Mailbox, asked, code_for, link_to
from tests.kit import PEOPLE, Kit, diagram, form
from tests.web.conftest import Browser, Page, own_form


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, mail=MAIL)


def come_in(browser: Browser, secret: str, code: str, status: int = 200) -> Page:
    at = f"/guest-link/{secret}"
    form = browser.visit(at).form(at)
    return browser.send(at, {**form, "_action": "enter", "code": code}, status)


@pytest.fixture
def guest(kit: Kit, stranger: Browser) -> Browser:
    """Jo, who came in by their link."""
    case = asked(kit)
    come_in(stranger, link_to(kit, case), code_for(kit, case))
    return stranger


def test_a_guest_opens_answers_and_gets_a_receipt_that_is_not_opened_again(
    kit: Kit, guest: Browser
) -> None:
    page = guest.visit("/guest")
    assert page.says("Reply") and page.says("Please tell us.") and page.says("Elm Surgery")
    assert not page.says("T-2026") and "/cases/" not in page.text
    receipt = guest.fill("/guest", {"known": "We knew nobody"})
    assert receipt.says("Your answers were sent") and receipt.says("We knew nobody")
    assert guest.visit("/guest", 410).says("You are signed out")


def test_a_guest_is_asked_by_whom_and_told_when_their_answer_is_late(
    kit: Kit, stranger: Browser
) -> None:
    late = {"groups": "clerk", "form": "answer", "guest": "whom", "due": "=today()"}
    process = diagram("start > task:choose > task:reply > end",
                      choose={"groups": "clerk", "form": "chosen"}, reply=late)  # fmt: skip
    case = asked(kit, {**FILES, **process})
    secret = link_to(kit, case)
    assert stranger.visit(f"/guest-link/{secret}").says("asks you for information")
    assert come_in(stranger, secret, code_for(kit, case)).says("Please answer by Wednesday 4 March")
    kit.later(days=1)
    secret = link_to(kit, case)
    page = come_in(stranger, secret, code_for(kit, case))
    assert page.says("Your answer was due on Wednesday 4 March 2026. It is still needed")


def test_the_case_says_who_is_asked_by_a_link(kit: Kit, ann: Browser) -> None:
    case = asked(kit)
    page = f"/cases/{case}"
    assert not ann.visit(page).says("asked by a link")
    link_to(kit, case)
    assert ann.visit(page).says("Jo Bright (Elm Surgery), asked by a link")


def test_a_code_with_spaces_is_the_code(kit: Kit, stranger: Browser) -> None:
    case = asked(kit)
    secret, code = link_to(kit, case), code_for(kit, case)
    assert come_in(stranger, secret, f" {code[:4]} {code[4:]} ").says("Please tell us.")


def test_a_wrong_code_is_told_at_its_question(kit: Kit, stranger: Browser) -> None:
    case = asked(kit)
    secret, code = link_to(kit, case), code_for(kit, case)
    page = come_in(stranger, secret, f"{(int(code) + 1) % 10**8:08d}", 422)
    said = {words: to for words, to in page.links().items() if words.startswith("This code")}
    assert list(said.values()) == ["#code"]


def _used(kit: Kit, case: str, secret: str) -> str:
    guests.enter(kit.desk, secret, code_for(kit, case), kit.at)
    return secret


def _over(kit: Kit, case: str, secret: str) -> str:
    kit.later(days=15)
    return secret


def _withdrawn(kit: Kit, case: str, secret: str) -> str:
    guests.withdraw(kit.desk, PEOPLE["ben"], case, kit.task(case, "reply"), kit.at)
    return secret


def _made_up(kit: Kit, case: str, secret: str) -> str:
    return "x" * len(secret)


DEAD = {"used": _used, "over": _over, "made up": _made_up, "withdrawn": _withdrawn}


def test_every_link_that_opens_nothing_shows_one_and_the_same_page(
    kit: Kit, stranger: Browser
) -> None:
    case = asked(kit)
    pages = {}
    for name, how in DEAD.items():
        secret = how(kit, case, link_to(kit, case))
        for sort, page in (
            ("opened", stranger.visit(f"/guest-link/{secret}", 410)),
            ("asked", _again(stranger, secret)),
        ):
            text = re.sub(r'name="csrf_token"[^>]*', "", page.text).replace(secret, "")
            pages.setdefault(sort, set()).add(text)
            assert page.says("a new link"), name
        kit.later(hours=1)
    assert [len(texts) for texts in pages.values()] == [1, 1]


def _again(browser: Browser, secret: str) -> Page:
    at = f"/guest-link/{secret}"
    return browser.send(at, {**browser.visit(at, 410).form(at), "_action": "again"})


def test_a_link_that_never_was_looks_like_one_that_was_used(kit: Kit, stranger: Browser) -> None:
    case = asked(kit)
    used = _used(kit, case, link_to(kit, case))
    texts = set()
    for secret in (used, "y" * len(used)):
        text = stranger.visit(f"/guest-link/{secret}", 410).text.replace(secret, "")
        texts.add(re.sub(r'name="csrf_token"[^>]*', "", text))
    assert len(texts) == 1


def test_the_name_at_the_head_of_a_guests_page_leads_back_to_what_they_are_asked(
    kit: Kit, stranger: Browser
) -> None:
    case = asked(kit)
    at = f"/guest-link/{link_to(kit, case)}"
    logo = "//header//a[contains(@class, 'homepage-link')]/@href"
    assert stranger.visit(at).tree.xpath(logo) == [at]
    code = code_for(kit, case)
    assert come_in(stranger, at.rpartition("/")[2], code).tree.xpath(logo) == ["/guest"]


def test_a_new_link_comes_by_mail_alone(kit: Kit, stranger: Browser) -> None:
    case, mailbox = asked(kit), Mailbox(kit)
    secret = _used(kit, case, mailbox.fetch(kit.at)[0])
    kit.later(minutes=11)
    page = _again(stranger, secret)
    (fresh,) = mailbox.fetch(kit.at)
    assert fresh not in page.text and page.says("Look in your mailbox")


def test_the_address_of_a_link_is_told_to_no_other_page(kit: Kit, stranger: Browser) -> None:
    answer = stranger.visit(f"/guest-link/{link_to(kit, asked(kit))}").answer
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_session_that_somebody_laid_into_the_browser_is_not_taken_over(
    kit: Kit, app: Flask, stranger: Browser
) -> None:
    case = asked(kit)
    stranger.client.set_cookie("guest", "laid")
    come_in(stranger, link_to(kit, case), code_for(kit, case))
    held = stranger.client.get_cookie("guest")
    assert held is not None and held.value != "laid"
    assert held.http_only and held.same_site == "Lax"
    other = Browser(app.test_client())
    other.client.set_cookie("guest", "laid")
    other.visit("/guest", 410)


@pytest.mark.parametrize("path", ["/", "/tasks", "/cases", "/account", "/cover", "/log"])
def test_for_a_guest_no_other_page_is_there(guest: Browser, path: str) -> None:
    assert guest.client.get(path, follow_redirects=True).status_code in (404,)


def test_what_is_typed_after_the_session_ended_is_kept_for_the_guest_alone(
    kit: Kit, guest: Browser
) -> None:
    form = {**guest.visit("/guest").form("/guest"), "_action": "complete", "known": "half of it"}
    kit.later(minutes=31)
    page = guest.send("/guest", form, 401)
    assert page.says("What you typed is kept for you") and not page.says("half of it")
    case = _case(kit)
    come_in(guest, link_to(kit, case), code_for(kit, case))
    assert "half of it" in guest.visit("/guest").text


def _case(kit: Kit) -> str:
    from app import store

    with kit.store.reading() as unit:
        found = store.cases.find(unit, "T-2026-0001")
    assert found is not None
    return found.id


def test_who_comes_too_late_gets_back_what_they_typed(kit: Kit, guest: Browser) -> None:
    form = {**guest.visit("/guest").form("/guest"), "_action": "complete", "known": "my words"}
    case = _case(kit)
    kit.desk.do(CompleteTask(
        actor=PEOPLE["ben"], at=kit.at, case=case, task=kit.task(case, "reply"),
        given={"known": "x"},
    ))  # fmt: skip
    page = guest.send("/guest", form, 409)
    assert page.says("You are not asked any more")


def test_a_guest_signs_out(guest: Browser) -> None:
    guest.send("/guest/leave", guest.visit("/guest").form("/guest/leave"))
    guest.visit("/guest", 410)


# ---------------------------------------------------------------- the team


def team(kit: Kit, case: str) -> str:
    return f"/cases/T-2026-0001/tasks/{kit.task(case, 'reply')}/guest"


def press(browser: Browser, at: str, what: str, code: int = 200) -> Page:
    return browser.send(at, {**browser.visit(at).form(at), "_action": what}, code)


def test_the_team_reads_out_a_code_once_to_the_number_of_the_case(kit: Kit, ann: Browser) -> None:
    case = asked(kit)
    secret, at = link_to(kit, case), team(kit, case)
    assert ann.visit(at.removesuffix("/guest")).says("reading out a code")
    page = press(ann, at, "read_out")
    found = re.search(r"(\d{4}) (\d{4})", page.text)
    assert found and page.says("01306555123")
    assert found[0] not in ann.visit(at).text
    assert guests.enter(kit.desk, secret, found[1] + found[2], kit.at)


def test_no_code_is_read_out_where_the_contact_was_corrected(kit: Kit, ann: Browser) -> None:
    case = asked(kit)
    link_to(kit, case)
    at = team(kit, case)
    kit.complete("ben", case, "correct", telephone="01306 555 999")
    assert "Read out" not in ann.visit(at).text
    press(ann, at, "read_out", 422)


def test_the_team_withdraws_a_link_and_sends_a_new_one(kit: Kit, ann: Browser) -> None:
    case, mailbox = asked(kit), Mailbox(kit)
    mailbox.fetch(kit.at)
    at = team(kit, case)
    assert press(ann, at, "withdraw").says("You withdrew their link")
    press(ann, at, "send")
    assert len(mailbox.fetch(kit.at)) == 1


def test_who_sees_a_part_of_the_case_has_no_such_page(kit: Kit, browser_of: Any) -> None:
    case = asked(kit)
    browser_of("pol").visit(team(kit, case), 404)


#: what the gateway answers, one after the other; None: nothing → what the guest reads, and how
#: often it is asked in the code's life
GATEWAYS: dict[str, tuple[list[int | None], str, int]] = {
    "it takes the code": ([200], "A code is on its way", 1),
    "the network loses it twice": ([None, None, 200], "could not be sent at once", 3),
    "it has too much to do": ([429, 503, 201], "could not be sent at once", 3),
    "it refuses it": ([400], "could not be sent. Ring the team", 1),
    "it wants it elsewhere": ([302], "could not be sent. Ring the team", 1),
    "it refuses it at the second try": ([None, 401], "could not be sent at once", 2),
    "it is away for long": ([None] * 99, "could not be sent at once", 18),
}


@pytest.mark.parametrize(("answers", "words", "tries"), GATEWAYS.values(), ids=GATEWAYS)
def test_a_code_that_the_network_lost_is_tried_again_while_it_serves(
    kit: Kit, config: Config, stranger: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch,
    answers: list[int | None], words: str, tries: int,
) -> None:  # fmt: skip
    gateway = _Gateway(answers)
    monkeypatch.setattr(text_messages, "build_opener", lambda *_: gateway)
    # The gateway, the thread and the pauses are the world's: what is done behind is done here.
    world = SimpleNamespace(Thread=_AtOnce, Event=lambda: SimpleNamespace(wait=_passes(kit)))
    monkeypatch.setattr(text_messages, "threading", world)
    sms = Sms("https://sms.example.org", '{"to": "{number}", "text": "{text}"}')
    site = replace(config, mail=replace(MAIL, sms=sms))
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], config=site)
    secret = link_to(kit, asked(kit))
    at = f"/guest-link/{secret}"
    form = stranger.visit(at).form(at)
    answer = Page(stranger.client.post(at, data={**form, "_action": "text"}))
    assert answer.says(words)
    assert gateway.asked == tries and len(set(gateway.bodies)) == 1


def test_a_code_that_is_not_waited_for_any_more_is_not_sent(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = link_to(kit, asked(kit))
    first = guests.texted(kit.desk, secret, kit.at)
    assert guests.serves(kit.desk, first, kit.at)
    second = guests.texted(kit.desk, secret, kit.at)
    assert not guests.serves(kit.desk, first, kit.at), "replaced"
    world = SimpleNamespace(Event=lambda: SimpleNamespace(wait=lambda _: None))
    monkeypatch.setattr(text_messages, "threading", world)
    made = partial(pytest.fail, "the first one is sent")
    text_messages.keep_trying(made, lambda: guests.serves(kit.desk, first, kit.at), 60)
    assert not guests.serves(kit.desk, second, kit.at + guests.LASTS), "over"
    guests.enter(kit.desk, secret, second.code, kit.at)
    assert not guests.serves(kit.desk, second, kit.at), "used"


def _passes(kit: Kit) -> Any:
    return lambda seconds: kit.later(seconds=seconds)


class _AtOnce:
    """A thread that is through when it is started."""

    def __init__(self, target: Any, **_: Any) -> None:
        self.start = target


class _Gateway:
    """Answers over no network; what it is asked it keeps."""

    def __init__(self, answers: list[int | None]) -> None:
        self.answers, self.asked, self.bodies = iter(answers), 0, list[bytes]()

    def open(self, request: Any, timeout: float) -> Any:
        self.asked += 1
        self.bodies.append(request.data)
        status = next(self.answers)
        if status is None:
            raise URLError("the network is away")
        if status >= 300:
            raise HTTPError(request.full_url, status, "", Message(), None)
        return nullcontext(SimpleNamespace(status=status))


def test_a_guest_brings_a_file_reads_it_and_sends_it(
    kit: Kit, stranger: Browser, browser_of: Any
) -> None:
    case = asked(kit, FILES | form("answer", "report", kind="filepicker", required=False))
    come_in(stranger, link_to(kit, case), code_for(kit, case))
    sent = {
        **own_form(stranger.visit("/guest")), "_action": "attach:report",
        "_file.report": (BytesIO(b"What the surgery knows"), "Letter.txt"),
    }  # fmt: skip
    page = stranger.send("/guest", sent, content_type="multipart/form-data")
    kit.later(minutes=31)
    late = {**own_form(page), "_action": "complete", "_file.report": (BytesIO(b"a"), "A.txt")}
    out = stranger.send("/guest", late, 401, content_type="multipart/form-data")
    assert out.says("A file is not kept: choose A.txt again then.")
    come_in(stranger, link_to(kit, case), code_for(kit, case))
    page = stranger.visit("/guest")
    link = page.links()["Letter.txt (plain text, 1 kB)"]
    assert link.startswith("/guest/files/")
    assert stranger.client.get(link).data == b"What the surgery knows"
    assert browser_of("ben").client.get(link).status_code == 404, "they are no guest"
    assert stranger.client.get(f"/guest/files/{'0' * 64}").status_code == 404
    done = stranger.send("/guest", {**own_form(page), "_action": "complete"})
    assert done.says("Letter.txt (plain text, 1 kB)")
    recorded = browser_of("ben").visit(f"/cases/{case}/recorded")
    there = recorded.links()["Letter.txt (plain text, 1 kB)"]
    assert browser_of("ben").client.get(there).data == b"What the surgery knows"


def long_form() -> dict[str, bytes]:
    """Two sections; the second has a list that takes a table."""
    column = {"type": "textfield", "id": "What", "key": "what", "label": "What happened?"}
    parts = [
        {"type": "textfield", "id": "Known", "key": "known", "label": "Known",
         "validate": {"required": True}, "properties": {"section": "Whom you knew"}},
        {"type": "dynamiclist", "id": "Rows", "path": "rows", "label": "Chronology",
         "components": [column],
         "properties": {"section": "What happened", "item": "row", "table": "true"}},
    ]  # fmt: skip
    content = {"type": "default", "id": "answer", "schemaVersion": 18, "components": parts}
    return {"forms/answer.form": json.dumps(content).encode()}


def test_a_long_form_of_a_guest_goes_section_by_section_saves_itself_and_takes_a_table(
    kit: Kit, stranger: Browser
) -> None:
    case = asked(kit, FILES | long_form())
    come_in(stranger, link_to(kit, case), code_for(kit, case))
    assert stranger.visit("/guest").says("0 of 2 sections done")
    first, second = "/guest/sections/1", "/guest/sections/2"
    typed = {**own_form(stranger.visit(first)), "known": "We knew nob", "_action": "autosave"}
    quiet = stranger.client.post(f"{first}?quiet=yes", data=typed)
    assert quiet.get_json()["words"].startswith("Saved at ")
    page = stranger.send(first, {**typed, "known": "We knew nobody", "_action": "next"})
    assert page.h1 == "What happened"
    to = stranger.send(second, {**own_form(page), "_action": "table:rows"})
    pasted = {**to.form("/guest"), "_action": "read", "pasted": "What happened?\nA visit\nA call\n"}
    preview = stranger.send("/guest", pasted)
    page = stranger.send("/guest", {**preview.form("/guest"), "_action": "bring"})
    assert page.h1 == "What happened" and page.says("Brought in and saved: 2 rows.")
    assert stranger.send(second, {**own_form(page), "_action": "draft"}).says("saved for you")
    typed = {**own_form(stranger.visit(first)), "_action": "autosave"}
    kit.later(minutes=29)  # no sign of life: what a page saves by itself
    stranger.client.post(f"{first}?quiet=yes", data=typed)
    kit.later(minutes=2)
    late = stranger.client.post(f"{first}?quiet=yes", data={**typed, "known": "Late words"})
    assert "You are signed out" in late.get_json()["words"]
    come_in(stranger, link_to(kit, case), code_for(kit, case))
    check = stranger.visit("/guest/check")
    assert check.says("Late words") and check.says("A visit") and check.says("A call")
    assert "/cases/" not in check.text
    receipt = stranger.send("/guest/check", {**own_form(check), "_action": "complete"})
    assert receipt.says("Your answers were sent") and receipt.says("A call")
    stranger.visit("/guest/check", 410)


def test_what_a_guest_sent_and_was_refused_or_saved_twice_is_kept(guest: Browser) -> None:
    first, second = own_form(guest.visit("/guest")), own_form(guest.visit("/guest"))
    guest.send("/guest", {**first, "known": "Nobody", "_action": "draft"})
    page = guest.send("/guest", {**second, "known": "An aunt", "_action": "draft"})
    assert page.says("You have two answers to") and not page.says("Your answers are saved for you")
    assert page.says("Nobody") and page.says("An aunt")
