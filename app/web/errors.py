"""Turns what went wrong into a page in plain, kind words that gives back what was typed.

Which page a request failed on does not matter here; a refused form is shown again by its own page.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.casework import Conflict, NotFound, Overloaded, Refused, Throttled, Unreadable, erased_case
from app.engine import Spent
from app.store import Busy, Destroyed, Sealed, Spoilt, StoreFault
from app.web.request_lines import CHANGING, GIVEN_UP
from app.web.session import given_back
from app.web.site import desk, refused_form, refused_look
from app.web.typed import answered, with_kept
from app.web.written import left_here, wrote

#: never shown again
SECRET = frozenset(
    {
        "csrf_token",
        "password",
        "again",
        "old",
        "kept",
        "next",
        "code",
        "recovery",
        "ticket",
        "sealed",
        "asked",
        "answer",
    }
)


#: pages on which secrets are typed
_UNTOLD = ("/sign-in", "/set-password", "/guest-link")


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    sentences: tuple[str, ...]


PAGES: dict[int, Words] = {
    400: Words(
        "We could not read that request",
        ("Nothing was changed.", "Go back to the page you came from and try again."),
    ),
    404: Words(
        "Page not found",
        (
            "If you typed the address, check it is correct.",
            "If you pasted the address, check you copied all of it.",
            "The page may have moved, or it may not be open to you.",
        ),
    ),
    405: Words(
        "This page does not work like that",
        ("Nothing was changed.", "Start again from your tasks."),
    ),
    413: Words(
        "That was too large",
        (
            "Nothing was changed. What you saved before is still there.",
            "Go back, and send fewer or smaller files, or shorten your answers.",
        ),
    ),
    422: Words("We could not do that", ("Nothing was changed.",)),
    429: Words("Too many tries", ("Wait a little, then try again.",)),
    500: Words(
        "Sorry, there is a problem",
        (
            "This is our fault, not yours. The case is as it was before.",
            "Try again in a few minutes. If it happens again, tell the person who runs this site.",
        ),
    ),
    503: Words(
        "Sorry, this is not available just now",
        ("The case is as it was before.", "Try again in a few minutes."),
    ),
}
FORGED = Words(
    "Send this form again",
    (
        "The form was open for too long, or did not come from this site. Nothing was changed.",
        "Open the page again and send it from there.",
    ),
)
#: the browser of two people; what one typed is not the other's to see
OTHERS = Words(
    "Somebody else is signed in",
    (
        "This was typed while another person was signed in here. It was not sent and is not shown.",
        "What was saved before is in the draft of who typed it: sign in as them to go on.",
    ),
)
LEFT = Words(
    OTHERS.title,
    (
        OTHERS.sentences[0],
        "It is kept as the draft of who typed it, who finds it when they are signed in. A file that"
        " was chosen is not kept.",
    ),
)

Answer = tuple[str, int] | tuple[str, int, dict[str, str]]


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Spent, _refused)
    app.register_error_handler(Throttled, _throttled)
    app.register_error_handler(StoreFault, _store)
    app.register_error_handler(Destroyed, _destroyed)
    app.register_error_handler(Exception, _anything)


def _http(error: HTTPException) -> Answer | AnyResponse:
    code = error.code or 500
    if code == 403:  # that a page exists is itself confidential
        code = 404
    if code == 400 and (isinstance(error, CSRFError) or error.description == "cross-site"):
        refused_form()
        again = given_back() if isinstance(error, CSRFError) else None
        if again:
            return again, 401 if g.person is None else 400
        by = wrote(request.form) if isinstance(error, CSRFError) else ""
        if by and g.person is not None:
            return _page(403, LEFT if left_here() else OTHERS)
        return _page(400, FORGED)
    if error.code is None or code < 400:  # a redirect that Werkzeug raises
        return error.get_response()
    known = PAGES.get(code) or PAGES[400 if code < 500 else 500]
    headers = {"Allow": ", ".join(error.valid_methods or ())} if code == 405 else {}  # type: ignore[attr-defined]
    return *_page(code, known), headers


def _not_found(_: NotFound) -> Answer:
    refused_look()
    return _page(404, PAGES[404])


def _refused(error: Refused | Spent) -> Answer:
    return _page(422, Words(PAGES[422].title, (error.sentence, *PAGES[422].sentences)))


def _throttled(error: Throttled) -> Answer:
    code = 503 if isinstance(error, Overloaded) else 429
    return _page(code, Words(PAGES[code].title, (error.sentence,)))


def _store(error: StoreFault) -> Answer:
    if isinstance(error, Sealed | Spoilt | Unreadable):  # trying again does not mend it
        return _page(422, Words(PAGES[422].title, (error.sentence, *PAGES[422].sentences)))
    if isinstance(error, Busy):
        GIVEN_UP.inc()
    current_app.logger.warning("the store could not answer: %s", type(error).__name__)
    return _page(503, PAGES[503])


def _destroyed(error: Destroyed) -> Answer:
    """Whatever was asked of the case: what is left of it, for who might see it before."""
    person = g.get("person")
    try:
        erased = erased_case(desk(), person, error.case) if person is not None else None
    except NotFound as unseen:
        return _not_found(unseen)
    if erased is None:
        return _page(404, PAGES[404])
    return render_template("errors/destroyed.html", erased=erased, typed=typed()), 410


def _anything(_: Exception) -> Answer:
    current_app.logger.exception("unexpected error")
    return _page(500, PAGES[500])


def _conflict(error: Conflict) -> Answer:
    """Who comes too late to look is told so plainly; who comes too late to act gets it all back."""
    looking = request.method not in CHANGING
    words = with_kept(typed())
    page = render_template("errors/conflict.html", error=error, typed=words, looking=looking)
    return page, 410 if looking else 409


def _page(code: int, words: Words) -> tuple[str, int]:
    # What fails may be the very thing that says who is signed in.
    g.setdefault("person", None)
    return render_template("errors/error.html", words=words, code=code, typed=typed()), code


def typed() -> list[tuple[str, str]]:
    """What was sent, each by what the page calls it, without what is ours or secret; empty when
    unreadable."""
    if request.method not in CHANGING or request.path.startswith(_UNTOLD):
        return []
    try:
        by, person = wrote(request.form), g.get("person")
        if by and person is not None and by != person.id:
            return []  # another person signed in on this browser: it is not theirs to read
        if getattr(current_app.view_functions.get(request.endpoint or ""), "keeps_answers", False):
            return list(answered(request.form))
        pairs = list(request.form.items(multi=True))
    except HTTPException:
        return []
    return [
        (_plain(name), value)
        for name, value in pairs
        if value.strip() and name not in SECRET and not name.startswith("_")
    ]


def _plain(name: str) -> str:
    """A field's name for people, where its form is not known."""
    return name.replace("_", " ").replace(".", ", ").replace("[]", "").capitalize()
