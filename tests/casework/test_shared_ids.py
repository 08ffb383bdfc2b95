"""Two processes whose steps have the same ids, as a copied file's have: each has its own rules,
records, deadlines, incidents, pictures and sentences, however the second one comes to run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from app.audit import entries
from app.audit.narrative import tell
from app.audit.narrative.frames import frame_at
from app.audit.narrative.names import Words
from app.audit.verification import verify_case
from app.casework import views
from app.casework.commands import CompleteTask, DeliverMessage, Done, ProduceDocument
from app.casework.errors import Refused, Undecided
from app.engine.program import Program
from app.store import cases
from app.store.work import deadlines, incidents
from app.store.work.tasks import TaskRow
from tests.kit import PEOPLE, Kit, diagram, form
from tests.word_documents import document, lines, word

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
STEPS = {"ask": {"groups": "clerk,lead", "form": "ask"}}
#: what p says of its `check`, and what q says of the one of the same id
RULES = {
    "p": {"status": "at_p", "due": "=days_after(today(), 1)"},
    "q": {
        "status": "at_q", "due": "=days_after(today(), 7)", "people": "2", "not_done_by": "ask",
    },
}  # fmt: skip
FORMS = {
    **form("ask", "note"),
    **form("look", "seen", required=False, properties={"prefill": "=records.ask.note"}),
}


def drawn(process: str, text: str, **facts: Mapping[str, str]) -> dict[str, bytes]:
    check = {"groups": "clerk,lead", "form": "look", **RULES[process]}
    start_groups = "clerk,lead" if process == "p" else None
    return diagram(
        text, process=process, start_groups=start_groups, **{**STEPS, "check": check, **facts}
    )


def within(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The process with all it draws inside one sub-process."""
    (path,) = (one for one in files if one.endswith(".bpmn"))
    root = etree.fromstring(files[path])
    process = root.find(f"{BPMN}process")
    assert process is not None
    inner = [one for one in process if etree.QName(one).localname != "extensionElements"]
    body = etree.SubElement(process, f"{BPMN}subProcess", id="body", name="Body")
    body.extend(inner)
    for id, kind in (("first", "startEvent"), ("last", "endEvent")):
        etree.SubElement(process, f"{BPMN}{kind}", id=id)
    for source, target in (("first", "body"), ("body", "last")):
        flow = etree.SubElement(process, f"{BPMN}sequenceFlow", id=f"{source}_{target}")
        flow.set("sourceRef", source)
        flow.set("targetRef", target)
    return {**files, path: etree.tostring(root)}


CHAIN = "start > task:ask > task:check > end"
CALLING = "start > and:split > task:ask > task:check > and:join > end; split > call:c > join"
TWICE = f"{CALLING}; split > call:d > join"
BESIDE = {"start": {"message": "go"}}

#: how q comes to run beside p: its files and p's, messages to give, how often it runs
WAYS: dict[str, tuple[list[dict[str, bytes]], int, int]] = {
    "called": ([drawn("p", CALLING, c={"process": "q"}), drawn("q", CHAIN)], 0, 1),
    "called at two places": (
        [drawn("p", TWICE, c={"process": "q"}, d={"process": "q"}), drawn("q", CHAIN)], 0, 2,
    ),
    "sub-process of a called one": (
        [drawn("p", CALLING, c={"process": "q"}), within(drawn("q", CHAIN))], 0, 1,
    ),
    "multi-instance call": (
        [drawn("p", CALLING, c={"process": "q", "over": '=["x", "y"]'}), drawn("q", CHAIN)], 0, 2,
    ),
    "two instances": ([drawn("p", CHAIN), drawn("q", CHAIN, **BESIDE)], 2, 2),
    "two files copied": ([drawn("p", CHAIN), drawn("q", CHAIN, **BESIDE)], 1, 1),
}  # fmt: skip


class Walk:
    """p's `check` and each of q's are open; ann did p's `ask`, ben and lea those of q in turn."""

    def __init__(self, kit: Kit, way: str) -> None:
        files, messages, self.times = WAYS[way]
        self.kit = kit
        kit.deploy(*files, FORMS)
        self.case = kit.start("ann")
        for _ in range(messages):
            kit.do(DeliverMessage, "lea", case=self.case, message="go")
        #: task of q's check → who did the ask before it
        self.askers: dict[str, str] = {}
        self.done("ann", self.one("p", "ask"), note="of p")
        for who, row in zip(("ben", "lea"), self.all("q", "ask"), strict=False):
            known = {one.task for one in self.all("q", "check")}
            self.done(who, row, note=f"of {who}")
            (opened,) = [one for one in self.all("q", "check") if one.task not in known]
            self.askers[opened.task] = who

    def all(self, process: str, element: str) -> list[TaskRow]:
        rows = self.kit.tasks(self.case)
        return [one for one in rows if (one.process, one.element) == (process, element)]

    def one(self, process: str, element: str) -> TaskRow:
        (found,) = self.all(process, element)
        return found

    def done(self, who: str, row: TaskRow, **given: Any) -> Done:
        page = self.page(who, row)
        return self.kit.do(
            CompleteTask, who, case=self.case, task=row.task, given=given, version=page.version
        )

    def page(self, who: str, row: TaskRow) -> views.TaskPage:
        return views.task_page(self.kit.desk, PEOPLE[who], self.case, row.task, self.kit.at)

    def case_page(self) -> views.CasePage:
        return views.case_page(self.kit.desk, PEOPLE["lea"], self.case, self.kit.at)

    def program(self) -> Program:
        with self.kit.store.reading() as unit:
            return self.kit.desk.installation.programs.of(unit, self.case_page().deployment).program

    def history(self) -> list[entries.Entry]:
        with self.kit.store.reading() as unit:
            return list(entries.of_case(unit, self.case_page().id))


@pytest.fixture(params=WAYS)
def walk(kit: Kit, request: pytest.FixtureRequest) -> Walk:
    return Walk(kit, request.param)


def other(who: str) -> str:
    return "lea" if who == "ben" else "ben"


def test_people_are_counted_by_the_process_that_holds_the_task(walk: Walk) -> None:
    ours = walk.one("p", "check")
    assert walk.page("ben", ours).people == 1
    assert "TaskCompleted" in kinds(walk.done("ben", ours, seen="yes"))
    for row in walk.all("q", "check"):
        assert walk.page("ann", row).people == 2
        assert "TaskCompleted" not in kinds(walk.done("ann", row, seen="yes"))
        second = other(walk.askers[row.task])
        assert "TaskCompleted" in kinds(walk.done(second, row, seen="yes"))


def kinds(done: Done) -> list[str]:
    return [type(event).__name__ for event in done.events]


def test_not_done_by_means_the_step_of_the_own_run(walk: Walk) -> None:
    ours = walk.one("p", "check")
    assert walk.page("ann", ours).refusal is None  # p lets who asked check
    for row in walk.all("q", "check"):
        asked = walk.askers[row.task]
        with pytest.raises(Refused, match="You did “Ask”"):
            walk.done(asked, row, seen="yes")
        for who in ("ann", other(asked)):  # they asked in p, or in the other run of q
            assert walk.page(who, row).refusal is None


def test_the_status_is_that_of_the_process_whose_step_opened_last(walk: Walk) -> None:
    assert walk.case_page().status == "at_q"


def test_a_record_is_that_of_the_own_process_and_run(walk: Walk) -> None:
    told = {row.task: note(walk, row) for row in (*walk.all("p", "check"), *walk.all("q", "check"))}
    asked = {task: f"of {who}" for task, who in walk.askers.items()}
    assert told == {walk.one("p", "check").task: "of p", **asked}
    everybodys = walk.page("ann", walk.all("q", "check")[0]).asked.scope["records"]["ask_all"]
    assert [one["note"] for one in everybodys] == [*asked.values()]


def note(walk: Walk, row: TaskRow) -> Any:
    return walk.page("ann", row).asked.scope["records"]["ask"]["note"]


def test_a_deadline_belongs_to_its_process(walk: Walk) -> None:
    with walk.kit.store.reading() as unit:
        rows = deadlines.of_case(unit, walk.case_page().id)
    days = {"p": 1, "q": 7}
    assert {one.process for one in rows} == {"p", "q"}
    for one in rows:
        assert one.due.date() == (walk.kit.at + timedelta(days=days[one.process])).date()


def test_both_pictures_show_each_process_its_own(walk: Walk) -> None:
    walk.done("ben", walk.one("p", "check"), seen="yes")
    walk.kit.later(days=9)  # q's checks are late now, p's was done in time
    marks = {one.process: one.marks for one in walk.case_page().diagrams}
    assert (marks["p"]["ask"], marks["p"]["check"]) == ("done", "done")
    assert (marks["q"]["ask"], marks["q"]["check"]) == ("done", "late active")
    taken = {one.process: one.taken for one in walk.case_page().diagrams}
    assert "ask_check" in taken["p"] and "check_end" not in taken["q"]
    shown = frame_at(walk.history(), walk.program(), walk.case_page().seq)
    assert shown is not None
    plain = {file: {id: m.removesuffix(" now") for id, m in marks.items()}
             for file, marks in shown.marks.items()}  # fmt: skip
    assert plain["bpmn/p.bpmn"]["check"] == "done"
    assert plain["bpmn/q.bpmn"]["check"] == "late active"
    assert shown.taken["bpmn/q.bpmn"] == taken["q"]


def test_a_step_stays_open_while_one_of_its_runs_is(walk: Walk) -> None:
    rows = walk.all("q", "check")
    for number, row in enumerate(rows, 1):
        for who in ("ann", other(walk.askers[row.task])):
            walk.done(who, row, seen="yes")
        mark = {one.process: one.marks for one in walk.case_page().diagrams}["q"]["check"]
        assert mark == ("active" if number < len(rows) else "done")
    marks = {one.process: one.marks for one in walk.case_page().diagrams}
    assert marks["p"]["check"] == "active"


def test_each_fact_and_its_sentence_name_the_process(walk: Walk) -> None:
    for row in walk.all("q", "check"):
        for who in ("ann", other(walk.askers[row.task])):
            walk.done(who, row, seen="yes")
    walk.done("ben", walk.one("p", "check"), seen="yes")
    told = tell(walk.history(), Words(walk.program()))
    opened = [one.process for one in told if one.text.startswith("Task opened: “Check”")]
    assert sorted(filter(None, opened)) == ["p", *["q"] * walk.times]
    ended = [one.process for one in told if one.text == "Reached “End”."]
    assert sorted(filter(None, ended)) == ["p", *["q"] * walk.times]
    dues = [one.process for one in told if one.text.startswith("Deadline met")]
    assert sorted(filter(None, dues)) == ["p", *["q"] * walk.times]


def test_its_history_runs_again(walk: Walk) -> None:
    for row in walk.all("q", "check"):
        for who in ("ann", other(walk.askers[row.task])):
            walk.done(who, row, seen="yes")
    verdict = verify_case(walk.kit.store, walk.case, programs=walk.kit.desk.installation.programs)
    assert verdict.good, verdict.lines()


WAITING = "start > and:split > catch:wait > task:ask > task:check > and:join > end"


@pytest.mark.parametrize("called", [True, False], ids=["called", "two files copied"])
def test_an_incident_names_the_process_that_stopped(kit: Kit, called: bool) -> None:
    ours = f"{WAITING}; split > call:c > join" if called else f"{WAITING}; split > join"
    kit.deploy(
        drawn("p", ours, wait={"timer": "P9D"}, **({"c": {"process": "q"}} if called else {})),
        drawn(
            "q", f"{WAITING}; split > join", wait={"timer": "PT1H"}, ask={"groups": "=1 + 1"},
            **({} if called else BESIDE),
        ),
        FORMS,
    )  # fmt: skip
    case = kit.start("lea")
    if not called:
        kit.do(DeliverMessage, "lea", case=case, message="go")
    kit.later(hours=2)
    kit.desk.wake(case, kit.at)
    page = views.case_page(kit.desk, PEOPLE["lea"], case, kit.at)
    with kit.store.reading() as unit:
        (stopped,) = incidents.of_case(unit, page.id)
    assert (stopped.process, stopped.element) == ("q", "ask")
    with kit.store.reading() as unit:
        found = list(entries.of_case(unit, page.id))
        program = kit.desk.installation.programs.of(unit, page.deployment).program
    (said,) = [one for one in tell(found, Words(program)) if one.topic == "trouble"]
    assert said.process == "q"


@pytest.mark.parametrize(("first", "second"), [("p", "q"), ("z_caller", "a_called")])
def test_two_people_are_asked_for_in_the_called_process(kit: Kit, first: str, second: str) -> None:
    kit.deploy(
        diagram(
            "start > call:c > task:check > end",
            process=first, c={"process": second}, check={"groups": "clerk"},
        ),
        diagram(
            "start > task:check > end",
            process=second, start_groups=None, check={"groups": "clerk", "people": "2"},
        ),
    )  # fmt: skip
    case = kit.start("ann", first)
    task = kit.tasks(case)[0].task
    assert views.task_page(kit.desk, PEOPLE["ann"], case, task, kit.at).people == 2
    done = kit.complete("ann", case, "check")
    assert "TaskCompleted" not in kinds(done)  # one person is not enough


def test_tasks_of_two_instances_stand_beside_each_other(kit: Kit) -> None:
    kit.deploy(
        diagram("start > task:check > end", process="p", check={"groups": "clerk,lead"}),
        diagram(
            "start > task:check > end", process="q", start_groups=None, start={"message": "go"},
            check={"groups": "clerk,lead", "people": "2"},
        ),
    )  # fmt: skip
    case = kit.start("lea", "p")
    kit.do(DeliverMessage, "lea", case=case, message="go")
    assert sorted(row.process for row in kit.tasks(case)) == ["p", "q"]


def test_what_a_sibling_answered_is_nobodys_own_record(kit: Kit) -> None:
    """One item of the loop has skipped the question; the other one's answer is not shown to it."""
    kit.deploy(
        drawn("p", "start > call:c > end", c={"process": "q", "over": '=["x", "y"]'}),
        drawn("q", "start > and:split > task:ask > and:join > end; split > task:check > join"),
        FORMS,
    )
    case = kit.start("ann")
    first, second = (row for row in kit.tasks(case) if row.element == "check")
    ask = next(r for r in kit.tasks(case) if (r.element, r.label) == ("ask", first.label))
    kit.do(CompleteTask, "ben", case=case, task=ask.task, given={"note": "mine"})

    def seen(row: TaskRow) -> Any:
        page = views.task_page(kit.desk, PEOPLE["ann"], case, row.task, kit.at)
        return page.asked.scope["records"].get("ask")

    assert seen(first) is not None and seen(first)["note"] == "mine"
    assert seen(second) is None


def test_where_the_own_run_has_no_answer_the_newest_of_the_case_is_meant(kit: Kit) -> None:
    """Called once more, a process finds what was said the time before."""
    kit.deploy(
        drawn("p", "start > call:c > call:d > end", c={"process": "q"}, d={"process": "q"}),
        drawn("q", "start > task:check > task:ask > end"),
        FORMS,
    )
    case = kit.start("ann")
    for who in ("ann", "ben"):
        (row,) = kit.tasks(case)
        page = views.task_page(kit.desk, PEOPLE[who], case, row.task, kit.at)
        assert "ask" not in page.asked.scope["records"]
        kit.do(CompleteTask, who, case=case, task=row.task, given={}, version=page.version)
    kit.complete("ann", case, "ask", note="the first time")
    (row,) = kit.tasks(case)
    page = views.task_page(kit.desk, PEOPLE["lea"], case, row.task, kit.at)
    assert page.asked.scope["records"]["ask"]["note"] == "the first time"


def test_four_eyes_on_another_process_hold_in_the_run_it_called(kit: Kit) -> None:
    """Said in full: whoever asked in q, not whoever asked in p."""
    kit.deploy(
        drawn("p", "start > task:ask > call:c > task:last > end", c={"process": "q"},
              last={"groups": "clerk,lead", "not_done_by": "q_ask"}),
        drawn("q", "start > task:ask > end"),
        FORMS,
    )  # fmt: skip
    case = kit.start("ann")
    kit.complete("ann", case, "ask", note="of p")
    kit.complete("ben", case, "ask", note="of q")
    with pytest.raises(Refused, match="You did “Ask”"):
        kit.complete("ben", case, "last")
    assert "TaskCompleted" in kinds(kit.complete("ann", case, "last"))


def test_a_document_says_which_of_two_steps_it_means(kit: Kit) -> None:
    kit.deploy(
        drawn("p", "start > task:ask > call:c > task:last > end", c={"process": "q"},
              last={"groups": "clerk"}),
        drawn("q", "start > task:ask > end"),
        FORMS,
        document("note", word("«=records.p_ask.note», «=told.q_ask_all[1].note»"),
                 more="needs: [q_ask]"),
    )  # fmt: skip
    case = kit.start("ann")
    kit.complete("ann", case, "ask", note="of p")
    make = {"case": case, "document": "note", "format": "docx"}
    page = views.document_page(kit.desk, PEOPLE["ann"], case, kit.at)
    assert page.documents[0].missing == ("Ask",)
    with pytest.raises(Refused, match="needs what is entered in: Ask"):
        kit.do(ProduceDocument, "ann", **make)
    kit.complete("ben", case, "ask", note="of q")
    page = views.document_page(kit.desk, PEOPLE["ann"], case, kit.at)
    assert page.documents[0].missing == ()
    kit.do(ProduceDocument, "ann", **make)
    kept = views.kept_document(kit.desk, PEOPLE["ann"], case, "note", 1, kit.at)
    assert lines(kept.content) == ["of p, of q"]


def test_what_a_start_form_asked_is_there_under_both_of_its_names(kit: Kit) -> None:
    """A name that a document must hide does not get through because the event's id was said."""
    marks = {"persons": "child", "person_is": "name"}
    kit.deploy(
        diagram("start > task:ask > end", start={"form": "who"}, ask=STEPS["ask"]),
        document("note", word("«=records.p.child», «=records.start.child»"), more="for: outward"),
        form("who", "child", properties=marks),
        FORMS,
    )
    case = kit.start("ann", child="Robin Example")
    make = {"case": case, "document": "note", "format": "docx"}
    with pytest.raises(Undecided) as shown:
        kit.do(ProduceDocument, "ann", **make)
    kit.do(ProduceDocument, "ann", **make, seen=shown.value.survey.digest)
    kept = views.kept_document(kit.desk, PEOPLE["ann"], case, "note", 1, kit.at)
    assert lines(kept.content) == ["Child 1, Child 1"]


def test_what_is_withdrawn_is_told_by_the_event_of_the_process_that_did_it(kit: Kit) -> None:
    """Both processes draw an event `late`; the caller's withdraws the task of the called one."""
    late = {"timer": "PT1H", "on": "c"}
    theirs = drawn("q", "start > task:ask > end; boundary:late > end:none",
                   late={"timer": "P9D", "on": "ask"})  # fmt: skip
    theirs["bpmn/q.bpmn"] = theirs["bpmn/q.bpmn"].replace(b'name="Late"', b'name="Too quiet"')
    ours = drawn("p", "start > call:c > end; boundary:late > end:none", c={"process": "q"},
                 late=late)  # fmt: skip
    kit.deploy(ours, theirs, FORMS)
    case = kit.start("ann")
    kit.later(hours=2)
    kit.desk.wake(case, kit.at)
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
        assert row is not None
        program = kit.desk.installation.programs.of(unit, row.deployment).program
        told = tell(list(entries.of_case(unit, row.id)), Words(program))
    (said,) = [one for one in told if "no longer needed" in one.text and one.topic == "task"]
    assert (said.text, said.process) == ("“Ask” is no longer needed, by “Late”.", "q")
