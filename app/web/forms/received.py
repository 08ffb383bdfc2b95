"""Takes in the files that came with a form: each is looked at, and named among the answers.

A browser forgets what was chosen when a page comes back, so whoever calls this keeps what it gives
at once. What a file is says `bounded`; whether it may stand, the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Request

from app.bounded import looked_at
from app.casework.drafts import NewFile, put, value_at
from app.casework.views import Asked
from app.engine import Fault, attached, saying
from app.engine.forms import Field
from app.web.forms import submission
from app.web.forms.submission import WRITER as WRITER
from app.web.forms.submission import Posted

#: before the path of a question: its input for files; and the button that sends only these
INPUT, ATTACH = "_file.", "attach:"
#: what a page sends by itself, for itself
_BY_ITSELF = frozenset({"autosave", "look"})
_NAMED = 60


class Limits(Protocol):
    """As config.yaml says it."""

    @property
    def most_bytes(self) -> int: ...
    @property
    def most_each(self) -> int: ...
    @property
    def scanner(self) -> str: ...


def take_in(
    posted: Posted, asked: Asked, request: Request, limits: Limits
) -> tuple[Posted, dict[str, str]]:
    """What was posted with the files that were taken in, among its answers and as bytes; and path →
    what is to be said of those that were not."""
    form, new, told, sent = asked.form, list[NewFile](), _left_behind(request.form), request.files
    if form is None or posted.action in _BY_ITSELF:
        return posted, {}
    for name in sent:
        path = name.removeprefix(INPUT)
        field = form.at(path) if name.startswith(INPUT) else None
        files = [file for file in sent.getlist(name) if file.filename]
        if field is None or field.kind != "filepicker" or field.read_only or not files:
            continue
        mine, sentences = _of_question(field, posted, path, files, limits)
        new += mine
        if sentences:
            told[path] = " ".join(sentences)
    return replace(posted, files=tuple(new)), told


def names_files(request: Request) -> bool:
    """Whether it brings files, or names of files."""
    return any(name.startswith(INPUT) for name in (*request.files, *request.form))


def carried(request: Request) -> list[tuple[str, str]]:
    """What was posted, for a page that leads back to the form; of a file, its name alone."""
    names = [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    chosen = [(name, called) for name, called in names if name.startswith(INPUT) and called]
    return submission.carried(request.form) + chosen


def file_names(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """What the files are called whose names alone were `carried`."""
    return list(dict.fromkeys(value for name, value in pairs if name.startswith(INPUT)))


def _left_behind(form: MultiDict[str, str]) -> dict[str, str]:
    """Path → what is to be said of files whose names alone came, as from `carried`."""
    return {
        name.removeprefix(INPUT): " ".join(
            f"Choose “{_short(called)}” again: it did not come with your answers."
            for called in form.getlist(name)
            if called
        )
        for name in form
        if name.startswith(INPUT)
    }


def _short(name: str) -> str:
    return name if len(name) <= _NAMED else f"{name[:_NAMED]}…"


def _of_question(
    field: Field, posted: Posted, path: str, files: Iterable[FileStorage], limits: Limits
) -> tuple[list[NewFile], list[str]]:
    given = value_at(posted.given, path)
    named = attached.read_all(given or [])
    most = min(field.max_items, limits.most_each)
    taken, sentences = [], []
    for file in files:
        try:
            new = _looked_at(file, field, limits)
        except Fault as fault:
            sentences.append(fault.sentence)
            continue
        if new.attached.digest in {other.digest for other in named}:
            continue
        if len(named) >= most:
            sentences.append(f"Give no more than {saying.count(most, 'file')} here.")
            break
        named.append(new.attached)
        taken.append(new)
    put(posted.given, path, [each.written() for each in named], over=True)
    return taken, sentences


def _looked_at(file: FileStorage, field: Field, limits: Limits) -> NewFile:
    """Raises `Fault` with a sentence that names the file."""
    name = str(file.filename)
    short = _short(name)
    try:
        content = file.stream.read()
        if len(content) > limits.most_bytes:
            most = attached.size_in_words(limits.most_bytes)
            raise Fault(f"It is larger than {most}.")
        kind = looked_at(content, limits.scanner)
    except Fault as fault:
        raise Fault(f"“{short}” was not taken. {fault.sentence}") from None
    if field.accepts and kind not in field.accepts:
        kinds = attached.in_words(field.accepts)
        raise Fault(f"“{short}” was not taken. Choose a file of these kinds: {kinds}.")
    return NewFile(name=name, kind=kind, content=content)
