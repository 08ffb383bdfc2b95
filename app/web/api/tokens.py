"""The API's part on tokens, and on links by which somebody sets a password."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.casework import ACCOUNTS
from app.casework.people import links, tokens
from app.store import TokenRow
from app.web.api.operations import Sight, read, write
from app.web.api.people_bodies import (
    CHANGED,
    ISSUE_LINK,
    MAKE_TOKEN,
    REVOKE_TOKEN,
    SECRET,
    TOKENS,
)
from app.web.site import desk, person


def _link(given: Mapping[str, Any], at: datetime, **path: str) -> dict[str, Any]:
    hours = links.LASTS if given["hours"] is None else timedelta(hours=min(given["hours"], 10_000))
    secret, until = links.issue(desk(), person(), path["person"], at, hours)
    return {"secret": secret, "ends": until}


def _make_token(given: Mapping[str, Any], at: datetime, **path: str) -> dict[str, Any]:
    scope = ["read"] if given["scope"] is None else [str(each) for each in given["scope"]]
    days = tokens.LASTS.days if given["days"] is None else min(given["days"], 10_000)
    secret, row = tokens.make(
        desk(), person(), path["person"], given["name"], at, scope=scope,
        expires=at + timedelta(days=days),
    )  # fmt: skip
    return {"secret": secret, "ends": row.expires_at}


def _revoke(given: Mapping[str, Any], at: datetime, **path: str) -> dict[str, Any]:
    tokens.revoke(desk(), person(), path["person"], given["name"], at)
    return {"person": path["person"], "returned": 0}


def _tokens(**path: str) -> dict[str, list[TokenRow]]:
    return {"items": tokens.listed(desk(), person(), path.get("person"))}


OPERATIONS = (
    read(path="/tokens", name="listTokens", summary="API tokens of everybody",
         sight=Sight((404,), ACCOUNTS), answer=TOKENS, reads=_tokens),
    read(path="/people/{person}/tokens", name="listTokensOf", sight=Sight((404,)),
         summary="API tokens of a person: one’s own, or anybody’s for who keeps accounts",
         answer=TOKENS, reads=_tokens),
    write(path="/people/{person}/link", name="issueLink", summary="A link to set a password, once",
          asked=ISSUE_LINK, answer=SECRET, does=_link, status=201),
    write(path="/people/{person}/tokens", name="makeToken", summary="Make an API token",
          asked=MAKE_TOKEN, answer=SECRET, does=_make_token, status=201),
    write(path="/people/{person}/tokens/revoke", name="revokeToken", summary="Take a token away",
          asked=REVOKE_TOKEN, answer=CHANGED, does=_revoke),
)  # fmt: skip
