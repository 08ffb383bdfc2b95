"""Many journeys: going on after what does not hold, summaries, JUnit's form, shared beginnings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.cli import main
from app.config.installation import Config
from app.journeys import Wish, walk
from app.journeys.file.lines import JourneyFault
from app.journeys.file.reading import read
from app.journeys.run.reports import Outcome, junit
from tests.journeys.stories import ANSWERED, ASKED, PRESENT, START, installed

RIGHT = f"title: Right\nfill: true\nsteps:\n{START}  - {{who: clerk, do: ask}}\n"
WRONG = (
    f"title: Wrong <&> “so”\nsteps:\n{START}  - check:\n      open: [answer]\n"
    "      status: done\n  - {who: clerk, do: decide}\n  - check: {open: [ask]}\n"
)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return installed(tmp_path)


def walked(config: Config, journeys: Mapping[str, str], **wish: object) -> tuple[int, list[str]]:
    for name, text in journeys.items():
        (config.root / f"bpmn/journeys/{name}.yaml").write_text(text)
    said: list[str] = []
    wanted = Wish(**wish)  # type: ignore[arg-type]
    code = walk(config, [config.root / "bpmn"], present=PRESENT, say=said.append, wish=wanted)
    return code, said


def test_all_that_hold_are_summed_up(config: Config) -> None:
    code, said = walked(config, {"a": RIGHT, "b": RIGHT})
    assert code == 0
    assert said[-1] == "2 journeys hold: 4 steps, 0 checks, 0 timers, 2 cases."


def test_without_a_wish_the_first_that_does_not_hold_is_the_last_to_be_played(
    config: Config,
) -> None:
    code, said = walked(config, {"a": RIGHT, "b": WRONG, "c": RIGHT})
    assert code == 1
    assert said[-2] == "1 of 2 journeys that were played does not hold."
    assert "b.yaml, line 5: check open: “answer” should be open; open is ask." in said[-1]


def test_going_on_tells_every_check_that_fails_and_plays_the_other_journeys(
    config: Config,
) -> None:
    code, said = walked(config, {"a": WRONG, "b": RIGHT, "c": WRONG}, keep_going=True)
    assert code == 1
    failed = [line for line in said if line.startswith("FAILED")]
    assert [re.sub(r".*journeys/", "", line)[:14] for line in failed] == [
        "a.yaml, line 5", "a.yaml, line 6", "a.yaml, line 7",
        "c.yaml, line 5", "c.yaml, line 6", "c.yaml, line 7",
    ]  # fmt: skip
    assert "is not open now" in failed[2]  # behind an order that fails nothing is looked at
    assert said[said.index(failed[0]) - 1] == "2 of 3 journeys that were played do not hold."
    assert any(line.startswith("  holds: 2 steps") for line in said)


def test_a_file_that_is_no_journey_does_not_stop_the_others(config: Config) -> None:
    _, said = walked(config, {"a": "steps: [", "b": RIGHT}, keep_going=True)
    assert any(line.startswith("  holds: 2 steps") for line in said)
    assert "a.yaml, line 1: Not YAML" in said[-1]


@pytest.mark.parametrize("verbose", [True, False])
def test_what_was_filled_in_is_said_when_asked_for(config: Config, verbose: bool) -> None:
    _, said = walked(config, {"a": RIGHT}, verbose=verbose)
    assert any("filled in: wanted: Sample answer" in line for line in said) is verbose


def test_results_are_written_in_junits_form(config: Config, tmp_path: Path) -> None:
    file = tmp_path / "journeys.xml"
    walked(config, {"a": RIGHT, "b": WRONG}, keep_going=True, junit=file)
    right, wrong = ElementTree.parse(file).getroot()
    assert (right.get("tests"), right.get("failures"), wrong.get("failures")) == ("1", "0", "1")
    assert right.get("timestamp") == "2026-06-01T09:00:00"
    case = wrong.find("testcase")
    assert case is not None
    assert case.get("name") == "Wrong <&> “so”"
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message", "").endswith("“answer” should be open; open is ask.")
    assert (failure.text or "").count("\n") == 2
    assert right.find("testcase/failure") is None
    assert "filled in: wanted: Sample answer" in (right.findtext("system-out") or "")


def test_content_that_cannot_run_is_a_failure_in_junits_form(
    config: Config, tmp_path: Path
) -> None:
    (config.root / "bpmn/p.bpmn").write_text("no diagram")
    file = tmp_path / "journeys.xml"
    code, _ = walked(config, {"a": RIGHT}, junit=file)
    (suite,) = ElementTree.parse(file).getroot()
    assert (code, suite.get("errors"), suite.get("failures")) == (1, "0", "1")
    assert suite.find("testcase/failure") is not None
    assert "bpmn/p.bpmn" in (suite.findtext("system-out") or "")


#: what both schemas in use demand: attributes of each element, and its children in order
SCHEMA = {
    "testsuites": (set(), ["testsuite"]),
    "testsuite": (
        {"name", "id", "package", "timestamp", "hostname", "tests", "failures", "errors", "time"},
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "properties": (set(), []),
    "testcase": ({"name", "classname", "time"}, ["failure"]),
    "failure": ({"message", "type"}, []),
    "system-out": (set(), []),
    "system-err": (set(), []),
}


@pytest.mark.parametrize("text", ["<&>\"'", "\x00\x0b\ufffe", "\ud800", "]]>", "line\nline"])
def test_junits_form_is_valid_whatever_a_journey_is_called_or_says(text: str) -> None:
    faults = (JourneyFault(text, line=3, file=text), JourneyFault("more"))
    outcomes = [
        Outcome(file=text, title=text, faults=faults, log=[text, text], seconds=1.5),
        Outcome(file="b", title="b", faults=(), log=[]),
        Outcome(file="c", title="c", faults=faults[1:], log=[]),
    ]
    root = ElementTree.fromstring(junit(outcomes, PRESENT))
    for element in root.iter():
        attributes, children = SCHEMA[element.tag]
        assert set(element.keys()) == attributes
        order = [children.index(child.tag) for child in element]
        assert order == sorted(order)
    assert [suite.get("id") for suite in root] == ["0", "1", "2"]
    assert [suite.get("time") for suite in root] == ["1.500", "0.000", "0.000"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", root[0].get("timestamp", ""))


def test_the_command_line_knows_the_wishes() -> None:
    parser = main.parser(["journey"])
    given = parser.parse_args(["journey", "--keep-going", "--junit", "a/b.xml", "-v", "x"])
    assert (given.keep_going, given.junit, given.verbose) == (True, Path("a/b.xml"), True)
    plain = parser.parse_args(["journey", "x"])
    assert (plain.keep_going, plain.junit, plain.verbose) == (False, None, False)


BASE = f"title: Base\nsettings: {{backstop_days: 4}}\nsteps:\n{ANSWERED}".replace(
    "do: ask,", "do: ask, name: asked,"
)
FORKS = {
    "after a step with a name": ("{journey: base.yaml, step: asked}", ["start", "do"]),
    "after an order": ("{journey: base.yaml, step: p}", ["start"]),
    "after all of it": ("base.yaml", ["start", "do", "do", "do"]),
    "after all of it, in a block": ("{journey: base.yaml}", ["start", "do", "do", "do"]),
}


@pytest.mark.parametrize(("after", "orders"), FORKS.values(), ids=FORKS)
def test_a_journey_begins_where_another_one_is(
    tmp_path: Path, after: str, orders: list[str]
) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "fork.yaml").write_text(f"title: Fork\nafter: {after}\nsteps: []\n")
    found = read(tmp_path / "fork.yaml")
    assert [step.order for step in found.steps] == orders
    assert found.settings == {"backstop_days": 4}


NO_FORKS = {
    "no such step": ("{journey: base.yaml, step: askd}", "No step before is called “askd”. Did"),
    "several such steps": ("{journey: base.yaml, step: answer}", "Several steps before are “ans"),
    "no journey": ("{step: asked}", "“after” needs “journey”."),
    "unknown key": ("{journy: base.yaml}", "Did you mean “journey”?"),
    "no such file": ("{journey: bass.yaml, step: asked}", "There is no journey “bass.yaml”"),
}  # fmt: skip


@pytest.mark.parametrize(("after", "words"), NO_FORKS.values(), ids=NO_FORKS)
def test_a_beginning_that_is_not_there_is_a_fault(tmp_path: Path, after: str, words: str) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "fork.yaml").write_text(f"title: Fork\nafter: {after}\nsteps: []\n")
    with pytest.raises(JourneyFault) as caught:
        read(tmp_path / "fork.yaml")
    assert words in caught.value.sentence
    assert caught.value.line == 2


def test_a_fork_is_played_from_its_beginning(config: Config) -> None:
    fork = (
        "title: Fork\nafter: {journey: a.yaml, step: asked}\nsteps:\n"
        "  - check: {open: {answer: 2}}\n"
    )
    code, said = walked(config, {"a": BASE, "b": fork})
    assert code == 0, said
    assert said[-1].startswith("2 journeys hold: 7 steps, 1 checks")
    assert ASKED.count("do: ask") == 1
