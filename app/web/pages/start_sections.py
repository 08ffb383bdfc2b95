"""The pages of a form that starts a case and has sections; how one walks them says `long_forms`."""

from __future__ import annotations

from flask import Blueprint, request

from app.web.forms import submission
from app.web.pages import long_forms
from app.web.pages.long_forms import Answer
from app.web.pages.start_form import StartForm
from app.web.session import keeps_answers

bp = Blueprint("start_sections", __name__, url_prefix="/start/<process>")


@bp.get("/sections/<int:number>")
def page(process: str, number: int) -> Answer:
    return long_forms.section_page(_form(process), number)


@bp.post("/sections/<int:number>")
@keeps_answers
def save(process: str, number: int) -> Answer:
    return long_forms.save_section(_form(process), number, submission.read(request.form))


@bp.get("/check")
def check(process: str) -> Answer:
    return long_forms.check_page(_form(process))


@bp.post("/check")
@keeps_answers
def send(process: str) -> Answer:
    return long_forms.send_checked(_form(process), submission.read(request.form))


def _form(process: str) -> StartForm:
    return StartForm(process, request.args.get("begun", ""))
