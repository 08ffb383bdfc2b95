"""Who a page was made for, signed on it; what they typed, carried over a sign-in; what becomes of
it where somebody else is signed in now, in a browser that both use.

That goes into the draft of who typed it, through the page on which it was typed, as that saves by
itself: so the rules for what may be kept, and where, are that page's. It takes the place of
nothing: where the draft says something else by now, both stand there, for who typed it to choose.
Where people are led is `session`'s.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, make_response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException

from app.casework import CaseworkError
from app.casework.people import sessions
from app.engine import Fault
from app.store import StoreFault
from app.web.forms.received import carried as carried
from app.web.forms.received import file_names as file_names
from app.web.forms.submission import PAGE, WRITER
from app.web.site import desk, now

#: how long an answer kept during signing in can be given back, seconds
KEPT_SECONDS = 3600

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody typed on a page and could not send."""

    #: id of who typed it
    by: str
    #: address to which it was sent
    path: str
    pairs: Pairs


def writer() -> str:
    """Who a page was made for, signed: it goes with what is typed there."""
    return "" if g.get("person") is None else _signed(g.person.id)


def wrote(form: MultiDict[str, str], seconds: float | None = None) -> str:
    """Who typed it; "" when nobody can say, or the page is older than so many seconds."""
    return _read(form.get(WRITER, ""), seconds) or ""


def carry(path: str) -> str:
    """What this request brought to `path`, for a page that asks people to sign in first."""
    return _signed([wrote(request.form), path, carried(request)])


def carried_over(signed: str) -> Written | None:
    """None: it was kept too long, or nobody of this site kept it."""
    by, path, pairs = _read(signed, KEPT_SECONDS) or ("", "", ())
    return Written(by, path, [(str(name), str(value)) for name, value in pairs]) if by else None


def left_here() -> bool:
    """Whether what this request brought is kept for who typed it. A page that saves by itself is
    not: it says that nothing is saved, and keeps every word."""
    if request.form.get("_action") == "autosave":
        return False
    by = wrote(request.form, desk().settings.sign_in.absolute.total_seconds())
    return keep_for_writer(Written(by, request.full_path.rstrip("?"), carried(request)))


def keep_for_writer(written: Written) -> bool:
    """As the draft of who typed it; whether that could be done."""
    person = sessions.somebody(desk(), written.by, now()) if written.by else None
    if person is None:
        return False
    pairs = [pair for pair in written.pairs if pair[0] != PAGE]
    if len(pairs) < len(written.pairs):
        pairs.append((PAGE, uuid.uuid4().hex))  # as another window of theirs
    here = g.get("person")
    try:
        with current_app.test_request_context(written.path, method="POST"):
            request.files = ImmutableMultiDict()
            request.form = ImmutableMultiDict([*pairs, ("_action", "autosave")])
            g.person = person
            return _kept()
    except (CaseworkError, StoreFault, Fault, HTTPException):
        return False
    finally:
        g.person = here


def _kept() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or not getattr(view, "keeps_answers", False):
        return False
    return make_response(view(**(request.view_args or {}))).status_code == 200


def _signed(value: Any) -> str:
    text: str | bytes = _signer().dumps(value)
    return text.decode() if isinstance(text, bytes) else text


def _read(signed: str, seconds: float | None = None) -> Any:
    try:
        return _signer().loads(signed, int(seconds) if seconds is not None else None)
    except BadSignature:
        return None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="kept answers")
