"""A task whose form has sections: its pages. How one walks through them says `long_forms`."""

from __future__ import annotations

from flask import Blueprint, request

from app.web.forms import submission
from app.web.pages import long_forms
from app.web.pages.long_forms import Answer
from app.web.pages.task_form import TaskForm
from app.web.session import keeps_answers

bp = Blueprint("task_sections", __name__, url_prefix="/cases/<case>/tasks/<task>")


@bp.get("/sections/<int:number>")
def page(case: str, task: str, number: int) -> Answer:
    return long_forms.section_page(TaskForm(case, task), number)


@bp.post("/sections/<int:number>")
@keeps_answers
def save(case: str, task: str, number: int) -> Answer:
    return long_forms.save_section(TaskForm(case, task), number, submission.read(request.form))


@bp.get("/check")
def check(case: str, task: str) -> Answer:
    return long_forms.check_page(TaskForm(case, task))


@bp.post("/check")
@keeps_answers
def send(case: str, task: str) -> Answer:
    return long_forms.send_checked(TaskForm(case, task), submission.read(request.form))
