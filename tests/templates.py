"""Templates compiled once for all sites of a test run: the same code for whichever asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import CodeType

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from app.casework import Desk
from app.config import Config
from app.web import create_web


class Compiled(BytecodeCache):
    """By name and text of a template; every site sets up the same words for them."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED = Compiled()


def create_site(desk: Desk, config: Config, clock: Callable[[], datetime]) -> Flask:
    """As `create_web`, without the second that a new site takes for its first page."""
    app = create_web(desk, config, clock)
    app.jinja_env.bytecode_cache = _COMPILED
    return app
