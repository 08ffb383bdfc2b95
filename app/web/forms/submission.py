"""Reads a posted form page: the answers as typed, and which button was pressed.

Whether the answers are right is for the desk; how they look is `layout`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from app.casework.drafts import DEPTH, Made, NewFile, Typed, into, put
from app.casework.orders.answering import REASON
from app.casework.views import Asked
from app.engine import LONDON, attached, iso_minute, saying
from app.engine.forms import Field, answers, level

OURS = "_"
#: a page's own field that says, signed, for whom it was made
WRITER = "_by"
NOT_ANSWERS = frozenset({"csrf_token"})
#: id of a form that was begun before there was a case
BEGUN = "_begun"
#: the page's own name, how its questions stood when it was made, answers that were kept twice, and
#: before the path of such a question: the answer that was chosen
PAGE, STOOD, APART, CHOSEN = "_page", "_stood", "_apart", "_chosen."
#: what is said above a form that comes back
CHANGED = (
    "Your answers changed after this page was made, perhaps in another window. This is how they "
    "stand now. Check them again, then send them."
)
SENT_BACK = "What you typed is back. Check it, then send the form."


@dataclass(frozen=True, slots=True)
class Posted:
    given: dict[str, Any]
    #: "complete", "draft", "show", "add:<path>", "remove:<path>.<n>", "claim" …
    action: str
    #: minted when the page was rendered; the same post twice is one order
    key: str | None
    #: answer paths that were on the page; None when no condition needs the server
    shown: frozenset[str] | None
    #: the task's version when the page was made
    version: int | None = None
    #: what is shown as known is right
    confirmed: bool = False
    #: path of a corrected question → why
    reasons: dict[str, str] = field(default_factory=dict)
    #: document on the page → digest of the version that stood there
    documents: Mapping[str, str] = field(default_factory=dict)
    #: it came from the form's quick answer
    quick: bool = False
    #: the page itself; None: it does not say
    made: Made | None = None
    #: path of a question that was answered twice → digest of the answer that was chosen; "": that
    #: in the form
    chosen: Mapping[str, str] = field(default_factory=dict)
    #: id of what was begun before there was a case
    begun: str = ""
    #: what came with it and was taken in; the answers name it
    files: tuple[NewFile, ...] = ()

    @property
    def typed(self) -> Typed:
        return Typed(given=self.given, reasons=self.reasons, made=self.made)

    @property
    def touched(self) -> bool:
        """Whether anything was typed on the page since it was made."""
        return self.made is None or bool(self.reasons) or self.made.touched(self.given)


def read(form: MultiDict[str, str]) -> Posted:
    pairs = [
        (name, value.replace("\r\n", "\n"))
        for name, value in form.items(multi=True)
        if not name.startswith(OURS) and name not in NOT_ANSWERS
    ]
    rows = list(_rows(form.getlist("_rows")))
    given = answers.unflatten(pairs, rows)
    for path, _ in rows:  # a list on the page is given, even where it has no row
        _find(given, path.split("."))
    for path in form.getlist("_open"):  # a box or choice that is left empty posts nothing
        put(given, path, "", over=False)
    return Posted(
        given=given,
        action=form.get("_action", ""),
        key=form.get("_key") or None,
        shown=frozenset(form["_shown"].split()) if "_shown" in form else None,
        version=_number(form.get("_version", "")),
        confirmed=bool(form.get("_confirmed")),
        quick=bool(form.get("_quick")),
        documents=_documents(form.getlist("_document")),
        reasons={
            name.removeprefix(REASON): text.strip()
            for name, text in form.items()
            if name.startswith(REASON) and text.strip()
        },
        made=_made(form),
        chosen=_chosen(form),
        begun=form.get(BEGUN, ""),
    )


def _made(form: MultiDict[str, str]) -> Made | None:
    if not form.get(PAGE):
        return None
    stood = (entry.rpartition("=") for entry in form.get(STOOD, "").split())
    chosen = _chosen(form)
    apart = (entry.rpartition("=") for entry in form.getlist(APART))
    return Made(
        page=form[PAGE],
        stood={path: digest for path, _, digest in stood if path},
        settled=frozenset((path, digest) for path, _, digest in apart if path in chosen),
    )


def _chosen(form: MultiDict[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(CHOSEN): value for name, value in form.items() if name.startswith(CHOSEN)
    }


def _documents(entries: Iterable[str]) -> dict[str, str]:
    parted = (entry.partition(":") for entry in entries)
    return {id: digest for id, _, digest in parted}


def carried(
    form: MultiDict[str, str], *, without: frozenset[str] = frozenset()
) -> list[tuple[str, str]]:
    """(name, value) of all that was posted, for a page that leads back to the form or on."""
    ours = {"_action", "_key", "_shown", WRITER, *NOT_ANSWERS, *without}
    return [(name, value) for name, value in form.items(multi=True) if name not in ours]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def change_rows(given: dict[str, Any], action: str) -> None:
    """Does what an “Add another” or “Remove” button says, in place."""
    order, _, path = action.partition(":")
    if order == "add":
        rows = _find(given, path.split("."))
        if rows is not None:
            rows.append({})
    elif order == "remove":
        path, _, number = path.rpartition(".")
        rows = _find(given, path.split("."))
        if rows is not None and number.isdecimal() and int(number) < len(rows):
            del rows[int(number)]


def change(posted: Posted, asked: Asked) -> None:
    """What a button on the form says, in place: a row more or less, a known answer opened for
    correction, the present time put in."""
    given, (order, _, about) = posted.given, posted.action.partition(":")
    if order == "correct":
        for path in about.split():
            cell = asked.known.cells.get(path)
            if cell is not None:
                put(given, path, cell.value, over=False)
    elif order == "now" and asked.world.now is not None:
        local = asked.world.now.astimezone(LONDON)
        put(given, about, iso_minute(local), over=True)
    else:
        if order == "remove":  # the rows behind it move up, so that none is known by its place
            _open_rows(given, about.rpartition(".")[0], asked)
            _move_up(posted.reasons, about)
        change_rows(given, posted.action)


def _move_up(reasons: dict[str, str], removed: str) -> None:
    """Why a row was corrected stays with that row when one before it is removed."""
    path, _, gone = removed.rpartition(".")
    for at in [at for at in reasons if at.startswith(f"{path}.")]:
        row, _, column = at.removeprefix(f"{path}.").partition(".")
        text = reasons.pop(at)
        if row != gone:
            above = row.isdecimal() and gone.isdecimal() and int(row) > int(gone)
            reasons[f"{path}.{int(row) - 1}.{column}" if above else at] = text


def _open_rows(given: dict[str, Any], path: str, asked: Asked) -> None:
    inside = f"{path}."
    known = {at: cell for at, cell in asked.known.cells.items() if at.startswith(inside)}
    for at, cell in known.items():
        put(given, at, cell.value, over=False)
    rows = _find(given, path.split("."))
    columns = {at.removeprefix(inside).partition(".")[2] for at in known}
    for number in range(len(rows or ())):
        for column in columns:
            put(given, f"{inside}{number}.{column}", "", over=False)


def _rows(entries: Iterable[str]) -> Iterator[tuple[str, int]]:
    """(path, how many rows the page had); a row posts nothing whose boxes are all unticked."""
    for entry in entries:
        path, _, number = entry.rpartition(":")
        if (count := _number(number)) is not None:
            yield path, count


def _find(given: dict[str, Any], steps: Sequence[str]) -> list[Any] | None:
    """The list at a path, made when it is not there yet; None when the path makes no sense."""
    here: Any = given
    for step in steps[:-1][:DEPTH]:
        here = into(here, step)
    if not isinstance(here, dict) or not steps[-1]:
        return None
    rows = here.setdefault(steps[-1], [])
    return rows if isinstance(rows, list) else None


def newly_opened(shown_before: Iterable[str], shown_now: Iterable[str]) -> frozenset[str]:
    """Questions that the given answers have opened since the page was made."""
    return frozenset(shown_now) - frozenset(shown_before)


def worded(
    fields: Iterable[Field], given: Mapping[str, Any], inside: str = ""
) -> Iterator[tuple[str, str]]:
    """(question, text) of everything typed, in the words of the form, to give it back."""
    for question in level(fields):
        value, label = given.get(question.key), inside + (question.label or question.key)
        if question.kind == "dynamiclist" and isinstance(value, list):
            for number, row in enumerate(value, 1):
                yield from worded(question.fields, row, f"{label} {number}: ")
        elif question.kind == "group" and isinstance(value, Mapping):
            yield from worded(question.fields, value, f"{label}: ")
        elif text := _typed(question, value):
            yield label, text


def worded_at(fields: Iterable[Field], path: str, value: Any) -> tuple[str, str]:
    """(question, text) of the answer at this path, in the words of the form. A question that the
    form does not ask any more is called just that."""
    label, below = "", tuple(fields)
    steps = [step for step in path.split(".") if not step.isdecimal()]
    numbers = iter([int(step) + 1 for step in path.split(".") if step.isdecimal()])
    question = None
    for step in steps:
        question = next((each for each in level(below) if each.key == step), None)
        if question is None:
            break
        label += ": " if label else ""
        label += question.label or plain_question(step)
        below = question.fields
        if question.kind == "dynamiclist" and step != steps[-1]:
            label += f" {next(numbers, 1)}"
    if question is None:
        return "A question that is asked no more", "; ".join(text for text in _texts(value) if text)
    if question.kind in ("dynamiclist", "group"):
        rows = worded([question], {question.key: value})
        return label, "\n".join(f"{name}: {text}" for name, text in rows) or ""
    return label, _typed(question, value)


def plain_question(key: str) -> str:
    """A question without a label, as people would write what programs call it."""
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _typed(question: Field, value: Any) -> str:
    if isinstance(value, Mapping):  # the parts of a date
        return " ".join(filter(None, map(str, value.values())))
    labels = {option.value: option.label for option in question.options}
    texts = [labels.get(str(one), str(one)) for one in value] if isinstance(value, list) else []
    if question.kind == "checkbox":
        return "Ticked" if value else ""
    if question.kind == "filepicker":
        return saying.joined(file.words for file in attached.read_all(value))
    return ", ".join(texts) or labels.get(str(value or ""), str(value or "")).strip()


def unnamed(given: Any) -> Iterator[tuple[str, str]]:
    """Everything typed, where its form is not known any more: what programs call a question says
    nothing to anybody."""
    texts = [text for text in _texts(given) if text.strip()]
    for number, text in enumerate(texts, 1):
        yield f"Answer {number}", text


def _texts(given: Any) -> Iterator[str]:
    if isinstance(given, Mapping):
        for value in given.values():
            yield from _texts(value)
    elif isinstance(given, list):
        for value in given:
            yield from _texts(value)
    else:
        yield str(given)
