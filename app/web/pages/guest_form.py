"""How a guest's one task is kept for them alone, and sent. Their pages are `guest`'s."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, url_for

from app.casework import Refused, commands, views
from app.casework.people.guests import Present
from app.web.forms import Saved, submission
from app.web.pages.long_forms import Answer, Keeper, Look, Words, look_of
from app.web.site import desk, now

SAVED = "Your answers are saved for you. They have not been sent."


@dataclass(frozen=True)
class GuestForm(Keeper):
    here: Present
    #: sends what the guest answered and ends their session
    complete: Callable[[submission.Posted, Callable[[Refused], Answer]], Answer]

    @property
    def base(self) -> str:
        return url_for("guest.page")

    def look(self, posted: submission.Posted | None = None) -> Look:
        return look_of(look(self.here, posted))

    def words(self, look: Look) -> Words:
        return Words(
            caption=self.here.name, about=look.page.name, button="Send", active="",
            layout="guest/base.html",
        )  # fmt: skip

    def keep(self, posted: submission.Posted) -> Saved:
        return keep(self.here, posted)

    def saved(self, saved: Saved) -> Answer:
        flash(SAVED)
        return redirect(self.base)

    def send(self, posted: submission.Posted, again: Callable[[Refused], Answer]) -> Answer:
        return self.complete(posted, again)


def look(here: Present, posted: submission.Posted | None = None) -> views.TaskPage:
    since = posted.documents if posted else None
    return views.task_page(desk(), here.person, here.case, here.task, now(), since)


def keep(here: Present, posted: submission.Posted) -> Saved:
    """As their draft."""
    done = desk().do(commands.SaveDraft(
        actor=here.person, at=now(), case=here.case, task=here.task,
        given=posted.given, reasons=posted.reasons, made=posted.made, files=posted.files,
    ))  # fmt: skip
    return Saved(bool(done.answer["twice"]))


def give(here: Present, posted: submission.Posted) -> None:
    """Completes the task. Raises what the desk says of it."""
    desk().do(commands.CompleteTask(
        actor=here.person, at=now(), key=posted.key, case=here.case, task=here.task,
        given=posted.given, version=posted.version, documents=posted.documents,
        confirmed=posted.confirmed, reasons=posted.reasons, made=posted.made,
    ))  # fmt: skip
