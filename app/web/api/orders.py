"""The operations that give orders, one for each order that `web.orders` says the API takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, g, jsonify

from app.casework import Command
from app.casework.commands import CaseCommand
from app.web.api.operations import Operation
from app.web.api.requests import body, goes_on, key
from app.web.orders import ASKED, Api
from app.web.site import desk, now, person

Answer = tuple[Response, int, dict[str, str]]


def _take(kind: type[Command], api: Api) -> Callable[..., Answer]:
    """How the API takes an order: the same for all of them."""

    def take(**path: str) -> Answer:
        g.answers_at = _answers_at(api)
        g.beside = frozenset(api.body.members) if "payload" in api.body.members else frozenset()
        given = api.reads(body(api.body))
        make: Any = kind
        done = desk().do(make(actor=person(), at=now(), key=key(), **path, **given), g.get("look"))
        said = api.says(done, **path)
        address = {"Location": api.address(said, **path)} if api.address else {}
        return jsonify(said), api.status, address

    return goes_on(take) if issubclass(kind, CaseCommand) else take


def _answers_at(api: Api) -> str:
    """Where the body holds what a form asks."""
    held = [name for name in ("answers", "payload") if name in api.body.members]
    return f"#/{held[0]}/" if held else "#/"


def _operation(kind: type[Command], api: Api) -> Operation:
    return Operation(
        method="post", path=api.path, name=api.name, summary=api.summary, answer=api.answer,
        respond=_take(kind, api), status=api.status, body=api.body if api.body.members else None,
        problems=(400, 404, 409, 413, 415, 422), addressed=api.address is not None,
    )  # fmt: skip


ORDERS = tuple(_operation(kind, asked.api) for kind, asked in ASKED.items() if asked.api)
