"""What each parser is given, and everything that is done with what it makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from app.engine.dmn.decisions import Decisions, read_decisions
from app.engine.errors import Fault, Finding
from app.engine.feel import Calendar, World, codec, compile_expression, compile_tests, kind
from app.engine.forms import answers
from app.engine.forms.fields import Form
from app.engine.forms.reader import outside_names, read_form
from app.engine.pictures import svg
from app.engine.program import Program
from app.engine.run import Case
from app.validation.gate import check
from tests.fuzz import grammar, mutate

TOP = Path(__file__).parents[2]
NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)
CALENDAR = Calendar.of()
WORLDS = (
    World(now=NOW, calendar=CALENDAR, budget=20_000),
    World(now=NOW, calendar=CALENDAR, strict=False, budget=20_000),
)
SCOPE: dict[str, Any] = {
    "x": Decimal(3), "xs": [{"a": Decimal(1)}, {"a": None}, Decimal(5)],
    "deep": {"a": {"b": "c"}}, "?": Decimal(1), "settings": {}, "records": {},
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """`make` invents one input, `act` reads it; any exception but a Fault is a finding."""

    make: Callable[[Random], Any]
    act: Callable[[Any], None]


def useful(finding: Finding) -> bool:
    """A person learns what is wrong, and where."""
    told = finding.sentence and len(finding.sentence) <= 1_000 and "{'" not in finding.sentence
    return bool(told and (finding.element_id or finding.line))


def contents(folders: Iterable[Path], ending: str) -> list[bytes]:
    found = [one for folder in folders for one in sorted(folder.rglob(f"*.{ending}"))]
    return [content for one in found if len(content := one.read_bytes()) < 300_000]


def drawings(sets: Path) -> Target:
    seeds = contents([TOP / "bpmn", sets], "bpmn")
    small = [one for one in seeds if len(one) < 20_000] or seeds
    return Target(lambda rnd: (mutate.xml(rnd, rnd.choice(small)), rnd.random()), act=_drawing)


def _drawing(given: tuple[bytes, float]) -> None:
    content, seed = given
    checked = check({"bpmn/fuzz.bpmn": content})
    assert checked.program is not None or checked.findings
    assert all(map(useful, checked.findings))
    try:
        svg.draw(content)
    except Fault as fault:
        assert fault.sentence
    if checked.program is not None and checked.program.processes:
        _play(checked.program, Random(seed))


def _play(program: Program, rnd: Random) -> None:
    """Some commands to a case, saved and loaded again before each."""
    states: dict[str, bytes] = {}
    at = NOW
    for number in range(12):
        case = Case(program, case_id="c", calendar=CALENDAR, states=states)
        due, tasks, what = case.next_due(), list(case.open_tasks()), rnd.random()
        if number == 0 or what < 0.05:
            case.start(rnd.choice(sorted(program.processes)), {"x": Decimal(1)}, at)
        elif tasks and what < 0.65:
            case.complete(rnd.choice(tasks), {"x": rnd.choice([None, True, Decimal(2)])}, at)
        elif due is not None and what < 0.85:
            at = max(at, due)
            case.wake(at)
        else:
            names = [e.message for p in program.processes.values() for e in p.elements.values()]
            case.message(rnd.choice([n for n in names if n] or ["x"]), {}, at)
        states |= {key: one.state for key, one in case.snapshots().items()}
        case.waiting()


def expressions(sets: Path) -> Target:
    listed = sets / "feel.jsonl"
    lines = listed.read_text().splitlines() if listed.is_file() else []
    seeds = [json.loads(line)["expression"] for line in lines] or list(grammar.LEAVES)

    def make(rnd: Random) -> str:
        source = rnd.choice(
            [
                lambda: grammar.expression(rnd), lambda: grammar.expression(rnd),
                lambda: grammar.soup(rnd), lambda: grammar.broken(rnd, rnd.choice(seeds)),
                lambda: grammar.broken(rnd, grammar.expression(rnd)), lambda: grammar.tests(rnd),
            ]
        )()  # fmt: skip
        return str(source)

    return Target(make, _expression)


def _expression(source: str) -> None:
    for world in WORLDS:
        try:
            found = compile_expression(source).evaluate(SCOPE, world)
        except Fault as fault:
            assert fault.sentence
            continue
        if kind(found) not in ("function", "list", "context", "range"):
            assert codec.loads(codec.dumps(found)) == found, found
    try:
        assert compile_tests(source).matches(Decimal(1), SCOPE, WORLDS[1]) in (True, False, None)
    except Fault as fault:
        assert fault.sentence


def models(sets: Path) -> Target:
    seeds = contents([TOP / "bpmn", sets / "dmn"], "dmn")

    def make(rnd: Random) -> tuple[bytes, list[Any]]:
        return mutate.xml(rnd, rnd.choice(seeds)), [mutate.given(rnd) for _ in range(5)]

    return Target(make, _model)


def _model(given: tuple[bytes, list[Any]]) -> None:
    content, values = given
    decisions, findings = read_decisions({"bpmn/fuzz.dmn": content})
    assert all(map(useful, findings))
    for id in list(decisions.ids)[:6]:
        names = sorted(decisions.inputs(id))
        scope = {name: values[at % len(values)] for at, name in enumerate(names)}
        for world in WORLDS:
            _decide(decisions, id, scope, world)


def _decide(decisions: Decisions, id: str, scope: dict[str, Any], world: World) -> None:
    try:
        decisions.evaluate(id, scope, world)
    except Fault as fault:
        assert fault.sentence


def forms(_: Path) -> Target:
    seeds = contents([TOP / "forms"], "form")

    def make(rnd: Random) -> tuple[bytes, list[Any]]:
        return mutate.document(rnd, rnd.choice(seeds)), [mutate.given(rnd) for _ in range(7)]

    return Target(make, _form)


def _form(given: tuple[bytes, list[Any]]) -> None:
    content, values = given
    form, findings = read_form("forms/fuzz.form", content)
    assert form is not None or findings
    assert all(map(useful, findings))
    if form is not None:
        _fill(form, values)


def _fill(form: Form, values: list[Any]) -> None:
    outside_names(form)
    keys = [one.key for one in form.walk() if one.key]
    given = {key: values[at % len(values)] for at, key in enumerate(keys)}
    for world in WORLDS:
        answers.read_answers(form, given, SCOPE, world)
        answers.read_answers(form, given, SCOPE, world, draft=True)
        answers.shown(form, given, SCOPE, world)
        answers.initial(form, SCOPE, world)
        answers.worded(form, SCOPE, world)
        answers.unknown(form, given)


TARGETS: dict[str, Callable[[Path], Target]] = {
    "bpmn": drawings, "feel": expressions, "dmn": models, "form": forms,
}  # fmt: skip
