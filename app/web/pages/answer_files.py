"""A file that came with answers, as an attachment: never shown in the page's own place."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.casework import NotFound, views
from app.casework.people import guests
from app.casework.reading.case.documents import KeptDocument
from app.web.session import cookie_name, public
from app.web.site import desk, now, person

bp = Blueprint("answer_files", __name__)


@bp.get("/cases/<case>/tasks/<task>/files/<digest>")
def download(case: str, task: str, digest: str) -> Response:
    return attachment(views.kept_file(desk(), person(), case, task, digest, now()))


@bp.get("/guest/files/<digest>")
@public
def of_guest(digest: str) -> Response:
    """One that a guest brought, while they are here; they have one task and no other."""
    here = guests.holder(desk(), request.cookies.get(cookie_name("guest"), ""), now())
    if here is None:
        raise NotFound
    return attachment(views.kept_file(desk(), here.person, here.case, here.task, digest, now()))


def attachment(kept: KeptDocument) -> Response:
    """What a browser is to keep and not to open."""
    answer = Response(kept.content, mimetype=kept.media)
    answer.headers["Content-Disposition"] = _disposition(kept.name)
    answer.headers["ETag"] = f'"{kept.sha256}"'
    return answer


def _disposition(name: str) -> str:
    """Its name in the letters that every program reads, and as it is (RFC 6266)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    said = f'attachment; filename="{plain}"'
    return said if plain == name else f"{said}; filename*=UTF-8''{quote(name, safe='')}"
