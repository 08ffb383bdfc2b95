"""The page with the diagram editor (bpmn-js), when the browser assets are built.

It opens a file of a version; saving sends the diagram through the same check as an upload.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request

from app.casework import NotFound, views
from app.engine import NotExecutable
from app.engine.xml import text_of
from app.web.headers import allow_editor
from app.web.rendering import assets_ready
from app.web.site import desk, person, require, site

bp = Blueprint("editor", __name__, url_prefix="/processes")

TEMPLATES = Path("bpmn") / ".camunda" / "element-templates"


@bp.before_request
def _only_owners() -> None:
    require("deploy")


@bp.route("/<digest>/edit/<path:file>", methods=["GET", "POST"])
def page(digest: str, file: str) -> str:
    """A post brings a diagram back that a check has found faults in."""
    deployment = views.deployment(desk(), person(), digest)
    edited = request.form.get("xml") if request.method == "POST" else None
    if not file.lower().endswith(".bpmn") or (edited is None and file not in deployment.files):
        raise NotFound()
    if not assets_ready():
        return render_template("process_editor_missing.html", version=deployment, file=file)
    allow_editor()
    xml = edited if edited is not None else _as_text(deployment.files[file])
    return render_template(
        "process_editor.html",
        version=deployment,
        file=file,
        xml=xml,
        templates=json.dumps(element_templates(site().config.root)),
    )


def _as_text(content: bytes) -> str:
    """The diagram as text, in whatever encoding it was saved; the editor saves it as UTF-8."""
    try:
        text = text_of(content)
    except NotExecutable:  # shown as it is, so that its owner can mend it
        return content.decode("utf-8", "replace")
    return text.lstrip()  # without a declaration, XML is UTF-8


def element_templates(root: Path) -> list[Any]:
    """What lies where the desktop modeler looks too; unreadable files are left out."""
    templates: list[Any] = []
    for path in sorted((root / TEMPLATES).glob("*.json")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        templates += content if isinstance(content, list) else [content]
    return templates
