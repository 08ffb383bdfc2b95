"""Names of records: which there are, which of several processes they mean, and how to say which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.engine.bpmn.record_names import Record, RecordNames
from app.engine.errors import Finding
from app.validation.deployment import check
from tests.kit import diagram, form
from tests.word_documents import document, word

CHAIN = "start > task:check > end"
FORMS = {**form("f", "note"), **form("g", "other")}


def drawn(process: str, text: str = CHAIN, **more: Any) -> dict[str, bytes]:
    """`start` may begin it by hand and asks form `f`; `check` asks `g`."""
    facts = {"start": {"form": "f"}, "check": {"groups": "clerk", "form": "g"}}
    return diagram(text, process=process, **{**facts, **more})


TWO = {**drawn("p"), **drawn("q")}
THREE = {**TWO, **drawn("r", "start:begin > task:only > end", begin={"form": "f"}, only={})}


def names(files: Mapping[str, bytes]) -> RecordNames:
    program = check({**files, **FORMS}).program
    assert program is not None
    return RecordNames(program.processes.values())


MEANT = [
    pytest.param(TWO, "check", "p", Record("p", "check", "g"), id="the own process has it"),
    pytest.param(TWO, "check", "q", Record("q", "check", "g"), id="the other one has it as well"),
    pytest.param(TWO, "check", None, None, id="a text of no process, and two have it"),
    pytest.param(THREE, "check", "r", None, id="a text of a process that has it not"),
    pytest.param(THREE, "only", "p", Record("r", "only", "tick"), id="only one process has it"),
    pytest.param(TWO, "p_check", None, Record("p", "check", "g"), id="said in full"),
    pytest.param(TWO, "q_check", "p", Record("q", "check", "g"), id="in full, from the other one"),
    pytest.param(THREE, "r_only", None, None, id="in full, where nothing is to be told apart"),
    pytest.param(TWO, "p", "q", Record("p", "p", "f"), id="a start form, by its process"),
    pytest.param(TWO, "start", "q", Record("q", "q", "f"), id="a start form, by its own event"),
    pytest.param(THREE, "begin", None, Record("r", "r", "f"), id="a start form, by the only event"),
    pytest.param(TWO, "start", None, None, id="two start events of one id"),
    pytest.param(TWO, "ghost", "p", None, id="nobody has it"),
]


@pytest.mark.parametrize(("files", "name", "own", "record"), MEANT)
def test_what_a_name_stands_for(
    files: Mapping[str, bytes], name: str, own: str | None, record: Record | None
) -> None:
    assert names(files).meant(name, own) == record


INSTEAD = [
    pytest.param(TWO, "check", None, ("p_check", "q_check"), id="a step"),
    pytest.param(TWO, "check", "p", (), id="clear in the own process"),
    pytest.param(TWO, "start", None, ("p", "q"), id="a start event: the documented names"),
    pytest.param(
        {**TWO, **drawn("z", "start > task:p_check > end", p_check={})}, "check", None,
        ("q_check",), id="the full name is another step's id",
    ),
    pytest.param(TWO, "ghost", None, (), id="nobody has it"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "name", "own", "said"), INSTEAD)
def test_how_to_say_which_is_meant(
    files: Mapping[str, bytes], name: str, own: str | None, said: tuple[str, ...]
) -> None:
    assert names(files).instead(name, own) == said


def test_the_id_of_a_task_may_be_that_of_another_process() -> None:
    """What was asked at the start of `p` and what was asked in the task `p` of `q` stay apart."""
    known = names({**drawn("p"), **drawn("q", "start > task:p > end", p={"form": "g"})})
    assert known.meant("p", "p") == Record("p", "p", "f")
    assert known.meant("p", "q") == Record("q", "p", "g")
    assert known.instead("p") == ("q_p",)


def judged(*blocks: str, more: str = "", files: Mapping[str, bytes] = THREE) -> list[Finding]:
    made = document("note", word(*blocks), more=more)
    found = check({**files, **FORMS, **made}).findings
    return [one for one in found if one.file.startswith("forms/documents/")]


SAID = [
    pytest.param(
        judged("«=records.check.other»"), "error",
        "“check”. Several processes have such a step. Say which: “records.p_check” or"
        " “records.q_check”.",
        id="a step of two processes in a document",
    ),
    pytest.param(
        judged("«=told.check_all»"), "error", "Say which: “told.p_check” or “told.q_check”.",
        id="a list of it",
    ),
    pytest.param(
        judged("x", more="needs: [check]"), "error", "Say which: “p_check” or “q_check”.",
        id="what a manifest needs",
    ),
    pytest.param(
        judged("«=records.begin.note»"), "warning", "write records.r for it.",
        id="a start event's id",
    ),
    pytest.param(
        judged("«=records.begni.note»"), "error", "Did you mean “r”?",
        id="a slip of a start event's id",
    ),
    pytest.param(
        judged("«=records.p_check.note»"), "error", "“note”, which “p_check” does not ask for",
        id="an unknown question of a step said in full",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("found", "severity", "said"), SAID)
def test_a_name_that_means_two_or_has_a_better_one_is_a_finding(
    found: list[Finding], severity: str, said: str
) -> None:
    (one,) = found
    assert (one.severity, said in one.sentence) == (severity, True), one.sentence


def test_clear_names_have_no_finding() -> None:
    said = ("«=records.p_check.other»", "«=told.q_check_all»", "«=records.r.note»")
    assert judged(*said, more="needs: [p_check, r]") == []


BARRED = [
    pytest.param("check", "Say which: “p_check” or “q_check”.", id="two others have it"),
    pytest.param("p_check", "", id="said in full"),
    pytest.param("only", "", id="the own step"),
]


@pytest.mark.parametrize(("value", "said"), BARRED)
def test_four_eyes_on_a_step_of_two_processes_say_which(value: str, said: str) -> None:
    text = "start:begin > task:only > task:last > end"
    last = {"not_done_by": value, "groups": "clerk"}
    third = drawn("r", text, begin={"form": "f"}, only={"groups": "clerk"}, last=last)
    found = [one for one in check({**TWO, **third, **FORMS}).findings if one.rule == "not-done-by"]
    assert [said in one.sentence for one in found] == ([True] if said else [])
