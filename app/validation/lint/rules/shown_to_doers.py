"""Rules on what a task shows: a brief that can be read, and no less than what its form speaks of.

Whether it shows too much is `sight`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.documents import names_in_template
from app.engine import joined, suggestion
from app.engine.bpmn import ALL, Element, Record, RecordNames
from app.engine.forms import Field, Form
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View

_QUOTED = re.compile(r"\{\{(.*?)\}\}", re.S)
_RECORD = re.compile(r"\brecords\s*\.\s*(\w+)")
_WHAT = (
    r"(?:report|document|draft|letter|notice|notification|briefing|minutes|terms of reference|"
    r"checklist|paper|version)"
)
#: what asks for a judgement on something written
_JUDGES = re.compile(
    r"\b(?:approve|agree|sign|countersign|clear|accept|comment on|check the quality of)\b"
    rf"(?: \w+){{0,3}}? {_WHAT}\b|\b(?:approval|signature|comments?) (?:of|on|to) (?:\w+ ){{0,2}}?"
    rf"{_WHAT}\b",
    re.I,
)


@rule("unknown-brief-document")
def unknown_brief_document(view: View) -> Iterator[Said]:
    """Whoever approves, signs or comments on a document has it on the page of the task. If the set
    has no such document, they would judge what they do not see."""
    known = view.known.documents
    for task in view.of("userTask"):
        for id in task.rules.brief_document:
            if id not in known:
                near = suggestion(id, known)
                yield Said(
                    task.id,
                    f"{view.the(task.id)} is to show the document “{id}”, which the set does not "
                    f"have.{near}",
                )


@rule("published-document")
def published_document(view: View) -> Iterator[Said]:
    """What a step publishes, everybody with an account finds again. It must be a document of the
    set that goes outward, with pseudonyms, and whose manifest says under “published” what is told
    of it; else nothing would be found."""
    known = view.known.documents
    for task in view.of("userTask"):
        for id in task.rules.publishes:
            about = known[id].manifest if id in known else None
            if about is None:
                why = f"which the set does not have.{suggestion(id, known)}"
            elif not about.outward:
                why = "in which names stand. Write “for: outward” into its manifest."
            elif about.published is None:
                why = "whose manifest does not say what is told of it. Add “published” to it."
            else:
                continue
            yield Said(task.id, f"{view.the(task.id)} publishes the document “{id}”, {why}")


@rule("document-not-shown", "warning")
def document_not_shown(view: View) -> Iterator[Said]:
    """Nobody approves, signs or comments on what they have not read. A task that asks for it shows
    the document itself (“brief_document”), or the answers that make it up (“shows”)."""
    for task in view.of("userTask"):
        form = view.known.forms.get(task.form or "")
        asked = {} if form is None else _about(form)
        lacking = [id for id in asked if id not in task.rules.brief_document]
        for id in lacking:
            yield Said(
                task.id,
                f"{view.the(task.id)} asks “{asked[id]}” about the document “{id}” and does not "
                "show it. Add it to the property “brief_document”.",
            )
        if lacking or task.rules.brief_document or task.rules.shows:
            continue
        labels = [] if form is None else [field.label for field in form.walk() if field.key]
        judged = next((each for each in (task.name or "", *labels) if _JUDGES.search(each)), None)
        if judged is not None:
            yield Said(
                task.id,
                f"{view.the(task.id)} asks somebody to judge something written (“{judged}”) and "
                "shows nothing of it. Name the document in the property “brief_document”, or the "
                "steps where it was recorded in “shows”.",
            )


@rule("less-than-spoken-of", "warning")
def less_than_spoken_of(view: View) -> Iterator[Said]:
    """A form that quotes what was recorded elsewhere, a sentence of it or a name, speaks of
    something that the person has not read. The task shows that record: in its brief, with “shows”
    or as a part of a document. People who see only their own part of a case are quoted no more
    than they may know."""
    names = _names(view)
    for task in view.of("userTask"):
        form = view.known.forms.get(task.form or "")
        if form is None or _unknown_or_own(view, task):
            continue
        shows = task.rules.brief or task.rules.shows or task.rules.brief_document
        quoted = _quoted(form) if shows else _quoted(form) | _known_from(form)
        spoken = _meant(names, quoted, task.process)
        lacking = spoken.keys() - _shown(view, names, task) - {(task.process, task.id)}
        if lacking:
            said = joined(f"“{spoken[place]}”" for place in sorted(lacking))
            yield Said(
                task.id,
                f"{view.the(task.id)} speaks in its form of what was recorded in {said}, and does "
                "not show it. Name the step in the property “shows”, or bring what is needed into "
                "the brief.",
            )


def _about(form: Form) -> dict[str, str]:
    """Document → what is asked about it."""
    return {id: field.label for field in form.walk() for id in field.rules.about_document}


def _names(view: View) -> RecordNames:
    memo = view.known.memo
    if "record names" not in memo:
        memo["record names"] = RecordNames(view.known.processes.values())
    held: RecordNames = memo["record names"]
    return held


def _meant(names: RecordNames, said: Iterable[str], process: str) -> dict[tuple[str, str], str]:
    """Step → the name by which it was said."""
    places: dict[tuple[str, str], str] = {}
    for name in said:
        record: Record | None = names.meant(name, process)
        if record is None and name.endswith(ALL):
            record = names.meant(name.removesuffix(ALL), process)
        if record is not None:
            places[record.process, record.element] = name
    return places


def _shown(view: View, names: RecordNames, task: Element) -> set[tuple[str, str]]:
    brief = view.known.forms.get(task.rules.brief or "")
    said = set(task.rules.shows) | (_quoted(brief) | _known_from(brief) if brief else set())
    for id in task.rules.brief_document:
        template = view.known.documents.get(id)
        said |= names_in_template(template) if template is not None else set()
    return set(_meant(names, said, task.process))


def _quoted(form: Form) -> set[str]:
    """Names in `records` that the form's words quote."""
    return {
        name
        for field in form.walk()
        for text in _words(field)
        for quoted in _QUOTED.findall(text)
        for name in _RECORD.findall(quoted)
    }


def _words(field: Field) -> Iterator[str]:
    yield field.label
    yield field.hint


def _known_from(form: Form) -> set[str]:
    prefills = (field.rules.prefill or "" for field in form.walk())
    return {name for prefill in prefills for name in _RECORD.findall(prefill)}


def _unknown_or_own(view: View, task: Element) -> bool:
    """It is for people who see only their own part, or the drawing does not say for whom."""
    sights = view.known.settings.get("role_sight") or {}
    groups = task.groups or ""
    named = [
        sight for role, sight in sights.items() if re.search(rf"\b{re.escape(role)}\b", groups)
    ]
    return "own" in named or (groups.startswith("=") and not named)


@rule("unknown-brief")
def unknown_brief(view: View) -> Iterator[Said]:
    """A brief tells who has a task what it is about: whom, why, which document. If the set has no
    such form, they would work without it."""
    for task in view.of("userTask"):
        brief = task.rules.brief
        if brief is not None and brief not in view.known.form_ids:
            near = suggestion(brief, view.known.form_ids)
            yield Said(
                task.id,
                f"{view.the(task.id)} has the brief “{brief}”, which is no form of the set.{near}",
            )


@rule("brief-asks", "warning")
def brief_asks(view: View) -> Iterator[Said]:
    """A brief is read and not answered: what it asks would be lost. Its fields are read-only."""
    for task in view.of("userTask"):
        brief = view.known.forms.get(task.rules.brief or "")
        for field in brief.walk() if brief is not None else ():
            if field.key and field.kind not in ("group", "dynamiclist") and not field.read_only:
                yield Said(
                    task.id,
                    f"The brief of {view.the(task.id)} asks “{field.label or field.key}”, and "
                    "nobody can answer it there. Make the field read-only.",
                )
