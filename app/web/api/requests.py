"""Reads what an API request brings: who sends it, its body, its key. Problem otherwise.

What its query says is `queries`'. Nothing here comes from a cookie.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from flask import current_app, g, request

from app.casework import accounts
from app.casework.cases import installation_log as log
from app.casework.people import tokens
from app.engine.characters import TURNING
from app.store import Look, StoreFault
from app.web.api.problems import Problem
from app.web.api.shapes import Shape
from app.web.site import desk, now

#: objects and lists inside one another; a form's answers are a third of this
MOST_DEEP = 20
_BEARER = re.compile(r"Bearer ([A-Za-z0-9._~+/=-]{20,200})\Z", re.IGNORECASE)
_KEY = re.compile(r"[\x21-\x7e]{1,200}\Z")
#: in JSON again: an unescaped \\u0000, or a surrogate without its partner; no database keeps them
_ODD = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")


Takes = TypeVar("Takes", bound=Callable[..., Any])


def goes_on(takes: Takes) -> Takes:
    """What this operation orders goes on from the look at who sends it (`g.look`)."""
    takes.goes_on = True  # type: ignore[attr-defined]
    return takes


def let_go(_: BaseException | None = None) -> None:
    """Nothing goes on from the look any more."""
    look: Look | None = g.pop("look", None)
    if look is not None and look.end():
        with suppress(StoreFault), desk().store.writing() as unit:  # it is noted the next time
            look.write_besides(unit)


def admit() -> None:
    """Who holds the bearer token; nobody else passes."""
    match = _BEARER.match(request.headers.get("Authorization", ""))
    view = current_app.view_functions.get(request.endpoint or "")
    g.look = Look() if getattr(view, "goes_on", False) else None
    held = accounts.of_token(desk(), match[1], now(), g.look) if match else None
    if held is None:
        let_go()
        if match:
            address = log.of_address(request.remote_addr or "")
            log.refused(desk().store, log.TOKEN, address, now())
        raise Problem(
            401, "unauthorized", "A valid bearer token is needed.",
            WWW_Authenticate='Bearer realm="api"',
        )  # fmt: skip
    g.person, scope = held
    needed = scope_of(request.method, request.path)
    if not tokens.serves(scope, needed):
        let_go()
        log.refused(desk().store, log.SCOPE, log.of_person(g.person.id), now())
        raise Problem(403, "scope", f"This token does not serve for that: it needs “{needed}”.")


def scope_of(method: str, path: str) -> str:
    """Which scope of a token a request needs."""
    if method in ("GET", "HEAD", "OPTIONS"):
        return "read"
    below = path.removeprefix("/api/v1/").split("/")
    if below == ["search"]:
        return "read"  # a POST so that what is sought stands in no address
    if below[0] != "cases":
        return "administer"
    return "tasks" if below[2:3] == ["tasks"] else "record"


def key() -> str | None:
    """The Idempotency-Key: the same key with the same content gets the first answer again."""
    given = request.headers.get("Idempotency-Key")
    if given is not None and not _KEY.match(given):
        raise Problem(400, "key", "Idempotency-Key must be 1 to 200 printable ASCII characters.")
    return given


def body(shape: Shape) -> dict[str, Any]:
    """The JSON object of the request with exactly these members, None where one is missing."""
    given = _sent()
    for name, value in given.items():
        if name not in shape.members:
            known = ", ".join(shape.members)
            raise Problem(400, "json", f"There is no member “{name[:60]}”; known are {known}.")
        kind, words = _KINDS[shape.members[name].schema.get("type", "string")]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise Problem(400, "json", f"“{name}” must be {words}.")
    for name in shape.needed:
        if name not in given:
            raise Problem(400, "json", f"“{name}” is missing.")
    return {name: given.get(name) for name in shape.members}


def _sent() -> dict[str, Any]:
    if not request.get_data():
        return {}
    if request.mimetype != "application/json":
        raise Problem(415, "media-type", "Send application/json.")
    try:
        given = json.loads(
            request.get_data(), object_pairs_hook=_once, parse_constant=_constant, parse_float=str
        )
        again = json.dumps(given, ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "json", "The body is not JSON that we read.") from error
    if not isinstance(given, dict):
        raise Problem(400, "json", "The body must be a JSON object.")
    if _ODD.search(again):
        raise Problem(400, "json", "A text holds a null character or half a character.")
    if _too_deep(given):
        raise Problem(400, "json", f"Objects and lists lie more than {MOST_DEEP} deep.")
    beside = {name: part for name, part in given.items() if name != "answers"}
    if TURNING.search(json.dumps(beside, ensure_ascii=False)):  # answers are cleaned, as on a page
        raise Problem(400, "json", "A text holds a character that turns the text round.")
    return given


def _too_deep(given: Any) -> bool:
    level = [given]
    for _ in range(MOST_DEEP + 1):
        inner = [part.values() if isinstance(part, dict) else part for part in level]
        level = [each for part in inner for each in part if isinstance(each, dict | list)]
    return bool(level)


#: type of a JSON schema → ours, and what people call it
_KINDS: dict[str, tuple[type, str]] = {
    "string": (str, "a text"),
    "object": (dict, "an object"),
    "integer": (int, "a whole number"),
    "boolean": (bool, "true or false"),
    "array": (list, "a list"),
}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands there twice")
    return members


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
