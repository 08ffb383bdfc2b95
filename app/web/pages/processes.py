"""The process owner's pages: versions, what a version holds, its drawings and files.

Checking and activating files is `checking`; the diagram editor is `editor`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, Response, render_template

from app.casework import NotFound, Version, views
from app.web.pages.drawings import Drawing, drawings, of_file
from app.web.rendering import assets_ready
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
    deployment = views.deployment(desk(), person(), digest)
    return render_template(
        "process_version.html",
        version=deployment,
        diagrams=sorted(path for path in deployment.files if path.lower().endswith(".bpmn")),
        about=Counter(finding.file for finding in deployment.findings),
        drawings=drawings(_with_findings(deployment), deployment.findings),
        other=[path for path in sorted(deployment.files) if not path.lower().endswith(".bpmn")],
        editable=assets_ready(),
    )


@bp.get("/<digest>/drawing/<path:file>")
def drawing(digest: str, file: str) -> str:
    deployment = views.deployment(desk(), person(), digest)
    shown: Drawing = of_file(file, _content(deployment.files, file), deployment.findings)
    return render_template(
        "process_drawing.html", version=deployment, drawing=shown, editable=assets_ready()
    )


@bp.get("/<digest>/files/<path:file>")
def download(digest: str, file: str) -> Response:
    """The file as it was uploaded, byte for byte; never shown inside a page."""
    deployment = views.deployment(desk(), person(), digest)
    answer = Response(_content(deployment.files, file), mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=file.rsplit("/", 1)[-1])
    return answer


def _with_findings(deployment: Version) -> dict[str, bytes]:
    """Only diagrams something is said about are drawn at once; the others have their page."""
    about = {finding.file for finding in deployment.findings}
    return {path: content for path, content in deployment.files.items() if path in about}


def _content(files: Mapping[str, bytes], file: str) -> bytes:
    if file not in files:
        raise NotFound()
    return files[file]
