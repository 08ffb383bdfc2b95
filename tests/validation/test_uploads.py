"""Files that nobody here drew, and files broken on purpose: always findings, never an exception."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.validation import deployment
from app.validation.lint import RULES
from tests.engine.tiny import (
    diagram,
    document,
    extension,
    mapping,
    node,
    process,
    properties,
    task,
    timed,
    user,
    variables,
)
from tests.limits import within

LOOP = (
    "<multiInstanceLoopCharacteristics><extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="i"/>'
    "</extensionElements></multiInstanceLoopCharacteristics>"
)
#: one drawing with a bit of everything, as seed for the broken ones
RICH = document(
    '<message id="m" name="note"/><error id="e" name="bad" errorCode="E"/>',
    process(
        variables(outcome='="open"'),
        '<startEvent id="start"/>',
        user("a", extension(mapping(outcome='="x"'), properties({"status": "open"}))),
        node("boundaryEvent", "late", timed("duration", "P5D"), attachedToRef="a"),
        node("exclusiveGateway", "x", default="x_b"),
        task("b", LOOP),
        node("subProcess", "s", '<startEvent id="s2"/><endEvent id="e2">'
             '<errorEventDefinition errorRef="e"/></endEvent>'
             '<sequenceFlow id="f" sourceRef="s2" targetRef="e2"/>'),
        node("boundaryEvent", "bad", '<errorEventDefinition errorRef="e"/>', attachedToRef="s"),
        node("intermediateCatchEvent", "c", '<messageEventDefinition messageRef="m"/>'),
        '<endEvent id="end"/>',
        flows='start>a a>x x>s:=outcome="x" x>b b>c s>end bad>end late>end c>end',
    ),
)  # fmt: skip


def test_the_seed_of_the_broken_files_is_sound() -> None:
    assert deployment.check({"bpmn/t.bpmn": RICH}).program is not None


def broken(seed: int) -> bytes:
    """The rich drawing with some tokens dropped, doubled, swapped or overwritten."""
    chance = random.Random(seed)
    words = RICH.replace(b"<", b"\x00<").replace(b" ", b"\x00 ").split(b"\x00")
    for _ in range(chance.randint(1, 6)):
        at, other = chance.randrange(len(words)), chance.randrange(len(words))
        kind = chance.randrange(4)
        if kind == 0:
            del words[at]
        elif kind == 1:
            words.insert(at, words[other])
        elif kind == 2:
            words[at], words[other % len(words)] = words[other % len(words)], words[at]
        else:
            words[at] = words[at][: len(words[at]) // 2]
    return b"".join(words)


def renamed(seed: int) -> bytes:
    """The rich drawing with references turned to other elements: well-formed, mostly valid."""
    chance = random.Random(seed)
    ids = [b"start", b"a", b"late", b"x", b"b", b"s", b"bad", b"c", b"end", b"s2", b"e2", b"ghost"]
    parts = RICH.split(b'Ref="')
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(1, len(parts))
        parts[at] = chance.choice(ids) + b'"' + parts[at].partition(b'"')[2]
    return b'Ref="'.join(parts)


@pytest.mark.parametrize("make", [broken, renamed])
def test_a_broken_drawing_gives_findings_and_never_an_exception(make) -> None:  # type: ignore[no-untyped-def]
    for seed in range(400):
        checked = deployment.check({"bpmn/t.bpmn": make(seed)})
        assert checked.program is not None or checked.findings, seed
        bad = [one for one in checked.findings if one.rule == "check-failed"]
        assert not bad, f"seed {seed}: {bad}"
        for one in checked.findings:
            assert one.element_id or one.line or one.rule == "unreadable", (seed, one)


def test_one_broken_file_does_not_hide_the_findings_of_another() -> None:
    files = {"bpmn/a.bpmn": b"<broken", "bpmn/b.bpmn": diagram(task("a"), flows="start>a a>a")}
    found = {(one.file, one.rule) for one in deployment.check(files).findings}
    assert ("bpmn/a.bpmn", "unreadable") in found
    assert ("bpmn/b.bpmn", "endless-loop") in found


def test_a_process_drawn_in_two_files_is_told() -> None:
    content = diagram(user("a"), flows="start>a a>end")
    checked = deployment.check({"bpmn/a.bpmn": content, "bpmn/b.bpmn": content})
    assert [one.rule for one in checked.findings if one.severity == "error"] == ["process-id-taken"]


def test_settings_that_are_no_object_are_refused() -> None:
    for content in (b"[1]", b"{", b"[" * 100_000):
        assert deployment.check({"settings.json": content}).program is None


def test_a_form_and_a_table_that_are_broken_are_findings() -> None:
    files = {"forms/a.form": b"\xff\xfe{", "bpmn/a.dmn": b"<definitions"}
    found = {one.file for one in deployment.check(files).findings}
    assert found == set(files)


def test_a_tangle_of_gateways_is_checked_in_time() -> None:
    names = [f"g{i}" for i in range(120)]
    gateways = [node("inclusiveGateway", name) for name in names]
    flows = " ".join(f"{a}>{b}" for a in names for b in names if a != b)
    content = diagram(*gateways, flows=f"start>g0 {flows} g1>end")
    with within(20):
        deployment.check({"bpmn/t.bpmn": content})


def test_a_long_chain_of_conditions_is_checked_in_time() -> None:
    tasks = [task(f"t{i}") for i in range(2_000)]
    flows = " ".join(f"t{i}>t{i + 1}:=n={i}" for i in range(1_999))
    content = diagram(*tasks, flows=f"start>t0 {flows} t1999>end")
    with within(20):
        checked = deployment.check({"bpmn/t.bpmn": content})
    assert checked.program is not None


HEAVY = {
    "thousands of signal ends": (
        [node("endEvent", f"e{i}", '<signalEventDefinition signalRef="s"/>') for i in range(4_000)],
        " ".join(f"start>e{i}" for i in range(4_000)),
    ),
    "thousands of steps no flow reaches": ([task(f"t{i}") for i in range(9_000)], "start>end"),
    "thousands of events on one edge": (
        [user("a")]
        + [
            node("boundaryEvent", f"b{i}", timed("duration", "P1D"), attachedToRef="a")
            for i in range(3_000)
        ],
        "start>a " + " ".join(f"b{i}>end" for i in range(3_000)),
    ),
    "calls in a long chain": (
        [node("callActivity", f"c{i}", calledElement="p") for i in range(3_000)],
        "start>c0 " + " ".join(f"c{i}>c{i + 1}" for i in range(2_999)) + " c2999>end",
    ),
    "flows without ids between two steps": (
        [task("a"), *(['<sequenceFlow sourceRef="start" targetRef="a"/>'] * 9_000)],
        "a>end",
    ),
    "flows that end nowhere": ([task("a")], " ".join(f"a>x{i}" for i in range(8_000))),
}


@pytest.mark.parametrize(("nodes", "flows"), HEAVY.values(), ids=HEAVY.keys())
def test_a_heavy_file_is_checked_in_time(nodes: list[str], flows: str) -> None:
    content = diagram(*nodes, flows=flows, root='<signal id="s" name="alarm"/>')
    with within(20):
        deployment.check({"bpmn/t.bpmn": content})


def test_a_broken_export_does_not_bury_the_page() -> None:
    content = diagram(*(task(f"t{i}", name="") for i in range(500)), flows="start>end")
    counts: dict[str, int] = {}
    for one in deployment.check({"bpmn/t.bpmn": content}).findings:
        counts[one.rule] = counts.get(one.rule, 0) + 1
    assert max(counts.values()) <= 50


def test_a_label_as_long_as_a_file_makes_no_endless_sentence() -> None:
    long = "x'" * 300_000
    content = diagram(user("a", name=long), flows="start>a a>a").replace(
        b'isExecutable="true"', b'isExecutable="true" name2="' + long.encode() + b'"'
    )
    for each in (content, content.replace(b"name2=", b"camunda:name2=")):
        with within(20):
            found = deployment.check({"bpmn/t.bpmn": each}).findings
        assert found and max(len(one.sentence) for one in found) <= 500


def test_every_rule_has_a_plain_name() -> None:
    assert RULES
    assert all(one.name == one.name.lower() and " " not in one.name for one in RULES)


def test_every_rule_is_tried_in_a_test_of_the_rules() -> None:
    tests = "".join(p.read_text() for p in Path(__file__).parent.glob("test_lint*.py"))
    assert not {one.name for one in RULES if f'"{one.name}"' not in tests}


def test_nothing_in_a_file_is_executed() -> None:
    evil = diagram(
        user("a", camunda__formKey="x"), flows="start>a:=__import__('os').system('x') a>end"
    )
    checked = deployment.check({"bpmn/t.bpmn": evil})
    assert checked.program is None
