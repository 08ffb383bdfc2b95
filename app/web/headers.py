"""Puts the security headers and its id on every answer, error pages included.

Which pages may hold inline styles (the diagram editor alone) is said by the page itself.
"""

from __future__ import annotations

from flask import Flask, Response, g, request

from app.web import request_lines

#: names the policy of this answer; see `allow_editor`
_EDITOR = "content_policy_editor"

PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
#: bpmn-js sets styles on elements and keeps its pictures and font in the stylesheet
EDITOR = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)

#: of what somebody sent in: should a browser open it after all, it can do nothing
SENT_IN = "default-src 'none'; frame-ancestors 'none'; sandbox"
_SENT_IN = frozenset({"answer_files.download", "answer_files.of_guest"})

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "microphone=(), payment=(), publickey-credentials-get=(self), usb=()"
    ),
}

ONE_YEAR = 31_536_000
#: secrets stand in the address of their pages: else a proxy's log holds them as the page from which
#: style sheets were asked for
_SECRET_ADDRESSES = frozenset({"guest", "guest_links", "links", "calendar"})
#: programs ask whether they changed
_ASKED_AGAIN = frozenset({"calendar.read"})


def install(app: Flask) -> None:
    request_lines.install(app)
    app.after_request(_protect)


def allow_editor() -> None:
    """This answer is the diagram editor: inline styles are allowed on it, scripts are not."""
    setattr(g, _EDITOR, True)


def _protect(response: Response) -> Response:
    headers = response.headers
    for name, value in ALWAYS.items():
        headers[name] = value
    if request.blueprint in _SECRET_ADDRESSES:
        headers["Referrer-Policy"] = "strict-origin"
    policy = SENT_IN if request.endpoint in _SENT_IN else PAGES
    headers["Content-Security-Policy"] = EDITOR if g.get(_EDITOR) else policy
    kept = request.endpoint == "static" or request.endpoint in _ASKED_AGAIN
    if not kept or response.status_code >= 400:
        headers["Cache-Control"] = "no-store"
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    return response
