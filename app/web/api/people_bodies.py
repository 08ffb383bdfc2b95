"""What the API says of accounts and tokens, and what it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.casework import Refused
from app.casework.people import tokens
from app.config import in_no_list, succeeding
from app.store import Days, PersonRow
from app.web.api.shapes import (
    COUNT,
    FREE,
    INSTANT,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    TEXT,
    TRUTH,
    Kind,
    Shape,
    listed,
    several,
    shape,
)
from app.web.site import site

_ANY = "Some answers need another look."
HELD = shape(
    "HeldRole", role=TEXT.of(lambda held: held["role"]),
    first=MAYBE_TEXT("first day in London").of(lambda held: _iso(held["first"])),
    last=MAYBE_TEXT("last day in London, included").of(lambda held: _iso(held["last"])),
)  # fmt: skip
PERSON = shape(
    "Person", person=TEXT.of("id"), name=TEXT, email=MAYBE_TEXT,
    roles=listed(HELD).of(lambda row: _held(row)),
    attributes=FREE("like agency: police").of(lambda row: dict(row.attributes)),
    disabled=TRUTH, has_password=TRUTH.of(lambda row: row.password is not None),
)  # fmt: skip
PERSONS = several("Persons", PERSON)
TOKEN = shape(
    "Token", person=TEXT, name=TEXT, made=INSTANT.of("at"), made_by=MAYBE_TEXT.of("by"),
    scope=Kind({"type": ["array", "null"], "items": TEXT.schema,
                "description": "null: all that its holder may"},
               lambda scope: None if scope is None else list(scope)),
    ends=MAYBE_INSTANT.of("expires_at"), revoked=MAYBE_INSTANT.of("revoked_at"),
    last_used=MAYBE_INSTANT.of("used_at"),
)  # fmt: skip
TOKENS = several("Tokens", TOKEN)
SECRET = shape(
    "Secret", secret=TEXT("shown this once; of a link what its address ends with"), ends=INSTANT
)
CHANGED = shape("Changed", person=TEXT, returned=COUNT("tasks that went back to others"))
RESET = shape(
    "Reset", person=TEXT, mailed=TRUTH("false: no mail could be sent, so tell the person yourself")
)
UNLINK = Shape("UnlinkWorkAccount", {"issuer": TEXT, "subject": TEXT}, ("issuer", "subject"))
_ROLES = Kind(
    {"type": "array", "items": {"type": "object", "additionalProperties": True},
     "description": "each with role, and first and last as days where it has any"}
)  # fmt: skip
_CHANGES: dict[str, Kind] = {
    "name": TEXT, "email": TEXT("an empty text takes it away"), "roles": _ROLES,
    "attributes": FREE,
}  # fmt: skip
MAKE_PERSON = Shape("MakePerson", {"person": TEXT, **_CHANGES}, ("person", "name"))
CHANGE_PERSON = Shape("ChangePerson", _CHANGES, ())
ISSUE_LINK = Shape("IssueLink", {"hours": COUNT}, ())
_SCOPE = Kind({"type": "array", "items": {"enum": list(tokens.SCOPES)}})
MAKE_TOKEN = Shape("MakeToken", {"name": TEXT, "scope": _SCOPE, "days": COUNT}, ("name",))
REVOKE_TOKEN = shape("RevokeToken", name=TEXT)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _held(row: PersonRow) -> list[dict[str, Any]]:
    ends = ((role, row.days.get(role) or (None, None)) for role in row.roles)
    return [{"role": role, "first": first, "last": last} for role, (first, last) in ends]


def read_roles(given: list[Any] | None) -> tuple[tuple[str, ...], dict[str, Days]]:
    """Raises `Refused` for what is no role with days."""
    days: dict[str, Days] = {}
    roles = []
    for each in given or ():
        role = each.get("role") if isinstance(each, Mapping) else None
        if not isinstance(role, str):
            raise Refused(_ANY, {"roles": "Give each role as an object with “role”"})
        roles.append(role)
        span = _day(each.get("first")), _day(each.get("last"))
        if any(span):
            days[role] = span
    return tuple(sorted(set(roles))), days


def _day(text: Any) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except (TypeError, ValueError):
        raise Refused(_ANY, {"roles": "Give a day like 2027-04-01"}) from None


def read_attributes(given: Any) -> dict[str, str]:
    """Only what config.yaml lists, where it does: as on the page. Raises `Refused`."""
    said, config = dict(given or {}), site().config
    if not all(isinstance(value, str) for value in said.values()):
        raise Refused(_ANY, {"attributes": "Give what is said of the person as texts"})
    if wrong := in_no_list(config.attributes, said, succeeding(config.successions)):
        raise Refused(wrong, {"attributes": wrong})
    return said
