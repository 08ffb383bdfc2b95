"""A file that came with answers, as an attachment: never shown in the page's own place."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from app.casework import views
from app.casework.reading.case.documents import KeptDocument
from app.web.site import desk, now, person

bp = Blueprint("answer_files", __name__, url_prefix="/cases/<case>/tasks/<task>/files")


@bp.get("/<digest>")
def download(case: str, task: str, digest: str) -> Response:
    return attachment(views.kept_file(desk(), person(), case, task, digest, now()))


def attachment(kept: KeptDocument) -> Response:
    """What a browser is to keep and not to open."""
    headers = Headers()
    headers.set("Content-Disposition", "attachment", filename=kept.name)
    headers.set("ETag", f'"{kept.sha256}"')
    return Response(kept.content, mimetype=kept.media, headers=headers)
