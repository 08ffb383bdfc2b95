"""Refuses requests that did not come from our own pages, and those that are too large.

Pages carry a token in every form (Flask-WTF); beside it the browser's own word about where a
request comes from is checked. Who the person is stands in `session`; the API has bearer tokens.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import ImmutableMultiDict

from app.casework import NotFound
from app.engine import budget
from app.engine.forms.capacity import MOST_INPUTS
from app.web import proxy
from app.web.arriving import ANSWER_BYTES, FORM_BYTES, MOST_SENT, UPLOAD_BYTES, Request
from app.web.request_lines import CHANGING

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from app.config import Web

FORM_PARTS = 2 * MOST_INPUTS
#: blueprints whose requests may carry files
UPLOADING = frozenset({"checking", "editor"})
#: … and those whose requests carry answers
ANSWERING = frozenset({
    "api", "task", "task_sections", "guest", "start", "start_sections", "happenings", "taking_back",
})  # fmt: skip
KEY_FILE = "web.key"
KEY_BYTES = 32


def install(app: Flask, secrets: Path, web: Web, exempt: tuple[Blueprint, ...] = ()) -> None:
    """`exempt` blueprints never read the session cookie, so nobody can borrow it for them."""
    app.config.update(
        SECRET_KEY=_key(secrets),
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=FORM_PARTS,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the browser session: the sign-in has its own end
        WTF_CSRF_SSL_STRICT=False,  # the Origin check below does this, on http too
    )
    proxy.install(app, web)  # first: what follows goes by name and address
    protect = CSRFProtect()
    for blueprint in exempt:
        protect.exempt(blueprint)
    app.wsgi_app = _budgeted(app.wsgi_app)  # type: ignore[method-assign, assignment]
    app.before_request(_bound)  # these before the token check, which reads the whole form
    app.before_request(_same_origin)
    protect.init_app(app)
    app.before_request(_storable)


def _budgeted(answer: WSGIApplication) -> WSGIApplication:
    """What a page works out has a budget too; the orders in it have each their own."""

    def bounded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with budget():
            return answer(environ, start_response)

    return bounded


def _bound() -> None:
    if cast(Request, request).takes_files:
        request.max_content_length = MOST_SENT
        request.max_form_memory_size = ANSWER_BYTES
    elif request.blueprint in UPLOADING:
        request.max_content_length = UPLOAD_BYTES
        request.max_form_memory_size = UPLOAD_BYTES
    elif request.blueprint in ANSWERING:
        request.max_content_length = ANSWER_BYTES
        request.max_form_memory_size = ANSWER_BYTES


def _same_origin() -> None:
    if request.method not in CHANGING or request.blueprint == "api":
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400, "cross-site")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(400, "cross-site")


def _storable() -> None:
    """No database keeps a null character, and nobody types one: it goes, like others in texts."""
    if "\0" in request.path:
        raise NotFound
    if request.blueprint != "api" and request.method in CHANGING:
        pairs = list(request.form.items(multi=True))
        if any("\0" in name for name, _ in pairs):
            abort(400)
        if any("\0" in text for _, text in pairs):
            request.form = ImmutableMultiDict((n, t.replace("\0", "")) for n, t in pairs)


def _key(secrets: Path) -> bytes:
    """The key that signs form tokens; made once, readable by the owner only."""
    path = secrets / KEY_FILE
    secrets.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{KEY_FILE}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(KEY_BYTES))
        # A link appears whole or not at all; who comes second takes the first one's key.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_bytes()
