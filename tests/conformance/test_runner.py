"""The runner of the sets can fail: each expectation that is planted wrong is noticed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.engine.errors import Finding
from app.engine.feel.values.kinds import Range
from app.engine.run import Case
from tests.conformance import bpmn_cases, dmn_cases, feel_cases, upload_cases
from tests.conformance.__main__ import _expressions, main
from tests.conformance.bpmn_cases import names_an_element, refused
from tests.conformance.feel_cases import same

OWN = Path(__file__).parent / "own"
WAITS = "inclusive_join_waits_for_user_task"
STOPS = "incident_at_the_second_step"
Plant = Callable[[dict[str, Any]], Any]


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A copy of our own sets, to plant something in."""
    return Path(shutil.copytree(OWN, tmp_path / "sets"))


def planted(folder: Path, process: str, case: str, plant: Plant) -> None:
    path = folder / "traps" / "cases.json"
    entries = json.loads(path.read_text())
    (entry,) = (one for one in entries if one["id"] == process)
    entry["cases"] = [one for one in entry["cases"] if one["id"] == case]
    plant({**entry["cases"][0], "entry": entry})
    path.write_text(json.dumps([entry]))
    for other in (folder / "traps").glob("*.bpmn"):
        if other.name != entry["file"]:
            other.unlink()


def expect(**more: Any) -> Plant:
    return lambda case: case["expect"].update(more)


def steps(*more: dict[str, Any]) -> Plant:
    return lambda case: case["steps"].extend(more)


def both(*plants: Plant) -> Plant:
    return lambda case: [plant(case) for plant in plants]


LONG, ASKED, STOPPED = "both, the long way last", "what was answered", "stopped"
ALL = {"A": 1, "B": 1, "C": 1, "after": 1}


@pytest.mark.parametrize(
    ("process", "case", "plant"),
    [
        pytest.param(WAITS, LONG, expect(trace={**ALL, "A": 2}), id="one more in the trace"),
        pytest.param(WAITS, LONG, expect(trace={"A": 1}), id="fewer in the trace"),
        pytest.param(WAITS, LONG, expect(end="waiting"), id="another end"),
        pytest.param(WAITS, LONG, expect(end="incident"), id="an incident that never comes"),
        pytest.param(WAITS, LONG, expect(data={"a": False}), id="another value"),
        pytest.param(WAITS, LONG, expect(data={"nobody_set": None}), id="null for no variable"),
        pytest.param(WAITS, ASKED, expect(data={"x": 1}), id="an earlier value"),
        pytest.param(WAITS, LONG, expect(variables={}), id="a word nobody knows in expect"),
        pytest.param(WAITS, LONG, steps({"open": ["A"]}), id="a task that is not open"),
        pytest.param(WAITS, LONG, steps({"trace": {}}), id="another trace on the way"),
        pytest.param(WAITS, LONG, steps({"complete": "A"}), id="a task completed twice"),
        pytest.param(WAITS, LONG, steps({"wait": "P1D"}), id="a step nobody knows"),
        pytest.param(WAITS, LONG, steps({"open": [], "trace": {}}), id="two checks in one step"),
        pytest.param(WAITS, LONG, steps({"open": [], "data": {}}), id="a check with data"),
        pytest.param(
            WAITS, LONG, lambda case: case["entry"].update(outcome="walk"), id="unknown outcome"
        ),
        pytest.param(WAITS, LONG, lambda case: case["entry"].update(cases=[]), id="no case"),
        pytest.param(
            WAITS,
            "no way is true",
            expect(trace={"A": 1}),
            id="a wrong trace before an incident at the start",
        ),
        pytest.param(STOPS, STOPPED, expect(trace={"A": 1}), id="a wrong trace before an incident"),
        pytest.param(STOPS, STOPPED, expect(end="completed"), id="an incident is no completion"),
        pytest.param(
            STOPS, STOPPED, steps({"open": ["C"]}), id="a wrong step after the incident"
        ),
        pytest.param(
            STOPS,
            STOPPED,
            both(expect(trace=None), steps({"complete": "B", "data": {"known": True}})),
            id="the incident comes before the step that should stop",
        ),
        pytest.param(STOPS, "not stopped", expect(end="incident"), id="nothing stops"),
    ],
)  # fmt: skip
def test_a_planted_expectation_is_noticed(
    sets: Path, process: str, case: str, plant: Plant
) -> None:
    planted(sets, process, case, plant)
    kinds = [one.kind for one in bpmn_cases.run(sets / "traps")]
    assert kinds == ["wrong"]
    assert main(sets) == 1


def test_nothing_planted_is_right(sets: Path) -> None:
    planted(sets, WAITS, LONG, lambda case: None)
    assert main(sets) == 0


def test_data_is_the_engines_own_and_not_what_was_told(
    sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that announces a variable and does not keep it is noticed."""
    complete = Case.complete

    def forgetful(self: Case, *given: Any) -> Any:
        events = complete(self, *given)
        for run in self._instances._loaded.values():
            run.task_tree.data.pop("x", None)
        return events

    monkeypatch.setattr(Case, "complete", forgetful)
    planted(sets, WAITS, ASKED, lambda case: None)
    assert [one.kind for one in bpmn_cases.run(sets / "traps")] == ["wrong"]


def endless(*_: Any, **__: Any) -> Any:
    while True:
        try:
            sum(range(1000))
        except Exception:
            continue


def test_an_endless_loop_is_cut_off_and_counted_as_a_hang(
    sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Case, "complete", endless)
    planted(sets, WAITS, LONG, lambda case: case["entry"].update(limit_s=0.1))
    assert [one.kind for one in bpmn_cases.run(sets / "traps")] == ["hang"]
    assert main(sets) == 1


@pytest.mark.parametrize(
    ("plant", "code"),
    [
        pytest.param(lambda sets: shutil.rmtree(sets), 2, id="no folder"),
        pytest.param(lambda sets: (shutil.rmtree(sets), sets.mkdir()), 2, id="an empty folder"),
        pytest.param(lambda sets: (sets / "cmmn").mkdir(), 2, id="a folder nobody knows"),
        pytest.param(lambda sets: (sets / "more.jsonl").touch(), 2, id="a file nobody knows"),
        pytest.param(lambda sets: (sets / "dmn").mkdir(), 1, id="a set without a case"),
        pytest.param(lambda sets: (sets / "feel.jsonl").touch(), 1, id="a file without a case"),
        pytest.param(
            lambda sets: (sets / "traps" / "cases.json").unlink(), 1, id="a set without its list"
        ),
        pytest.param(
            lambda sets: shutil.copy(sets / "traps" / f"{WAITS}.bpmn", sets / "traps" / "x.bpmn"),
            1,
            id="a process that no case names",
        ),
        pytest.param(
            lambda sets: (sets / "uploads" / "x.bpmn").touch(), 1, id="an upload no case names"
        ),
        pytest.param(lambda sets: (sets / "README.md").touch(), 0, id="a text beside the sets"),
    ],
)
def test_what_is_not_judged_does_not_look_right(
    sets: Path, plant: Callable[[Path], Any], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(sets)
    assert main(sets) == code
    if code == 2:
        assert str(sets) in capsys.readouterr().out


def finding(sentence: str = "It does not work.", **more: Any) -> Finding:
    return Finding("bpmn/x.bpmn", "rule", sentence, **more)


FILE = b'<definitions><task id="t1" name="Check the form"/></definitions>'


@pytest.mark.parametrize(
    ("found", "named"),
    [
        pytest.param(finding(element_id="t1"), True, id="an id of the file"),
        pytest.param(finding("“Check the form” has no way on."), True, id="a name of the file"),
        pytest.param(finding(line=1), False, id="a line alone"),
        pytest.param(finding(element_id="t2"), False, id="an id the file has not"),
        pytest.param(finding("“Check” has no way on."), False, id="half a name"),
        pytest.param(finding(), False, id="nothing"),
    ],
)
def test_a_refusal_names_the_element(found: Finding, named: bool) -> None:
    assert names_an_element(found, FILE) is named
    assert refused("run or refuse", [found], FILE)[0] == ("refused" if named else "wrong")
    assert refused("refuse or incident", [found], FILE)[0] == ("right" if named else "wrong")
    assert refused("run", [found], FILE)[0] == "wrong"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        pytest.param({}, "right", id="as it stands"),
        pytest.param({"expect": ["accept"]}, "wrong", id="another class"),
        pytest.param({"expect": ["refuse"]}, "wrong", id="refused only"),
        pytest.param({"expect": ["accept-with-findings", "x"]}, "wrong", id="a class nobody knows"),
        pytest.param({"names": ["begin"]}, "wrong", id="findings about something else"),
    ],
)
def test_an_upload_with_findings_is_right_only_with_those_expected(
    sets: Path, change: dict[str, Any], kind: str
) -> None:
    path = sets / "uploads" / "cases.json"
    (case,) = json.loads(path.read_text())
    path.write_text(json.dumps([{**case, **change}]))
    assert [one.kind for one in upload_cases.run(sets / "uploads")] == [kind]


@pytest.mark.parametrize(
    ("found", "there"),
    [
        pytest.param(finding(element_id="t1"), True, id="an element of the file"),
        pytest.param(finding(line=1), True, id="a line of the file"),
        pytest.param(finding(element_id="t2"), False, id="an element of no file"),
        pytest.param(finding(line=99), False, id="a line after the end"),
        pytest.param(finding(), False, id="no place"),
    ],
)
def test_a_finding_about_an_upload_has_a_place_in_it(found: Finding, there: bool) -> None:
    assert upload_cases.placed(found, FILE) is there


def expressions(folder: Path, *lines: dict[str, Any]) -> Path:
    path = folder / "feel.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in lines))
    return path


ONE, FIVE = Decimal(1), Decimal(5)
RIGHT = {"id": "r", "expression": "1 + 1", "expected": 2}
WRONG = {"id": "w", "expression": "1 + 1", "expected": 3}


@pytest.mark.parametrize(
    ("lines", "known", "good", "note"),
    [
        pytest.param([RIGHT], {}, True, "", id="all right"),
        pytest.param([RIGHT, WRONG], {}, False, "w: `1 + 1` gives 2, not 3", id="one wrong"),
        pytest.param([RIGHT, WRONG], {"w": "because"}, True, "(known: because)", id="a known one"),
        pytest.param([WRONG], {"r": "because"}, False, "wrong: w", id="another is known"),
        pytest.param([RIGHT], {"r": "because"}, True, "right now: r", id="a known one is right"),
        pytest.param([RIGHT], {"gone": "because"}, True, "", id="a known one is not there"),
    ],
)
def test_of_expressions_only_the_known_may_be_wrong(
    tmp_path: Path, lines: Sequence[dict[str, Any]], known: dict[str, str], good: bool, note: str
) -> None:
    found = _expressions(expressions(tmp_path, *lines), known)
    assert found.good is good
    assert note in "\n".join(found.notes)


def test_a_wrong_expression_or_decision_fails_the_run(sets: Path) -> None:
    expressions(sets, WRONG)
    assert main(sets) == 1
    expressions(sets, RIGHT)
    assert main(sets) == 0


@pytest.mark.parametrize(
    ("got", "expected", "alike"),
    [
        pytest.param(Range(ONE, FIVE), Range(ONE, FIVE), True, id="the same"),
        pytest.param(Range(ONE, FIVE), Range(ONE, Decimal(6)), False, id="another end"),
        pytest.param(Range(ONE, FIVE), Range(Decimal(0), FIVE), False, id="another start"),
        pytest.param(
            Range(ONE, FIVE), Range(ONE, FIVE, start_included=False), False, id="start excluded"
        ),
        pytest.param(
            Range(ONE, FIVE), Range(ONE, FIVE, end_included=False), False, id="end excluded"
        ),
        pytest.param(
            Range(None, FIVE), Range(None, FIVE, open_start=True), False, id="null is not left open"
        ),
        pytest.param([Range(ONE, FIVE)], [Range(ONE, Decimal(6))], False, id="inside a list"),
        pytest.param(
            {"r": Range(ONE, FIVE)}, {"r": Range(FIVE, FIVE)}, False, id="inside a context"
        ),
    ],
)
def test_ranges_are_compared_end_by_end(got: Any, expected: Any, alike: bool) -> None:
    assert same(got, expected) is alike


MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
 namespace="http://example.org/d"><decision id="twice" name="Twice">
 <variable name="Twice" typeRef="number"/><informationRequirement>
 <requiredInput href="#n"/></informationRequirement>
 <literalExpression><text>2 * n</text></literalExpression></decision>
 <inputData id="n" name="n"><variable name="n" typeRef="number"/></inputData></definitions>"""


@pytest.mark.parametrize(
    ("result", "right"),
    [
        pytest.param([{"decision": "Twice", "expected": 6}], True, id="as it is"),
        pytest.param([{"decision": "Twice", "expected": 7}], False, id="another number"),
        pytest.param([{"decision": "Twice", "expected": "6"}], False, id="a text"),
        pytest.param([{"decision": "Twice", "expected": None}], False, id="null"),
        pytest.param([{"decision": "Thrice", "expected": None}], False, id="no such decision"),
        pytest.param([], False, id="no result expected"),
    ],
)
def test_a_planted_result_of_a_decision_is_noticed(
    sets: Path, result: list[dict[str, Any]], right: bool
) -> None:
    folder = sets / "dmn" / "twice"
    folder.mkdir(parents=True)
    (folder / "twice.dmn").write_text(MODEL)
    test = {"id": "t", "model": "twice.dmn", "inputs": {"n": 3}, "results": result}
    (folder / "cases.json").write_text(json.dumps({"tests": [test]}))
    count, wrong = dmn_cases.run(sets / "dmn")
    assert (count, len(wrong)) == ((1, 0) if right else (0, 1))
    assert main(sets) == (0 if right else 1)


def test_a_hanging_expression_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feel_cases, "LIMIT_S", 0.1)
    monkeypatch.setattr(feel_cases, "evaluate", endless)
    right, (wrong,) = feel_cases.run(expressions(tmp_path, RIGHT))
    assert right == 0 and "processor time" in wrong.got
