"""The API's part on accounts. Who may, and what is wrong with it, is casework's to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app import store
from app.casework import ACCOUNTS
from app.casework.people import changes
from app.store import PersonRow
from app.web.api import log, tokens
from app.web.api.operations import Sight, read, write
from app.web.api.people_bodies import (
    CHANGE_PERSON,
    CHANGED,
    MAKE_PERSON,
    PERSON,
    PERSONS,
    read_attributes,
    read_roles,
)
from app.web.site import desk, person


def _everybody() -> dict[str, Any]:
    with desk().store.reading() as unit:
        return {"items": store.people.accounts.everybody(unit)}


def _make(given: Mapping[str, Any], at: datetime) -> PersonRow:
    roles, days = read_roles(given["roles"])
    row = PersonRow(
        given["person"], given["name"], given["email"] or None, roles,
        read_attributes(given["attributes"]), None, False, days,
    )  # fmt: skip
    return changes.make(desk(), person(), row, at)


def _change(given: Mapping[str, Any], at: datetime, **path: str) -> PersonRow:
    roles, days = read_roles(given["roles"]) if given["roles"] is not None else (None, None)
    said = None if given["attributes"] is None else read_attributes(given["attributes"])
    return changes.change(
        desk(), person(), path["person"], at, name=given["name"], email=given["email"],
        roles=roles, days=days, attributes=said,
    )  # fmt: skip


def _changed(do: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    def changed(given: Mapping[str, Any], at: datetime, **path: str) -> dict[str, Any]:
        count = do(desk(), person(), path["person"], at)
        return {"person": path["person"], "returned": count if isinstance(count, int) else 0}

    return changed


OPERATIONS = (
    read(path="/people", name="listPeople", summary="All accounts",
         sight=Sight((404,), ACCOUNTS), answer=PERSONS, reads=_everybody),
    write(path="/people", name="makePerson", summary="Make an account", asked=MAKE_PERSON,
          answer=PERSON, does=_make, status=201),
    write(path="/people/{person}/change", name="changePerson", asked=CHANGE_PERSON,
          summary="Change name, address, roles or agency", answer=PERSON, does=_change),
    write(path="/people/{person}/disable", name="disablePerson", asked=None, answer=CHANGED,
          summary="Let nobody sign in as this person", does=_changed(changes.disable)),
    write(path="/people/{person}/enable", name="enablePerson", asked=None, answer=CHANGED,
          summary="Let the person sign in again", does=_changed(changes.enable)),
    write(path="/people/{person}/sign-out", name="signOutPerson", asked=None, answer=CHANGED,
          summary="End every session of the person", does=_changed(changes.sign_out)),
    *tokens.OPERATIONS, *log.READS,
)  # fmt: skip
