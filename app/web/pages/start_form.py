"""How a form that starts a case is kept before there is one, under an id, and how it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.casework import Elsewhere, NotFound, Refused, commands, views
from app.casework.people import begun
from app.web.forms import Saved, Sheet, kept, kept_words, submission
from app.web.pages.long_forms import Answer, Keeper, Look, StartPage, Words
from app.web.site import desk, now, person


def startable() -> list[Any]:
    """What this person may start."""
    return list(views.startable(desk(), person()))


def shown(process: str) -> StartPage:
    return views.start_page(desk(), person(), process, now())


@dataclass(frozen=True)
class StartForm(Keeper):
    process: str
    #: under which it is kept; before the first section is left nothing is
    id: str

    takes_files: ClassVar[bool] = False

    @property
    def base(self) -> str:
        return url_for("start.page", process=self.process)

    @property
    def query(self) -> Mapping[str, str]:
        return {"begun": self.id}

    def look(self, posted: submission.Posted | None = None) -> Look:
        page = shown(self.process)
        try:
            found = begun.find(desk(), person(), self.id)
        except NotFound:
            return Look(page=page, sheet=Sheet(page.asked, kept(page.asked, None)), kept=False)
        if found.line.process != self.process:
            raise NotFound
        return Look(page=page, sheet=Sheet(page.asked, kept(page.asked, found.draft)), kept=True)

    def words(self, look: Look) -> Words:
        return Words(
            caption=look.page.name, about=f"{look.page.name} – Start a case",
            button="Send and start the case", active="start",
        )  # fmt: skip

    def own_page(self, look: Look) -> Response:
        return redirect(self.at() if look.kept else self.base)

    def keep(self, posted: submission.Posted) -> Saved:
        _, draft = begun.keep(desk(), person(), self.process, self.id, posted.typed, now())
        return Saved(bool(draft.apart))

    def saved(self, saved: Saved) -> Answer:
        flash(kept_words(begun.find(desk(), person(), self.id).line.until))
        return redirect(url_for("tasks.work_list"))

    def send(self, posted: submission.Posted, again: Callable[[Refused], Answer]) -> Answer:
        order = commands.StartCase(
            actor=person(), at=now(), key=posted.key, process=self.process, given=posted.given,
            confirmed=posted.confirmed, reasons=posted.reasons, begun=self.id,
            made=posted.made,
        )  # fmt: skip
        try:
            done = desk().do(order)
        except Elsewhere:
            raise
        except Refused as error:
            return again(error)
        return redirect(url_for("cases.page", case=done.reference, started="yes"))
