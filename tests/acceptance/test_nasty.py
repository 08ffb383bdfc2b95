"""Uploads as people send them: through the page of the process owner, then as running cases.

Each is accepted, accepted with findings, or refused with a sentence; in some seconds of the
server's processor time, never a 500, nothing in it executed. What is accepted is made active and
worked on for some steps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from tests.acceptance import nasty
from tests.acceptance.conftest import MakeSite
from tests.acceptance.site import ROOT, Answer, Caller, Site, cookie, enter, free_port
from tests.limits import within

#: of processor time, which a busy machine makes longer too; what hangs takes minutes
MOST_SECONDS = 20
SHARED = ROOT.parent / "shared" / "conformance" / "uploads"
_CASES = SHARED / "cases.json"
SHARED_NAMES = [one["file"] for one in json.loads(_CASES.read_text())] if _CASES.exists() else []


class Owner:
    """The process owner's browser, a lead with a token, and a server that must stay up."""

    def __init__(self, site: Site) -> None:
        self.site = site
        for path, content in {"bpmn/p.bpmn": nasty.GOOD, "forms/tick.form": nasty.FORM}.items():
            site.put(path, content)
        assert site.installed().returncode == 0
        desk = site.desk()
        token = enter(desk, "lea")
        enter(desk, "dra")
        self.server = site.start("run")
        self.port = self.server.port or 0
        self.page = Caller(self.port, cookies=cookie(desk, "dra"))
        self.lead = Caller(self.port, token)

    def sent(self, files: list[tuple[str, bytes]]) -> tuple[Answer, float]:
        """The answer a browser shows in the end, and the seconds the server worked for it."""
        begun = self.server.worked()
        answer = self.page.upload(files)
        if answer.code == 302:
            self.version = answer.headers["Location"]
            answer = self.page.get(self.version)
        else:
            self.version = ""
        return answer, self.server.worked() - begun

    def activated(self) -> bool:
        token = self.page.csrf(self.version)
        self.page.post(f"{self.version}/activate", {"csrf_token": token})
        page = self.page.get(self.version)
        return "New cases start on this version" in page.words

    def work(self, steps: int = 4) -> list[str]:
        """Starts a case and completes what is open; what was answered, in short."""
        told: list[str] = []

        def noted(ask: Callable[..., Answer], *words: Any) -> Answer:
            begun = self.server.worked()
            answer = ask(*words)
            told.append(_short(answer, self.server.worked() - begun))
            return answer

        answer = noted(self.lead.post, "/api/v1/cases", {"process": "p", "answers": {}})
        if answer.code != 201:
            return told
        case = answer.json["case"]
        for _ in range(steps):
            rows = noted(self.lead.get, f"/api/v1/cases/{case}/tasks")
            if rows.code != 200 or not rows.json["items"]:
                break
            task = rows.json["items"][0]["task"]
            for path in (
                f"/cases/{case}/tasks/{task}/form",
                f"/cases/{case}/tasks/{task}/complete",
            ):
                ask = self.lead.post if path.endswith("complete") else self.lead.get
                noted(ask, f"/api/v1{path}")
        for path in ("", "/history"):
            noted(self.lead.get, f"/api/v1/cases/{case}{path}")
        return told

    def well(self) -> bool:
        """The server lives, answers, and is not busy with what came before."""
        begun = self.server.worked()
        good = self.server.alive and self.page.get("/healthz").code == 200
        good = good and self.page.get("/processes").code == 200
        return good and self.server.worked() - begun < 10


def _short(answer: Answer, seconds: float) -> str:
    slow = " SLOW" if seconds > MOST_SECONDS else ""
    text = answer.json.get("detail", "") if answer.code >= 400 else ""
    return f"{answer.code}{slow} {seconds:.1f} s {text[:150]}"


@pytest.fixture
def owner(make_site: MakeSite) -> Iterator[Owner]:
    yield Owner(make_site({}))


def _filled(files: list[tuple[str, bytes]], port: int) -> list[tuple[str, bytes]]:
    return [(name, text.replace(b"{port}", str(port).encode())) for name, text in files]


def _groups(count: int) -> list[list[str]]:
    names = list(nasty.FILES)
    return [names[n::count] for n in range(count)]


@pytest.mark.parametrize("names", _groups(4), ids=lambda names: names[0])
def test_nasty_files_end_in_a_sentence_and_never_in_a_hang(owner: Owner, names: list[str]) -> None:
    wrong, told = [], []
    for name in names:
        answer, seconds = owner.sent(_filled(nasty.FILES[name], free_port()))
        line = f"{name}: {answer.code} in {seconds:.1f} s"
        if answer.code not in (200, 422) or seconds > MOST_SECONDS:
            wrong.append(line)
        if "alert(1)" in answer.text and answer.tree.xpath("//script[not(@src)] | //img[@onerror]"):
            wrong.append(f"{line}: markup")
        if answer.code != 200:
            heads = answer.tree.xpath("//*[contains(@class, 'error') or self::h1]")
            wrong += [] if heads else [f"{line}: no sentence"]
        elif owner.activated():
            steps = owner.work()
            line += f"; active: {' | '.join(steps)}"
            if any(one.startswith("5") or "SLOW" in one for one in steps):
                wrong.append(line)
        told.append(line)
        if not owner.well():
            wrong.append(f"{name}: the server is not well: {owner.server.said()[-1500:]}")
    print("\n" + "\n".join(told))
    assert not wrong, "\n".join(wrong)
    assert not list(Path.cwd().glob(nasty.CANARY)) and not (ROOT / nasty.CANARY).exists()
    assert "Traceback" not in owner.server.said(), owner.server.said()[-3000:]


@pytest.mark.skipif(not SHARED_NAMES, reason="no set of foreign files here")
def test_foreign_files_through_the_page_end_as_they_must(owner: Owner) -> None:
    expected: Any = json.loads((SHARED / "cases.json").read_text())
    wrong, told = [], []
    for one in expected:
        answer, seconds = owner.sent([(one["file"], (SHARED / one["file"]).read_bytes())])
        findings = bool(answer.tree.xpath("//*[contains(@class, 'app-findings')]//tbody/tr"))
        found = "refuse" if answer.code == 422 else "accept-with-findings" if findings else "accept"
        told.append(f"{one['file']}: {found} in {seconds:.1f} s")
        if answer.code not in (200, 422) or seconds > MOST_SECONDS or found not in one["expect"]:
            wrong.append(f"{told[-1]}: {answer.code}, expected {one['expect']}")
    print("\n" + "\n".join(told))
    assert not wrong, "\n".join(wrong)
    assert "Traceback" not in owner.server.said()


def test_lint_says_a_sentence_about_each_file(
    make_site: MakeSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site({"bpmn/p.bpmn": nasty.GOOD, "forms/tick.form": nasty.FORM})
    files = {f"{n:02} {name}": one for n, (name, one) in enumerate(nasty.FILES.items())}
    for name in SHARED_NAMES:
        files[name] = [(name, (SHARED / name).read_bytes())]
    wrong = []
    for name, sent in files.items():
        paths = []
        for number, (_, text) in enumerate(sent):
            paths.append(tmp_path / f"{number}{'.bpmn' if number == 0 else Path(_).suffix}")
            paths[-1].write_bytes(text)
        words = ["--config", str(site.folder / "config.yaml"), "lint", *map(str, paths)]
        with within(MOST_SECONDS):
            code = main.main(words)
        said = capsys.readouterr().out
        if code not in (0, 1) or "to consider" not in said:
            wrong.append(f"{name}: {code} {said[-300:]}")
    assert not wrong, "\n".join(wrong)
