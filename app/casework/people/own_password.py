"""Changing one's own password: the present one is asked, and everything of before ends."""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.casework.people import links, passwords, sessions, throttle


def change_password(
    desk: Desk, person: Person, old: str, new: str, at: datetime, browser: sessions.Browser
) -> str:
    """Ends every session, this one too, and every token; gives the secret of a new session.

    Raises `Refused` with a message for a field, or `Throttled`.
    """
    with desk.store.writing() as unit:
        row = store.people.accounts.find(unit, person.id)
        attempt = throttle.of_session(desk.store.keys, person.id, browser.session)
        throttle.stop(throttle.admit(unit, desk.settings.sign_in, attempt, at))
    if row is None or not passwords.matches(row, old):
        throttle.told(desk.store, person.id, at)
        sentence = "The present password is not right."
        raise Refused(sentence, {"old": sentence})
    if passwords.plain(new) == passwords.plain(old):
        sentence = "The new password must be another than the present one."
        raise Refused(sentence, {"password": sentence})
    passwords.fit_to_choose(new, row, desk.settings.sign_in.words)
    kept = passwords.hashed(new)
    with desk.store.writing() as unit:
        throttle.succeeded(unit, attempt)
        return links.set_password(
            desk, unit, row, kept, at,
            then=lambda: sessions.begin(desk, unit, row, at, browser)[0],
        )  # fmt: skip
