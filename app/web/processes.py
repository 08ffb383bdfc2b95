"""The process owner's pages: versions, what a version holds, its drawings and files.

Checking and activating files is `checking`; the diagram editor is `editor`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, Response, render_template

from app.casework import views
from app.casework.errors import NotFound
from app.casework.views import Version
from app.web.drawings import Drawing, drawings, of_file
from app.web.pages import assets_ready
from app.web.site import desk, person, require

bp = Blueprint("processes", __name__, url_prefix="/processes")


@bp.before_request
def _only_owners() -> None:
    require("deploy")


@bp.get("")
def versions() -> str:
    return render_template("processes.html", versions=views.deployments(desk(), person()))


@bp.get("/<digest>")
def version(digest: str) -> str:
    found = views.deployment(desk(), person(), digest)
    return render_template(
        "process_version.html",
        version=found,
        diagrams=sorted(path for path in found.files if path.endswith(".bpmn")),
        about=Counter(one.file for one in found.findings),
        drawings=drawings(_with_findings(found), found.findings),
        other=[path for path in sorted(found.files) if not path.endswith(".bpmn")],
        editable=assets_ready(),
    )


@bp.get("/<digest>/drawing/<path:file>")
def drawing(digest: str, file: str) -> str:
    found = views.deployment(desk(), person(), digest)
    shown: Drawing = of_file(file, _content(found.files, file), found.findings)
    return render_template(
        "process_drawing.html", version=found, drawing=shown, editable=assets_ready()
    )


@bp.get("/<digest>/files/<path:file>")
def download(digest: str, file: str) -> Response:
    """The file as it was uploaded, byte for byte; never shown inside a page."""
    found = views.deployment(desk(), person(), digest)
    answer = Response(_content(found.files, file), mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=file.rsplit("/", 1)[-1])
    return answer


def _with_findings(found: Version) -> dict[str, bytes]:
    """Only diagrams something is said about are drawn at once; the others have their page."""
    about = {one.file for one in found.findings}
    return {path: content for path, content in found.files.items() if path in about}


def _content(files: Mapping[str, bytes], file: str) -> bytes:
    if file not in files:
        raise NotFound()
    return files[file]
