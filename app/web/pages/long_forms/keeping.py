"""A form on its way to being sent: who keeps what is answered of it so far, where its pages stand,
and how it is sent. Tasks, forms that start a case and guests each keep in their own way.

How one walks through it is `walk`; how a table comes into it, `tables`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import redirect
from werkzeug.wrappers import Response

from app.casework import Conflict, Refused
from app.casework.views import Asked
from app.casework.views import StartPage as StartPage
from app.casework.views import TaskPage as TaskPage
from app.web.forms import Saved, Sheet, documents_to_read, sheet_of, submission

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Look:
    """The form as it stands, with what the person has of it."""

    #: for the templates: what they say of the task, or of the process that is started
    page: TaskPage | StartPage
    sheet: Sheet
    #: something is kept under this address
    kept: bool
    #: the person may answer and send it
    open: bool = True
    #: what has to be read before it is sent
    documents: Sequence[Any] = field(default_factory=tuple)

    @property
    def asked(self) -> Asked:
        return self.sheet.asked

    @property
    def given(self) -> Mapping[str, Any]:
        return self.sheet.given


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the pages of the form are called."""

    #: above the heading, and behind it in the title
    caption: str
    about: str
    #: what sends it
    button: str
    #: of the navigation
    active: str
    #: template that its pages extend
    layout: str = "layout.html"


class Keeper(ABC):
    """Keeps one form for one person."""

    #: files that come with an answer are taken in
    takes_files: ClassVar[bool] = True

    @property
    @abstractmethod
    def base(self) -> str:
        """Address of the form's own page; its sections and its check lie below it."""

    @property
    def query(self) -> Mapping[str, str]:
        """What every address of it says beside."""
        return {}

    def at(self, place: str = "", **more: str | None) -> str:
        """Address of a page of it. `place`: "/check", "/sections/2"; "" is its own."""
        said = urlencode({
            **self.query, **{name: value for name, value in more.items() if value is not None}
        })  # fmt: skip
        return f"{self.base}{place}{'?' if said else ''}{said}"

    @abstractmethod
    def look(self, posted: submission.Posted | None = None) -> Look:
        """`posted`: from its page, so that what has changed since that was made is told."""

    @abstractmethod
    def words(self, look: Look) -> Words: ...

    @abstractmethod
    def keep(self, posted: submission.Posted) -> Saved:
        """Raises `Refused` and `Conflict`."""

    def not_kept(self, error: Conflict, posted: submission.Posted) -> Answer:
        """The page that gives back what was typed, where nobody takes it any more."""
        raise error

    def own_page(self, look: Look) -> Response:
        """To the list of its sections, or to all of it where it has none."""
        return redirect(self.at())

    @abstractmethod
    def saved(self, saved: Saved) -> Answer:
        """Where somebody goes who comes back later."""

    @abstractmethod
    def send(self, posted: submission.Posted, again: Callable[[Refused], Answer]) -> Answer:
        """Sends all that is kept. `again`: the page once more, with what is wrong."""


def look_of(page: TaskPage) -> Look:
    return Look(
        page=page, sheet=sheet_of(page), kept=page.kept is not None, open=page.may_complete,
        documents=documents_to_read(page.documents),
    )  # fmt: skip
