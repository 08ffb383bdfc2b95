"""Journeys: what a process owner writes is played, checked and explained with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.audit import entries
from app.audit.narrative import tell
from app.audit.narrative.names import Words
from app.config.dated import Named
from app.config.installation import CalendarSettings, Config, Mail, Role, SignIn
from app.journeys import JourneyFailed, Result, play, walk
from app.journeys.file.answers import payload
from app.journeys.file.instants import BadInstant, Instants
from app.journeys.file.lines import JourneyFault
from app.journeys.file.reading import read
from app.journeys.run.coverage import covered
from app.store import cases
from tests.kit import ROLES, Kit, diagram, form

PRESENT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
FILES = (
    diagram(
        "start > task:ask > xor:needed > task:answer > send:tell > end; needed > end:none;"
        " boundary:late > task:chase > end:chased",
        var={"wanted": '"no"', "who": '["police", "gp"]', "number": "0"},
        ask={
            "groups": "clerk,lead", "form": "ask", "due": "=working_days_after(today(), 5)",
            "backstop": "=working_days_after(today(), 10)", "status": "Being asked",
        },
        answer={
            "groups": '="agency:" + item', "condition": '=wanted = "yes"', "over": "=who",
            "item": "item", "due": "=working_days_after(today(), 3)", "form": "reply",
        },
        none={"condition": "default"},
        late={"on": "answer", "timer": "=due", "interrupting": "false"},
        chase={"groups": "lead"},
        tell={"effect": "mail", "to": "agency:police", "template": "told"},
    )
    | form("ask", "wanted")
    | form("reply", "text", "more")
    | {"forms/mail/told.txt": b"Subject: All told\n\nThe case {reference} is answered."}
)  # fmt: skip


@pytest.fixture
def desk(kit: Kit) -> Kit:
    kit.deploy(FILES)
    return kit


def run(kit: Kit, steps: str, head: str = "", **more: Any) -> Result:
    said: list[str] = []
    text = f"title: Test\n{head}\nsteps:\n{steps}"
    return play(text, kit.desk, present=PRESENT, own_time=True, say=said.append, **more)


START = """
  - at: 2026-06-01 10:15
    who: clerk
    start: p
    case: A
"""
ASKED = (
    START
    + """
  - who: clerk
    do: ask
    answers: {wanted: yes}
"""
)


def test_a_case_walks_and_every_check_holds(desk: Kit) -> None:
    result = run(
        desk,
        START
        + """
  - check:
      open: [ask]
      not_open: [answer]
      due: {ask: 2026-06-08}
      backstop: {ask: 2026-06-15}
      sum: {ask: "5 working days"}
      status: being_asked
      instances: {p: 1}
      cannot_see: [agency, "agency:gp"]
  - at: 2026-06-02 09:00
    who: clerk
    do: Ask
    answers: {wanted: yes}
  - check:
      open: {answer: 2}
      variables: {wanted: "yes", number: 0, who: [police, gp]}
      due: {answer: 2026-06-05}
      not_late: [answer]
  - who: agency
    do: answer
    for: {item: gp}
    answers: {text: "a", more: "b"}
  - at: 2026-06-09
  - check:
      open: [answer, chase]
      late: [answer]
      not_late: [ask]
  - who: "agency:police"
    do: answer
    answers: {text: "a", more: "b"}
  - check:
      late: [answer]
      mail: [{to: agency, contains: "T-2026-0001 is answered"}]
      history: ["clerk started “P”", "completed Ask", "Task opened: Chase", "Mail told"]
""",
    )
    assert result.cases["A"] == "T-2026-0001"
    assert result.checks == 26
    assert result.timers >= 1


def test_what_falls_due_on_the_way_fires_at_its_own_instant(desk: Kit) -> None:
    result = run(desk, ASKED + "  - at: 2026-07-01\n  - check: {history: [“Chase”]}\n")
    fired = [one.at for one in _entries(desk, result) if one.kind == "WakeCase"]
    assert fired == [datetime(2026, 6, 3, 23, tzinfo=UTC)]


def test_an_order_says_whose_step_it_means_where_two_processes_have_it(kit: Kit) -> None:
    """Without the process it is the one that is open, the oldest first."""
    text = "start > and:split > task:ask > and:join > end; split > call:c > join"
    kit.deploy(
        diagram(text, ask={"groups": "clerk", "form": "ask"}, c={"process": "q"}),
        diagram("start > task:ask > task:last > end", process="q", start_groups=None,
                ask={"groups": "clerk", "form": "ask"}, last={"groups": "clerk"}),
        form("ask", "wanted"),
    )  # fmt: skip
    done = "  - {who: clerk, do: %s, answers: {wanted: x}}\n"
    theirs = START + done % "q.ask" + "  - check: {open: {ask: 1, last: 1}}\n"
    run(kit, theirs + done % "ask" + "  - check: {not_open: [ask]}\n")
    with pytest.raises(JourneyFailed, match="not open"):
        run(kit, START + done % "p.ask" + done % "p.ask")
    with pytest.raises(JourneyFailed, match=r"has the task “r\.ask”"):
        run(kit, START + done % "r.ask")


REFUSED = {
    "a field": "{who: clerk, do: ask, answers: {wanted: ''}, refused: wanted}",
    "a text": "{who: clerk, do: ask, refused: 'Wanted'}",
    "a task of others": "{who: 'agency:gp', do: ask, answers: {wanted: x}, refused: NotFound}",
    "a command": "{who: clerk, do: ask, refused: complete_task}",
    "not open": "{who: clerk, do: chase, refused: not open}",
}


@pytest.mark.parametrize("step", REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_expected_by_field_text_or_command(desk: Kit, step: str) -> None:
    run(desk, START + f"  - {step}\n")


FAULTS = {
    "unknown key of a step": ("  - {whom: x}", 9, "Did you mean “who”"),
    "unknown key of a check": ("  - check: {opened: [ask]}", 9, "Did you mean “open”"),
    "unknown element in a check": ("  - check: {open: [asq]}", 9, "Did you mean “ask”"),
    "unknown element in do": ("  - {who: clerk, do: asc}", 9, "Did you mean “ask”"),
    "task not open": ("  - {who: lead, do: chase}", 9, "Open are ask."),
    "unknown process": ("  - {who: clerk, start: q}", 9, "No diagram has the process"),
    "unknown person": ("  - {who: clark, do: ask}", 9, "Did you mean “clerk”"),
    "unknown case": ("  - {who: clerk, do: ask, case: B}", 9, "No case is called “B”"),
    "unknown answer": ("  - {who: clerk, do: ask, answers: {wantd: x}}", 9, "“wanted”"),
    "unknown message": ("  - {message: hello}", 9, "No diagram has the message"),
    "going back": ("  - at: 2026-05-01", 9, "never goes back"),
    "no instant": ("  - at: someday", 9, "is no instant"),
    "nobody": ("  - do: ask", 9, "needs “who”"),
    "two orders": ("  - {who: clerk, do: ask, start: p}", 9, "A step does one thing"),
    "merged into nothing known": ("  - {who: lead, merge_into: B}", 9, "No case is called “B”"),
    "merged by nobody": ("  - merge_into: A", 9, "needs “who”"),
    "answers alone": ("  - {at: 2026-06-02, answers: {a: b}}", 9, "needs “start”"),
    "key twice": ("  - {who: a, who: b}", 9, "stands here twice"),
    "refused without need": (
        "  - {who: clerk, do: ask, answers: {wanted: x}, refused: wanted}", 9, "should have been",
    ),
    "refused otherwise": ("  - {who: clerk, do: ask, refused: nonsense}", 9, "but not for"),
    "missing answer": ("  - {who: clerk, do: ask}", 9, "[wanted]"),
    "wrong due": ("  - check:\n      due: {ask: 2026-06-09}", 10, "Monday 8 June 2026"),
    "wrong count": ("  - check:\n      open: {ask: 2}", 10, "open 2 times"),
    "wrong status": ("  - check: {status: done}", 9, "Being asked"),
    "wrong history": ("  - check: {history: [Chase]}", 9, "does not say"),
    "wrong sight": ("  - check: {cannot_see: [clerk]}", 9, "can see"),
    "not late": ("  - check: {late: [ask]}", 9, "is not late"),
    "no mail": ("  - check: {mail: [{to: lead}]}", 9, "Mails so far: none"),
}  # fmt: skip


@pytest.mark.parametrize(("step", "line", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_names_its_line_and_what_is_known(
    desk: Kit, step: str, line: int, words: str
) -> None:
    with pytest.raises(JourneyFailed) as caught:
        run(desk, START + step + "\n")
    assert words in caught.value.sentence
    assert caught.value.line == line


def test_fill_completes_required_answers_and_keeps_what_was_given(desk: Kit) -> None:
    run(desk, ASKED + "  - {who: agency, do: answer, fill: true, answers: {text: mine}}\n")
    run(desk, ASKED + "  - {who: agency, do: answer}\n", head="fill: true")
    with pytest.raises(JourneyFailed, match="another look"):
        run(desk, ASKED + "  - {who: agency, do: answer}\n")


def test_people_of_the_journey_have_roles_and_attributes(desk: Kit) -> None:
    head = "people:\n  sam: {roles: [agency], agency: police}\n"
    answered = (
        "  - {who: sam, do: answer, fill: true}\n  - check: {cannot_see: ['agency:dentist']}\n"
    )
    run(desk, ASKED + answered, head=head)
    with pytest.raises(JourneyFailed, match="nobody knows"):
        run(desk, START, head="people:\n  sam: {roles: [agence]}\n")


def test_a_closure_counts_from_the_day_it_is_declared(desk: Kit) -> None:
    head = "calendar: {region: england-and-wales, closed: [2026-06-05], declared: 2026-06-03}\n"
    run(
        desk,
        START
        + """
  - check: {due: {ask: 2026-06-08}}
  - at: 2026-06-03 09:00
  - check:
      due: {ask: 2026-06-09}
      history: ["The calendar changed", "from Monday 8 June 2026 to Tuesday 9 June 2026"]
""",
        head=head,
    )


def test_relative_instants_end_at_the_present(desk: Kit) -> None:
    steps = """
  - {at: 3 working days ago 09:30, who: clerk, start: p}
  - {at: 2 hours ago, who: clerk, do: ask, answers: {wanted: "@3 working days ago 09:30"}}
"""
    play(f"title: T\nsteps:{steps}", desk.desk, present=PRESENT)
    with pytest.raises(JourneyFailed, match="after the present"):
        play("title: T\nsteps:\n  - at: in 2 days\n", desk.desk, present=PRESENT)
    with pytest.raises(JourneyFailed, match="no calendar of its own"):
        calendar = "calendar: {region: scotland}"
        play(f"title: T\n{calendar}\nsteps: []\n", desk.desk, present=PRESENT)


def test_coverage_names_what_no_journey_walked(desk: Kit) -> None:
    result = run(desk, ASKED)
    (found,) = covered(result.program, result.walked)
    assert {"chase", "tell", "none"} <= set(found.left_elements)
    assert "ask" not in found.left_elements
    assert "needed_none" in found.left_flows
    assert 0 < found.percent < 100


INSTANTS = {
    "2026-06-01 10:15": "2026-06-01T09:15",
    "2026-01-05": "2026-01-05T00:00",
    "8 working days ago 09:30": "2026-05-19T08:30",
    "2 days ago 14:00": "2026-05-30T13:00",
    "2 days ago": "2026-05-30T09:00",
    "3 hours ago": "2026-06-01T06:00",
    "now": "2026-06-01T09:00",
    "yesterday 08:00": "2026-05-31T07:00",
    "in 1 week 10:00": "2026-06-08T09:00",
    "in 2 working days 10:00": "2026-06-03T09:00",
    "2026-06-01T10:15+02:00": "2026-06-01T08:15",
}


@pytest.mark.parametrize(("text", "utc"), INSTANTS.items(), ids=INSTANTS)
def test_instants_are_london_wall_clock_or_relative(kit: Kit, text: str, utc: str) -> None:
    read_ = Instants(PRESENT, kit.desk.settings.calendar).read(text)
    assert f"{read_:%Y-%m-%dT%H:%M}" == utc


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2026-06-01 25:00", "0x10", "3 ago"])
def test_anything_else_is_no_instant(kit: Kit, text: str) -> None:
    with pytest.raises(BadInstant):
        Instants(PRESENT, kit.desk.settings.calendar).read(text)


def test_a_message_carries_numbers_and_relative_instants(kit: Kit) -> None:
    given = {"n": Decimal("1.5"), "at": "@2 days ago 10:00", "list": [{"x": Decimal("0.1")}]}
    assert payload(given, Instants(PRESENT, kit.desk.settings.calendar)) == {
        "n": {"type": "number", "value": "1.5"},
        "at": "2026-05-30T10:00",
        "list": [{"x": {"type": "number", "value": "0.1"}}],
    }


MESSAGES = diagram(
    "start > catch:hear > task:go > end",
    var={"news": '""'},
    hear={"message": "call", "out": "=news -> news"},
    go={"groups": "clerk"},
)


def test_a_message_from_outside_reaches_the_case(kit: Kit) -> None:
    kit.deploy(MESSAGES)
    steps = """
  - {at: 2026-06-01 10:00, who: clerk, start: p}
  - {at: 2026-06-02 10:00, message: call, answers: {news: good}}
  - check: {open: [go], variables: {news: good}}
"""
    run(kit, steps)


def test_yes_times_and_dates_stay_text() -> None:
    journey = read(
        "steps:\n  - {who: x, do: y, answers: {a: yes, b: 14:05, c: 2026-06-01, d: true, e: 1.5}}\n"
    )
    given = journey.steps[0].answers
    assert [given[key] for key in "abc"] == ["yes", "14:05", "2026-06-01"]
    assert given["d"] is True
    assert str(given["e"]) == "1.5"


@pytest.mark.parametrize(
    "text",
    [
        "steps: [\n",
        "steps:\n  - {who: x, unmerge: false}\n",
        "- a\n",
        "title: x\n",
        "steps:\n - !!python/name:os.system x\n",
        "\n\n",
    ],
)
def test_a_file_that_is_no_journey_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(JourneyFault):
        read(text)


CALLED = {
    **diagram("start > call:inner > end", process="outer", inner={"process": "part"}),
    **diagram("start > task:work > end", process="part", work={"groups": "clerk"}),
}


def test_what_happens_in_a_called_process_is_told_and_covered_as_its_own(kit: Kit) -> None:
    kit.deploy(CALLED)
    result = run(kit, "  - {at: 2026-06-01 10:00, who: clerk, start: outer}\n")
    found = {one.process: one for one in covered(result.program, result.walked)}
    assert "work" not in found["part"].left_elements
    assert "inner" not in found["outer"].left_elements
    history = tell(_entries(kit, result), Words(result.program))
    assert {one.process for one in history if one.element == "work"} == {"part"}


def _entries(kit: Kit, result: Result) -> list[entries.Entry]:
    with kit.store.reading() as unit:
        row = cases.find(unit, next(iter(result.cases.values())))
        assert row is not None
        return list(entries.of_case(unit, row.id))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    for path, content in FILES.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (tmp_path / "bpmn/journeys").mkdir()
    (tmp_path / "bpmn/journeys/one.yaml").write_text(f"title: One\nsteps:{ASKED}")
    return Config(
        title="T", organisation=(Named("O"),), database=f"sqlite:///{tmp_path}/x.db", reference="T",
        calendar=CalendarSettings("england-and-wales", ()),
        roles={one.id: Role(one.id, one.name, one.sees, one.may) for one in ROLES.values()},
        people=(), settings={}, mail=Mail("a@example.org"), sign_in=SignIn(), demo=None,
        secrets_dir=tmp_path / "secrets", root=tmp_path,
    )  # fmt: skip


def test_walking_says_a_line_a_step_and_what_was_never_walked(config: Config) -> None:
    said: list[str] = []
    assert walk(config, coverage=config.root / "bpmn", present=PRESENT, say=said.append) == 0
    assert any(
        "clerk does Ask" in line and "Monday 1 June 2026 at 10:15am" in line for line in said
    )
    assert any(line.startswith("  holds: 2 steps") for line in said)
    assert any(line.startswith("bpmn/p.bpmn  p: ") for line in said)
    assert any("elements never walked" in line and "chase" in line for line in said)
    assert not (config.root / "secrets").exists()


def test_walking_stops_at_the_first_journey_that_does_not_hold(config: Config) -> None:
    folder = config.root / "bpmn/journeys"
    (folder / "a_wrong.yaml").write_text(f"title: W\nsteps:{START}  - check: {{open: [chase]}}\n")
    said: list[str] = []
    assert walk(config, [folder], present=PRESENT, say=said.append) == 1
    assert said[-1].startswith("FAILED ")
    assert "a_wrong.yaml, line 7: check open: “chase” should be open" in said[-1]
    assert walk(config, [folder / "none.yaml"], present=PRESENT, say=said.append) == 1
    assert walk(config, [], present=PRESENT, say=said.append) == 1


@pytest.mark.postgres
def test_walking_on_a_given_database(config: Config, postgres_url: str) -> None:
    said: list[str] = []
    folder = config.root / "bpmn/journeys"
    assert walk(config, [folder], database=postgres_url, present=PRESENT, say=said.append) == 0


def test_diagrams_that_cannot_run_are_said_and_nothing_is_played(config: Config) -> None:
    (config.root / "bpmn/p.bpmn").write_text("no diagram")
    said: list[str] = []
    assert walk(config, [config.root / "bpmn"], present=PRESENT, say=said.append) == 1
    assert any("bpmn/p.bpmn" in line for line in said)


def test_journey_goes_on_from_another_file(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "title: One\npeople: {amy: {roles: [clerk]}}\nsteps:\n"
        "  - {at: 2026-06-01 10:00, who: amy, start: p, case: A}\n"
    )
    (tmp_path / "two.yaml").write_text(
        "title: Two\nafter: one.yaml\nsteps:\n  - {who: amy, do: ask, case: A}\n"
    )
    found = read(tmp_path / "two.yaml")
    assert (found.title, list(found.people)) == ("Two", ["amy"])
    assert [(step.order, Path(step.file).name) for step in found.steps] == [
        ("start", "one.yaml"),
        ("do", "two.yaml"),
    ]


@pytest.mark.parametrize("name", ["../one.yaml", "none.yaml", "two.yaml"])
def test_journey_that_cannot_go_on_from_another_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "two.yaml").write_text(f"title: Two\nafter: {name}\nsteps: []\n")
    with pytest.raises(JourneyFault) as caught:
        read(tmp_path / "two.yaml")
    assert caught.value.line == 2
