"""Signs people in and out, and lets nobody pass who is not signed in.

Sessions, passwords and throttling are kept by `casework.accounts`; here are the cookie and the
pages. An answer sent after the session had ended is kept and offered again after signing in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response as AnyResponse

from app.casework import NotFound, Overloaded, Person, Refused, SecondNeeded, Throttled, accounts
from app.casework.people import sessions
from app.web import provider, second
from app.web.devices import in_words
from app.web.site import desk, is_guest, now, site
from app.web.written import (
    Pairs,
    carried,
    carried_over,
    carry,
    file_names,
    keep_for_writer,
    writer,
    wrote,
)

bp = Blueprint("session", __name__)

View = TypeVar("View", bound=Callable[..., Any])

#: how long a browser is known as one in which somebody signed in
KNOWN_SECONDS = 365 * 24 * 3600
QUIET = "quiet"  # in the address of what a page sends by itself: that is no sign of life
OPEN_BLUEPRINTS = frozenset({"api"})


def public(view: View) -> View:
    """Anybody may see this page."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def keeps_answers(view: View) -> View:
    """What is sent here after the session ended is given back; the view knows `_action=show`."""
    view.keeps_answers = True  # type: ignore[attr-defined]
    return view


class FormCookie(SecureCookieSessionInterface):
    """Flask's signed cookie; it carries nothing but the form token."""

    def get_cookie_name(self, app: Flask) -> str:
        return cookie_name("form")

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def install(app: Flask) -> None:
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
    app.session_interface = FormCookie()
    app.jinja_env.globals["writer"] = writer
    app.before_request(_admit)
    app.register_blueprint(bp)


def cookie_name(name: str) -> str:
    return f"__Host-{name}" if request.is_secure else name


def own_token() -> str:
    """The secret of the session that this request came with; "": none."""
    return request.cookies.get(cookie_name("session"), "")


def browser() -> accounts.Browser:
    """What this browser brings to an attempt to sign in."""
    kept = request.cookies.get(cookie_name("browser"), "")
    return accounts.Browser(in_words(request.headers.get("User-Agent", "")), kept, own_token())


def _present() -> Person | None:
    token = own_token()
    held = sessions.holder(desk(), token, now(), quiet=QUIET in request.args) if token else None
    g.session_until = held[1] if held is not None else None
    return held[0] if held is not None else None


def _admit() -> AnyResponse | None:
    g.person = _present()
    view = current_app.view_functions.get(request.endpoint or "")
    anybody = (
        view is None  # no such page: the error page says so
        or request.endpoint == "static"
        or request.blueprint in OPEN_BLUEPRINTS
        or getattr(view, "is_public", False)
    )
    if g.person is not None or anybody:
        return None
    if is_guest(request.cookies.get(cookie_name("guest"), "")):
        raise NotFound  # there is one page for a guest
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("session.sign_in", next=_here()))
    kept = carry(_here()) if getattr(view, "keeps_answers", False) else ""
    return make_response(page(next_page=_here(), kept=kept, ended=True), 401)


@bp.get("/sign-in")
@public
def sign_in() -> AnyResponse | str:
    if g.person is not None:
        return redirect(local(request.args.get("next")))
    return page(next_page=local(request.args.get("next"), ""))


@bp.post("/sign-in")
@public
def sign_in_post() -> AnyResponse | str | tuple[str, int]:
    name, password = request.form.get("name", ""), request.form.get("password", "")
    kept, next_page = request.form.get("kept", ""), local(request.form.get("next"))
    try:
        address = request.remote_addr or ""
        signed = accounts.sign_in(desk(), name.strip(), password, now(), address, browser())
    except Throttled as error:
        code = 503 if isinstance(error, Overloaded) else 429
        return page(next_page, kept, name=name, message=error.sentence), code
    except Refused as error:
        return page(next_page, kept, name=name, message=error.sentence), 422
    except SecondNeeded as needed:
        return second.page(needed.ticket, next_page, kept)
    return arrived(signed, next_page, kept)


def arrived(signed: accounts.SignedIn, next_page: str, kept: str = "") -> AnyResponse:
    """Where somebody goes who has just signed in, with what their browser keeps."""
    session.clear()  # a new person gets a new form token
    answer: AnyResponse = redirect(next_page)
    if kept:
        g.person = signed.person
        answer = make_response(kept_again(next_page, kept))
    return holds(answer, signed)


def kept_again(next_page: str, kept: str) -> str:
    """What was typed before the sign-in, for who typed it."""
    typed = carried_over(kept)
    if typed is not None and typed.by == g.person.id:
        return _given_back("You are signed in again", next_page, typed.pairs)
    left_to = typed is not None and keep_for_writer(typed)
    return _given_back("You are signed in", next_page, None, left=left_to)


def holds(answer: AnyResponse, signed: accounts.SignedIn) -> AnyResponse:
    """The answer gives the browser its new session."""
    set_session(answer, signed.token)
    set_cookie(answer, "browser", signed.device, KNOWN_SECONDS)
    return answer


@bp.post("/stay")
def stay() -> AnyResponse:
    """Being here is enough: whoever asks for anything stays signed in."""
    if request.form.get("quiet"):
        return Response(status=204)
    return redirect(local(request.form.get("next")))


@bp.post("/sign-out")
@public
def sign_out() -> AnyResponse:
    token = own_token()
    there = provider.there(token)
    if token:
        accounts.sign_out(desk(), token, now())
    session.clear()
    g.person, g.session_until = None, None
    answer: AnyResponse = redirect(url_for("session.sign_in", signed="out"))
    if there:
        answer = make_response(render_template("people/signed_out.html", there=there))
    answer.delete_cookie(cookie_name("session"), secure=request.is_secure, httponly=True)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def set_session(answer: AnyResponse, token: str) -> None:
    """The browser holds this session from now on, until it is closed."""
    set_cookie(answer, "session", token)


def set_cookie(answer: AnyResponse, name: str, value: str, seconds: int | None = None) -> None:
    answer.set_cookie(
        cookie_name(name),
        value,
        max_age=seconds,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def page(
    next_page: str, kept: str = "", *, name: str = "", message: str = "", ended: bool = False,
    at: str = "name",
) -> str:  # fmt: skip
    """`at`: id of the question that `message` is about; "": none of those on the page."""
    config = site().config
    return render_template(
        "sign_in.html",
        next_page=next_page,
        kept=kept,
        name=name,
        message=message,
        at=at,
        ended=ended,
        signed_out=request.args.get("signed") == "out",
        password_set=request.args.get("signed") == "new",
        late=request.args.get("signed") == "late",
        help=config.sign_in.help,
        sign_on=config.sign_on,
        passkey=second.passkey_question(),
        demo_people=config.people if config.demo else (),
        roles=config.roles,
    )


def _here() -> str:
    return request.full_path.rstrip("?")


def local(target: str | None, default: str = "/") -> str:
    """`target` when it is a path on this site, else the default: nobody is sent elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    parts = urlsplit(target)
    plain = not parts.scheme and not parts.netloc and "\\" not in target
    return target if plain and target.isprintable() else default


def given_back() -> str | None:
    """A page that leads back to a form which could not be taken, for who filled it in."""
    view = current_app.view_functions.get(request.endpoint or "")
    g.person = _present()  # the token is looked at before anybody is let in
    by, keeps = wrote(request.form), getattr(view, "keeps_answers", False)
    if g.person is None and keeps and by:  # signed out on another page
        return page(next_page=_here(), kept=carry(_here()), ended=True)
    if g.person is None or by != g.person.id or not keeps:
        return None
    return _given_back("Send this form again", _here(), carried(request))


def _given_back(title: str, path: str, pairs: Pairs | None, *, left: bool = False) -> str:
    """`left`: it is somebody else's, and kept for them."""
    names = file_names(pairs or ())
    return render_template("kept.html", title=title, path=path, pairs=pairs, left=left, gone=names)
