"""Owns the map: who may come to read the answer to each question, by which way, at which stage.

It is worked out from a deployment's files alone and holds more rather than less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.engine.forms import Form
from app.validation.lint.readers import asked
from app.validation.lint.readers.asked import Asked, Class
from app.validation.lint.readers.carried import Question
from app.validation.lint.readers.flow import Flow
from app.validation.lint.readers.ways import WAYS, Row, Way, Ways
from app.validation.lint.readers.who import WHOLE, Who
from app.validation.lint.sources import Sources
from app.validation.lint.view import Known

_PLACES = {way: number for number, way in enumerate(WAYS)}


@dataclass(frozen=True, slots=True)
class ReaderMap:
    """What is known of the readers of a deployment's answers."""

    #: in the order of forms, questions, ways
    rows: tuple[Row, ...]
    questions: Mapping[Question, Asked]
    #: by id, as the settings have them
    classes: Mapping[str, Class]
    #: (process, element, question, one whose answer it begins with) of other forms and questions
    taken_over: tuple[tuple[str, str, Question, Question], ...]
    #: form → its title
    titles: Mapping[str, str]
    #: roles whose people see all of the cases they belong to
    whole: frozenset[str]

    def widened(self, question: Question, before: Question) -> bool:
        """More people may read the question than may read what it begins with."""
        if question not in self.questions or before not in self.questions:
            return False
        allowed, then = (
            known.readers if (known := self.classes.get(self.questions[each].class_)) else None
            for each in (question, before)
        )
        return then is not None and (allowed is None or not allowed <= then)

    def beyond(self, row: Row) -> bool:
        """The reader is none of those who may read the class."""
        allowed = self.classes[row.class_].readers if row.class_ in self.classes else None
        if allowed is None or row.way == "asked" or row.decides:
            return False
        return row.reader not in allowed and not (WHOLE in allowed and row.reader in self.whole)


def reader_map(known: Known) -> ReaderMap:
    """Worked out once for a deployment."""
    if "readers" not in known.memo:
        known.memo["readers"] = _map(known)
    kept: ReaderMap = known.memo["readers"]
    return kept


def _map(known: Known) -> ReaderMap:
    house = asked.ordinary(known.settings)
    answered = _answered(known)
    questions = {each.question: each for form in answered for each in asked.questions(form, house)}
    if "sources" not in known.memo:
        known.memo["sources"] = Sources(known)
    flow = Flow(known.processes, known.forms, known.decisions)
    who = Who(flow, known.settings, known.memo["sources"])
    across = known.settings.get("signals_across_cases")
    signals = frozenset(map(str, across)) if isinstance(across, list) else frozenset()
    ways = Ways(flow, who, known.mails, known.documents, signals)
    rows = {row for way in ways.every() for row in _rows(way, questions)}
    rows |= set(_by_role(answered, questions))
    said = {row for row in rows if not row.decides}
    doubled = {row for row in rows if row.decides and _said(row) in said}
    return ReaderMap(
        rows=tuple(sorted(rows - doubled, key=_order)),
        questions=questions,
        classes=asked.classes_of(known.settings),
        taken_over=tuple(sorted({each for each in ways.taken_over() if each[2] != each[3]})),
        titles={form.id: form.title for form in known.forms.values()},
        whole=frozenset(who.whole),
    )


def _rows(way: Way, questions: Mapping[Question, Asked]) -> Iterator[Row]:
    for part in way.held:
        question = questions.get(part.question)
        if question is None:
            continue
        for reader in way.readers:
            yield Row(
                form=question.question.form,
                question=".".join(question.question.path),
                label=question.label,
                class_=question.class_,
                reader=reader,
                way=way.way,
                file=way.file,
                process=way.process,
                element=way.element,
                stage=way.stage,
                decides=part.decides,
            )


def _answered(known: Known) -> list[Form]:
    """Forms that somebody answers; what only shows is none."""
    ids = {process.start_form for process in known.processes.values()}
    for process in known.processes.values():
        for element in process.elements.values():
            ids |= {element.form, element.rules.form}
    return [form for form in known.forms.values() if form.id in ids]


def _by_role(forms: Iterable[Form], questions: Mapping[Question, Asked]) -> Iterator[Row]:
    """Who sees all of a case reads every answer in it; said once of each question."""
    for form in forms:
        way = Way("history", form.file, "", "", form.title, frozenset({WHOLE}), asked.answers(form))
        yield from _rows(way, questions)


def _said(row: Row) -> Row:
    return replace(row, decides=False)


def _order(row: Row) -> tuple[object, ...]:
    return (row.form, row.question, _PLACES[row.way], row.process, row.element, row.reader)
