"""A real mail server on loopback, and what it took."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Catcher:
    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(envelope)
        return "250 OK"

    def letters(self) -> list[EmailMessage]:
        policy = email.policy.default
        return [email.message_from_bytes(one.content, policy=policy) for one in self.got]


@contextmanager
def running() -> Iterator[tuple[Catcher, int]]:
    """(what it takes, its port)."""
    catcher = Catcher()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    controller = Controller(catcher, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield catcher, port
    finally:
        controller.stop()
