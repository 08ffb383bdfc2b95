"""What a page needs from the outside: the desk, the configuration, the present, the person.

Pages import it instead of each other; who signs a person in is `session`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app, g, request

from app.casework import NotFound
from app.casework.cases import installation_log as log
from app.casework.people import guests

if TYPE_CHECKING:
    from app.casework import Desk, Person
    from app.config import Config

#: key under which Flask keeps the site of an application
EXTENSION = "rapid-review"


@dataclass(frozen=True, slots=True)
class Site:
    desk: Desk
    config: Config
    #: gives the present, aware UTC
    clock: Callable[[], datetime]


def site() -> Site:
    installed: Site = current_app.extensions[EXTENSION]
    return installed


def desk() -> Desk:
    return site().desk


def now() -> datetime:
    """The instant of this request, aware UTC: asked once, so that a page agrees with itself."""
    if "now" not in g:
        g.now = site().clock()
    present: datetime = g.now
    return present


def person() -> Person:
    """Who is signed in. Pages that ask are never reached by anybody else (see `session`)."""
    signed_in: Person = g.person
    return signed_in


def is_guest(token: str) -> bool:
    """Whether a guest's session has this secret."""
    return bool(token) and guests.holder(desk(), token, now()) is not None


def powers() -> frozenset[str]:
    """What the roles of the person allow beyond their own tasks; empty for nobody."""
    signed_in, roles = g.get("person"), site().config.roles
    held = [roles[role] for role in (signed_in.roles if signed_in else ()) if role in roles]
    return frozenset().union(*(role.may for role in held))


def sees_whole() -> bool:
    """Whether any role of the person, or of somebody they cover for, sees cases in whole."""
    signed_in = g.get("person")
    return bool(signed_in) and desk().roles.looks_at_whole(signed_in)


def refused_look() -> None:
    """Counts that somebody asked for what is not there, or not theirs to see."""
    signed_in = g.get("person")
    if signed_in is not None:
        log.refused(desk().store, log.LOOK, log.of_person(signed_in.id), now())


def refused(what: str) -> None:
    """Counts another refusal: of who is signed in, else of the address it came from."""
    signed_in = g.get("person")
    who = log.of_address(request.remote_addr or "")
    who = log.of_person(signed_in.id) if signed_in is not None else who
    log.refused(desk().store, what, who, now())


def refused_form() -> None:
    """Counts a form that did not come from our own pages."""
    refused(log.FORM)


def require(power: str) -> None:
    """A page for which this is not allowed does not exist."""
    if power not in powers():
        raise NotFound()
