"""Checking files and making them a version that new cases start on.

Every finding is shown with the element marked on the drawing. Files that can be read are kept as a
version, also with errors; it becomes active when it has none and somebody says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.bounded import TOO_MUCH
from app.casework import Refused, commands, views
from app.engine import Finding
from app.web.pages import uploads
from app.web.pages.drawings import drawings
from app.web.pages.uploads import Unwelcome, Uploaded
from app.web.site import desk, now, person, require, site

bp = Blueprint("checking", __name__, url_prefix="/processes")

Answer = Response | str | tuple[str, int]

NOTHING_CHOSEN = "Select at least one file"


@bp.before_request
def _only_owners() -> None:
    require("deploy")


@bp.get("/check")
def choose() -> str:
    return _form()


@bp.post("/check")
def check() -> Answer:
    try:
        new = _sent()
    except Unwelcome as error:
        return _form(str(error)), 422
    if not new:
        return _form(NOTHING_CHOSEN), 422
    base = request.form.get("base", "")
    files = uploads.together(_base(base), new, site().config.settings_json())
    order = commands.Deploy(
        actor=person(),
        at=now(),
        key=request.form.get("_key") or None,
        files=files,
        note=request.form.get("note", "").strip()[:500],
        base=base,
    )
    try:
        done = desk().do(order)
    except Refused as error:
        return _refused(error, files, new), 422
    if any(finding.severity == "error" for finding in done.answer.get("findings", ())):
        flash("The files are kept as a version, but it cannot be used yet.")
    else:
        flash(
            "The files are fine. They are proposed as a version; somebody else makes it active.",
            "success",
        )
    return redirect(url_for("processes.version", digest=done.answer["digest"]))


@bp.post("/<digest>/activate")
def activate(digest: str) -> Response:
    key = request.form.get("_key") or None
    try:
        desk().do(commands.Activate(actor=person(), at=now(), key=key, digest=digest))
    except Refused as error:
        flash(error.sentence)
    else:
        flash("New cases start on this version. Running cases stay on theirs.", "success")
    return redirect(url_for("processes.version", digest=digest))


def _sent() -> list[Uploaded]:
    """Files from a file input, or one diagram from the editor."""
    edited, name = request.form.get("xml"), request.form.get("file", "")
    if edited is not None:
        return [Uploaded(uploads.place(name), edited.replace("\r\n", "\n").encode())]
    return uploads.received(request.files.getlist("files"))


def _base(digest: str) -> Mapping[str, bytes]:
    return views.deployment(desk(), person(), digest).files if digest else {}


def _form(message: str = "") -> str:
    versions = views.deployments(desk(), person())
    active = next((version for version in versions if version.active), None)
    return render_template(
        "process_check.html",
        message=message,
        active_version=active,
        note=request.form.get("note", ""),
        base=request.form.get("base", active.digest if active else ""),
    )


def _refused(error: Refused, files: Mapping[str, bytes], new: Sequence[Uploaded]) -> str:
    """All findings; drawings of the new files and of those that a finding is about."""
    findings: Sequence[Finding] = error.findings
    about = {upload.path for upload in new} | {finding.file for finding in findings}
    if any(finding.rule == TOO_MUCH for finding in findings):
        about = set()  # what was too much to check is too much to draw
    shown = {path: content for path, content in files.items() if path in about}
    return render_template(
        "process_findings.html",
        sentence=error.sentence,
        findings=findings,
        drawings=drawings(shown, findings),
        edited=request.form.get("xml"),
        file=request.form.get("file", ""),
        base=request.form.get("base", ""),
    )
