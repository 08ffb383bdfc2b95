"""Nothing that somebody reads is missing in the map of readers.

Journeys are played with a word of its own in every text that somebody types. What then stands
before the people who have a task, get a mail, or are given a document is looked through for these
words; of each the map has to know: this question, this reader, this way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import store, wiring
from app.casework import commands, views
from app.casework.access import Person
from app.casework.cases import history
from app.casework.command import Command, Done
from app.casework.desk import Desk
from app.config.installation import load
from app.documents import addressees, every_text, worded
from app.engine import feel, value
from app.engine.forms import Form, Grid, by_path, initial, level, options
from app.engine.forms import worded as worded_form
from app.journeys.run.running import play
from app.validation.lint.readers import WHOLE, ReaderMap
from app.validation.who_reads import who_reads
from tests.journeys.test_content import TOP

PRESENT = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
#: few that cover most forms
JOURNEYS = (
    "lcspr_vesting_day", "child_death_after_withdrawal", "report_without_legal_comments",
    "data_request_clarified", "national_review_takes_lcspr_over", "lcspr_actions_tracked",
    "hand_over_clock", "information_refused", "data_protection_complaint",
    "learning_without_review", "lcspr_told_after_a_death", "no_lcspr",
)  # fmt: skip
_MARK = re.compile(r"zq\d+x")
#: (form, question)
Asked = tuple[str, str]
#: (question's mark, reader, way) → where it was seen
Seen = tuple[str, str, str]


class Watching(Desk):
    """A desk on which every text typed holds a word of its own, and that notes who reads which."""

    def begin(self) -> None:
        self.known: dict[str, set[Asked]] = {}
        self.seen: dict[Seen, str] = {}
        self.forms: set[str] = set()
        self._marks: dict[tuple[str, str], int] = {}
        self._looks: Counter[tuple[str, str]] = Counter()
        self._cases: set[str] = set()

    def do(self, command: Command) -> Done:
        form, task = self._asked(command)
        if form is not None:
            if isinstance(command, commands.CompleteTask) and task is not None:
                self._look(command.actor, command.case, task, command.at)
            given = self._marked(form, getattr(command, "given", None) or {})
            command = replace(command, given=given)
        done = super().do(command)
        if form is not None:
            self._recorded(form, done)
        if isinstance(command, commands.ProduceDocument):
            self._made(command, done)
        return done

    def _asked(self, command: Command) -> tuple[Form | None, Any]:
        """The form that the order answers, and the task."""
        with self.store.reading() as unit:
            if isinstance(command, commands.StartCase):
                digest = store.deployments.active(unit)
                loaded = self.installation.programs.of(unit, digest)
                return loaded.form_of_step(command.process, command.process), None
            if isinstance(command, commands.CompleteTask):
                row = store.cases.find(unit, command.case)
                task = store.work.tasks.find(unit, command.case, command.task) if row else None
                if row is not None and task is not None:
                    loaded = self.installation.programs.of(unit, row.deployment)
                    return loaded.form(task.form), task
        return None, None

    # What is typed

    def _marked(self, form: Form, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: self._mark(fields[key], answer) if key in fields else answer
            for fields in [{field.key: field for field in level(form.fields)}]
            for key, answer in given.items()
        }

    def _mark(self, field: Any, answer: Any) -> Any:
        if isinstance(answer, list) and field.fields:
            return [self._row(field, row) for row in answer]
        if isinstance(answer, Mapping) and field.fields:
            return self._row(field, answer)
        free = field.kind in ("textfield", "textarea") and isinstance(answer, str) and answer
        bound = field.pattern or field.validation_type or field.rules.mod11 or field.max_length
        if not free or (bound and not (field.max_length or 0) > len(str(answer)) + 8):
            return answer
        if field.pattern or field.validation_type or field.rules.mod11 or _MARK.search(answer):
            return answer
        mark = self._marks.setdefault((field.key, answer), len(self._marks))  # said again, the same
        return f"{answer} zq{mark}x"

    def _row(self, field: Any, row: Mapping[str, Any]) -> dict[str, Any]:
        fields = {inner.key: inner for inner in level(field.fields)}
        return {k: self._mark(fields[k], v) if k in fields else v for k, v in row.items()}

    def _recorded(self, form: Form, done: Done) -> None:
        """In which questions each word is recorded: where it was typed, and where it was known."""
        self.forms.add(form.id)
        self._cases.add(done.case)
        with self.store.reading() as unit:
            key = store.cases.key_of(unit, done.case)
            said = history.some(unit, key, {done.seq})[done.seq].said
        for path, answer in by_path(said.get("answers") or {}).items():
            keys = ".".join(key for key in path.split(".") if not key.isdecimal())
            for mark in _MARK.findall(str(answer)):
                self.known.setdefault(mark, set()).add((form.id, keys))

    # What is read

    def note(self, text: str, readers: Iterable[str], way: str, place: str) -> None:
        for mark in _MARK.findall(text):
            for reader in readers:
                self.seen.setdefault((mark, reader, way), place)

    def _look(self, person: Person, case: str, task: Any, at: datetime) -> None:
        self._looks[task.process, task.element] += 1
        if self._looks[task.process, task.element] > 2:
            return
        with self.store.reading() as unit:
            row = store.cases.find(unit, case)
            offers = store.work.tasks.offers(unit, case).get(task.task, set())
        assert row is not None
        readers = {who[2:].partition(":")[0] for who in offers if who.startswith("g:")}
        try:
            page = views.task_page(self, person, row.reference, task.task, at)
        except Exception:  # refused: the order itself says so
            return
        place = f"{task.process} {task.element}"
        for way, texts in _texts(page):
            self.note("\n".join(texts), readers, way, place)
        self.note(page.label or "", {*readers, WHOLE}, "label", place)
        self.note(page.status or "", readers, "status", place)
        self.note(page.deadline.sum if page.deadline else "", readers, "deadline", place)

    def _made(self, command: commands.ProduceDocument, done: Done) -> None:
        with self.store.reading() as unit:
            rows = store.documents.of_case(unit, done.case)
            row = next(row for row in rows if row.seq == done.seq)
            key = store.cases.key_of(unit, done.case)
            kept = store.documents.read(unit, key, row.document, row.version)
            digest = store.cases.find(unit, done.case)
            assert digest is not None and kept is not None
            loaded = self.installation.programs.of(unit, digest.deployment)
        manifest = loaded.documents[command.document].manifest
        text = "\n".join(every_text(kept[1]))
        self.note(text, manifest.groups, "made document", manifest.id)

    def mails(self) -> None:
        """Every mail that was sent or waits, in the words that its people read."""
        with self.store.reading() as unit:
            for case in self._cases:
                row = store.cases.find(unit, case)
                assert row is not None
                key = store.cases.key_of(unit, case)
                files = store.deployments.files(unit, row.deployment)
                for sent in store.work.messages.outbox_of(unit, case):
                    headers = feel.codec.loads(sent.content(key)) if sent.effect == "mail" else {}
                    template = files.get(f"forms/mail/{headers.get('template')}.txt", b"").decode()
                    if not template:
                        continue
                    fields = {name: value(header) for name, header in headers.items()}
                    subject, text = worded(template, fields)
                    readers = {to.partition(":")[0] for to in addressees(headers.get("to"))}
                    self.note(subject, readers, "mail subject", str(headers["template"]))
                    self.note(text, readers, "mail", str(headers["template"]))
                    self.note(str(headers.get("to")), readers, "mail address", "")


def _texts(page: Any) -> Iterator[tuple[str, list[str]]]:
    """(way, texts) of everything on a task's page that holds recorded words."""
    asked = page.asked
    if asked.form is not None:
        known = [str(value) for value in by_path(asked.known.values).values()]
        yield "form", [*known, *_form_texts(asked.form, asked.scope, asked.world)]
    if page.brief is not None:
        yield "brief", _form_texts(page.brief.form, page.brief.scope, page.brief.world)
    for shown in page.shows:
        yield "record", [answer.words for answer in shown.answers]
    for document in page.documents:
        yield "document", [str(part) for part in document.parts]


def _form_texts(form: Form, scope: Mapping[str, Any], world: Any) -> list[str]:
    given = initial(form, scope, world)
    texts: list[str] = []
    for cell, _ in Grid(worded_form(form, scope, world), given, scope, world).shown():
        field = cell.field
        chosen = field.kind in ("radio", "select", "checklist")
        texts += [option.label for option in options(field, scope, world)] if chosen else []
        texts += [field.label, field.hint, "" if cell.rows else str(cell.value)]
    return texts


@pytest.fixture(scope="module")
def readers() -> ReaderMap:
    return who_reads(load(TOP / "config.yaml").content_files())


@pytest.fixture(scope="module")
def watching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    config = replace(load(TOP / "config.yaml"), secrets_dir=tmp_path_factory.mktemp("readers"))
    desk = wiring.open_desk(config, database="sqlite://", upgrade=True)
    assert wiring.deploy_content(desk, config, PRESENT, [].append)
    watching = Watching(desk.store, desk.settings)
    watching.begin()
    for name in JOURNEYS:
        file: Path = TOP / f"bpmn/journeys/{name}.yaml"
        result = play(file, watching, present=PRESENT, own_time=True, keep_going=True)
        orders = [fault for fault in result.faults if ": check " not in str(fault)]
        assert not orders, orders  # checks quote words that are marked here
    watching.mails()
    yield watching
    watching.store.close()


def test_whatever_somebody_reads_stands_in_the_map(watching: Watching, readers: ReaderMap) -> None:
    rows = {((r.form, r.question), r.reader, r.way) for r in readers.rows if not r.decides}
    # An answer that a form shows as known is in its own form from then on.
    missing = Counter(
        (sorted(watching.known[mark])[0], reader, way, place)
        for (mark, reader, way), place in watching.seen.items()
        if not any((asked, reader, way) in rows for asked in watching.known.get(mark, ()))
    )
    assert not missing, "\n".join(map(str, missing))


def test_much_is_looked_at(watching: Watching) -> None:
    ways = {way for _, _, way in watching.seen}
    assert ways >= {"form", "brief", "record", "document", "made document", "label"}
    assert len({asked for several in watching.known.values() for asked in several}) > 250
    assert len(watching.forms) > 100
