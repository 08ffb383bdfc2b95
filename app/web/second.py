"""The second step of signing in as a page, and what passkeys are bound to.

What is carried from step to step stands sealed in the page, not in a cookie.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import segno
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import Refused
from app.casework.people.proof import apps, passkeys, second_step
from app.store import PersonRow
from app.web.site import desk, now, site

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def passkey_site() -> passkeys.Site | None:
    """By the address that the settings name, never by one that a request brings; None: passkeys
    need a name of the net and https. On the machine itself “localhost” serves."""
    config = site().config
    parts = urlsplit(config.mail.address)
    name, own = parts.hostname or "", urlsplit(request.host_url)
    if name in _LOOPBACK and own.hostname == "localhost":
        return passkeys.Site("localhost", config.title, (f"{own.scheme}://{own.netloc}",))
    if parts.scheme != "https" or name.replace(".", "").isdecimal() or ":" in name:
        return None
    return passkeys.Site(name, config.title, (f"https://{parts.netloc.lower()}",))


def passkey_question(person: str | None = None) -> passkeys.Question | None:
    bound = passkey_site()
    return None if bound is None else passkeys.to_ask(desk(), bound, now(), person)


def page(ticket: str, next_page: str, kept: str = "", **more: Any) -> str | Response:
    """What somebody half the way is asked for. `more`: what is wrong with what they sent."""
    try:
        step = second_step.step(desk(), ticket, now())
    except Refused:
        return redirect(url_for("session.sign_in", next=next_page, signed="late"))
    given = {"ticket": ticket, "next_page": next_page, "kept": kept, "wrong": {}, **more}
    if not step.factors.any:
        return render_template("people/set_up.html", offer=offered(step.row), **given)
    asked = passkey_question(step.row.id) if step.factors.passkeys else None
    return render_template("people/second_step.html", app=step.factors.app, passkey=asked, **given)


def offered(row: PersonRow) -> dict[str, Any]:
    """A key for an app: to scan, and to type; that of the form which was sent, if any."""
    offer = apps.offer(desk(), row, site().config.title, now(), request.form.get("sealed", ""))
    picture = segno.make(offer.uri, error="m").svg_inline(
        dark="#0b0c0c", light="#ffffff", border=4, omitsize=True, svgclass=None, lineclass=None
    )
    key = " ".join(offer.key[at : at + 4] for at in range(0, len(offer.key), 4))
    return {"picture": picture, "key": key, "sealed": offer.sealed}
