"""Starting the product when something is wrong: a sentence that names it, never a traceback.

What is broken in bpmn/ or forms/ leaves the last good deployment running. And what the logs hold.
"""

from __future__ import annotations

import signal
import socket
import sqlite3
from typing import Any

import psycopg
import pytest

from tests.acceptance.conftest import MakeSite
from tests.acceptance.site import PASSWORD, Caller, Site, cookie, enter
from tests.kit import diagram, form
from tests.limits import until

FILES = {
    **diagram("start > task:check > end", start_groups="clerk", check={"groups": "clerk"}),
    **form("tick", "note", required=False),
}
NO_GROUPS = diagram("start > task:check > end")["bpmn/p.bpmn"]
WORDS = "words that belong to the case alone"


def no_traceback(said: str) -> None:
    assert "Traceback" not in said and 'File "' not in said, said


BROKEN: dict[str, tuple[str, bytes, list[str]]] = {
    "not XML": ("bpmn/p.bpmn", b"<definitions", ["bpmn/p.bpmn"]),
    "a task for nobody": ("bpmn/p.bpmn", NO_GROUPS, ["bpmn/p.bpmn", "[check]", "no-candidate"]),
    "a form that is no JSON": ("forms/tick.form", b"{", ["forms/tick.form"]),
    "a table cut off": ("bpmn/x.dmn", b"<definitions>", ["bpmn/x.dmn"]),
}


@pytest.mark.parametrize(("path", "text", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_named_and_the_last_good_deployment_runs_on(
    make_site: MakeSite, path: str, text: bytes, words: list[str]
) -> None:
    site = make_site(FILES)
    assert site.installed().returncode == 0
    token = enter(site.desk(), "ann")
    site.put(path, text)
    server = site.start("run")
    said = server.said()
    no_traceback(said)
    for word in (*words, "The last good deployment keeps running."):
        assert word in said, said
    answer = Caller(server.port or 0, token).post("/api/v1/cases", {"process": "p", "answers": {}})
    assert answer.code == 201, answer.text


def test_without_any_good_deployment_it_says_so_and_ends(make_site: MakeSite) -> None:
    site = make_site({"bpmn/p.bpmn": NO_GROUPS})
    said = site.do("run", "--port", "1")
    assert said.returncode == 1 and "There is no earlier one." in said.stdout
    no_traceback(said.stdout + said.stderr)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown key": ({"colour": "green"}, "colour"),
    "a missing key": ({"reference": None}, "reference"),
    "a role that is not there": ({"people": [{"id": "x", "name": "X", "roles": ["no"]}]}, "no"),
    "a database of no kind": ({"database": "nonsense"}, "database"),
    "a database of another kind": ({"database": "mysql://a:hush@b/c"}, "database"),
    "a database that is away": (
        {"database": "postgresql://u:hush@127.0.0.1:1/x"},
        "The database cannot be reached",
    ),
    "a calendar of nowhere": ({"calendar": {"region": "atlantis"}}, "atlantis"),
}


@pytest.mark.parametrize(("changes", "word"), WRONG.values(), ids=WRONG.keys())
@pytest.mark.parametrize("verb", ["run", "deploy"])
def test_what_is_wrong_in_the_configuration_is_said_in_a_sentence(
    make_site: MakeSite, verb: str, changes: dict[str, Any], word: str
) -> None:
    site = make_site(FILES)
    site.configure(**changes)
    said = site.do(verb)
    assert said.returncode == 1
    no_traceback(said.stderr + said.stdout)
    assert word in said.stderr and "hush" not in said.stderr, said.stderr


def test_a_taken_port_is_said_in_a_sentence(make_site: MakeSite) -> None:
    site = make_site(FILES)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = site.do("run", "--port", port)
    assert said.returncode == 1
    no_traceback(said.stderr + said.stdout)
    assert port in said.stderr and "--port" in said.stderr


@pytest.mark.parametrize("place", ["var", "secrets", "cases.db", "config.yaml", "kek"])
def test_a_folder_or_file_that_cannot_be_used_is_said_in_a_sentence(
    make_site: MakeSite, place: str
) -> None:
    site = make_site(FILES)
    if place == "config.yaml":
        (site.folder / "config.yaml").unlink()
    elif place == "var":
        site.put("var", b"a file where a folder should be")
    elif place == "secrets":
        site.put("var/secrets", b"a file where a folder should be")
    elif place == "cases.db":
        site.put("var/cases.db", b"this is no database, but words, and quite a few of them " * 99)
    else:
        site.put("var/secrets/kek", b"too short")
    for verb in ("run", "verify"):
        said = site.do(verb)
        assert said.returncode == 1
        no_traceback(said.stderr + said.stdout)
        assert len(said.stderr.strip()) > 20, said.stderr


def test_a_second_start_is_quick_and_an_end_is_clean(make_site: MakeSite) -> None:
    site = make_site(FILES)
    for _ in range(2):
        server = site.start("run")
        seconds = server.worked()
        assert server.kill(signal.SIGTERM) == 0, server.said()
        no_traceback(server.said())
    assert seconds < 15, f"{seconds:.1f} s of processor time"
    worker = site.start("work")
    until(lambda: "Waking" in worker.said(), worker.said)
    assert worker.kill(signal.SIGTERM) == 0
    no_traceback(worker.said())


def _broken_tables(site: Site, url: str) -> None:
    """The database loses a table while the product runs."""
    if url.startswith("postgres"):
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("ALTER TABLE draft RENAME TO gone")
    else:
        with sqlite3.connect(site.folder / "var" / "cases.db") as file:
            file.execute("ALTER TABLE draft RENAME TO gone")


def test_logs_hold_no_secret_and_no_word_of_a_case(make_site: MakeSite, database: str) -> None:
    site = make_site(FILES, database)
    assert site.installed().returncode == 0
    desk = site.desk()
    token = enter(desk, "ann")
    cookies = cookie(desk, "ann")
    server = site.start("serve")
    page, api = Caller(server.port or 0, cookies=dict(cookies)), Caller(server.port or 0, token)
    case = api.post("/api/v1/cases", {"process": "p", "answers": {"note": WORDS}}).json["case"]
    task = api.get(f"/api/v1/cases/{case}/tasks").json["items"][0]["task"]
    path = f"/cases/{case}/tasks/{task}"
    form_of_page = page.form(path)
    csrf = form_of_page["csrf_token"]
    page.post("/sign-in", {"name": "ann", "password": f"{PASSWORD} {WORDS}", "csrf_token": csrf})
    _broken_tables(site, database)
    given = {**form_of_page, "note": WORDS, "_action": "draft"}
    assert page.post(path, given).code == 503
    assert page.post(path, {**given, "_action": "complete"}).code == 503
    assert api.post(f"/api/v1{path}/complete", {"answers": {"note": WORDS}}).code == 503
    for odd in ("\0", "%00", "'; DROP TABLE cases; --"):
        assert api.ask("POST", f"/api/v1{path}/complete", {"answers": {"note": odd}}).code < 504
    said = server.said()
    assert "the store could not answer" in said, "an error is in the log"
    kek = (site.folder / "var" / "secrets" / "kek").read_bytes()
    for secret in (WORDS, PASSWORD, token, cookies["session"], csrf, kek.hex(), "[parameters:"):
        assert secret not in said, said[-3000:]
