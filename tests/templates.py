"""Templates and addresses compiled once for all sites of a test run: the same code for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

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


class KeptRule(Rule):
    """An address whose function that puts it together is compiled once for all sites.

    What it is compiled from is the key; which site's it is, it learns when it is called.
    """

    _kept: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}  # noqa: RUF012

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:  # worked out by the site's own converters
            return super()._compile_builder(append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]


def create_site(desk: Desk, config: Config, clock: Callable[[], datetime]) -> Flask:
    """As `create_web`, without the second that a new site takes for its first page."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Flask, "url_rule_class", KeptRule)
        app = create_web(desk, config, clock)
    app.jinja_env.bytecode_cache = _COMPILED
    return app
