"""A form that is answered section by section: what is kept of it so far, how far each section is,
and all answers to read before they are sent.

What a section is says `engine.forms.sections`; what may stand says the desk. Who keeps the answers
and where is for the pages.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.casework.drafts import Apart, Draft
from app.casework.orders import answering
from app.casework.views import Asked, TaskPage
from app.engine import forms
from app.engine.forms import Section as Section
from app.web.forms.blocks import Block
from app.web.forms.page import Filled, Ground, fill, ground_of, with_twice
from app.web.forms.read_answers import Answer, answers_of
from app.web.forms.submission import OURS, Posted

#: name beside the answers of a draft, which no question can have: title of each section that was
#: gone through. A mapping, so that what was gone through in two windows comes together
THROUGH = "_sections"
_TWICE = "You have two answers to “{}”. Choose one"
NOT_STARTED, IN_PROGRESS, DONE = "Not started", "In progress", "Done"


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody has of a form so far."""

    given: Mapping[str, Any]
    #: path of a corrected question → why
    reasons: Mapping[str, str] = field(default_factory=dict)
    #: titles of the sections that they went through
    through: frozenset[str] = frozenset()
    #: answers that were given twice, in two windows, and between which they have to choose
    apart: tuple[Apart, ...] = ()

    def as_draft(self, section: Section | None = None) -> dict[str, Any]:
        """The answers as a draft keeps them; `section`: only those of it."""
        mine = {
            key: value
            for key, value in self.given.items()
            if section is None or key in section.keys
        }
        return {**mine, THROUGH: dict.fromkeys(sorted(self.through), True)}

    @property
    def digest(self) -> str:
        """Changes with every answer."""
        said = json.dumps([self.given, self.reasons], sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Line:
    """A section in the list of them."""

    section: Section
    #: `NOT_STARTED`, `IN_PROGRESS` or `DONE`
    state: str


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about an answer, which stands in this section; 0: in none that is shown."""

    sentence: str
    number: int
    target: str | None


@dataclass(frozen=True)
class Sheet:
    """A form in sections with what somebody has of it."""

    asked: Asked
    kept: Kept
    confirmed: bool = False
    #: id of a person whose answers lie beside → their name
    writers: Mapping[str, str] = field(default_factory=dict)

    @property
    def given(self) -> Mapping[str, Any]:
        return self.kept.given

    @property
    def reasons(self) -> Mapping[str, str]:
        return self.kept.reasons

    @cached_property
    def shown(self) -> tuple[Section, ...]:
        """The sections of which these answers leave something to answer."""
        form, ground = self.asked.form, self._ground
        if form is None or ground is None:
            return ()
        return tuple(
            section
            for section in forms.sections(form)
            if any(section.holds(path) for path in ground.shown)
        )

    @cached_property
    def messages(self) -> Mapping[str, str]:
        """Path → sentence for all that could not be sent as it is."""
        asked = self.asked
        assert asked.form is not None
        return answering.looked_at(asked.form, self, asked.scope, asked.world, asked.known)[1]

    def of(self, number: int) -> Section | None:
        return next((section for section in self.shown if section.number == number), None)

    def behind(self, section: Section) -> Section | None:
        """The next one that is shown."""
        return next((other for other in self.shown if other.number > section.number), None)

    def lines(self) -> tuple[Line, ...]:
        first = self._first
        return tuple(Line(section, self._state(section, first)) for section in self.shown)

    @cached_property
    def _first(self) -> Mapping[str, Any]:
        return begun(self.asked)

    def _state(self, section: Section, first: Mapping[str, Any]) -> str:
        through = section.title in self.kept.through or any(
            _says(self.given.get(key)) and self.given.get(key) != first.get(key)
            for key in section.keys
        )
        if not through:
            return NOT_STARTED
        apart = any(section.holds(entry.path) for entry in self.kept.apart)
        return IN_PROGRESS if apart or self.told_of(section) else DONE

    def told_of(self, section: Section) -> dict[str, str]:
        """Of the messages those that are about the section."""
        return {
            path: sentence
            for path, sentence in self.messages.items()
            if section.holds(path.removeprefix(answering.REASON))
        }

    def filled(self, section: Section, *, checked: bool = False) -> Filled:
        """The section's questions; `checked`: with what is wrong with their answers."""
        place = (section.number, checked)
        if place not in self._pages:  # the page of all answers asks for each more than once
            messages = self.told_of(section) if checked else None
            filled = fill(
                self.asked, self.given, messages, reasons=self.reasons, section=section,
                ground=self._ground,
            )  # fmt: skip
            self._pages[place] = self._with_twice(filled, section)
        return self._pages[place]

    @cached_property
    def _ground(self) -> Ground | None:
        form = self.asked.form
        return None if form is None else ground_of(self.asked, form, self.given)

    @cached_property
    def _pages(self) -> dict[tuple[int, bool], Filled]:
        return {}

    def again(
        self, section: Section, posted: Posted, told: Mapping[str, str] | None = None
    ) -> Filled:
        """The section's questions as they were posted and not kept: still the same page. `told`:
        what is wrong with what came."""
        now = answered(self.kept, section, posted, through=False)
        filled = fill(
            self.asked, now.given, told, reasons=now.reasons, section=section, made=posted.made
        )
        return self._with_twice(filled, section)

    def _with_twice(self, filled: Filled, section: Section) -> Filled:
        mine = tuple(entry for entry in self.kept.apart if section.holds(entry.path))
        draft = Draft(given=self.given, apart=mine)
        return with_twice(filled, self.asked, draft, self.writers)

    def answers(self, *, checked: bool = False) -> tuple[tuple[Section, tuple[Answer, ...]], ...]:
        """All of it to be read, section by section."""
        return tuple(
            (section, tuple(answers_of(self.filled(section, checked=checked).blocks)))
            for section in self.shown
        )

    @property
    def known(self) -> int:
        """How many answers are shown as known, to be confirmed."""
        return sum(self.filled(section).known for section in self.shown)

    def problems(self) -> tuple[Told, ...]:
        """What is missing or cannot stand, in the order of the form."""
        told = []
        for section in self.shown:
            filled = self.filled(section, checked=True)
            told += [
                Told(
                    f"You have two answers to “{one.question}”. Choose one", section.number, one.id
                )
                for one in filled.twice
            ]
            told += [Told(p.sentence, section.number, p.target) for p in filled.problems]
        sentences = {one.sentence for one in told}
        rest = {p: text for p, text in self.messages.items() if p != answering.CONFIRMED}
        return (*told, *(Told(text, 0, None) for text in rest.values() if text not in sentences))


def begun(asked: Asked) -> Mapping[str, Any]:
    """What the form begins with before anybody has answered anything."""
    if asked.form is None:
        return {}
    return forms.begins(asked.form, asked.scope, asked.world, asked.known)


def in_sections(asked: Asked) -> bool:
    return asked.form is not None and bool(forms.sections(asked.form))


def section_of(asked: Asked, path: str) -> Section | None:
    """The section that holds the question at this path."""
    parts = forms.sections(asked.form) if asked.form is not None else ()
    return next((section for section in parts if section.holds(path)), None)


def kept(asked: Asked, draft: Draft | None, first: Mapping[str, Any] | None = None) -> Kept:
    """What a person has: their draft, else what somebody signed `first`, else nothing yet."""
    if draft is not None:
        return Kept(
            {key: value for key, value in draft.given.items() if not key.startswith(OURS)},
            draft.reasons,
            frozenset(draft.given.get(THROUGH) or ()),
            draft.apart,
        )
    if first is not None and asked.form is not None:
        titles = frozenset(section.title for section in forms.sections(asked.form))
        return Kept(first, through=titles)
    return Kept(begun(asked))


def sheet_of(task: TaskPage, *, confirmed: bool = False) -> Sheet:
    """The form of a task in its sections with what the person has of it."""
    first = task.signed.given if task.signed else None
    return Sheet(task.asked, kept(task.asked, task.kept, first), confirmed, task.writers)


def answered(before: Kept, section: Section, posted: Posted, *, through: bool) -> Kept:
    """With this section as it was posted; `through`: the person went on from it."""
    others = {key: value for key, value in before.given.items() if key not in section.keys}
    mine = {key: value for key, value in posted.given.items() if key in section.keys}
    reasons = {path: why for path, why in before.reasons.items() if not section.holds(path)}
    return Kept(
        given={**others, **mine},
        reasons={**reasons, **posted.reasons},
        through=before.through | {section.title} if through else before.through,
        apart=before.apart,
    )


def introduction(asked: Asked) -> tuple[Block, ...]:
    """The texts above the first section."""
    if asked.form is None:
        return ()
    first = Section(0, asked.name, 0, forms.lead(asked.form), frozenset())
    return fill(asked, None, section=first).blocks


def _says(value: Any) -> bool:
    """Whether somebody answered anything in it."""
    if isinstance(value, Mapping):
        return any(_says(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_says(inner) for inner in value)
    return bool(str(value).strip()) if value not in (None, False) else False
