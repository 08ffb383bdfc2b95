"""Owns the ways by which an answer comes before somebody, as drawings, forms and documents say.

One row for each question, reader, way and place. Which answers a name carries is `flow`'s, whom a
text means `who`'s. A condition that only shows or hides something is no way. What people see of a
case by their role is one way beside the others (“history”); who may see a case is casework's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.documents import STARTER, Template
from app.engine.bpmn import Element, Process
from app.engine.forms import Field, Form
from app.validation.lint.readers import asked
from app.validation.lint.readers.carried import NOTHING, Carried, Names, Question, carried, spoken
from app.validation.lint.readers.flow import Flow
from app.validation.lint.readers.texts import document, said, shown, taken_over
from app.validation.lint.readers.who import BY_LAW, GUEST, OTHER, OUTWARD, WHOLE, Who

#: way → what people call it
WAYS: Mapping[str, str] = {
    "asked": "Asked in the form",
    "form": "Shown in the form of the task",
    "brief": "Brief of the task",
    "record": "Record shown on the task",
    "document": "Document on the task",
    "made document": "Document that is made",
    "mail subject": "Subject of a mail",
    "mail": "Text of a mail",
    "mail address": "Address of a mail",
    "label": "Label",
    "status": "Status of the case",
    "deadline": "Deadline and its sum",
    "shown": "Answer shown on the case’s page",
    "signal": "Signal to other cases",
    "history": "History and pages of the whole case",
}
#: ways that leave the case, or stand in lists and are kept in clear
IN_CLEAR = frozenset({"mail subject", "mail", "mail address", "label", "status", "signal"})


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody may come to read the answer to a question."""

    #: ids of the form and, with dots between, of the question in it
    form: str
    question: str
    label: str
    class_: str
    #: a role, or one of `who.SORTS`
    reader: str
    #: one of `WAYS`
    way: str
    #: path of the drawing, form or manifest that says so
    file: str
    #: ids; "" where it lies in no process
    process: str
    element: str
    #: what people call the step; for a document its title
    stage: str
    #: the answer decides what is said there, and is not said itself
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A way at a place, with what is carried there and who reads it."""

    way: str
    file: str
    process: str
    element: str
    stage: str
    readers: frozenset[str]
    held: Carried


class Ways:
    """The ways of one deployment."""

    def __init__(
        self, flow: Flow, who: Who, mails: Mapping[str, str], documents: Mapping[str, Template],
        across: frozenset[str],
    ) -> None:  # fmt: skip
        self.flow, self.who = flow, who
        self.mails, self.documents, self.across = mails, documents, across
        self._documents: dict[str, Carried] = {}

    def every(self) -> Iterator[Way]:
        for process in self.flow.processes.values():
            if process.executable:
                yield from self._begun(process)
                for element in process.elements.values():
                    yield from self._at(process, element)
        for template in self.documents.values():
            yield from self._made(template)
        yield from self._shown_to()

    def taken_over(self) -> Iterator[tuple[str, str, Question, Question]]:
        """(process, element, question, the one whose answer it begins with)."""
        for process in self.flow.processes.values():
            asked_at: list[tuple[Element | None, str | None]] = [(None, process.start_form)]
            asked_at += [(e, e.form or e.rules.form) for e in process.elements.values()]
            for element, id in asked_at:
                form = self.flow.forms.get(id or "")
                if form is None:
                    continue
                place = process.id, element.id if element is not None else ""
                for path, held in taken_over(form, self.flow.of_form(process, element, form)):
                    for part in spoken(held):
                        yield *place, Question(form.id, path), part.question

    # A place in a drawing

    def _begun(self, process: Process) -> Iterator[Way]:
        form = self.flow.forms.get(process.start_form or "")
        if form is not None:
            readers = self.who.meant(process, None, process.start_groups) | {STARTER}
            yield self._way("asked", process, None, readers, asked.answers(form))
            held = shown(form, self.flow.of_form(process, None, form))
            yield self._way("form", process, None, readers, held)

    def _at(self, process: Process, element: Element) -> Iterator[Way]:
        names = self.flow.names(process, element)
        if element.kind == "userTask":
            yield from self._task(process, element)
        elif element.rules.form in self.flow.forms:
            form = self.flow.forms[element.rules.form or ""]
            readers = frozenset({WHOLE})
            yield self._way("asked", process, element, readers, asked.answers(form))
            held = shown(form, self.flow.of_form(process, element, form)) | self._keys(element)
            yield self._way("form", process, element, readers, held)
        if element.effect == "mail":
            yield from self._mail(process, element, names)
        for way, text, readers in (
            ("label", element.rules.label, self._doers(process, element) | {WHOLE}),
            ("status", element.rules.status, self.everybody),
            ("deadline", element.due, self._doers(process, element) | {WHOLE}),
            ("deadline", element.rules.deadline, frozenset({WHOLE})),
            ("deadline", element.rules.backstop, self._doers(process, element) | {WHOLE}),
        ):
            if text:
                yield self._way(way, process, element, readers, said(text, names))
        if element.signal in self.across:
            for each in element.inputs:
                held = said(each.source, names)
                yield self._way("signal", process, element, frozenset({OTHER}), held)

    def _task(self, process: Process, task: Element) -> Iterator[Way]:
        readers, flow = self._doers(process, task), self.flow
        form = flow.forms.get(task.form or "")
        if form is not None:
            held = shown(form, flow.of_form(process, task, form))
            yield self._way("asked", process, task, readers, asked.answers(form))
            yield self._way("form", process, task, readers, held)
        brief = flow.forms.get(task.rules.brief or "")
        if brief is not None:
            held = shown(brief, flow.of_form(process, task, brief))
            yield self._way("brief", process, task, readers, held)
        for step in task.rules.shows:
            record = flow.record_names.meant(step, process.id)
            recorded = flow.forms.get((record.form if record else None) or "")
            if recorded is not None:
                yield self._way("record", process, task, readers, asked.answers(recorded))
        for id in task.rules.brief_document:
            if id in self.documents:
                held = self._of_document(self.documents[id])
                yield self._way("document", process, task, readers, held)

    def _doers(self, process: Process, element: Element) -> frozenset[str]:
        return self.who.doers(process, element) if element.kind == "userTask" else frozenset()

    def _keys(self, element: Element) -> Carried:
        """Who records an event sees for whom the case waits: the keys of those who do."""
        held: Carried = NOTHING
        for process in self.flow.processes.values():
            for each in process.elements.values():
                if each.message is not None and each.message == element.message:
                    names = self.flow.names(process, each)
                    keys = [part.waiting for trigger in each.triggers for part in trigger.key]
                    held = held.union(*(carried(key, names) for key in keys))
        return held

    def _mail(self, process: Process, task: Element, names: Names) -> Iterator[Way]:
        to = task.headers.get("to")
        readers = self.who.meant(process, task, to)
        text = self.mails.get(task.headers.get("template", "").strip(), "")
        head, _, body = text.replace("\r\n", "\n").partition("\n\n")
        known = text != ""
        for name, source in task.headers.items():
            held = said(source, names)
            if name == "to":
                yield self._way("mail address", process, task, readers, held)
            elif name != "template":
                if f"{{{name}}}" in head or not known:
                    yield self._way("mail subject", process, task, readers, held)
                if f"{{{name}}}" in body or not known:
                    yield self._way("mail", process, task, readers, held)

    @cached_property
    def everybody(self) -> frozenset[str]:
        """Whoever sees at least a part of some case: all to whom tasks and mails go."""
        readers = {WHOLE, STARTER}
        for process in self.flow.processes.values():
            for element in process.elements.values():
                readers |= self._doers(process, element)
                if element.effect == "mail":
                    readers |= self.who.meant(process, element, element.headers.get("to"))
        return frozenset(r for r in readers if r not in self.who.whole and r != GUEST)

    @cached_property
    def status(self) -> Carried:
        """What the status of a case may say."""
        held: Carried = NOTHING
        for process in self.flow.processes.values():
            for element in process.elements.values():
                held |= said(element.rules.status or "", self.flow.names(process, element))
        return held

    # Documents

    def _made(self, template: Template) -> Iterator[Way]:
        manifest = template.manifest
        readers = {self.who.reader(group) for group in manifest.groups}
        readers |= {"by law": {BY_LAW}, "outward": {OUTWARD}}.get(manifest.audience, set())
        held = self._of_document(template)
        yield Way(
            "made document",
            template.file,
            "",
            manifest.id,
            manifest.title,
            frozenset(readers),
            held,
        )

    def _of_document(self, template: Template) -> Carried:
        id = template.manifest.id
        if id not in self._documents:
            self._documents[id] = document(template, self.flow.of_document(self.status))
        return self._documents[id]

    # Answers that a form shows

    def _shown_to(self) -> Iterator[Way]:
        for form in self.flow.forms.values():
            for field in form.walk():
                if field.rules.shown_to and field.key:
                    readers = frozenset(map(self.who.reader, field.rules.shown_to))
                    held = frozenset(
                        part for part in asked.answers(form) if _is_of(form, part.question, field)
                    )
                    yield Way("shown", form.file, "", form.id, form.title, readers, held)

    @staticmethod
    def _way(
        way: str, process: Process, element: Element | None, readers: Iterable[str], held: Carried
    ) -> Way:
        of = element if element is not None else process
        stage = " ".join((of.name or of.id).split())
        id = element.id if element is not None else ""
        return Way(way, process.file, process.id, id, stage, frozenset(readers), held)


def _is_of(form: Form, question: Question, field: Field) -> bool:
    """It is the question, or lies in it."""
    paths = (".".join(question.path[: n + 1]) for n in range(len(question.path)))
    return any(form.at(path) is field for path in paths)
