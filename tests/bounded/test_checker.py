"""Files are checked in a process of their own: whatever they are, the answer comes in its time."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.bounded import TOO_MUCH, Limits, check, checker, line
from app.validation import gate
from tests.bounded.hostile import BODY, FILES, diamond, splits, word
from tests.kit import diagram, form

SMALL = diagram("start > task:ask > end", ask={"groups": "clerk"})
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_file_is_answered_within_its_budget(kind: str) -> None:
    """The bounds are those of an upload: two seconds of work, which end it by themselves."""
    verdict = check(FILES[kind])
    stopped = [finding for finding in verdict.findings if finding.rule == TOO_MUCH]
    if stopped:
        assert not verdict.runs and verdict.refused == tuple(stopped)
        assert stopped[0].file in FILES[kind], "the file that took too long is named"
    else:
        assert verdict.cost < 4


@pytest.mark.parametrize(
    "kind", ["decisions, exponential", "Word, 500,000 paragraphs", "manifests, many"]
)
def test_what_once_took_minutes_is_cheap_now(kind: str) -> None:
    """What was stopped cost nothing that is known."""
    verdict = check(FILES[kind])
    assert TOO_MUCH not in {finding.rule for finding in verdict.findings}
    assert verdict.cost < 1


def test_the_file_that_took_too_long_is_named_in_a_sentence() -> None:
    files = SMALL | {"bpmn/slow.bpmn": splits(1_500, "slow")}
    (finding,) = check(files, Limits(seconds=0.2, megabytes=600)).findings
    assert (finding.file, finding.rule) == ("bpmn/slow.bpmn", TOO_MUCH)
    assert "more than 0.2" in finding.sentence and "was stopped" in finding.sentence


def test_memory_is_bounded_too() -> None:
    files = {f"bpmn/p{n}.bpmn": splits(1_500, f"p{n}") for n in range(4)}
    verdict = check(files, Limits(seconds=60, megabytes=30))
    assert not verdict.runs and verdict.refused


def test_one_budget_is_for_all_that_a_set_brings() -> None:
    one = {"bpmn/p0.bpmn": splits(300, "p0")}
    many = {f"bpmn/p{n}.bpmn": splits(300, f"p{n}") for n in range(60)}
    limits = Limits(seconds=4, megabytes=600, a_file=0)
    assert check(one, limits).runs
    assert {finding.rule for finding in check(many, limits).findings} == {TOO_MUCH}


def test_what_an_active_version_holds_is_not_counted_as_new() -> None:
    base = {f"bpmn/p{n}.bpmn": splits(100, f"p{n}") for n in range(8)}
    cost = check(base, Limits(seconds=60, megabytes=600)).cost
    limits = Limits(seconds=cost / 2, megabytes=600, a_file=0)
    assert not check(base | SMALL, limits).runs
    verdict = check(base | SMALL, limits, base)
    assert verdict.runs, verdict.findings


def test_a_new_file_is_stopped_however_much_is_known_beside_it() -> None:
    base = {"bpmn/a.bpmn": splits(10, "a")}
    slow = base | {"bpmn/slow.bpmn": splits(1_500, "slow")}
    (finding,) = check(slow, Limits(seconds=0.2, megabytes=600), base).findings
    assert (finding.file, finding.rule) == ("bpmn/slow.bpmn", TOO_MUCH)


def test_the_verdict_is_that_of_the_check_itself() -> None:
    for files in (SMALL, SMALL | form("ask", "name"), {"bpmn/p.bpmn": b"no drawing"}):
        verdict, checked = check(files), gate.check(files)
        assert verdict.findings == checked.findings
        assert verdict.runs is (checked.program is not None)
        assert set(verdict.outline) == set(checked.program.processes if checked.program else ())


def test_a_kept_version_is_not_checked_again_at_each_look() -> None:
    files = SMALL | {"bpmn/d.dmn": diamond(3)}
    assert check(files) is check(dict(files))


def test_what_was_stopped_is_tried_again() -> None:
    files = {"bpmn/q.bpmn": splits(200, "q")}
    assert not check(files, Limits(seconds=0.01, megabytes=600)).runs
    assert check(files).runs


def test_the_process_knows_no_key_and_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPID_REVIEW_SECRETS", "/somewhere/secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:secret@db")
    fresh = line.Line()
    with fresh.asked({"do": "check", "new": 1, "all": 1, "wall": 10, "megabytes": 100}):
        assert fresh._process is not None
        surroundings = Path(f"/proc/{fresh._process.pid}/environ").read_bytes()
    fresh._process.kill()
    fresh._process.wait()
    assert b"secret" not in surroundings
    assert set(surroundings.split(b"\0")) - {b""} == {
        name for name in surroundings.split(b"\0") if name.split(b"=")[0].decode() in
        (*line._PASSED, "PYTHONPATH", "LC_CTYPE")
    }  # fmt: skip


def test_the_process_loads_neither_the_store_nor_the_pages() -> None:
    """What runs a hostile file has nothing at hand that opens a case."""
    asks = (
        "import sys, app.bounded.worker; "
        "print([m for m in sys.modules if m.startswith(('app.store', 'app.casework', 'app.web',"
        " 'sqlalchemy', 'psycopg', 'cryptography'))])"
    )
    told = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True)
    assert told.stdout.strip() == "[]", told.stderr


def test_a_process_that_is_gone_is_started_anew() -> None:
    check(SMALL | form("a", "x"))
    assert line.LINE._process is not None
    line.LINE._process.kill()
    line.LINE._process.wait()
    assert check(SMALL | form("b", "x")).runs


def test_several_at_once_each_get_their_own_answer() -> None:
    answers: dict[int, object] = {}

    def ask(n: int) -> None:
        files = diagram("start > task:ask > end", process=f"p{n}", ask={"groups": "clerk"})
        answers[n] = list(check(files).outline)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: [f"p{n}"] for n in range(6)}


def test_what_the_process_says_is_read_as_text_only() -> None:
    """A verdict that is none, whoever wrote it, is no verdict."""
    for said in (b"[1]", b'[true, [["f", "r", {"a": 1}]], {}, 0]', b'{"at": 1}', b"\x80\x04."):
        with pytest.raises((ValueError, TypeError, KeyError)):
            checker.verdict.read(said)


@pytest.mark.parametrize(
    "main", ["document.dat", "document.png", "document.XML.bin", "document.odttf", "document"]
)
def test_a_word_field_that_fetches_is_found_whatever_its_part_is_called(main: str) -> None:
    field = '<w:p><w:r><w:instrText>INCLUDETEXT "http://x"</w:instrText></w:r></w:p>'
    assert check(word(BODY, main)).errors and check(word(field, main)).errors
    assert any("INCLUDETEXT" in f.sentence for f in check(word(field)).findings)
