"""How the form of a task is kept, sent, and given back where somebody else was first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.casework import Conflict, Elsewhere, NotFound, Refused, commands, views
from app.web.forms import Saved, submission, taken_words
from app.web.pages.long_forms import Answer, Keeper, Look, Words, look_of
from app.web.site import desk, now, person
from app.web.typed import with_kept


@dataclass(frozen=True)
class TaskForm(Keeper):
    case: str
    task: str

    @property
    def base(self) -> str:
        return url_for("task.page", case=self.case, task=self.task)

    def look(self, posted: submission.Posted | None = None) -> Look:
        return look_of(shown(self.case, self.task, posted))

    def words(self, look: Look) -> Words:
        page = look.page
        assert isinstance(page, views.TaskPage)
        label = f" ({page.label})" if page.label else ""
        return Words(
            caption=f"{page.name}{label} – Case {page.case}",
            about=f"{page.name} – Case {page.case}",
            button="Sign this task" if page.people == 2 else "Complete this task",
            active="tasks",
        )

    def keep(self, posted: submission.Posted) -> Saved:
        return keep(self.case, self.task, posted)

    def not_kept(self, error: Conflict, posted: submission.Posted) -> Answer:
        return conflict(self.case, error, posted.given, self.task)

    def saved(self, saved: Saved) -> Answer:
        more = taken_words(saved.taken_by) if saved.taken_by else ""
        flash(more or f"Your answers are saved. The task in case {self.case} is still open.")
        return redirect(url_for("tasks.work_list"))

    def send(self, posted: submission.Posted, again: Callable[[Refused], Answer]) -> Answer:
        return complete(self.case, self.task, posted, again)


def shown(case: str, task: str, posted: submission.Posted | None = None) -> views.TaskPage:
    """The task for this person; `posted`: with what changed since that page was made."""
    since = posted.documents if posted else None
    return views.task_page(desk(), person(), case, task, now(), since)


def keep(case: str, task: str, posted: submission.Posted) -> Saved:
    """As the person's draft; twice is the same as once, so that it has no key."""
    done = desk().do(commands.SaveDraft(
        actor=person(), at=now(), case=case, task=task, given=posted.given, made=posted.made,
        reasons=posted.reasons, files=posted.files,
    ))  # fmt: skip
    return Saved(bool(done.answer["twice"]), done.answer["taken_by"])


def draft_in_words(page: views.TaskPage) -> list[tuple[str, str]]:
    """Question and answer of what the person keeps, where they may not go on with it now."""
    form, kept = page.asked.form, page.kept
    if form is None or kept is None:
        return []
    beside = (submission.worded_at(form.fields, each.path, each.value) for each in kept.apart)
    words = (*submission.worded(form.fields, kept.given), *beside)
    return [(question, text) for question, text in words if text.strip()]


def complete(
    case: str, task: str, posted: submission.Posted, again: Callable[[Refused], Answer]
) -> Answer:
    """Sends it; `again`: the page once more, with what is wrong. Raises `Elsewhere`."""
    order = commands.CompleteTask(
        actor=person(), at=now(), key=posted.key, case=case, task=task, given=posted.given,
        version=posted.version, documents=posted.documents, confirmed=posted.confirmed,
        reasons=posted.reasons, made=posted.made,
    )  # fmt: skip
    try:
        done = desk().do(order)
    except Elsewhere:
        raise
    except Refused as error:
        return again(error)
    except Conflict as error:
        return conflict(case, error, posted.given, task)
    if not done.completed(task):
        return _signed(done)
    flash(_receipt(case, task, posted), "success")
    following = done.next_for(person())
    return redirect(url_for("tasks.work_list", done=case, next=following))


def _receipt(case: str, task: str, posted: submission.Posted) -> str:
    """A quick answer is told once more, as it was stated."""
    form = views.form_of_ended(desk(), person(), case, task, now()) if posted.quick else None
    labels = (field.rules.quick_label for field in form.walk()) if form is not None else ()
    said = next(filter(None, labels), None)
    return f"The task is done. You sent: “{said}”." if said else "The task is done."


def _signed(done: commands.Done) -> Response:
    """The first of two signatures: the task stays open for somebody else."""
    before = done.answer.get("instead_of")
    words = "You have signed first. The task is done when somebody else has signed it too."
    if before:
        newer = ", or a newer version of a document was before you"
        read = newer if done.answer.get("read") else ""
        so = f"so the signature of {before} no longer stands"
        words = f"You changed the answers{read}, {so}. {words}"
    flash(words, "success")
    return redirect(url_for("tasks.work_list"))


def conflict(case: str, error: Conflict, given: Mapping[str, Any], task: str) -> tuple[str, int]:
    form = views.form_of_ended(desk(), person(), case, task, now())
    words = submission.worded(form.fields, given) if form else submission.unnamed(given)
    typed = with_kept((question, value) for question, value in words if value.strip())
    sent = {} if error.still_open or not form else _sent(case, task)
    page = render_template(
        "errors/conflict.html", error=error, typed=typed, case=case, task=task, looking=False,
        differs=[(question, mine, sent.get(question, "")) for question, mine in typed
                 if sent and sent.get(question, "") != mine],
        sent=bool(sent),
    )  # fmt: skip
    return page, 409


def _sent(case: str, task: str) -> dict[str, str]:
    """Question → what the other person sent, for who may read it."""
    try:
        return dict(views.sent_of(desk(), person(), case, task, now()))
    except NotFound:
        return {}
