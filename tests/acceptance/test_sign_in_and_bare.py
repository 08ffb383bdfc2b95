"""Signing in against a real server, and pages as a plain browser gets them.

Tokens missing or of somebody else, other sites, other hosts, sessions fixed or ended, guessing;
then every page without the built assets and without a script.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.acceptance.conftest import MakeSite
from tests.acceptance.site import PASSWORD, ROOT, Caller, Site, cookie, enter
from tests.kit import diagram, form

FILES = {
    **diagram("start > task:check > end", start_groups="clerk", check={"groups": "clerk"}),
    **form("tick", "note", required=False),
}


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    made = make_site(FILES)
    assert made.installed().returncode == 0
    enter(made.desk(), "ann")
    enter(made.desk(), "ben")
    return made


def signed_in(site: Site, who: str = "ann") -> Caller:
    return Caller(site.running[-1].port or 0, cookies=cookie(site.desk(), who))


def test_only_our_own_pages_may_send_something(site: Site) -> None:
    site.start("serve")
    ann, ben = signed_in(site), signed_in(site, "ben")
    token, other = ann.csrf("/accessibility"), ben.csrf("/accessibility")
    paths = ("/start/p", "/cases/T-1/tasks/1", "/cases/T-1/tasks/1/claim", "/sign-out")
    for path in paths:
        for given, headers in (
            ({}, {}),
            ({"csrf_token": ""}, {}),
            ({"csrf_token": other}, {}),
            ({"csrf_token": token}, {"Origin": "https://evil.example"}),
            ({"csrf_token": token}, {"Origin": "null"}),
            ({"csrf_token": token}, {"Sec_Fetch_Site": "cross-site"}),
            ({"csrf_token": token}, {"Sec_Fetch_Site": "same-site"}),
        ):
            answer = ann.post(path, {**given, "note": "kept words"}, **headers)
            assert answer.code == 400, f"{path} {given} {headers}: {answer.code}"
    assert ann.get("/tasks").code == 200, "still signed in"


def test_another_host_is_never_told_on(site: Site) -> None:
    site.start("serve")
    ann = signed_in(site)
    for headers in (
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        {"Forwarded": "host=evil.example"},
    ):
        for path in ("/", "/tasks", "/sign-in", "/nothing", "/cases"):
            answer = ann.ask("GET", path, headers=headers)
            assert answer.code < 500
            assert "evil.example" not in answer.text
            assert "evil.example" not in answer.headers.get("Location", "")


def test_a_session_given_beforehand_is_not_taken_over(site: Site) -> None:
    port = site.start("serve").port or 0
    fixed = "A" * 43
    browser = Caller(port, cookies={"session": fixed})
    page = browser.get("/sign-in").tree
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = browser.post("/sign-in", {"name": "ann", "password": PASSWORD, "csrf_token": token})
    assert answer.code == 302 and browser.cookies["session"] != fixed
    assert browser.get("/tasks").code == 200
    assert Caller(port, cookies={"session": fixed}).get("/tasks").code == 302
    assert browser.post("/start/p", {"csrf_token": token}).code == 400, "a new person, a new token"
    mine = dict(browser.cookies)
    browser.post("/sign-out", {"csrf_token": browser.csrf("/accessibility")})
    assert Caller(port, cookies=mine).get("/tasks").code == 302, "ended on the server too"


def test_what_was_typed_into_an_ended_session_comes_back_after_signing_in(site: Site) -> None:
    port = site.start("serve").port or 0
    ann = signed_in(site)
    typed = {**ann.form("/start/p"), "note": "Long words & <b>bold</b>", "_action": "complete"}
    with sqlite3.connect(site.folder / "var" / "cases.db") as file:
        file.execute("DELETE FROM session")
    ended = ann.post("/start/p", typed)
    assert ended.code == 401 and "What you typed is kept" in ended.words
    (again,) = ended.tree.xpath("//main//form[@action='/sign-in']")
    back = ann.post("/sign-in", {**dict(again.form_values()), "name": "ann", "password": PASSWORD})
    assert back.code == 200
    (kept,) = back.tree.xpath("//main//form")
    assert dict(kept.form_values())["note"] == "Long words & <b>bold</b>"
    assert Caller(port, cookies=dict(ann.cookies)).get("/tasks").code == 200


def test_guessing_has_to_wait_and_a_name_is_not_told(site: Site) -> None:
    port = site.start("serve").port or 0
    stranger = Caller(port)
    token = stranger.get("/sign-in").tree.xpath("//input[@name='csrf_token']/@value")[0]

    def guesses(who: str) -> list[tuple[int, str]]:
        """The answers until one has to wait: on a busy machine the first short waits are over."""
        found: list[tuple[int, str]] = []
        while 429 not in {code for code, _ in found}:
            given = {"name": who, "password": f"guess {len(found)}", "csrf_token": token}
            answer = stranger.post("/sign-in", given)
            words = answer.words.replace(who, "?")
            found.append((answer.code, words.split("Too many attempts")[0][:200]))
        return found

    known, unknown = guesses("ann"), guesses("nobody.at.all")
    for answers in (known, unknown):
        assert [code for code, _ in answers[:5]] == [422] * 5, "five are free"
        assert answers[-1][0] == 429 and len(set(answers)) == 2
    assert set(known) == set(unknown)
    assert stranger.get("/sign-in").code == 200


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The product's sources as they are cloned: nothing of npm's was built."""
    shutil.copytree(
        ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("vendor", "__pycache__")
    )
    return tmp_path


def test_every_page_answers_without_the_built_assets_and_needs_no_script(
    site: Site, bare: Path
) -> None:
    desk = site.desk()
    enter(desk, "dra")
    server = site.start("serve", sources=bare)
    port = server.port or 0
    ann, dra = signed_in(site), signed_in(site, "dra")
    started = ann.post("/start/p", {**ann.form("/start/p"), "_action": "complete"})
    assert started.code == 302
    case = started.headers["Location"].split("?")[0]
    task = ann.get(case).tree.xpath("//main//a[contains(@href, '/tasks/')]/@href")[0]
    (version,) = {
        one for one in dra.get("/processes").tree.xpath("//main//a/@href")
        if one.count("/") == 2 and len(one) > 40
    }  # fmt: skip
    pages = [(ann, one) for one in ("/tasks", "/cases", case, task, f"{case}/history",
             f"{case}/recorded", f"{case}/documents", "/start", "/start/p", "/accessibility",
             "/nothing")]  # fmt: skip
    pages += [(dra, one) for one in ("/processes", "/processes/check", version,
              f"{version}/drawing/bpmn/p.bpmn", f"{version}/edit/bpmn/p.bpmn")]  # fmt: skip
    pages.append((Caller(port), "/sign-in"))
    for who, path in pages:
        answer = who.get(path)
        assert answer.code == (404 if path == "/nothing" else 200), f"{path}: {answer.code}"
        own = answer.tree.xpath("//script/@src | //link/@href | //img/@src")
        for one in own:
            assert one.startswith(("/static/", "/cases/")), f"{path}: {one} is from elsewhere"
            assert who.get(one).code == 200, f"{path}: {one} is not there"
        assert not answer.tree.xpath("//script[not(@src)]"), path
        assert any("plain.css" in one for one in own), f"{path} has no style at all"
    done = ann.post(task, {**ann.form(task), "note": "by hand", "_action": "complete"})
    assert done.code == 302, "a task is done without any script"
    assert "Traceback" not in server.said()
